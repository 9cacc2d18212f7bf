//! A disk that takes no more, for as long as it takes no more. A file of its own with one test in it: the limit is the
//! whole process's.
#![cfg(test)]

use jiedui_kernel::{Actor, Clock, Date, Error, Random, Result};
use jiedui_store::{AuditRecord, Db, args, audit, sql, testing};
use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use std::path::Path;
use std::sync::Arc;

sql! { PUT: free, "INSERT INTO setting (key, value) VALUES ($1, $2)" }
sql! { KEPT: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM setting WHERE key LIKE $1" }

fn somebody() -> Arc<Actor> {
    Arc::new(Actor::system("test"))
}

async fn act(db: &Db, name: &str) -> Result<()> {
    let mut tx = db.begin(somebody()).await?;
    tx.write(&PUT, args![name, "x".repeat(10_000)]).await?;
    tx.audit(AuditRecord { action: "test.act", resource: "test", resource_id: name }, &"").await?;
    tx.commit().await
}

async fn kept(db: &Db, names: &str) -> i64 {
    db.read(somebody()).await.unwrap().number(&KEPT, args![names]).await.unwrap()
}

/// No file may become longer than the write-ahead log is now and `more`: writing in earlier places still goes, as it
/// does on a full disk.
fn fill(directory: &Path, more: u64) {
    let log = std::fs::metadata(directory.join("jiedui.sqlite-wal")).unwrap().len();
    let now = getrlimit(Resource::Fsize);
    setrlimit(Resource::Fsize, Rlimit { current: Some(log + more), maximum: now.maximum }).unwrap();
}

fn free() {
    let now = getrlimit(Resource::Fsize);
    setrlimit(Resource::Fsize, Rlimit { current: now.maximum, maximum: now.maximum }).unwrap();
}

#[tokio::test]
async fn a_full_disk_is_told_and_ends_with_the_disk_being_full() {
    // Whoever writes beyond the limit is sent this signal, and ends by it where nobody takes it.
    let kind = tokio::signal::unix::SignalKind::from_raw(Signal::XFSZ.as_raw());
    let _taken = tokio::signal::unix::signal(kind).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed("2026-11-24".parse::<Date>().unwrap());
    // What made the tables leaves a long log with room at its front; once everybody closed it begins with nothing.
    let made = Db::open(&testing::sqlite(directory.path()), clock.clone(), Random::System).await.unwrap();
    made.close().await;
    let db = Db::open(&testing::sqlite(directory.path()), clock, Random::System).await.unwrap();
    act(&db, "before").await.unwrap();
    db.check_writable().await.unwrap();

    // Room for nothing, for a part of a page of the log (the write is torn), for a page and a half (the one row of the
    // check fits, an action does not).
    for (turn, (more, row_fits)) in [(0, false), (1000, false), (6000, true)].into_iter().enumerate() {
        fill(directory.path(), more);
        for number in 0..5 {
            let fault = act(&db, &format!("during-{turn}-{number}")).await.unwrap_err();
            println!("{fault}");
            let told = matches!(fault, Error::OutcomeUnknown(_) | Error::Unavailable(_));
            assert!(told, "{fault}");
            assert_eq!(kept(&db, "before").await, 1, "reading goes on");
        }
        db.clock().advance(chrono::TimeDelta::seconds(2));
        assert_eq!(db.check_writable().await.is_ok(), row_fits, "ready is who can write");

        free();
        db.clock().advance(chrono::TimeDelta::seconds(2));
        db.check_writable().await.unwrap();
        act(&db, &format!("after-{turn}")).await.unwrap();
    }
    assert_eq!(kept(&db, "during-%").await, 0);
    assert_eq!(kept(&db, "after-%").await, 3);
    while audit::sequence(&db).await.unwrap() > 0 {}
    let mut tx = db.read(somebody()).await.unwrap();
    assert_eq!(audit::faults(&mut tx).await.unwrap(), [""; 0]);
    drop(tx);
    db.close().await;

    // Opening checks the file page by page.
    let clock = Clock::fixed("2026-11-24".parse::<Date>().unwrap());
    let db = Db::open(&testing::sqlite(directory.path()), clock, Random::System).await.unwrap();
    assert_eq!(kept(&db, "after-%").await, 3);
}
