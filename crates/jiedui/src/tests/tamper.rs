//! Somebody with a database tool: every change, deletion and addition of a row in every table is named, whatever is done
//! to the log shows, and no start of the server makes it look legitimate.

use crate::both_engines;
use crate::network::registry;
use crate::standing::indicators;
use crate::testing::{Demonstration, Province};
use jiedui_kernel::{Actor, Error};
use jiedui_store::audit::check::Noted;
use jiedui_store::audit::heads::LogKey;
use jiedui_store::audit::rows::{Fault, RowCheck, RowFault};
use jiedui_store::audit::{self, heads, rows, takeover};
use jiedui_store::testing::tamper;
use jiedui_store::{AuditRecord, Db, Kept, all_tables};
use std::collections::BTreeSet;
use std::sync::Arc;

async fn check(db: &Db, noted: &Noted) -> (Vec<String>, RowCheck) {
    let mut tx = db.read(Arc::new(Actor::system("test"))).await.unwrap();
    let (log, rows) = rows::verify(&mut tx, noted).await.unwrap();
    (log.faults, rows)
}

async fn sequenced(db: &Db) {
    while audit::sequence(db).await.unwrap() > 0 {}
}

/// Adds the missing rows, and lets the log take them for true.
async fn furnish(db: &Db) {
    tamper::furnish(db).await.unwrap();
    let (_, found) = check(db, &Noted::default()).await;
    let mut tx = db.begin(Arc::new(Actor::system("test"))).await.unwrap();
    for fault in &found.faults {
        assert_eq!(fault.fault, Fault::Unrecorded);
        assert!(takeover::accept(&mut tx, &fault.table, &fault.key, "测试").await.unwrap());
    }
    tx.commit().await.unwrap();
    let (log, found) = check(db, &Noted::default()).await;
    assert_eq!(
        (log.as_slice(), found.faults.as_slice()),
        (&[][..], &[][..]),
        "nothing is wrong to begin with"
    );
    tamper::without_checks(db).await.unwrap();
}

fn of_kind(found: &RowCheck, kind: Fault) -> Vec<&RowFault> {
    found.faults.iter().filter(|fault| fault.fault == kind).collect()
}

both_engines! {
    async fn a_changed_row_is_named_with_each_column_in_every_table(world: World, _made: Demonstration) {
        let db = &world.app.db;
        furnish(db).await;
        let changed = tamper::change_everywhere(db).await.unwrap();
        let (log, found) = check(db, &Noted::default()).await;
        assert_eq!(log, [""; 0], "the log itself is whole");
        let named = of_kind(&found, Fault::Changed);
        assert_eq!((named.len(), found.faults.len()), (changed.len(), changed.len()));
        for one in changed {
            let fault = named.iter().find(|fault| fault.table == one.table).unwrap();
            if one.keeps_values {
                let columns: BTreeSet<&str> = fault.columns.iter().map(|(name, ..)| name.as_str()).collect();
                let wanted: BTreeSet<&str> = one.columns.iter().map(String::as_str).collect();
                assert_eq!(columns, wanted, "{}", one.table);
                assert!(fault.columns.iter().all(|(_, log, database)| log != database), "{fault}");
            }
            assert!(!one.keeps_values || fault.leaf.is_some(), "the record is named: {fault}");
        }
    }

    async fn a_deleted_row_is_named_in_every_table(world: World, _made: Demonstration) {
        let db = &world.app.db;
        furnish(db).await;
        let deleted = tamper::delete_one_everywhere(db).await.unwrap();
        assert_eq!(deleted, tamper::kept_tables(db), "every table has a row to delete");
        let (log, found) = check(db, &Noted::default()).await;
        assert_eq!(log, [""; 0]);
        let named: Vec<&str> = of_kind(&found, Fault::Missing).iter().map(|fault| fault.table.as_str()).collect();
        assert_eq!(named, deleted);
        assert_eq!(found.faults.len(), deleted.len());
    }

    async fn an_added_row_is_named_in_every_table(world: World, _made: Demonstration) {
        let db = &world.app.db;
        furnish(db).await;
        let added = tamper::add_one_everywhere(db).await.unwrap();
        assert_eq!(added, tamper::kept_tables(db), "every table has a row to copy");
        let (log, found) = check(db, &Noted::default()).await;
        assert_eq!(log, [""; 0]);
        let named: Vec<&str> = of_kind(&found, Fault::Unrecorded).iter().map(|fault| fault.table.as_str()).collect();
        assert_eq!(named, added);
        assert_eq!(found.faults.len(), added.len());
    }
}

