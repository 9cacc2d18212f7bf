//! What a preview shows, when none is needed, and what comes between it and the word of whoever sent the file.

use super::data::{self, DoneRow};
use super::report::{Outcome, Report, differences};
use super::slices::Course;
use crate::both_engines;
use crate::identity::accounts;
use crate::network::{import, registry};
use crate::testing::Province;
use jiedui_documents::{Column, Kind, Read, Sheet, Value, Workbook, read};
use jiedui_kernel::Instant;
use jiedui_store::{AuditRecord, args};

fn described() -> Workbook {
    let columns = vec![
        Column::new("name", "名称", Kind::Text).required(),
        Column::new("number", "数量", Kind::Integer),
    ];
    Workbook { sheets: vec![Sheet::new("表", columns)], ..Workbook::default() }
}

fn file(text: &str) -> Read {
    read(&described(), text.as_bytes(), "表.csv").unwrap()
}

#[test]
fn what_only_adds_is_certain_and_what_changes_is_looked_at() {
    let found = file("名称,数量\n甲,1\n乙,2\n");
    let mut report = Report::of(&found);
    assert!(report.is_certain() && !report.writes());
    report.made(&found.records[0], "甲");
    report.left_out(&found.records[1], "乙", "没有填");
    assert!(report.is_certain() && report.writes());
    let before = report.digest().unwrap();
    assert_eq!(before, report.digest().unwrap());
    report.changed(&found.records[1], "乙", vec![["数量", "1", "2"].map(str::to_owned)], "");
    assert!(!report.is_certain());
    assert_ne!(before, report.digest().unwrap(), "something else is shown");
    let order: Vec<Outcome> = report.rows().iter().map(|row| row.outcome).collect();
    assert_eq!(order, [Outcome::LeftOut, Outcome::Changed, Outcome::Made]);
    assert_eq!(report.summary(), "已导入：新增 1 项，修改 1 项，相同 0 项，1 处没有写入。");
}

#[test]
fn what_changes_drafts_needs_no_look_but_a_question_does() {
    let found = file("名称,数量\n甲,1\n");
    let mut report = Report::of_drafts(&found);
    report.changed(&found.records[0], "甲", Vec::new(), "");
    assert!(report.is_certain());
    report.ask(&found.records[0], "甲", "像是复制来的");
    assert!(!report.is_certain());
}

#[test]
fn a_difference_is_named_by_its_heading() {
    let sheet = described().sheets.remove(0);
    let before = [Value::from("甲"), Value::Empty];
    let after = [Value::from("甲"), Value::Integer(3)];
    assert_eq!(differences(&sheet, (&before, &after), &[]), [["数量", "", "3"].map(str::to_owned)]);
    assert!(differences(&sheet, (&before, &after), &["number"]).is_empty());
}

/// A table of one school.
fn school(level: &str) -> String {
    format!("学校名称,办学层次,所在县（市、区）或地市,举办或主管\n乐昌市新技工学校,{level},乐昌市,县\n")
}

