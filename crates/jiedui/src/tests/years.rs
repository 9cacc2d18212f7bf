//! The clock years from now: the demonstration can be made, every kind of page answers whoever may see it, and every figure
//! is what the second computation says. Calendars end, semesters are not dated yet, targets are past.
//!
//! It can be made on any day: a newcomer comes on the first of a month as on its last. The suite has days at the edges;
//! `scripts/at-every-day.sh` has every day of a year.
//!
//! One day in every role takes about as long as all other tests of the demonstration, so the suite has the farthest day, which
//! differs most, as three of the accounts; `scripts/at-later-days.sh` has every day and every role, on both engines.

use super::{crawl, recomputed};
use crate::demo::{self, ACCOUNTS};
use crate::testing::{Engine, World};

/// Which days are tried: `sqlite:2031-11-24 postgres:2027-11-24`.
const DAYS: &str = "JIEDUI_TEST_DAYS";

/// Which days it is only made on: `2026-12-01 2027-01-01`.
const MADE: &str = "JIEDUI_TEST_MADE_ON";

/// The first of a month and the last of a year, on which it could not be made once.
const EDGES: &str = "2026-12-01 2026-12-31";

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

#[tokio::test]
async fn the_demonstration_can_be_made_on_any_day() {
    let asked = std::env::var(MADE).unwrap_or_else(|_| EDGES.to_owned());
    let mut failed = Vec::new();
    for day in asked.split_whitespace() {
        let world = World::new(Engine::Sqlite, day, true).await;
        world.takes_up().await;
        match demo::ensure(&world.app).await {
            Ok(made) => assert!(made, "{day}"),
            Err(error) => failed.push(format!("{day}: {error}")),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
