//! Plans through the browser: what may be proposed, when a plan is in force, and what a revision does.

use super::body::{Body, Goal, Measure, Milestone, Typed};
use super::{data, rules};
use crate::both_engines;
use crate::network::pairings::{self, PairingRow};
use crate::planning::school_plans;
use crate::shared::review;
use crate::testing::{Agent, PageResponse, Province, World, actor, day, programme};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use jiedui_store::{Tx, args};
use jiedui_web::form::FormValues;
use std::sync::Arc;

/// One collaboration plan, proposed by the lead college and unanswered.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> String {
    let arranger = Arc::clone(tx.actor());
    let lead = actor(tx, &pairing.lead, "lead").await;
    let (id, body) = (tx.new_id(), body().json().unwrap());
    let slot = format!("collaboration/{}/1", pairing.id);
    let school = &pairing.county_school;
    let values = args![&id, "collaboration", school, &pairing.id, 1_i64, "proposed", body, slot];
    tx.write(&data::INSERT, values).await.unwrap();
    tx.act_as(lead);
    let change = serde_json::Value::Null;
    review::begun::<school_plans::PlanRow>(tx, &id, "propose", change).await.unwrap();
    tx.act_as(arranger);
    id
}

/// A plan with one row of each kind that a collaboration plan has.
pub fn body() -> Body {
    Body {
        text: [("situation".to_owned(), "实训条件薄弱".to_owned())].into(),
        goals: vec![Goal {
            indicator: "visits".to_owned(),
            baseline: Some(0),
            wished: Some(4),
            by: Some(day("2027-12-31")),
        }],
        measures: vec![Measure {
            clause: "T4.3".to_owned(),
            need: String::new(),
            text: "选派骨干教师送教".to_owned(),
            by_party: "lead".to_owned(),
        }],
        milestones: vec![Milestone {
            what: "第一批教师到校".to_owned(),
            due: Some(day("2027-03-01")),
            owner: "lead".to_owned(),
        }],
        gaps: Vec::new(),
    }
}

/// The fields of the form for that plan.
const FIELDS: [(&str, &str); 8] = [
    ("text-situation", "实训条件薄弱"),
    ("measures-0-text", "选派骨干教师送教"),
    ("measures-0-clause", "T4.3"),
    ("measures-0-by_party", "lead"),
    ("milestones-0-what", "第一批教师到校"),
    ("milestones-0-due", "2027-03-01"),
    ("milestones-0-owner", "lead"),
    ("goals-0-indicator", ""),
];

struct Scene {
    p: Province,
    /// A pairing without a plan, and its three.
    pairing: String,
    lead: Agent,
    nearby: Agent,
    school: Agent,
}

async fn scene(world: &World, p: Province) -> Scene {
    let mut tx = world.tx().await;
    let rows = pairings::in_scope(&mut tx).await.unwrap();
    let row = rows.into_iter().find(|row| row.county_school == p.zijin && row.to_day.is_none()).unwrap();
    drop(tx);
    Scene {
        lead: world.agent(&row.lead, "lead").await,
        nearby: world.agent(&row.nearby, "nearby").await,
        school: world.agent(&row.county_school, "county_school").await,
        pairing: row.id,
        p,
    }
}

async fn post(
    world: &World,
    agent: &Agent,
    path: &str,
    version: &str,
    fields: &[(&str, &str)],
) -> PageResponse {
    world.clock().advance(TimeDelta::seconds(1));
    agent.post(path, &[&[("version", version)], fields].concat()).await
}

async fn begin(agent: &Agent, pairing: &str, template: &str) -> String {
    let begun = agent.post("/plans/begin", &[("pairing", pairing), ("template", template)]).await;
    assert_eq!(begun.status, 303);
    begun.location.split('/').nth(2).unwrap().to_owned()
}

async fn planned(agent: &Agent) -> i64 {
    agent.get_json("/indicators/planned").await.json()["claimed"]["raw"].as_i64().unwrap()
}

async fn version(agent: &Agent, id: &str) -> String {
    agent.get_json(&format!("/plans/{id}")).await.json()["version"].to_string()
}

/// What an answer holds for.
async fn revision(agent: &Agent, id: &str) -> String {
    agent.get_json(&format!("/plans/{id}")).await.json()["revision"].to_string()
}

/// Asks all and gets their consent.
async fn agree(world: &World, s: &Scene, id: &str) {
    let sent = post(world, &s.lead, &format!("/plans/{id}/propose"), &version(&s.lead, id).await, &[]).await;
    assert_eq!(sent.status, 303);
    for agent in [&s.nearby, &s.school] {
        let seen = revision(agent, id).await;
        let yes = post(world, agent, &format!("/plans/{id}/answer"), &seen, &[("verdict", "agree")]).await;
        assert_eq!(yes.status, 303);
    }
}

