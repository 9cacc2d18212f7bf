//! The ledger by a task: the same rows in the same order as by walking all days, from where its activities stand in the index.

use crate::both_engines;
use crate::evidence::ledger::data::{self, EntryRow, Filters};
use crate::evidence::ledger::pages::list::{self, MOST_ACTIVITIES, Way};
use crate::shared::confirmation::State;
use crate::testing::{Demonstration, day, programme};
use jiedui_kernel::Instant;
use jiedui_store::testing::plans::plan;
use jiedui_store::{ListCall, Sort, Tx};

/// All activities of these, of any day.
fn of_any_day(activities: String) -> Filters {
    Filters {
        activities,
        state: None,
        pairing: String::new(),
        q: String::new(),
        since: day("2000-01-01"),
        until: day("2100-01-01"),
        claimant: String::new(),
        answerer: String::new(),
        settles: false,
        cutoff: Instant::UNIX_EPOCH,
        typical: String::new(),
    }
}

async fn page(tx: &mut Tx, call: &ListCall, sort: Option<Sort>, offset: i64) -> Vec<String> {
    let rows: Vec<EntryRow> = call.rows(tx, sort, 25, offset).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

both_engines! {
    async fn a_task_has_the_rows_that_walking_all_days_finds(world: World, _made: Demonstration) {
        let (programme, mut tx) = (world.app.programme(), world.tx().await);
        let mut found = 0;
        for task in &programme.tasks {
            let ids = list::of_task_ids(&programme, &task.id);
            let mut filters = of_any_day(list::activities(&programme, "", &task.id));
            for state in [None, Some(State::Confirmed)] {
                filters.state = state;
                let (of_task, wide) = (list::of_task(&filters, &ids), list::wide(&filters));
                let number = of_task.number(&mut tx).await.unwrap();
                assert_eq!(number, wide.number(&mut tx).await.unwrap(), "{}", task.id);
                assert_eq!(number.0, of_task.count(&mut tx).await.unwrap(), "{}", task.id);
                found += number.0;
                let orders = [None, Some(Sort { key: "span", down: true }), Some(Sort { key: "claimed", down: false })];
                for (sort, offset) in orders.into_iter().flat_map(|sort| [(sort, 0), (sort, 25)]) {
                    let by_day = page(&mut tx, &wide, sort, offset).await;
                    assert_eq!(page(&mut tx, &of_task, sort, offset).await, by_day, "{} {sort:?} {offset}", task.id);
                }
            }
        }
        assert!(found > 1_000, "{found}");
    }

    /// What is rare is not looked for through all days.
    async fn a_task_is_read_from_where_its_activities_stand(world: World, _made: Demonstration) {
        let of_orders = data::OF_TASK.orders.iter().flat_map(|order| [order.up, order.down]);
        for statement in of_orders.chain([data::OF_TASK.usual, data::OF_TASK.bounded, data::OF_TASK.count]) {
            let lines = plan(&world.app.db, statement).await.unwrap();
            let with = |index: &str| lines.iter().filter(|line| line.contains(index)).count();
            assert_eq!((with("entry_of_activity"), with("entry_by_day")), (MOST_ACTIVITIES, 0), "{}: {lines:#?}", statement.name);
        }
        // Which of them comes next, SQLite tells without sorting what each has. PostgreSQL decides by how much it thinks is there.
        let lines = plan(&world.app.db, data::OF_TASK.usual).await.unwrap();
        if lines.iter().any(|line| line.starts_with("SEARCH ")) {
            assert!(lines.iter().any(|line| line.starts_with("MERGE (UNION ALL)")), "{lines:#?}");
        }
    }
}

/// A task goes before what narrows less than it, behind what narrows more, and one of too many activities through all days.
#[test]
fn a_task_has_its_own_way() {
    let programme = programme();
    let mut filters = of_any_day(list::activities(&programme, "", "T8"));
    let ids = list::of_task_ids(&programme, "T8");
    assert!(ids.len() > 1, "{ids:?}");
    let way = |filters: &Filters, activity: &str, ids: &[&str]| Way::of(false, filters, activity, ids);
    assert_eq!(way(&filters, "", &ids), Way::OfTask);
    assert_eq!(way(&filters, ids[0], &[]), Way::OfActivity);
    assert_eq!(way(&filters, "", &["x"; MOST_ACTIVITIES + 1]), Way::Wide);
    assert_eq!(Way::of(true, &filters, "", &ids), Way::Narrow);
    filters.state = Some(State::Confirmed);
    assert_eq!(way(&filters, "", &ids), Way::OfTask);
    filters.state = Some(State::Claimed);
    assert_eq!(way(&filters, "", &ids), Way::OfState);
    let most = programme.tasks.iter().map(|task| list::of_task_ids(&programme, &task.id).len()).max();
    assert!(most.is_some_and(|most| most <= MOST_ACTIVITIES), "{most:?}");
}
