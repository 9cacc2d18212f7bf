//! Opening a database for a check, and taking over one whose log does not bind its rows.
#![cfg(test)]

use jiedui_kernel::{Actor, Clock, Date, Error, Random};
use jiedui_store::testing::tamper;
use jiedui_store::{AuditRecord, Db, Location, Tx, args, audit, sql};
use std::path::Path;
use std::sync::Arc;

sql! { PUT: free, "INSERT INTO setting (key, value) VALUES ($1, $2)" }
sql! { TAKEN: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_leaf WHERE action = 'log.takeover'" }

fn clock() -> Clock {
    Clock::fixed("2026-11-24".parse::<Date>().unwrap())
}

fn at(directory: &Path) -> Location {
    Location::Directory(directory.to_path_buf())
}

async fn open(directory: &Path) -> Db {
    Db::open(&at(directory), clock(), Random::System).await.unwrap()
}

async fn read(db: &Db) -> Tx {
    db.read(Arc::new(Actor::system("test"))).await.unwrap()
}

async fn act(db: &Db) {
    let mut tx = db.begin(Arc::new(Actor::system("test"))).await.unwrap();
    tx.write(&PUT, args!["one", "1"]).await.unwrap();
    tx.audit(AuditRecord { action: "test.act", resource: "test", resource_id: "" }, &()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_check_makes_nothing_where_nothing_is() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("typo");
    let refused = Db::inspect(&at(&place), clock()).await.err().unwrap();
    assert!(matches!(refused, Error::CannotStart(_)), "{refused}");
    assert!(!place.exists());
}

#[tokio::test]
async fn a_check_reads_a_copy_that_cannot_be_written_and_changes_no_byte() {
    let directory = tempfile::tempdir().unwrap();
    let db = open(directory.path()).await;
    act(&db).await;
    while audit::sequence(&db).await.unwrap() > 0 {}
    db.close().await;
    let file = directory.path().join("jiedui.sqlite");
    let before = std::fs::read(&file).unwrap();
    let db = Db::inspect(&at(directory.path()), clock()).await.unwrap();
    assert_eq!(audit::faults(&mut read(&db).await).await.unwrap(), [""; 0]);
    assert!(db.begin(Arc::new(Actor::system("test"))).await.is_err(), "nothing can be written through it");
    db.close().await;
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn rows_of_a_log_that_bound_none_are_taken_over_once_with_a_record() {
    let directory = tempfile::tempdir().unwrap();
    let db = open(directory.path()).await;
    act(&db).await;
    tamper::forget_log(&db).await.unwrap();
    db.close().await;
    for _ in 0..2 {
        let db = open(directory.path()).await;
        assert_eq!(audit::faults(&mut read(&db).await).await.unwrap(), [""; 0]);
        assert_eq!(read(&db).await.number(&TAKEN, Vec::new()).await.unwrap(), 1);
        db.close().await;
    }
}
