//! A programme is taken up on running data, or refused without a trace.

use super::take_up;
use crate::both_engines;
use crate::programme_files::{programme_files, programme_toml};
use jiedui_kernel::Error;
use jiedui_programme::load;
use jiedui_store::settings;
use std::collections::BTreeMap;

/// The programme of the tree after one change.
fn changed(file: &str, old: &str, new: &str) -> BTreeMap<String, String> {
    let mut files = programme_toml(&programme_files(None).unwrap());
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(old), "{file} does not contain {old}");
    *text = text.replacen(old, new, 1);
    files
}

both_engines! {
    async fn a_programme_is_held_against_the_one_in_use(world: World) {
        let db = &world.app.db;
        let files = programme_toml(&programme_files(None).unwrap());
        let first = load(&files).unwrap();
        assert_eq!(take_up(db, || Ok(files.clone()), &first).await.unwrap(), []);
        assert_eq!(take_up(db, || Ok(files.clone()), &first).await.unwrap(), [], "the same again is nothing new");

        let renamed = changed("forms.toml", "minutes = ", "minutes = 1");
        let next = load(&renamed).unwrap();
        let told = take_up(db, || Ok(renamed.clone()), &next).await.unwrap();
        assert_eq!(told.len(), 1, "{told:?}");

        let gone = changed("targets.toml", "id = \"enrolment-2025\"", "id = \"pupils-2025\"");
        let worse = load(&gone).unwrap();
        let refused = take_up(db, || Ok(gone.clone()), &worse).await;
        assert!(matches!(refused, Err(Error::CannotStart(_))), "{refused:?}");
        let in_use = settings::read(&mut world.tx().await, "programme").await.unwrap();
        assert_eq!(in_use, Some(next.digest), "what was refused left no trace");
    }
}