both_engines! {
    /// Where something else would come of the file than was shown, it is shown again; and nobody else can accept it.
    async fn what_changed_meanwhile_is_shown_again(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let level = async || {
            let found = registry::school_named(&mut world.tx().await, "乐昌市新技工学校").await.unwrap();
            found.map(|org| org.level)
        };
        let first = office.upload("/import", "院校.csv", school("技工学校").as_bytes()).await;
        assert!(first.status == 200 && first.says("导入完成"), "it only adds: {}", first.text());
        let wanted = school("高级技工学校");
        let preview = office.look("/import", &[], ("院校.csv", wanted.as_bytes())).await;
        assert!(preview.says("确认写入"), "{}", preview.text());
        let mut tx = world.tx().await;
        let other = school("省重点技工学校");
        let report = import::import(&mut tx, None, (other.as_bytes(), "院校.csv")).await.unwrap();
        assert!(report.errors.is_empty() && report.wrote());
        tx.commit().await.unwrap();
        let again = office.accept(&preview).await;
        assert!(again.status == 200 && again.says("数据有了变化"), "{}", again.text());
        assert_eq!(level().await.as_deref(), Some("省重点技工学校"));
        let stranger = world.agent(&p.office, "sysadmin").await;
        assert!([403, 404, 409].contains(&stranger.accept(&again).await.status.as_u16()));
        assert!(office.accept(&again).await.says("导入完成"));
        assert_eq!(level().await.as_deref(), Some("高级技工学校"));
    }

    /// Whoever gives a preview up has written nothing, and the file is gone.
    async fn a_preview_that_is_given_up_is_forgotten(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let file = school("技工学校");
        let preview = office.look("/import", &[], ("院校.csv", file.as_bytes())).await;
        let value = |name: &str| preview.attributes(&format!("form.form input[name={name}]"), "value").remove(0);
        let (pending, digest) = (value("pending"), value("digest"));
        let cancel = [("pending", pending.as_str()), ("digest", digest.as_str()), ("act", "cancel")];
        assert_eq!(office.post("/import", &cancel).await.location, "/import");
        assert_eq!(office.accept(&preview).await.status, 409);
        assert!(registry::school_named(&mut world.tx().await, "乐昌市新技工学校").await.unwrap().is_none());
    }

    /// What nobody came back for is not kept until somebody sends another file.
    async fn a_preview_that_is_left_is_forgotten_after_a_day(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let kept = async || world.app.db.contents().await.unwrap().rows["import_pending"];
        let file = school("技工学校");
        office.look("/import", &[], ("院校.csv", file.as_bytes())).await;
        let worker = crate::shared::jobs::Worker::new(&world.app);
        world.clock().advance(chrono::TimeDelta::hours(23));
        worker.forget().await.unwrap();
        assert_eq!(kept().await, 1);
        world.clock().advance(chrono::TimeDelta::hours(2));
        worker.forget().await.unwrap();
        assert_eq!(kept().await, 0);
    }

    /// What is wrong in single cells and what is wrong between rows is mended in one round.
    async fn all_mistakes_of_a_file_are_told_at_once(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let head = school("").lines().next().unwrap().to_owned();
        let rows = [("甲", "大学"), ("乙", "技工学校"), ("乙", "高级技工学校")];
        let rows = rows.map(|(name, level)| format!("乐昌市{name}技工学校,{level},乐昌市,县\n")).concat();
        let page = office.look("/import", &[], ("院校.csv", format!("{head}\n{rows}").as_bytes())).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.all(".problems tbody tr").len(), 2, "{}", page.text());
    }

    /// A long report is shown page by page, and is one file all the same.
    async fn a_long_preview_has_pages(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let head = school("").lines().next().unwrap().to_owned();
        let rows: String = (100..310).map(|at| format!("乐昌市{at}号技工学校,技工学校,乐昌市,县\n")).collect();
        let file = format!("{head}\n{rows}");
        let preview = office.look("/import", &[], ("院校.csv", file.as_bytes())).await;
        let shown = |page: &crate::testing::PageResponse| page.all("tr[data-outcome]").len();
        assert_eq!(shown(&preview), 200, "{}", preview.text());
        let value = |name: &str| preview.attributes(&format!("form.form input[name={name}]"), "value").remove(0);
        let (pending, digest) = (value("pending"), value("digest"));
        let next = [("pending", pending.as_str()), ("digest", digest.as_str()), ("page", "2")];
        let second = office.post("/import", &next).await;
        assert_eq!(shown(&second), 10);
        assert!(office.accept(&second).await.says("导入完成"));
    }
    /// What is written by a job is looked after by the unit: whoever has the right there sees it, and takes the file back; from
    /// another unit even whoever sent it does not.
    async fn a_long_file_is_the_units(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let colleague = world.agent(&p.xingning, "nearby").await;
        let stranger = world.agent(&p.lead, "lead").await;
        let worker = crate::shared::jobs::Worker::new(&world.app);
        let file = |from: u32| {
            let head = "开始日期,结束日期,参训人次（人次）,培训形式,学徒或技培生人数（人）\n".to_owned();
            (from..from + 21).fold(head, |file, at| format!("{file}2026-10-01,2026-10-09,{at},生态链学徒制,12\n"))
        };
        let send = async |from: u32| {
            let fields = [("activity", "social-training")];
            school.accept(&school.look("/entries/import", &fields, ("登记.csv", file(from).as_bytes())).await).await.made()
        };
        let standing = async || {
            let list = colleague.get_json("/entries?activity=social-training&state=claimed").await.json();
            list["pager"]["total"]["raw"].as_i64().unwrap()
        };
        let job = format!("/jobs/{}", send(12).await);
        assert_eq!(colleague.get("/imports").await.attributes("td a[href^='/jobs/']", "href"), [job.as_str()]);
        assert_eq!(colleague.get(&job).await.status, 200);
        assert_eq!(stranger.get(&job).await.status, 404);
        assert!(worker.turn().await.unwrap());
        assert_eq!(standing().await, 21);
        let undo = colleague.get("/imports").await.attributes("td form[action$='/undo']", "action").remove(0);

        let account = world.person(&p.xingning, "county_school").await;
        let mut tx = world.tx().await;
        accounts::add_role(&mut tx, account.account(), &p.lead, "lead").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(school.post("/my/seat", &[("org", p.lead.as_str()), ("next", "/")]).await.status, 303);
        assert!(school.get("/imports").await.attributes("td form[action$='/undo']", "action").is_empty());
        let elsewhere = school.post(&undo, &[]).await;
        assert!(elsewhere.status == 409 && elsewhere.says("另一个单位"), "{}", elsewhere.text());
        assert_eq!(school.post("/my/seat", &[("org", p.xingning.as_str()), ("next", "/")]).await.status, 303);

        let back = colleague.post(&undo, &[]).await.location;
        assert!(worker.turn().await.unwrap());
        let told = colleague.get(&back).await;
        assert!(told.says("已完成"), "{}", told.text());
        assert_eq!(standing().await, 0);

        // All is written, and its job has not said so yet: it is not called cancelled.
        let job = send(100).await;
        let mut tx = world.tx().await;
        let row = tx.one::<DoneRow>(&data::OF_JOB, args![&job]).await.unwrap();
        let through = args![Course::Through.id(), row.total, "", None::<Instant>];
        data::MOVE.at(row.id.as_str(), row.version, through).write(&mut tx, "").await.unwrap();
        tx.audit(AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(school.post(&format!("/jobs/{job}/cancel"), &[]).await.status, 409);
        assert!(school.get(&format!("/jobs/{job}")).await.says("排队中"));
    }
}
