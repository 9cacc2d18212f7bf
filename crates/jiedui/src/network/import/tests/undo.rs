//! The way back from one file: all of it, or nothing where something was built on a part of it.

use super::super::workbook::{export, spec};
use super::super::{actions, check, write};
use super::{PAIRINGS, PEOPLE, Row, SCHOOLS, file, full, large};
use crate::both_engines;
use crate::network::registry::NewOrg;
use crate::network::{pairings, registry};
use crate::shared::jobs::Worker;
use crate::testing::{Agent, Province, World, claim};
use chrono::TimeDelta;
use jiedui_documents::{Record, read};
use jiedui_kernel::Error;
use jiedui_store::testing::answered;
use jiedui_store::{AuditRecord, audit};
use jiedui_web::workbook::SentWorkbook;

/// The registry and the pairings, as they go out.
async fn rows(world: &World) -> Vec<Record> {
    let mut tx = world.tx().await;
    let described = full(&mut tx).await;
    let out = export::Book::read(&mut tx).await.unwrap().write().unwrap();
    read(&described, &out, "导出.xlsx").unwrap().records
}

/// Tables that a file writes, and what is kept of them elsewhere.
const TABLES: [&str; 10] = [
    "org",
    "org_flag",
    "org_lineage",
    "person",
    "person_post",
    "pairing",
    "pairing_party",
    "step",
    "search_thing",
    "search_term",
];

async fn counts(world: &World) -> Vec<i64> {
    let rows = world.app.db.contents().await.unwrap().rows;
    TABLES.iter().map(|table| rows[*table]).collect()
}

