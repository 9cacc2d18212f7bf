//! Complaints: who sees them, who is named, the answer within its days, and the one question more.

use super::NewComplaint;
use super::counts;
use super::data;
use super::write;
use crate::both_engines;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use chrono::TimeDelta;

const WORDS: &str = "招生数月报和年度情况里各填一次";

async fn complain(agent: &Agent, named: &str, words: &str) -> PageResponse {
    let fields = [("kind", "duplicate"), ("words", words), ("named", named), ("page", "/needs")];
    agent.post("/complaints/new", &fields).await
}

async fn answer(office: &Agent, page: &str, version: &str) -> PageResponse {
    let fields = [
        ("version", version),
        ("words", "两处合成一处，下月起只填一次"),
        ("form", "activity/visit"),
        ("changed", "删除月报里的招生数"),
    ];
    office.post(&format!("{page}/answer"), &fields).await
}

async fn state(agent: &Agent, page: &str) -> String {
    agent.get_json(page).await.json()["line"]["state"]["label"].as_str().unwrap().to_owned()
}

/// A complaint of an organisation, under its name.
pub async fn example(world: &World, org: &str) -> String {
    let (mut tx, programme) = (world.tx().await, world.app.programme());
    let author = actor(&mut tx, org, "county_school").await;
    tx.act_as(author);
    let new = NewComplaint {
        kind: "duplicate".to_owned(),
        words: "同一个数每月报两次".to_owned(),
        named: true,
        page: "/entries".to_owned(),
    };
    let id = write(&mut tx, &programme, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

both_engines! {
    /// From the foot of any page to the answer, one question more, and the end.
    async fn a_complaint_goes_its_way(world: World, p: Province) {
        let (school, office) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.office, "province").await);
        let foot = school.get("/needs").await.attributes("footer a", "href");
        assert_eq!(foot, ["/complaints/new?page=%2Fneeds"]);
        assert!(school.get(&foot[0]).await.attributes("input[name=page]", "value").contains(&"/needs".to_owned()));
        let page = complain(&school, "yes", WORDS).await.location;
        assert_eq!(state(&school, &page).await, "待答复");
        let desk = office.get("/?all=yes").await;
        assert!(desk.says("答复投诉建议：重复填报") && desk.says(WORDS));
        assert_eq!(office.get_json("/complaints?state=open").await.json()["rows"].as_array().unwrap().len(), 9);
        // 24 November and ten working days: 8 December.
        assert_eq!(office.get_json(&page).await.json()["line"]["due_on"], "2026-12-08");
        let refused = office.post(&format!("{page}/answer"), &[("version", "1"), ("words", "好"), ("form", "no/such")]).await;
        assert_eq!(refused.attributes(".errors a", "href"), ["#f-words", "#f-form"]);
        assert_eq!(answer(&office, &page, "1").await.status, 303);
        assert_eq!(answer(&office, &page, "1").await.status, 409, "answered once");
        let shown = school.get(&page).await;
        assert!(shown.says("两处合成一处") && shown.says("删除月报里的招生数"));
        assert_eq!(shown.attributes(".facts a", "href").last().unwrap(), "/forms/activity/visit");
        assert!(school.get("/").await.says("您提的意见有了答复：重复填报"));
        let judge = format!("{page}/judge");
        assert_eq!(school.post(&judge, &[("version", "2"), ("verdict", "no"), ("words", "")]).await.status, 422, "says what is wanting");
        let page = page.as_str();
        assert_eq!(state(&school, page).await, "已答复，待表态");
        // Somebody else of the same school, by another account.
        let colleague = world.agent(&p.xingning, "nearby").await;
        assert_eq!(colleague.get(page).await.status, 200, "what was said under the school's name");
        assert_eq!(colleague.post(&judge, &[("version", "2"), ("verdict", "yes")]).await.status, 403, "but not judged by others");
        assert_eq!(school.post(&judge, &[("version", "2"), ("verdict", "yes")]).await.status, 303);
        assert_eq!(state(&office, page).await, "已办结，满意");
        assert!(!school.get("/").await.says("您提的意见有了答复"));
    }
}

