//! What was filed, held against the running code.

use super::actions::{self, recheck};
use super::data::{self, FilingRow, ListRow};
use super::rules::changes::Filed;
use super::{filed, players};
use crate::both_engines;
use crate::shared::frozen;
use crate::shared::kept::{Running, Shifts};
use crate::testing::Province;
use jiedui_store::args;

both_engines! {
    /// As it was filed it comes out again; what may not be filed and what is not in force as it was filed is told.
    async fn a_filed_list_is_held_against_the_running_code(world: World, p: Province) {
        let (list, _) = filed(&players(&world, &p).await, &p).await;
        let id = list.trim_start_matches("/lists/");
        let (programme, shifts) = (world.app.programme(), Shifts::default());
        let running = Running { programme: &programme, shifts: &shifts };
        let mut tx = world.tx().await;
        let again = (recheck::KEPT.again)(&mut tx, id, running).await.unwrap();
        assert_eq!(again.found, []);
        assert_eq!(again.href, list);
        assert!((recheck::KEPT.after)(&mut tx, "").await.unwrap().contains(&(id.to_owned(),)));
        let row = tx.find::<ListRow>(&data::LIST, args![id]).await.unwrap();
        let mut filing = tx.all::<FilingRow>(&data::FILINGS, args![id]).await.unwrap().remove(0);
        assert_eq!(filing.rules, programme.digest);
        let mut snapshot: Vec<Filed> = frozen::read(&filing.snapshot, "filing").unwrap();
        let mut rows = actions::of_list(&mut tx, id).await.unwrap();
        rows[0].quantity += 1;
        let told = recheck::in_force(&snapshot, &rows);
        assert!(told.len() == 1 && told[0].was != told[0].becomes, "{told:?}");
        assert_eq!(recheck::in_force(&snapshot, &[]).len(), 1, "what was filed is not there");
        snapshot[0].fields.quantity = 0;
        assert_eq!(recheck::refused(&filing, &snapshot, &row, running).len(), 1);
        snapshot[0].fields.quantity = 5;
        snapshot[0].fields.clause = "X9.9".to_owned();
        assert_eq!(recheck::refused(&filing, &snapshot, &row, running).len(), 1, "no such sentence");
        filing.rules = "another".to_owned();
        assert!(recheck::refused(&filing, &snapshot, &row, running).is_empty(), "another programme may have had it");
    }
}
