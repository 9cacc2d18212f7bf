//! Actions that queue share a commit: each is whole or not there, one that fails takes nobody with it, and whoever was
//! answered finds what was written.

use crate::{PUT, World, is_whole, kept_like as kept, somebody};
use jiedui_kernel::{Error, Result};
use jiedui_store::testing::{self, faults};
use jiedui_store::{AuditRecord, Db, Tx, args};
use tokio::task::JoinSet;

async fn begin(db: &Db) -> Tx {
    db.begin(somebody()).await.unwrap()
}

async fn put(tx: &mut Tx, name: &str) -> Result<()> {
    tx.write(&PUT, args![name, "x".repeat(2_000)]).await?;
    tx.audit(AuditRecord { action: "test.act", resource: "test", resource_id: name }, &"").await
}

/// What an action does after its turn has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Commit,
    /// Writes, and is dropped.
    GiveUp,
    /// Meets a violated key, and tries to commit.
    Clash,
    /// Meets a disk that takes no more, and tries to commit.
    Fault,
}

async fn act(db: Db, name: String, does: Does) -> Result<()> {
    let mut tx = begin(&db).await;
    put(&mut tx, &name).await?;
    match does {
        Does::Commit => {}
        Does::GiveUp => return Err(Error::NotFound),
        Does::Clash => drop(put(&mut tx, &name).await.unwrap_err()),
        Does::Fault => {
            faults::at_statement(&db, &mut tx).await?;
            drop(put(&mut tx, &format!("{name}-large-{}", "y".repeat(100_000))).await.unwrap_err());
        }
    }
    tx.commit().await
}

/// Starts all of them while somebody holds the writer, so that they queue, and says how each ended.
async fn together(db: &Db, all: &[Does]) -> Vec<Result<()>> {
    let first = begin(db).await;
    let mut tasks = JoinSet::new();
    for (number, does) in all.iter().enumerate() {
        let (db, name, does) = (db.clone(), format!("act-{number}"), *does);
        tasks.spawn(async move { (number, act(db, name, does).await) });
    }
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    drop(first);
    let mut ended: Vec<_> = tasks.join_all().await;
    ended.sort_by_key(|(number, _)| *number);
    ended.into_iter().map(|(_, outcome)| outcome).collect()
}

on_both!(
    those_who_queue_share_a_wait_for_the_disk,
    one_alone_waits_for_nobody,
    who_fails_takes_nobody_with_it,
    who_goes_away_holds_up_nobody,
    work_that_takes_long_holds_up_no_answer,
    what_was_refused_is_certain_once_it_is_answered,
);

async fn those_who_queue_share_a_wait_for_the_disk(world: World) {
    let db = &world.db;
    let before = testing::disk_waits(db);
    let ended = together(db, &[Does::Commit; 40]).await;
    assert!(ended.iter().all(Result::is_ok), "{ended:?}");
    let waits = testing::disk_waits(db) - before;
    // On PostgreSQL the others come while a flush is under way; the disk of a test is too quick for that.
    let most = if db.engine_name() == "sqlite" { 4 } else { 40 };
    assert!((1..=most).contains(&waits), "40 actions, {waits} waits for the disk");
    assert_eq!(kept(db, "act-%").await, 40);
    is_whole(db).await;
}

async fn one_alone_waits_for_nobody(world: World) {
    let db = &world.db;
    for number in 1..=3 {
        let before = testing::disk_waits(db);
        let mut tx = begin(db).await;
        put(&mut tx, &format!("act-{number}")).await.unwrap();
        let written = testing::end_of_log(db).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(testing::disk_waits(db) - before, 1, "what is answered is on the disk");
        assert!(testing::is_flushed(db, written).await.unwrap(), "so says the server");
        assert_eq!(kept(db, "act-%").await, number);
    }
}

async fn who_fails_takes_nobody_with_it(world: World) {
    let db = &world.db;
    let all = [
        Does::Commit,
        Does::GiveUp,
        Does::Commit,
        Does::Clash,
        Does::Commit,
        Does::Clash,
        Does::GiveUp,
        Does::Commit,
    ];
    let ended = together(db, &all).await;
    for (does, outcome) in all.iter().zip(&ended) {
        assert_eq!(outcome.is_ok(), *does == Does::Commit, "{does:?}: {outcome:?}");
    }
    assert_eq!(kept(db, "act-%").await, 4);
    is_whole(db).await;
    let all = [Does::Commit, Does::Fault, Does::Commit];
    let another = crate::world(db.engine_name() == "postgres").await;
    let db = &another.db;
    let ended = together(db, &all).await;
    assert!(ended[1].is_err(), "{ended:?}");
    let answered = ended.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(usize::try_from(kept(db, "act-%").await).unwrap(), answered, "{ended:?}");
    assert_eq!(answered, 2, "a full disk for one is none for the others: {ended:?}");
    act(db.clone(), "after".to_owned(), Does::Commit).await.unwrap();
    is_whole(db).await;
}

async fn who_goes_away_holds_up_nobody(world: World) {
    let db = &world.db;
    let first = begin(db).await;
    let (gone, other) = (
        tokio::spawn(act(db.clone(), "gone".to_owned(), Does::Commit)),
        tokio::spawn(act(db.clone(), "other".to_owned(), Does::Commit)),
    );
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    drop(first);
    while !gone.is_finished() && kept(db, "gone").await == 0 {
        gone.abort();
        tokio::task::yield_now().await;
        if other.is_finished() {
            break;
        }
    }
    other.await.unwrap().unwrap();
    assert_eq!(kept(db, "other").await, 1);
    act(db.clone(), "after".to_owned(), Does::Commit).await.unwrap();
    is_whole(db).await;
}

async fn work_that_takes_long_holds_up_no_answer(world: World) {
    let db = &world.db;
    let mut first = begin(db).await;
    let long = tokio::spawn({
        let db = db.clone();
        async move { db.begin_alone(somebody()).await }
    });
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    put(&mut first, "first").await.unwrap();
    let first = tokio::spawn(first.commit());
    let mut long = long.await.unwrap().unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(kept(db, "first").await, 1, "answered while the long one is under way");
    put(&mut long, "long").await.unwrap();
    long.commit().await.unwrap();
    assert_eq!(kept(db, "long").await, 1);
    is_whole(db).await;
}

async fn what_was_refused_is_certain_once_it_is_answered(world: World) {
    let db = &world.db;
    let first = begin(db).await;
    let mut tasks = JoinSet::new();
    for _ in 0..2 {
        let db = db.clone();
        tasks.spawn(async move {
            let outcome = act(db.clone(), "twice".to_owned(), Does::Commit).await;
            db.commit_waiting().await.unwrap();
            (outcome, kept(&db, "twice").await)
        });
    }
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    drop(first);
    let ended = tasks.join_all().await;
    assert_eq!(ended.iter().filter(|(outcome, _)| outcome.is_ok()).count(), 1, "{ended:?}");
    for (outcome, seen) in &ended {
        assert!(matches!(outcome, Ok(()) | Err(Error::Conflict(_))), "{outcome:?}");
        assert_eq!(*seen, 1, "what stood in the way is there for every reader");
    }
}
