//! Whatever fails, fails once: the next write goes well without a restart, reading goes on, nothing is half-written.
#![cfg(test)]

use jiedui_kernel::{Actor, Clock, Date, Error, Random, Result};
use jiedui_store::testing::{self, faults};
use jiedui_store::{AuditRecord, Db, Location, Tx, args, audit, sql};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

/// Runs a test on both engines.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite { $(#[tokio::test] async fn $name() { super::$name(crate::world(false).await).await; })+ }
        mod postgres { $(#[tokio::test] async fn $name() { super::$name(crate::world(true).await).await; })+ }
    };
}

mod sharing;

sql! { PUT: free, "INSERT INTO setting (key, value) VALUES ($1, $2)" }
sql! { KEPT: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM setting WHERE key LIKE $1" }

/// Larger than what is free in any page, so that the file has to grow.
const LARGE: usize = 100_000;
const STATEMENTS: usize = 3;

struct World {
    db: Db,
    location: Location,
    /// Kept so that the data directory lives as long as the world.
    directory: tempfile::TempDir,
}

async fn world(postgres: bool) -> World {
    let directory = tempfile::tempdir().unwrap();
    let location = if postgres {
        testing::postgres(&format!("t_{}", &Random::System.token()[..20])).await.unwrap()
    } else {
        testing::sqlite(directory.path())
    };
    World { db: open(&location).await.unwrap(), location, directory }
}

async fn open(location: &Location) -> Result<Db> {
    let clock = Clock::fixed("2026-11-24".parse::<Date>().unwrap());
    Db::open(location, clock, Random::System).await
}

fn somebody() -> Arc<Actor> {
    Arc::new(Actor::system("test"))
}

/// Where an action meets its fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Nowhere,
    Begin,
    FirstWrite,
    /// Before the statement of this number, the audit record among them.
    Statement(usize),
    Commit,
    DuringCommit,
}

/// An action like those of the product: two rows and their audit record, in one transaction.
async fn act(db: &Db, name: &str, at: At) -> Result<()> {
    match at {
        At::Begin => faults::at_begin(db).await?,
        At::FirstWrite => faults::at_first_write(db).await?,
        _ => {}
    }
    let mut tx = db.begin(somebody()).await?;
    write(db, &mut tx, name, at).await?;
    match at {
        At::Commit => faults::at_commit(&mut tx).await?,
        At::DuringCommit => faults::during_commit(&mut tx).await?,
        _ => {}
    }
    tx.commit().await
}

async fn write(db: &Db, tx: &mut Tx, name: &str, at: At) -> Result<()> {
    let large = "x".repeat(LARGE);
    for number in 0..STATEMENTS {
        if at == At::Statement(number) {
            faults::at_statement(db, tx).await?;
        }
        if number + 1 < STATEMENTS {
            tx.write(&PUT, args![format!("{name}.{number}"), &large]).await?;
        } else {
            tx.audit(AuditRecord { action: "test.act", resource: "test", resource_id: name }, &large).await?;
        }
    }
    Ok(())
}

/// How many rows an action of this name has written.
async fn kept(db: &Db, name: &str) -> i64 {
    kept_like(db, &format!("{name}.%")).await
}

async fn kept_like(db: &Db, names: &str) -> i64 {
    db.read(somebody()).await.unwrap().number(&KEPT, args![names]).await.unwrap()
}

/// The log is whole, and agrees with the rows.
async fn is_whole(db: &Db) {
    while audit::sequence(db).await.unwrap() > 0 {}
    let mut tx = db.read(somebody()).await.unwrap();
    assert_eq!(audit::faults(&mut tx).await.unwrap(), [""; 0]);
}

/// The database as it should be after a fault: it reads, it writes, and its log is whole.
async fn is_well(db: &Db, name: &str) {
    let again = format!("{name}-again");
    act(db, &again, At::Nowhere).await.unwrap();
    assert_eq!(kept(db, &again).await, 2, "the next write is written");
    db.clock().advance(chrono::TimeDelta::seconds(2));
    db.check_writable().await.unwrap();
    is_whole(db).await;
}

on_both!(
    each_step_fails_once_and_the_next_write_goes_well,
    a_failed_rollback_meets_nobody_else,
    a_fault_ends_its_transaction_for_good,
    a_refused_statement_leaves_no_commit,
    an_action_given_up_anywhere_is_whole_or_not_there,
    who_asks_for_readiness_writes_once_a_second,
);

async fn each_step_fails_once_and_the_next_write_goes_well(world: World) {
    let db = &world.db;
    let mut places = vec![At::Begin, At::FirstWrite, At::Commit];
    places.extend((0..STATEMENTS).map(At::Statement));
    if db.engine_name() == "postgres" {
        places.push(At::DuringCommit);
    }
    for (number, at) in places.into_iter().enumerate() {
        let name = format!("step-{number}");
        let fault = act(db, &name, at).await.expect_err("the fault is met");
        let as_told = match (at, db.engine_name()) {
            (At::DuringCommit, _) => matches!(fault, Error::OutcomeUnknown(_)),
            // SQLite counts what its hook refuses among the constraints.
            (At::Commit, "sqlite") => matches!(fault, Error::Internal(_)),
            _ => matches!(fault, Error::Unavailable(_)),
        };
        assert!(as_told, "{at:?}: {fault}");
        assert_eq!(kept(db, &name).await, 0, "{at:?}: nothing is half-written");
        is_well(db, &name).await;
    }
}

async fn a_failed_rollback_meets_nobody_else(world: World) {
    let db = &world.db;
    let mut tx = db.begin(somebody()).await.unwrap();
    tx.write(&PUT, args!["dropped.0", "x"]).await.unwrap();
    faults::at_rollback(db, &mut tx).await.unwrap();
    drop(tx);
    assert_eq!(kept(db, "dropped").await, 0);
    is_well(db, "dropped").await;
}

