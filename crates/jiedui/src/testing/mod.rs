//! A world for tests: the real application on a fresh database, a clock that stands still, and browsers without a
//! screen. Tests are written once and run on both engines (`both_engines!`).

mod agent;
mod data;
mod province;
pub mod samples;
mod start;
pub mod wire;

pub use agent::{Agent, PageResponse};
pub use data::FOREIGN_WRITE;
pub(crate) use data::{BEGIN_FLAG, SPOIL_CLOCKS};
pub(crate) use data::{FIRST_DRAWN, FORGE, KEPT_ANSWERS, SAMPLE, SAMPLE_DRAW};
pub use province::{Papers, Province, actor, claim, day};
pub use start::{Demonstration, Start};

use crate::identity::accounts;
use crate::oversight::versions;
use crate::programme_files::{programme_files, programme_toml};
use crate::seeds;
use crate::site;
use jiedui_kernel::{Actor, Clock, Date, Error, Random, Result};
use jiedui_programme::Programme;
use jiedui_store::{Db, Location, Tx, args, testing};
use jiedui_web::App;
use jiedui_web::limits::Limits;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The day on which tests happen, unless they say otherwise: a Tuesday, in the first semester of 2026–2027.
pub const TODAY: &str = "2026-11-24";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct World {
    pub app: Arc<App>,
    pub router: axum::Router,
    /// Accounts made so far, by login: hashing a password is slow on purpose.
    accounts: Mutex<HashMap<String, String>>,
    /// Kept so that the data directory lives as long as the world.
    directory: tempfile::TempDir,
}

pub fn programme() -> Programme {
    programme_in(None)
}

/// The programme of a directory under `programmes/`, or the embedded one.
pub fn programme_in(name: Option<&str>) -> Programme {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
    let files = programme_files(name.map(|name| root.join(name)).as_deref()).unwrap();
    jiedui_programme::load(&programme_toml(&files)).unwrap()
}

/// Compares a committed table with what the program yields; writes it with `UPDATE_TABLES=1`.
pub fn compare(path: &str, made: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("UPDATE_TABLES").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, made).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == made,
        "{path} is not what the program does; run once with UPDATE_TABLES=1 and read the difference"
    );
}

impl World {
    /// Takes up the programme of the tree, as a start does.
    pub async fn takes_up(&self) {
        let files = programme_toml(&programme_files(None).unwrap());
        versions::take_up(&self.app.db, || Ok(files), &self.app.programme()).await.unwrap();
    }

    /// An empty province on any day, made from scratch.
    pub async fn new(engine: Engine, today: &str, demo: bool) -> Self {
        Self::under(engine, today, demo, programme()).await
    }

    /// A world that runs another programme, made from scratch.
    pub async fn under(engine: Engine, today: &str, demo: bool, programme: Programme) -> Self {
        let directory = data_directory();
        let location = match engine {
            Engine::Sqlite => testing::sqlite(directory.path()),
            Engine::Postgres => testing::postgres(&database_name()).await.unwrap(),
        };
        Self::open(&location, directory, standing(today), demo, programme).await
    }

    async fn open(
        location: &Location,
        directory: tempfile::TempDir,
        clock: Clock,
        demo: bool,
        programme: Programme,
    ) -> Self {
        let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_test_writer().try_init();
        let db = Db::open(location, clock, Random::System).await.unwrap();
        seeds::found(&db, None, &programme).await.unwrap();
        let app = App::new(db, Random::System, programme, demo, site::site()).with_files(shared_files());
        // Who is refused is answered at once, or the tests would wait.
        let app = app.with_limits(Limits { refusal_time: Duration::ZERO, ..Limits::of_this_process() });
        let app = Arc::new(app);
        let router = jiedui_web::router(&app);
        Self { app, router, accounts: Mutex::default(), directory }
    }

    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    pub fn clock(&self) -> &Clock {
        self.app.db.clock()
    }

    /// A transaction of nobody in particular, who sees everything: to arrange and to look.
    pub async fn tx(&self) -> Tx {
        self.app.db.begin(Arc::new(Actor::system("test"))).await.unwrap()
    }

    /// Somebody signed in at an organisation in a role: one account for each, a new session each time.
    pub async fn agent(&self, org: &str, role: &str) -> Agent {
        let login = login(org, role);
        let mut tx = self.tx().await;
        let known = self.accounts.lock().unwrap().get(&login).cloned();
        let account = match known {
            Some(account) => account,
            None => {
                let account = account(&mut tx, &login, org, role).await;
                self.accounts.lock().unwrap().insert(login.clone(), account.clone());
                account
            }
        };
        let person = accounts::Person { account: &account, login: &login, name: &login };
        let (token, csrf) = accounts::start_session(&mut tx, &person, org, "").await.unwrap();
        tx.commit().await.unwrap();
        Agent::new(self.router.clone(), Some(token)).with_token(csrf)
    }