both_engines! {
    async fn whatever_is_done_to_the_log_shows(world: World, p: Province) {
        let db = &world.app.db;
        sequenced(db).await;
        world.agent(&p.xingning, "county_school").await;
        sequenced(db).await;
        let size = size(db).await;
        assert_eq!(check(db, &Noted::default()).await.0, [""; 0]);
        tamper::keep_log(db).await.unwrap();
        for (text, says) in tamper::LOG_CHANGES {
            tamper::change_log(db, text, size).await.unwrap();
            let (log, _) = check(db, &Noted::default()).await;
            assert!(log.iter().any(|fault| fault.contains(says)), "{text}: {log:?}");
            tamper::restore_log(db).await.unwrap();
        }
        assert_eq!(check(db, &Noted::default()).await.0, [""; 0], "all of it was put back");
    }

    async fn a_forged_record_behind_the_tree_does_not_stop_the_sequencer(world: World, p: Province) {
        let db = &world.app.db;
        sequenced(db).await;
        tamper::change_log(db, tamper::BEHIND_THE_TREE, size(db).await).await.unwrap();
        world.agent(&p.xingning, "county_school").await;
        sequenced(db).await;
        assert_eq!(heads::last(&mut world.tx().await).await.unwrap().unwrap().size, size(db).await);
        let (log, _) = check(db, &Noted::default()).await;
        assert!(log.iter().any(|fault| fault.contains("forged")), "{log:?}");
    }

    async fn a_log_rewritten_from_a_place_on_differs_from_a_head_noted_elsewhere(world: World, p: Province) {
        let db = &world.app.db;
        sequenced(db).await;
        let noted = heads::last(&mut world.tx().await).await.unwrap().unwrap();
        world.agent(&p.xingning, "county_school").await;
        sequenced(db).await;
        let with = |root: &str| Noted { heads: vec![(noted.size, root.to_owned())], key: None };
        assert_eq!(check(db, &with(&noted.root)).await.0, [""; 0]);
        let other = "0".repeat(64);
        let (log, _) = check(db, &with(&other)).await;
        assert!(log[0].contains("与另处记下的不一致"), "{log:?}");
        let behind = Noted { heads: vec![(noted.size + 1000, noted.root)], key: None };
        assert!(check(db, &behind).await.0[0].contains("没有这么多"));
    }

    async fn a_head_without_the_signature_of_the_key_shows(world: World, p: Province) {
        let key = LogKey::generate().unwrap();
        let public = key.public();
        let db = world.app.db.clone().signed_with(LogKey::from_pem(&key.to_pem().unwrap()).unwrap());
        let with = |key| Noted { heads: Vec::new(), key: Some(key) };
        world.agent(&p.xingning, "county_school").await;
        sequenced(&db).await;
        assert_eq!(check(&db, &with(public)).await.0, [""; 0], "heads before the first signed one have none");
        let other = LogKey::generate().unwrap().public();
        assert!(check(&db, &with(other)).await.0[0].contains("没有有效的签名"));
        world.agent(&p.xingning, "county_school").await;
        sequenced(&world.app.db).await;
        assert!(check(&db, &with(public)).await.0[0].contains("没有有效的签名"), "a head that nobody signed");
    }

    async fn a_change_that_is_written_over_stays_named(world: World, p: Province) {
        let db = &world.app.db;
        tamper::ownership(db, &p.xingning, "别的").await.unwrap();
        let mut tx = world.tx().await;
        let school = registry::found(&mut tx, &p.xingning).await.unwrap();
        registry::rename(&mut tx, &school, "兴宁改名学校").await.unwrap();
        tx.audit(AuditRecord { action: "org.rename", resource: "org", resource_id: &school.id }, &()).await.unwrap();
        tx.commit().await.unwrap();
        let (log, found) = check(db, &Noted::default()).await;
        assert_eq!(log, [""; 0]);
        let named = of_kind(&found, Fault::Overwritten);
        assert_eq!(named[0].columns[0].0, "ownership", "{:?}", found.faults);
        assert_eq!(named[0].columns[0].2, "别的");
        let mut tx = world.tx().await;
        assert!(takeover::accept(&mut tx, "org", &p.xingning, "已查明").await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(check(db, &Noted::default()).await.1.faults, [], "until somebody answers for it, with a reason");
    }

    async fn figures_are_not_made_of_facts_that_differ_from_the_log(world: World, _p: Province) {
        let db = &world.app.db;
        indicators::ensure(db, &world.app.programme()).await.unwrap();
        tamper::ten_times(db).await.unwrap();
        let refused = indicators::ensure(db, &world.app.programme()).await.unwrap_err();
        assert!(matches!(&refused, Error::CannotStart(text) if text.contains("与审计日志不一致")), "{refused}");
        assert!(!check(db, &Noted::default()).await.1.is_whole(), "and it is still named");
    }

    async fn the_page_of_a_thing_says_how_it_stands_to_the_log(world: World, p: Province) {
        let db = &world.app.db;
        sequenced(db).await;
        let lead = world.agent(&p.lead, "lead").await;
        let entry = &p.visit;
        let path = format!("/entries/{entry}");
        assert!(lead.get(&path).await.says("与日志一致"));
        let proof = lead.get(&format!("/proof/entry/{entry}")).await;
        assert!(proof.says("与日志一致") && proof.says("证明成立"), "{}", proof.text());
        let file = lead.get(&format!("/proof/entry/{entry}/file")).await.text();
        audit::proofs::check(&file, None).unwrap();
        let forged = file.replacen("claim", "clain", 1);
        assert!(audit::proofs::check(&forged, None).is_err());
        tamper::quantity(db, entry).await.unwrap();
        assert!(lead.get(&path).await.says("与日志不一致"), "also where the page was asked for before");
        assert!(lead.get(&format!("/proof/entry/{entry}")).await.says("quantity"));
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(stranger.get(&format!("/proof/entry/{entry}")).await.status, 404);
    }
}

#[test]
fn every_table_is_kept_or_says_why_not() {
    let tables = all_tables();
    assert!(tables.len() > 50);
    for table in tables {
        let reasons = table.except.iter().map(|(_, why)| *why).chain(match table.kept {
            Kept::Outside(why) => Some(why),
            _ => None,
        });
        for why in reasons {
            assert!(why.len() > 10, "{} says why", table.name);
        }
    }
}

async fn size(db: &Db) -> i64 {
    let mut tx = db.read(Arc::new(Actor::system("test"))).await.unwrap();
    audit::check::verify(&mut tx, &Noted::default()).await.unwrap().placed
}