both_engines! {
    /// An empty plan is not proposed; a whole one is in force when all have agreed, and only then does the figure move.
    async fn a_plan_is_in_force_when_all_have_agreed(world: World, p: Province) {
        let s = scene(&world, p).await;
        let province = world.agent(&s.p.office, "province").await;
        let before = planned(&province).await;
        let id = begin(&s.lead, &s.pairing, "collaboration").await;
        let again = s.lead.post("/plans/begin", &[("pairing", &s.pairing), ("template", "collaboration")]).await;
        assert_eq!(again.status, 409, "one edition at a time");
        let path = |act: &str| format!("/plans/{id}/{act}");
        let empty = post(&world, &s.lead, &path("propose"), "1", &[]).await;
        assert_eq!(empty.status, 422);
        assert_eq!(empty.attributes("[data-code=missing] a", "href"), ["#f-measures-0-text", "#f-milestones-0-what"]);
        let half: Vec<(&str, &str)> = FIELDS.into_iter().filter(|(name, _)| *name != "measures-0-clause").collect();
        assert_eq!(post(&world, &s.lead, &path("edit"), "1", &half).await.status, 303, "half a row may be saved");
        let short = post(&world, &s.lead, &path("propose"), "2", &[]).await;
        assert_eq!(short.status, 422);
        assert_eq!(short.all("#e-measures-0-clause").len(), 1, "told beside its field");
        assert_eq!(post(&world, &s.lead, &path("edit"), "2", &FIELDS).await.status, 303);
        assert_eq!(post(&world, &s.school, &path("answer"), "1", &[("verdict", "agree")]).await.status, 403, "not asked yet");
        assert_eq!(post(&world, &s.lead, &path("propose"), "3", &[]).await.status, 303);
        assert_eq!(post(&world, &s.lead, &path("edit"), "4", &FIELDS).await.status, 403, "not while others read it");
        assert_eq!(post(&world, &s.nearby, &path("answer"), "1", &[("verdict", "agree")]).await.status, 303);
        assert_eq!(planned(&province).await, before, "one of two");
        assert_eq!(post(&world, &s.school, &path("answer"), "1", &[("verdict", "agree")]).await.status, 303);
        assert_eq!(planned(&province).await, before + 1);
        let page = province.get(&format!("/plans/{id}")).await;
        assert!(page.says("已生效") && page.says("选派骨干教师送教"));
    }
}

both_engines! {
    /// A revision is a new edition: the old one holds until all have agreed to the new one, and what changed is told.
    async fn a_revision_leaves_the_old_edition_in_force(world: World, p: Province) {
        let s = scene(&world, p).await;
        let first = begin(&s.lead, &s.pairing, "collaboration").await;
        assert_eq!(post(&world, &s.lead, &format!("/plans/{first}/edit"), "1", &FIELDS).await.status, 303);
        agree(&world, &s, &first).await;
        assert_eq!(s.school.post(&format!("/plans/{first}/revise"), &[]).await.status, 403, "the drafter revises");
        let revised = s.lead.post(&format!("/plans/{first}/revise"), &[]).await;
        assert_eq!(revised.status, 303);
        let second = revised.location.split('/').nth(2).unwrap().to_owned();
        let state = async |id: &str| s.school.get_json(&format!("/plans/{id}")).await.json()["state"]["label"].clone();
        assert_eq!((state(&first).await, state(&second).await), ("已生效".into(), "起草中".into()));
        assert_eq!(s.lead.post(&format!("/plans/{first}/revise"), &[]).await.status, 409);
        let compare = s.school.get(&format!("/plans/{second}/compare")).await;
        assert!(compare.says("两版内容相同"), "a copy to begin with");
        let new = [
            ("text-situation", "实训条件已有改善"),
            ("measures-0-text", "选派骨干教师送教"), ("measures-0-clause", "T4.3"), ("measures-0-by_party", "nearby"),
            ("measures-2-text", "共建实训基地"), ("measures-2-clause", "T6.2"), ("measures-2-by_party", "lead"),
        ];
        assert_eq!(post(&world, &s.lead, &format!("/plans/{second}/edit"), "1", &new).await.status, 303);
        let marks = s.school.get(&format!("/plans/{second}/compare?with={first}")).await.all("td[data-label=变化]");
        assert_eq!(marks, ["改动", "改动", "新增", "删除"], "text, measure, measure, milestone");
        assert_eq!(s.school.get(&format!("/plans/{second}/compare?with={}", s.p.papers[0].plan)).await.status, 404, "another plan");
        let list = s.school.get(&format!("/plans?pairing={}&template=collaboration", s.pairing)).await;
        assert!(list.says("现行的是前一版"));
        let back = [&new[..], &FIELDS[4..7]].concat();
        assert_eq!(post(&world, &s.lead, &format!("/plans/{second}/edit"), "2", &back).await.status, 303);
        agree(&world, &s, &second).await;
        assert_eq!((state(&first).await, state(&second).await), ("已由新版接替".into(), "已生效".into()));
    }
}