both_engines! {
    /// The author insists once; the second answer ends it, content or not, and stays on record.
    async fn one_question_more_and_no_third(world: World, p: Province) {
        let (lead, office) = (world.agent(&p.lead, "lead").await, world.agent(&p.office, "province").await);
        let page = complain(&lead, "no", WORDS).await.location;
        answer(&office, &page, "1").await;
        let judge = format!("{page}/judge");
        assert_eq!(office.post(&judge, &[("version", "2"), ("verdict", "yes")]).await.status, 403, "the office is not its own judge");
        assert_eq!(lead.post(&judge, &[("version", "1"), ("verdict", "yes")]).await.status, 409, "an old page");
        assert_eq!(lead.post(&judge, &[("version", "2"), ("verdict", "no"), ("words", "下面还在要第二份")]).await.status, 303);
        assert_eq!(state(&office, &page).await, "追问待答复");
        assert_eq!(lead.post(&judge, &[("version", "3"), ("verdict", "yes")]).await.status, 409, "not answered yet");
        answer(&office, &page, "3").await;
        assert!(!lead.get(&page).await.says("追问一次"), "there is no third time");
        assert_eq!(lead.post(&judge, &[("version", "4"), ("verdict", "no"), ("words", "仍然没有改")]).await.status, 303);
        assert_eq!(state(&office, &page).await, "已办结，不满意");
        let mark = format!("{page}/mark");
        let later = [("version", "5"), ("form", "need/need"), ("changed", "需求里删除数量")];
        assert_eq!(office.post(&mark, &later).await.status, 303);
        assert!(lead.get(&page).await.says("需求里删除数量"));
        assert_eq!(lead.post(&mark, &later).await.status, 403);
    }
}

both_engines! {
    /// Nobody but its author learns who wrote an anonymous one: not from page, list, JSON, nor from the row.
    async fn without_a_name_there_is_no_name(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let fields = [("kind", "unreasonable"), ("words", "要求每周报一次"), ("named", "no"),
            ("page", "/registry/01a0ebc276607109af6dd90cfc017f31")];
        let page = school.post("/complaints/new", &fields).await.location;
        assert!(school.get(&page).await.says("只有您知道是您提的"));
        let office = world.agent(&p.office, "province").await;
        for address in [page.as_str(), "/complaints?kind=unreasonable"] {
            let (html, json) = (office.get(address).await, office.get_json(address).await.text());
            assert!(html.says("匿名") && !html.says("兴宁甲校"), "{address}");
            assert!(!json.contains("兴宁") && !json.contains(&p.xingning) && !json.contains("01a0ebc2"), "{address}: {json}");
        }
        let colleague = world.agent(&p.xingning, "nearby").await;
        assert_eq!(colleague.get(&page).await.status, 404, "not even to colleagues");
        for (org, role) in [(&p.county, "county"), (&p.city, "city"), (&p.lead, "lead"), (&p.office, "auditor")] {
            assert_eq!(world.agent(org, role).await.get(&page).await.status, 404, "{role}");
        }
        let mut tx = world.tx().await;
        let id = page.rsplit('/').next().unwrap();
        let kept = tx.one::<(Option<String>, String, String)>(&data::TEST_KEPT, jiedui_store::args![id]).await.unwrap();
        assert_eq!(kept, (None, String::new(), String::new()), "neither organisation nor name is in the table");
        drop(tx);
        let asked = complain(&school, "", WORDS).await;
        assert_eq!(asked.attributes(".errors a", "href"), ["#f-named"], "nobody is named who did not say so");
    }
}

both_engines! {
    /// The administrators, who see nothing else, have a box too; each sees its own only.
    async fn the_administrators_complain_too(world: World, p: Province) {
        let (sys, audit) = (world.agent(&p.office, "sysadmin").await, world.agent(&p.office, "auditor").await);
        let page = complain(&sys, "yes", "账号页面翻页不方便").await.location;
        let rows = async |agent: &Agent| agent.get_json("/complaints").await.json()["rows"].as_array().unwrap().len();
        assert_eq!((rows(&sys).await, rows(&audit).await), (1, 0));
        assert_eq!(audit.get(&page).await.status, 404);
        assert_eq!(world.agent(&p.office, "province").await.get(&page).await.status, 200);
    }
}

both_engines! {
    /// An answer that is late is late for everybody to see; time alone settles nothing.
    async fn what_is_late_is_counted_openly(world: World, p: Province) {
        let before = counts(&mut world.tx().await).await.unwrap();
        assert_eq!((before.open, before.late, before.duplicates), (8, 0, 8));
        world.clock().advance(TimeDelta::days(14));
        assert_eq!(counts(&mut world.tx().await).await.unwrap().late, 0, "the last day is still in time");
        world.clock().advance(TimeDelta::days(1));
        assert_eq!(counts(&mut world.tx().await).await.unwrap().late, 8);
        let office = world.agent(&p.office, "province").await;
        let rows = office.get_json("/complaints?state=late").await.json();
        assert_eq!(rows["rows"].as_array().unwrap().len(), 8);
        assert_eq!(rows["rows"][0]["state"]["label"], "超过期限未答复");
        assert!(rows["rows"][0]["left"].is_null());
    }
}