/// Takes a file in as the page does; the address at which it is taken back.
async fn taken(world: &World, office: &Agent, sheets: [&[Row<'_>]; 4]) -> String {
    let described = full(&mut world.tx().await).await;
    let bytes = file(&described, sheets);
    let preview = office.look("/import", &[], ("名录.xlsx", &bytes)).await;
    let done = office.accept(&preview).await;
    assert!(done.says("导入完成"), "{}", done.text());
    world.clock().advance(TimeDelta::minutes(1));
    done.attributes("form[action^='/imports/']", "action").remove(0)
}

async fn school(world: &World, name: &str) -> Option<String> {
    registry::school_named(&mut world.tx().await, name).await.unwrap().map(|org| org.id)
}

both_engines! {
    async fn a_file_is_taken_back_with_all_that_it_made(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let (before, counted) = (rows(&world).await, counts(&world).await);
        let undo = taken(&world, &office, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        assert!(rows(&world).await.len() > before.len());
        let other = world.agent(&p.city, "city").await;
        assert_eq!(other.post(&undo, &[]).await.status, 404, "of another unit");
        let back = office.post(&undo, &[]).await;
        assert_eq!(back.location, "/imports", "{}", back.text());
        assert_eq!(rows(&world).await, before);
        assert_eq!(counts(&world).await, counted);
        assert_eq!(audit::faults(&mut world.tx().await).await.unwrap(), [""; 0]);
        assert_eq!(office.post(&undo, &[]).await.status, 409, "once");
        taken(&world, &office, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
    }

    /// What stands in the way is named, and everything stays.
    async fn what_was_built_on_stays_with_the_whole_file(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let undo = taken(&world, &office, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        let lead = school(&world, SCHOOLS[1][0]).await.unwrap();
        let pairing = {
            let all = pairings::in_scope(&mut world.tx().await).await.unwrap();
            all.into_iter().find(|row| row.lead == lead).unwrap().id
        };
        claim(&world, &lead, &pairing, "visit", "王芳", "2026-11-10", None).await;
        let (after, counted) = (rows(&world).await, counts(&world).await);
        let refused = office.post(&undo, &[]).await;
        assert_eq!(refused.status, 409);
        assert!(refused.says("乐昌市技工学校自 2024-09-01 起的结对（已有：台账"), "{}", refused.text());
        assert_eq!(rows(&world).await, after);
        assert_eq!(counts(&world).await, counted);
    }

    /// An account is enough: whoever has one may have acted.
    async fn a_school_with_an_account_stays(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let undo = taken(&world, &office, [&SCHOOLS[..1], &[], &[], &[]]).await;
        let id = school(&world, SCHOOLS[0][0]).await.unwrap();
        world.agent(&id, "county_school").await;
        let refused = office.post(&undo, &[]).await;
        assert!(refused.status == 409 && refused.says("乐昌市技工学校（已有：账号）"), "{}", refused.text());
        assert_eq!(school(&world, SCHOOLS[0][0]).await, Some(id));
    }

    /// Names, facts, flags, posts and pairings that a file changed say again what they said.
    async fn what_a_file_changed_is_as_it_was(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let before = rows(&world).await;
        let named: Row<'_> = &["兴宁甲校", "更名", "2026-11-01", "兴宁新校"];
        let facts: Row<'_> = &["兴宁新校", "高级技工学校", "", "兴宁市", "", "县", "", "2020-01-01", "2030-12-31"];
        let post: Row<'_> = &["兴宁新校", "校长", "校长（院长）", "", "2020-01-01", "2026-10-31"];
        let ended: Row<'_> =
            &["兴宁新校", "广州技师学院甲", "梅州技师学院", "", "2024-07-26", "2026-12-31", "", "布局调整"];
        let undo = taken(&world, &office, [&[facts], &[post], &[ended], &[named]]).await;
        let now = registry::find(&mut world.tx().await, &p.xingning).await.unwrap();
        assert_eq!((now.name.as_str(), now.level.as_str()), ("兴宁新校", "高级技工学校"));
        let running = pairings::find(&mut world.tx().await, &p.running).await.unwrap();
        assert!(running.to_day.is_some());
        let back = office.post(&undo, &[]).await;
        assert_eq!(back.location, "/imports", "{}", back.text());
        assert_eq!(rows(&world).await, before);
        let now = registry::find(&mut world.tx().await, &p.xingning).await.unwrap();
        assert_eq!((now.name.as_str(), now.level.as_str()), ("兴宁甲校", "技工学校"));
        assert_eq!(audit::faults(&mut world.tx().await).await.unwrap(), [""; 0]);
    }

    /// A later file is taken back first; what it changed is no more as the first one left it.
    async fn a_row_that_was_changed_since_stays(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let before = rows(&world).await;
        let first = taken(&world, &office, [SCHOOLS, &[], &[], &[]]).await;
        let mut row = SCHOOLS[0].to_vec();
        row[1] = "高级技工学校";
        let second = taken(&world, &office, [&[&row], &[], &[], &[]]).await;
        let refused = office.post(&first, &[]).await;
        assert!(refused.status == 409 && refused.says("乐昌市技工学校（导入以后又改过）"), "{}", refused.text());
        assert_eq!(office.post(&second, &[]).await.location, "/imports");
        assert_eq!(office.post(&first, &[]).await.location, "/imports");
        assert_eq!(rows(&world).await, before);
    }

    /// Rows that come many in a statement are known each by itself, and are read back with few.
    async fn many_rows_of_a_file_are_known_and_taken_back(world: World, p: Province) {
        let names: Vec<String> = (100..160).map(|at| format!("张{at}")).collect();
        let posts: Vec<[&str; 5]> =
            names.iter().map(|name| [SCHOOLS[0][0], name.as_str(), "专任教师", "", "2020-09-01"]).collect();
        let posts: Vec<Row<'_>> = posts.iter().map(|row| row.as_slice()).collect();
        let described = full(&mut world.tx().await).await;
        let bytes = file(&described, [&SCHOOLS[..1], &posts, &[], &[]]);
        let sent = SentWorkbook::read(&described, &bytes, "名录.xlsx");
        let mut tx = world.tx().await;
        let checked = check(&mut tx, None, &sent.rows).await.unwrap();
        let before = registry::before_file(&mut tx, true).await.unwrap();
        write(&mut tx, &checked, &sent).await.unwrap();
        let (written, asked) = (tx.written(), answered(&world.app.db).0);
        let done = registry::done_by_file(&mut tx, before, &written).await.unwrap();
        let asked = answered(&world.app.db).0 - asked;
        assert_eq!((done.schools.len(), done.people.len(), done.posts.len()), (1, names.len(), names.len()));
        assert!(done.posts.iter().all(|one| one.before.is_none() && one.after.org == done.schools[0].after.id));
        assert!(asked < 10, "{asked} statements");
        drop(tx);
        let office = world.agent(&p.office, "province").await;
        let (before, counted) = (rows(&world).await, counts(&world).await);
        let undo = taken(&world, &office, [&SCHOOLS[..1], &posts, &[], &[]]).await;
        assert!(rows(&world).await.len() > before.len() + names.len());
        let back = office.post(&undo, &[]).await;
        assert_eq!(back.location, "/imports", "{}", back.text());
        assert_eq!(rows(&world).await, before);
        assert_eq!(counts(&world).await, counted);
    }

    /// What somebody else wrote between the reading and the writing, the way back would take from them.
    async fn what_changed_while_a_file_was_read_is_a_conflict(world: World, p: Province) {
        let described = full(&mut world.tx().await).await;
        let facts: Row<'_> = &["兴宁甲校", "高级技工学校", "", "兴宁市", "", "县"];
        let bytes = file(&described, [&[facts], &[], &[], &[]]);
        let sent = SentWorkbook::read(&described, &bytes, "名录.xlsx");
        let checked = check(&mut world.tx().await, None, &sent.rows).await.unwrap();
        assert!(checked.report.errors.is_empty() && checked.report.wrote());
        let mut other = world.tx().await;
        let old = registry::find(&mut other, &p.xingning).await.unwrap();
        let new = NewOrg {
            level: old.level.clone(),
            ownership: old.ownership.clone(),
            credit_code: old.credit_code.clone(),
            source: "别处".to_owned(),
            ..NewOrg::default()
        };
        assert!(registry::update_school(&mut other, &old, &new).await.unwrap());
        let leaf = AuditRecord { action: "test.arrange", resource: "test", resource_id: "" };
        other.audit(leaf, &()).await.unwrap();
        other.commit().await.unwrap();
        let mut tx = world.tx().await;
        let before = actions::before(&mut tx, &sent.rows, checked.revision).await.unwrap();
        write(&mut tx, &checked, &sent).await.unwrap();
        let kept = actions::keep(&mut tx, before, (&sent, &checked.report)).await;
        assert!(matches!(kept, Err(Error::Conflict(_))), "{kept:?}");
    }

    /// A pairing of another file needs the flag on its first day.
    async fn a_flag_on_which_a_pairing_rests_stays(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let before = rows(&world).await;
        let flagged: Row<'_> = &["梅州技师学院", "技师学院", "", "梅州市", "", "市", "", "", "", "2024-01-01"];
        let first = taken(&world, &office, [&[flagged], &[], &[], &[]]).await;
        let pair: Row<'_> = &[SCHOOLS[0][0], "梅州技师学院", SCHOOLS[2][0], "", "2024-09-01"];
        let second = taken(&world, &office, [&[SCHOOLS[0], SCHOOLS[2]], &[], &[pair], &[]]).await;
        let refused = office.post(&first, &[]).await;
        assert!(refused.status == 409 && refused.says("要有“高水平技师学院”标记"), "{}", refused.text());
        assert_eq!(office.post(&second, &[]).await.location, "/imports");
        assert_eq!(office.post(&first, &[]).await.location, "/imports");
        assert_eq!(rows(&world).await, before);
    }

    /// What of others went with a school that is no more, nobody brings back.
    async fn an_end_that_settled_the_work_of_others_stays(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let closed: Row<'_> = &["兴宁甲校", "停办", "2026-12-01", "", "", "省厅批复", spec::END, spec::CLOSE];
        let undo = taken(&world, &office, [&[], &[], &[], &[closed]]).await;
        let after = rows(&world).await;
        let refused = office.post(&undo, &[]).await;
        assert!(refused.status == 409 && refused.says("并入或停办"), "{}", refused.text());
        assert_eq!(rows(&world).await, after);
    }

    /// What a job took in is taken back from the list of files.
    async fn a_large_file_is_taken_back_too(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let described = full(&mut world.tx().await).await;
        let bytes = large(&described, &[SCHOOLS[0]]);
        office.look("/import", &[("seen", "1")], ("名录.xlsx", &bytes)).await.made();
        assert!(Worker::new(&world.app).turn().await.unwrap());
        assert!(school(&world, SCHOOLS[0][0]).await.is_some());
        let undo = office.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0);
        assert_eq!(office.post(&undo, &[]).await.location, "/imports");
        assert_eq!(school(&world, SCHOOLS[0][0]).await, None);
    }
}
