//! The clock one, two and five years from now: the demonstration can be made, every kind of page answers whoever may see it,
//! and every figure is what the second computation says. Calendars end, semesters are not dated yet, targets are past.

use super::{crawl, recomputed};
use crate::demo::{self, ACCOUNTS};
use crate::testing::{Engine, World};

async fn holds_on(engine: Engine, today: &str) {
    let world = World::new(engine, today, true).await;
    assert!(demo::ensure(&world.app).await.unwrap(), "{today}");
    recomputed::agrees(&world).await;
    for account in 0..ACCOUNTS.len() {
        crawl::visit(&world, account, (1, 6)).await;
    }
}

#[tokio::test]
async fn a_year_from_now() {
    holds_on(Engine::Sqlite, "2027-11-24").await;
}

#[tokio::test]
async fn a_year_from_now_on_the_other_engine() {
    holds_on(Engine::Postgres, "2027-11-24").await;
}

#[tokio::test]
async fn two_years_from_now() {
    holds_on(Engine::Sqlite, "2028-11-24").await;
}

#[tokio::test]
async fn five_years_from_now() {
    holds_on(Engine::Sqlite, "2031-11-24").await;
}