    /// Two writers at the same instant: on PostgreSQL neither commits before both can go no further.
    pub async fn at_once<A, B>(
        &self,
        one: impl Future<Output = A>,
        other: impl Future<Output = B>,
    ) -> (A, B) {
        let held = testing::overlap::hold(&self.app.db).await.unwrap();
        let (one, other, met) = tokio::join!(one, other, held.release_after(2));
        met.unwrap();
        (one, other)
    }

    /// Who an account of an organisation is in a role, for what is called without a browser.
    pub async fn person(&self, org: &str, role: &str) -> Arc<Actor> {
        self.agent(org, role).await;
        let account = self.accounts.lock().unwrap()[&login(org, role)].clone();
        let mut tx = self.tx().await;
        jiedui_web::session::actor_at(&self.app, &mut tx, &account, org).await.unwrap().unwrap()
    }

    /// A browser in which nobody is signed in.
    pub fn stranger(&self) -> Agent {
        Agent::new(self.router.clone(), None)
    }
}

fn login(org: &str, role: &str) -> String {
    format!("t-{role}-{}", &org[org.len() - 12..]).replace('_', "-")
}

async fn account(tx: &mut Tx, login: &str, org: &str, role: &str) -> String {
    let password = &accounts::passwords::accept("Testing-2026-x", login, tx.random()).unwrap();
    let new =
        accounts::NewAccount { login, name: login, password: Some(password), must_change: false, org, role };
    accounts::create(tx, &new).await.unwrap()
}

/// A clock that stands at noon of a day.
fn standing(today: &str) -> Clock {
    Clock::fixed(today.parse::<Date>().unwrap())
}

/// A directory that vanishes with the test.
fn data_directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Where files are kept, for all worlds: what a template says was handed in is there for its copies too. Under its hash a file
/// is the same for everybody, so that tests are not in each other's way.
fn shared_files() -> std::path::PathBuf {
    let binary = std::env::current_exe().unwrap();
    binary.with_file_name("files-of-tests")
}

fn database_name() -> String {
    format!("t_{}", &Random::System.token()[..20])
}

/// Whether a Word file has a picture in it: the one that our papers have is the square code.
pub fn pictured(docx: &[u8]) -> bool {
    let name = b"word/media/";
    docx.windows(name.len()).any(|part| part == name)
}

/// Changes an audit record behind the log's back.
pub async fn tamper(tx: &mut Tx, id: &str, body: &str) {
    tx.write(&data::TAMPER, args![id, body]).await.unwrap();
}

/// A project on a list of its own that names a need; the two words say how it stands.
pub async fn answer(tx: &mut Tx, pairing: &str, need: &str, filed: bool, ended: &str) -> String {
    let (id, list) = (tx.new_id(), tx.new_id());
    tx.write(&data::TEST_LIST, args![&list, pairing]).await.unwrap();
    tx.write(&data::TEST_PROJECT, args![&id, &list, need, filed, ended, pairing]).await.unwrap();
    id
}

/// A need of a school: its rank, its title and how it stands.
pub async fn need(tx: &mut Tx, school: &str, (rank, title, state): (i64, &str, &str)) -> String {
    let id = tx.new_id();
    tx.write(&data::TEST_NEED, args![&id, school, rank, title, state]).await.unwrap();
    id
}

/// Writes a test once and runs it on SQLite and on PostgreSQL. What it asks for is what it starts with:
/// `both_engines! { async fn name(world: World) { … } }` an empty province, with `(world: World, p: Province)` one in
/// which something goes on.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$note:meta])* async fn $name:ident($($given:ident: $kind:ty),+) $body:block)+) => {
        $(mod $name {
            use super::*;
            use $crate::testing::{Engine, Start, World};

            $(#[$note])*
            async fn run($($given: $kind),+) $body

            #[tokio::test]
            async fn sqlite() {
                let ($($given,)+) = <($($kind,)+)>::on(Engine::Sqlite).await;
                run($($given),+).await;
            }

            #[tokio::test]
            async fn postgres() {
                let ($($given,)+) = <($($kind,)+)>::on(Engine::Postgres).await;
                run($($given),+).await;
            }
        })+
    };
}

/// Keeps what an act wrote, and says so; what was refused is dropped. A fault is neither.
pub async fn kept(tx: Tx, tried: Result<()>) -> bool {
    match tried {
        Ok(()) => {
            tx.commit().await.unwrap();
            true
        }
        Err(Error::Internal(fault)) => panic!("{fault}"),
        Err(_) => false,
    }
}