async fn a_fault_ends_its_transaction_for_good(world: World) {
    let db = &world.db;
    let mut reader = db.read(somebody()).await.unwrap();
    let before = reader.number(&KEPT, args!["%"]).await.unwrap();
    let mut tx = db.begin(somebody()).await.unwrap();
    write(db, &mut tx, "ended", At::Statement(1)).await.unwrap_err();
    let later = tx.write(&PUT, args!["ended.later", "x"]).await.unwrap_err();
    assert!(matches!(later, Error::Unavailable(_)), "what comes after would stand alone: {later}");
    tx.audit(AuditRecord { action: "test.act", resource: "test", resource_id: "ended" }, &"").await.unwrap();
    tx.commit().await.unwrap_err();
    assert_eq!(kept(db, "ended").await, 0);
    let after = reader.number(&KEPT, args!["%"]).await.unwrap();
    assert_eq!(after, before, "who was reading reads on");
    drop(reader);
    is_well(db, "ended").await;
}

async fn a_refused_statement_leaves_no_commit(world: World) {
    let db = &world.db;
    let mut tx = db.begin(somebody()).await.unwrap();
    write(db, &mut tx, "refused", At::Nowhere).await.unwrap();
    let clash = tx.write(&PUT, args!["refused.0", "x"]).await.unwrap_err();
    assert!(matches!(clash, Error::Conflict(_)), "{clash}");
    tx.commit().await.unwrap_err();
    assert_eq!(kept(db, "refused").await, 0, "the same on both engines");
    is_well(db, "refused").await;
}

async fn an_action_given_up_anywhere_is_whole_or_not_there(world: World) {
    let db = &world.db;
    let mut given_up = 0;
    for polls in 0..25 {
        let name = format!("given-up-{polls}");
        let ended = give_up_after(polls, act(db, &name, At::Nowhere)).await;
        let next = format!("{name}-next");
        act(db, &next, At::Nowhere).await.unwrap();
        assert_eq!(kept(db, &next).await, 2);
        let kept = kept(db, &name).await;
        match ended {
            Some(ended) => {
                ended.unwrap();
                assert_eq!(kept, 2);
            }
            None => {
                given_up += 1;
                assert!(kept == 0 || kept == 2, "given up after {polls} polls: {kept} of 2");
            }
        }
    }
    assert!(given_up > 1, "some were given up half way");
    is_well(db, "given-up").await;
}

/// What a server does with a request whose client went away: the future is dropped where it stands.
async fn give_up_after<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(cx).map(Some)
    })
    .await
}

async fn who_asks_for_readiness_writes_once_a_second(world: World) {
    let db = &world.db;
    db.check_writable().await.unwrap();
    faults::at_begin(db).await.unwrap();
    for _ in 0..100 {
        db.check_writable().await.unwrap();
    }
    db.clock().advance(chrono::TimeDelta::seconds(1));
    for _ in 0..100 {
        let fault = db.check_writable().await.unwrap_err();
        assert!(matches!(fault, Error::Unavailable(_)), "{fault}");
    }
    db.clock().advance(chrono::TimeDelta::seconds(1));
    db.check_writable().await.unwrap();
    // A clock that was set back does not make an old answer last.
    db.clock().advance(chrono::TimeDelta::days(-10));
    faults::at_begin(db).await.unwrap();
    db.check_writable().await.unwrap_err();
    is_well(db, "asked").await;
}

#[tokio::test]
async fn a_server_that_is_away_is_told_and_found_again() {
    let world = world(true).await;
    let db = &world.db;
    act(db, "before", At::Nowhere).await.unwrap();
    let mut tx = db.begin(somebody()).await.unwrap();
    write(db, &mut tx, "during", At::Nowhere).await.unwrap();
    faults::keep_out(&world.location, true).await.unwrap();
    let fault = tx.commit().await.unwrap_err();
    assert!(matches!(fault, Error::Unavailable(_)), "the session ended before the commit was sent: {fault}");
    for _ in 0..20 {
        let fault = act(db, "during", At::Nowhere).await.unwrap_err();
        assert!(matches!(fault, Error::Unavailable(_)), "{fault}");
        let fault = db.read(somebody()).await.map(drop).unwrap_err();
        assert!(matches!(fault, Error::Unavailable(_)), "{fault}");
    }
    db.check_writable().await.unwrap_err();
    faults::keep_out(&world.location, false).await.unwrap();
    assert_eq!(kept(db, "before").await, 2);
    assert_eq!(kept(db, "during").await, 0);
    is_well(db, "during").await;
}

#[tokio::test]
async fn a_damaged_file_is_not_opened() {
    let world = world(false).await;
    act(&world.db, "before", At::Nowhere).await.unwrap();
    world.db.close().await;
    let file = world.directory.path().join("jiedui.sqlite");
    let whole = std::fs::read(&file).unwrap();

    // A page in the middle; a part of the first one; no database at all.
    let damages: [(usize, usize); 3] = [(40_960, 4096), (100, 300), (0, 100)];
    for (from, length) in damages {
        let mut bytes = whole.clone();
        bytes[from..from + length].fill(0xee);
        std::fs::write(&file, &bytes).unwrap();
        let told = open(&world.location).await.map(drop).unwrap_err();
        assert!(matches!(told, Error::CannotStart(_)), "{from}: {told}");
        assert!(told.to_string().contains("jiedui.sqlite 已损坏"), "{told}");
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "nothing is written to it");
    }
    std::fs::write(&file, &whole).unwrap();
    open(&world.location).await.unwrap();
}
