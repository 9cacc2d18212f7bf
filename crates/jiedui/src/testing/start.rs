//! What tests start with: made once for a build, and copied for each test.

use super::{Engine, Province, TODAY, World, account, data_directory, database_name, login, standing};
use crate::demo;
use crate::programme_files::{programme_files, programme_toml};
use chrono::TimeDelta;
use jiedui_kernel::Result;
use jiedui_store::Location;
use jiedui_store::testing::{self, PlanTemplate};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// What a test asks for by its arguments.
pub trait Start: Sized {
    fn on(engine: Engine) -> impl Future<Output = Self>;
}

/// An empty province: its divisions, the office and the bureaus.
impl Start for (World,) {
    async fn on(engine: Engine) -> Self {
        (copied(engine, "founded", false, async |_| String::new()).await.0,)
    }
}

/// A province with three pairings, and an account for whoever acts in it.
impl Start for (World, Province) {
    async fn on(engine: Engine) -> Self {
        let (world, note) = copied(engine, "province", false, async |world| {
            let p = Province::build(world).await;
            let accounts = accounts(world, &p).await;
            serde_json::to_string(&(p, accounts)).unwrap()
        })
        .await;
        let (province, accounts): (Province, HashMap<String, String>) = serde_json::from_str(&note).unwrap();
        *world.accounts.lock().unwrap() = accounts;
        (world, province)
    }
}

/// Stands beside a world that is the demonstration, which takes seconds to make.
pub struct Demonstration;

impl Start for (World, Demonstration) {
    async fn on(engine: Engine) -> Self {
        let (world, _) = copied(engine, "demonstration", true, async |world| {
            assert!(demo::ensure(&world.app).await.unwrap(), "made once");
            assert!(!demo::ensure(&world.app).await.unwrap(), "and not again");
            String::new()
        })
        .await;
        (world, Demonstration)
    }
}

/// A world like the one that `arrange` leaves behind, and its note.
async fn copied(
    engine: Engine,
    name: &str,
    demo: bool,
    arrange: impl AsyncFnOnce(&World) -> String,
) -> (World, String) {
    let files = programme_files(None).unwrap();
    let template = PlanTemplate { name, sum: sum(&files) };
    let programme = || jiedui_programme::load(&programme_toml(&files)).unwrap();
    let fill = async |location: Location| -> Result<String> {
        // A moment before the tests begin: identifiers made in one moment keep their order within one process only.
        let clock = standing(TODAY);
        clock.advance(TimeDelta::seconds(-1));
        let world = World::open(&location, data_directory(), clock, demo, programme()).await;
        world.takes_up().await;
        let note = arrange(&world).await;
        world.app.db.close().await;
        Ok(note)
    };
    let directory = data_directory();
    let copied = match engine {
        Engine::Sqlite => testing::sqlite_copy(&template, directory.path(), fill).await,
        Engine::Postgres => testing::postgres_copy(&template, &database_name(), fill).await,
    }
    .unwrap();
    let world = World::open(&copied.location, directory, standing(TODAY), demo, programme()).await;
    (world, copied.note)
}

fn sum(files: &BTreeMap<String, String>) -> u64 {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    hasher.finish()
}

/// One account for each side and each administrator: hashing a password is slow on purpose.
async fn accounts(world: &World, p: &Province) -> HashMap<String, String> {
    let mut tx = world.tx().await;
    let mut made = HashMap::new();
    for (org, role) in p.seats() {
        let login = login(org, role);
        let account = account(&mut tx, &login, org, role).await;
        made.insert(login, account);
    }
    tx.commit().await.unwrap();
    made
}