both_engines! {
    /// Sent back, it can be changed; and who had agreed is asked about the new text.
    async fn what_was_sent_back_is_asked_again(world: World, p: Province) {
        let (id, programme) = (&p.papers[0].plan, world.app.programme());
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let nearby = world.agent(&p.nearby, "nearby").await;
        let path = |act: &str| format!("/plans/{id}/{act}");
        assert_eq!(post(&world, &nearby, &path("answer"), "1", &[("verdict", "agree")]).await.status, 303);
        assert_eq!(post(&world, &school, &path("answer"), "1", &[("verdict", "send_back"), ("reason", "缺少经费安排")]).await.status, 303);
        let mut tx = world.tx().await;
        assert_eq!(school_plans::sent_back(&mut tx, &p.lead).await.unwrap().len(), 1);
        assert!(school_plans::to_answer(&mut tx, &programme, &p.nearby).await.unwrap().is_empty());
        drop(tx);
        assert!(lead.get(&format!("/plans/{id}")).await.says("缺少经费安排"));
        let fields = [&FIELDS[..], &[("text-safeguards", "各方按年度安排经费")]].concat();
        assert_eq!(post(&world, &lead, &path("edit"), "1", &fields).await.status, 303);
        assert_eq!(post(&world, &lead, &path("propose"), "2", &[]).await.status, 303);
        assert_eq!(nearby.get(&format!("/plans/{id}")).await.all("td[data-label=答复]"), ["已同意", "待答复", "待答复"]);
        let mut tx = world.tx().await;
        assert_eq!(school_plans::to_answer(&mut tx, &programme, &p.nearby).await.unwrap().len(), 1);
        assert!(school_plans::to_answer(&mut tx, &programme, &p.lead).await.unwrap().is_empty(), "its own plan");
        assert_eq!(school_plans::in_scope(&mut tx).await.unwrap().len(), 3);
    }
}

both_engines! {
    /// Two at the drafting college write at once: the second sees both texts, and nothing typed is lost.
    async fn a_conflict_shows_both_versions(world: World, p: Province) {
        let s = scene(&world, p).await;
        let id = begin(&s.lead, &s.pairing, "collaboration").await;
        let path = format!("/plans/{id}/edit");
        let with = |what: &'static str| [&[("measures-0-text", what)], &FIELDS[2..7]].concat();
        assert_eq!(post(&world, &s.lead, &path, "1", &with("先写的措施")).await.status, 303);
        let second = post(&world, &s.lead, &path, "1", &with("后写的措施")).await;
        assert_eq!(second.status, 409);
        assert_eq!(second.all("#f-measures-0-text"), ["后写的措施"]);
        assert!(second.all(".theirs").iter().any(|theirs| theirs.contains("先写的措施")));
        assert_eq!(second.attributes("main input[name=version]", "value"), ["2"]);
        let wrong = [("measures-0-text", "后写的措施"), ("milestones-0-due", "明年春天")];
        let both = post(&world, &s.lead, &path, "1", &wrong).await;
        assert_eq!(both.status, 409, "an error does not hide the other's text");
        assert!(both.refuses(Code::NoDate));
    }
}

