//! The clock years from now: the demonstration can be made, every kind of page answers whoever may see it, and every figure
//! is what the second computation says. Calendars end, semesters are not dated yet, targets are past.
//!
//! One day in every role takes about as long as all other tests of the demonstration, so the suite has the farthest day, which
//! differs most, as three of the accounts; `scripts/at-later-days.sh` has every day and every role, on both engines.

use super::{crawl, recomputed};
use crate::demo::{self, ACCOUNTS};
use crate::testing::{Engine, World};

/// Which days are tried: `sqlite:2031-11-24 postgres:2027-11-24`.
const DAYS: &str = "JIEDUI_TEST_DAYS";

/// Of the suite: the office, a lead college, a county school.
const FEW: [usize; 3] = [0, 5, 7];

async fn holds_on(engine: Engine, today: &str, accounts: &[usize]) {
    let world = World::new(engine, today, true).await;
    world.takes_up().await;
    assert!(demo::ensure(&world.app).await.unwrap(), "{today}");
    recomputed::agrees(&world).await;
    for account in accounts {
        crawl::visit(&world, *account, (1, 0)).await;
    }
}

#[tokio::test]
async fn the_demonstration_holds_years_from_now() {
    let Ok(asked) = std::env::var(DAYS) else {
        return holds_on(Engine::Sqlite, "2031-11-24", &FEW).await;
    };
    let all: Vec<usize> = (0..ACCOUNTS.len()).collect();
    for one in asked.split_whitespace() {
        match one.split_once(':') {
            Some(("sqlite", day)) => holds_on(Engine::Sqlite, day, &all).await,
            Some(("postgres", day)) => holds_on(Engine::Postgres, day, &all).await,
            _ => panic!("{DAYS}: {one} is no engine:day"),
        }
    }
}
