//! An upgrade of a database that holds what is forbidden now: it says what and changes nothing.
#![cfg(test)]

use jiedui_kernel::{Clock, Date, Error, Random};
use jiedui_store::testing::{self, tamper};
use jiedui_store::{Db, Location};

fn clock() -> Clock {
    Clock::fixed("2026-11-24".parse::<Date>().unwrap())
}

/// One school twice, with the same flag twice, and two pairings of it that run.
const DOUBLES: [&str; 3] = [
    "INSERT INTO org (id, kind, name, division, path, level, ownership, credit_code, source, demo, sort_key, version) \
     SELECT d.id, 'school', '兴宁甲校', '441481', d.id, '技工学校', '', '', '', FALSE, '', 1 \
     FROM (SELECT 'a' AS id UNION ALL SELECT 'b') d",
    "INSERT INTO org_flag (id, org, flag, from_day, source) \
     SELECT d.id, 'a', 'county_school', '2024-01-01', '' FROM (SELECT 'f' AS id UNION ALL SELECT 'g') d",
    "INSERT INTO pairing (id, county_school, lead, nearby, from_day, end_reason, source, version) \
     SELECT d.id, 'a', 'b', 'b', '2024-07-26', '', '', 1 FROM (SELECT 'p' AS id UNION ALL SELECT 'q') d",
];

async fn refused_until_mended(location: &Location) {
    let old = testing::at_version(location, 16, clock()).await.unwrap();
    for text in DOUBLES {
        let text = if old.engine_name() == "postgres" {
            text.replace("'2024-01-01'", "DATE '2024-01-01'").replace("'2024-07-26'", "DATE '2024-07-26'")
        } else {
            text.to_owned()
        };
        assert_eq!(tamper::run(&old, &text).await.unwrap(), 2);
    }
    old.close().await;
    let Err(Error::CannotStart(words)) = Db::open(location, clock(), Random::System).await else {
        panic!("it is refused")
    };
    for said in [
        "同名的院校：兴宁甲校",
        "登记更名或并入",
        "兴宁甲校，自 2024-01-01",
        "同时有两组结对的县级院校：兴宁甲校",
    ] {
        assert!(words.contains(said), "{words}");
    }
    // Nothing became of it: the version before can still be made of it, and does not find anything to do.
    let old = testing::at_version(location, 16, clock()).await.unwrap();
    assert_eq!(tamper::run(&old, "DELETE FROM _sqlx_migrations WHERE version > 16").await.unwrap(), 0);
    tamper::run(&old, "UPDATE org SET name = '兴宁乙校' WHERE id = 'b'").await.unwrap();
    tamper::run(&old, "DELETE FROM org_flag WHERE id = 'g'").await.unwrap();
    tamper::run(&old, "DELETE FROM pairing WHERE id = 'q'").await.unwrap();
    old.close().await;
    Db::open(location, clock(), Random::System).await.unwrap().close().await;
}

#[tokio::test]
async fn doubles_stop_an_upgrade_on_sqlite() {
    let directory = tempfile::tempdir().unwrap();
    refused_until_mended(&testing::sqlite(directory.path())).await;
}

#[tokio::test]
async fn doubles_stop_an_upgrade_on_postgres() {
    let name = format!("doubles_{}", std::process::id());
    refused_until_mended(&testing::postgres(&name).await.unwrap()).await;
}