both_engines! {
    /// Needs of the school that no measure names are listed in the school's order.
    async fn needs_that_the_plan_does_not_answer_are_shown(world: World, p: Province) {
        let s = scene(&world, p).await;
        let mut tx = world.tx().await;
        let mut ids = Vec::new();
        for (rank, title, state) in [(11, "缺焊接教师", "open"), (12, "缺数控设备", "open"), (13, "旧事", "dropped")] {
            ids.push(crate::testing::need(&mut tx, &s.p.zijin, (rank, title, state)).await);
        }
        tx.audit(jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &()).await.unwrap();
        tx.commit().await.unwrap();
        let id = begin(&s.lead, &s.pairing, "collaboration").await;
        let missing = async || s.school.get_json(&format!("/plans/{id}")).await.json()["needs"].as_array().unwrap().iter()
            .map(|need| need["title"].as_str().unwrap().to_owned()).filter(|title| title.starts_with('缺')).collect::<Vec<_>>();
        assert_eq!(missing().await, ["缺焊接教师", "缺数控设备"]);
        assert!(s.school.get(&format!("/plans/{id}")).await.says("方案没有回应的需求"));
        let fields = [&FIELDS[..], &[("measures-0-need", ids[0].as_str())]].concat();
        assert_eq!(post(&world, &s.lead, &format!("/plans/{id}/edit"), "1", &fields).await.status, 303);
        assert_eq!(missing().await, ["缺数控设备"]);
        let invented = post(&world, &s.lead, &format!("/plans/{id}/edit"), "2", &[("measures-0-text", "甲"), ("measures-0-need", "nothing")]).await;
        assert_eq!(invented.status, 422);
        let strange = world.agent(&s.p.nanxiong, "county_school").await;
        assert_eq!(strange.get(&format!("/plans/{id}")).await.status, 404);
    }
}

both_engines! {
    /// The conditions plan is the school's and its bureau's; helpers read it while they are paired.
    async fn the_conditions_plan_is_agreed_by_the_bureau(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let lead = world.agent(&p.lead, "lead").await;
        let foreign = lead.post("/plans/begin", &[("pairing", &p.running), ("template", "conditions")]).await;
        assert_eq!(foreign.status, 403, "the school drafts it");
        let id = begin(&school, &p.running, "conditions").await;
        let path = |act: &str| format!("/plans/{id}/{act}");
        let nothing = post(&world, &school, &path("propose"), "1", &[]).await;
        assert!(nothing.status == 422 && nothing.refuses(Code::Missing));
        let fields = [
            ("gaps-0-item", "实训场地"), ("gaps-0-have", "3200.5"), ("gaps-0-want", "5000"), ("gaps-0-unit", "square_metres"),
            ("gaps-0-level", "county"), ("gaps-0-money", "350"), ("gaps-0-due", "2027-08-31"),
            ("milestones-0-what", "场地交付"), ("milestones-0-due", "2027-08-31"), ("milestones-0-owner", "county_bureau"),
        ];
        assert_eq!(post(&world, &school, &path("edit"), "1", &fields).await.status, 303);
        assert_eq!(post(&world, &school, &path("propose"), "2", &[]).await.status, 303);
        let page = lead.get(&format!("/plans/{id}")).await;
        assert!(page.says("由谁同意待省办确认"));
        assert!(page.all(".paper .figure").contains(&"3200.5平方米".to_owned()), "{:?}", page.all(".paper .figure"));
        assert_eq!(world.agent(&p.city, "city").await.post(&path("answer"), &[("version", "1"), ("verdict", "agree")]).await.status, 403);
        assert_eq!(post(&world, &bureau, &path("answer"), "1", &[("verdict", "agree")]).await.status, 303);
        assert!(bureau.get(&format!("/plans/{id}")).await.says("已生效"));
        let mine = world.agent(&p.zijin, "county_school").await;
        assert_eq!(mine.get(&format!("/plans/{id}")).await.status, 404);
    }
}

both_engines! {
    /// T1.1: whom the conditions plan names as payers, the city or the province, agrees to it too, and nobody else above.
    async fn whoever_is_to_pay_agrees_too(world: World, p: Province) {
        let (school, bureau) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let (city, office) = (world.agent(&p.city, "city").await, world.agent(&p.office, "province").await);
        let id = begin(&school, &p.running, "conditions").await;
        let path = |act: &str| format!("/plans/{id}/{act}");
        let fields = [
            ("gaps-0-item", "实训场地"), ("gaps-0-have", "3200"), ("gaps-0-want", "5000"), ("gaps-0-unit", "square_metres"),
            ("gaps-0-level", "province"), ("gaps-0-money", "350"), ("gaps-0-due", "2027-08-31"),
            ("gaps-1-item", "专任教师"), ("gaps-1-have", "60"), ("gaps-1-want", "72"), ("gaps-1-unit", "persons"),
            ("gaps-1-level", "city"), ("gaps-1-money", "20"), ("gaps-1-due", "2027-08-31"),
            ("milestones-0-what", "场地交付"), ("milestones-0-due", "2027-08-31"), ("milestones-0-owner", "county_bureau"),
        ];
        assert_eq!(post(&world, &school, &path("edit"), "1", &fields).await.status, 303);
        let asked = async || city.get("/?all=yes").await.says("达标方案征求同意") && office.get("/?all=yes").await.says("达标方案征求同意");
        assert!(!asked().await, "a draft asks nobody");
        assert_eq!(post(&world, &school, &path("propose"), "2", &[]).await.status, 303);
        assert!(asked().await);
        let state = async || bureau.get_json(&format!("/plans/{id}")).await.json()["state"]["label"].clone();
        for agent in [&bureau, &city, &office] {
            assert_eq!(state().await, "征求同意中");
            let seen = revision(agent, &id).await;
            assert_eq!(post(&world, agent, &path("answer"), &seen, &[("verdict", "agree")]).await.status, 303);
        }
        assert_eq!(state().await, "已生效");
    }
}

