//! The clock years from now: the demonstration can be made, every kind of page answers whoever may see it, and every figure
//! is what the second computation says. Calendars end, semesters are not dated yet, targets are past.
//!
//! One day takes about as long as all other tests of the demonstration, so the suite has the farthest one, which differs
//! most; `scripts/at-later-days.sh` has the others, on both engines.

use super::{crawl, recomputed};
use crate::demo::{self, ACCOUNTS};
use crate::testing::{Engine, World};

/// Which days are tried: `sqlite:2031-11-24 postgres:2027-11-24`.
const DAYS: &str = "JIEDUI_TEST_DAYS";

async fn holds_on(engine: Engine, today: &str) {
    let world = World::new(engine, today, true).await;
    assert!(demo::ensure(&world.app).await.unwrap(), "{today}");
    recomputed::agrees(&world).await;
    for account in 0..ACCOUNTS.len() {
        crawl::visit(&world, account, (1, 0)).await;
    }
}

#[tokio::test]
async fn the_demonstration_holds_years_from_now() {
    let asked = std::env::var(DAYS).unwrap_or_else(|_| "sqlite:2031-11-24".to_owned());
    for one in asked.split_whitespace() {
        match one.split_once(':') {
            Some(("sqlite", day)) => holds_on(Engine::Sqlite, day).await,
            Some(("postgres", day)) => holds_on(Engine::Postgres, day).await,
            _ => panic!("{DAYS}: {one} is no engine:day"),
        }
    }
}