both_engines! {
    /// The list has a line for each school and template, drafted or not, and narrows by its address.
    async fn the_list_shows_what_is_not_drafted_too(world: World, p: Province) {
        let province = world.agent(&p.office, "province").await;
        let rows = async |query: &str| province.get(&format!("/plans{query}")).await.all("td[data-label=状态]");
        assert_eq!(rows("").await.len(), 6, "three running pairings, two templates");
        assert_eq!(rows("?state=proposed").await, ["征求同意中", "征求同意中"]);
        assert_eq!(rows("?state=none&template=collaboration").await, ["未起草"]);
        assert_eq!(rows(&format!("?pairing={}&template=collaboration", p.ended)).await, ["征求同意中"], "an ended one by its link");
        assert!(rows("?q=没有这所").await.is_empty());
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.get(&format!("/plans/{}", p.papers[1].plan)).await.status, 200, "a former partner reads");
        let begun = lead.post("/plans/begin", &[("pairing", &p.ended), ("template", "collaboration")]).await;
        assert_eq!(begun.status, 403, "and drafts nothing");
    }
}

#[test]
fn what_is_typed_becomes_a_body_and_back() {
    let programme = programme();
    let template = programme.template("conditions").unwrap();
    let typed = |text: &str| Typed::of_pairs(&FormValues::parse(text.as_bytes()), template);
    let sparse = typed("gaps-0-item=&gaps-2-item=a&gaps-2-have=3.5&gaps-2-money=0.25");
    let (body, errors) = sparse.body();
    assert!(errors.is_empty());
    assert_eq!(
        (body.gaps.len(), body.gaps[0].have, body.gaps[0].money),
        (1, Some(350), Some(25)),
        "empty rows are left out"
    );
    assert_eq!(
        Typed::of_body(&body, template).rows(jiedui_programme::SectionKind::Gaps),
        sparse.rows(jiedui_programme::SectionKind::Gaps)
    );
    for wrong in ["1.234", "-1", ".5", "1e3", "abc", "99999999999999999999"] {
        let (_, errors) = typed(&format!("gaps-0-want={wrong}")).body();
        assert_eq!(
            errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(),
            ["gaps-0-want"],
            "{wrong}"
        );
    }
    let (unknown, _) = typed("gaps-0-item=a&gaps-0-unit=miles&goals-0-indicator=none").body();
    let fields: Vec<String> =
        rules::check(&unknown, template, &programme, &[]).into_iter().map(|e| e.field).collect();
    assert_eq!(fields, ["gaps-0-unit", "goals-0-indicator"]);
    let text = Body { text: [("situation".to_owned(), "长".repeat(4001))].into(), ..Body::default() };
    assert_eq!(rules::check(&text, template, &programme, &[]).len(), 1);
}

both_engines! {
    /// A draft that was begun before somebody saved shows what was saved, and does not wipe it out unseen.
    async fn a_draft_older_than_what_is_saved_shows_both(world: World, p: Province) {
        let s = scene(&world, p).await;
        let id = begin(&s.lead, &s.pairing, "collaboration").await;
        let edit = format!("/plans/{id}/edit");
        let new = [("version", "1"), ("text-safeguards", "刚保存的安排")];
        assert_eq!(s.lead.post(&edit, &new).await.status, 303);
        for (version, seen) in [("1", true), ("2", false)] {
            let typed = [("version", version), ("text-safeguards", "先前打的安排")];
            assert_eq!(s.lead.post(&format!("/drafts/plan-{id}"), &typed).await.status, 303);
            let page = s.lead.get(&edit).await;
            assert_eq!(page.status, 200);
            assert!(page.says("先前打的安排"));
            assert_eq!(page.all(".theirs").iter().any(|note| note.contains("刚保存的安排")), seen);
        }
    }
}
