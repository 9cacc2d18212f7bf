//! Handovers through the browser: who is succeeded by whom, what is open, who writes it down and who agrees.

use super::data;
use super::data::{HandoverRow, SuccessionRow};
use crate::both_engines;
use crate::network::pairings::{self, Ending, NewPairing, PairingRow};
use crate::planning::projects;
use crate::shared::review;
use crate::testing::{Agent, Province, World, actor, day};
use chrono::TimeDelta;
use jiedui_store::{AuditRecord, Tx, args, named};
use std::sync::Arc;

/// One handover, as if the lead college had handed over to the nearby school: what matters is on which pairing it hangs.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> String {
    let arranger = Arc::clone(tx.actor());
    let lead = actor(tx, &pairing.lead, "lead").await;
    let id = tx.new_id();
    named!(data::INSERT {
        id: &id,
        pairing: &pairing.id,
        successor: &pairing.id,
        leaving: &pairing.lead,
        arriving: &pairing.nearby,
        recorder: &pairing.lead,
        items: "[]",
        note: "",
    })
    .write(tx)
    .await
    .unwrap();
    tx.act_as(lead);
    review::begun::<HandoverRow>(tx, &id, "propose", serde_json::Value::Null).await.unwrap();
    tx.act_as(arranger);
    id
}

/// The lead college of the running three left at the end of October, and another one came.
async fn succeeded(world: &World, p: &Province) -> SuccessionRow {
    let mut tx = world.tx().await;
    let row = pairings::found(&mut tx, &p.running).await.unwrap();
    let ending = Ending { to: day("2026-10-31"), reason: "专业调整", scheme: "" };
    pairings::end_on(&mut tx, &row, row.version, ending).await.unwrap();
    let new = NewPairing {
        county_school: row.county_school.clone(),
        lead: p.other_lead.clone(),
        nearby: row.nearby.clone(),
        from: day("2026-11-01"),
        source: "测试".to_owned(),
        ..NewPairing::default()
    };
    pairings::ensure(&mut tx, &new, None).await.unwrap();
    let arranged = AuditRecord { action: "test.arrange", resource: "test", resource_id: "" };
    tx.audit(arranged, &()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = world.tx().await;
    let rows = super::of_pairing(&mut tx, &p.running).await.unwrap();
    assert_eq!(rows.len(), 1, "the nearby school stayed");
    rows.into_iter().next().unwrap()
}

fn later(world: &World) {
    world.clock().advance(TimeDelta::seconds(1));
}

async fn withdrawn_sample(world: &World, p: &Province) {
    let lead = world.agent(&p.lead, "lead").await;
    let mut tx = world.tx().await;
    let rows = tx.all::<HandoverRow>(&data::WAITING, args![&p.lead]).await.unwrap();
    drop(tx);
    for row in rows.into_iter().filter(|row| row.pairing == p.running) {
        later(world);
        let path = format!("/handovers/{}/withdraw", row.id);
        assert_eq!(lead.post(&path, &[("version", &row.version.to_string())]).await.status, 303);
    }
}

/// Where the desk of somebody leads to.
async fn asked(agent: &Agent) -> Vec<String> {
    agent.get("/?all=yes").await.attributes("a", "href")
}

async fn propose(agent: &Agent, of: &SuccessionRow, fields: &[(&str, &str)]) -> crate::testing::PageResponse {
    let named = [("earlier", of.pairing.as_str()), ("leaving", of.leaving.as_str())];
    agent.post(&format!("/pairings/{}/handovers", of.pairing), &[&named, fields].concat()).await
}

both_engines! {
    /// The one who left writes it down, the one who came agrees; the school and its county read, strangers do not.
    async fn what_is_open_is_handed_over_and_agreed_by_both(world: World, p: Province) {
        withdrawn_sample(&world, &p).await;
        let of = succeeded(&world, &p).await;
        assert_eq!((&of.leaving, &of.arriving), (&p.lead, &p.other_lead));
        let lead = world.agent(&p.lead, "lead").await;
        let other = world.agent(&p.other_lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let page = lead.get_json(&format!("/pairings/{}/handovers", p.running)).await.json();
        let groups = page["successions"][0]["groups"].as_array().unwrap().clone();
        let open: Vec<_> = groups.iter().flat_map(|group| group["lines"].as_array().unwrap().clone()).collect();
        let project = open.iter().find(|line| line["field"]["name"].is_string()).expect("something is asked");
        let name = project["field"]["name"].as_str().unwrap().to_owned();
        assert!(asked(&lead).await.contains(&format!("/pairings/{}/handovers", p.running)), "the desk asks");
        later(&world);
        let made = propose(&lead, &of, &[(&name, "dropped"), ("note", "教具在实训楼")]).await;
        assert_eq!(made.status, 303);
        let address = made.location.to_owned();
        assert_eq!(propose(&lead, &of, &[]).await.status, 409, "once");
        let id = address.rsplit('/').next().unwrap();
        let shown = other.get_json(&address).await.json();
        let courses: Vec<_> = shown["groups"].as_array().unwrap().iter()
            .flat_map(|group| group["lines"].as_array().unwrap().clone())
            .map(|line| (line["title"].clone(), line["course"].clone())).collect();
        assert!(courses.contains(&(project["title"].clone(), "不再办理".into())));
        assert!(asked(&other).await.contains(&address), "the desk of the one who came asks");
        let answer = format!("/handovers/{id}/answer");
        let agree = [("version", "1"), ("verdict", "agree")];
        assert_eq!(lead.post(&answer, &agree).await.status, 403, "not by the one who wrote it");
        assert_eq!(school.post(&answer, &agree).await.status, 403, "not by the school");
        assert_eq!(school.get(&address).await.status, 200);
        let strange = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(strange.get(&address).await.status, 404);
        later(&world);
        assert_eq!(other.post(&answer, &agree).await.status, 303);
        assert_eq!(other.get_json(&address).await.json()["state"]["key"], "done");
        assert_eq!(lead.get(&format!("/handovers/{id}/edit")).await.status, 403, "agreed is agreed");
    }

    /// Sent back, changed, agreed: the answer is to what was read.
    async fn what_is_changed_is_asked_again(world: World, p: Province) {
        withdrawn_sample(&world, &p).await;
        let of = succeeded(&world, &p).await;
        let (lead, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.other_lead, "lead").await);
        later(&world);
        let earlier = other.get(&format!("/pairings/{}/handovers", of.pairing)).await;
        assert_eq!(earlier.status, 404, "the one who came does not see the earlier pairing");
        let made = other.post(
            &format!("/pairings/{}/handovers", of.successor),
            &[("earlier", of.pairing.as_str()), ("leaving", of.leaving.as_str())],
        ).await;
        assert_eq!(made.status, 303, "but may begin from its own");
        let address = made.location.to_owned();
        later(&world);
        let sent_back = lead.post(
            &format!("{address}/answer"),
            &[("version", "1"), ("verdict", "send_back"), ("reason", "还有一项")],
        ).await;
        assert_eq!(sent_back.status, 303);
        later(&world);
        let unknown = lead.post(&format!("{address}/edit"), &[("version", "1")]).await;
        assert_eq!(unknown.status, 403, "by the one who wrote it");
        let long = "长".repeat(501);
        let saved = other.post(&format!("{address}/edit"), &[("version", "1"), ("note", &long)]).await;
        assert_eq!(saved.status, 422);
        later(&world);
        assert_eq!(other.post(&format!("{address}/edit"), &[("version", "1"), ("note", "已补")]).await.status, 303);
        let old = lead.post(&format!("{address}/answer"), &[("version", "1"), ("verdict", "agree")]).await;
        assert_eq!(old.status, 409, "an answer to what is no more");
        later(&world);
        let agreed = lead.post(&format!("{address}/answer"), &[("version", "2"), ("verdict", "agree")]).await;
        assert_eq!(agreed.status, 303);
    }

    /// After the time in which a former partner answers, what is there can be read and nothing is asked.
    async fn after_its_time_nobody_is_asked(world: World, p: Province) {
        withdrawn_sample(&world, &p).await;
        let of = succeeded(&world, &p).await;
        world.clock().advance(TimeDelta::days(400));
        let lead = world.agent(&p.lead, "lead").await;
        assert!(!asked(&lead).await.contains(&format!("/pairings/{}/handovers", p.running)));
        assert_eq!(propose(&lead, &of, &[]).await.status, 403);
    }
}

both_engines! {
    /// What was done stays with the one who did it; what is left goes on with the one who came, in force from its first day.
    async fn what_is_left_of_a_project_goes_on_with_the_one_who_came(world: World, p: Province) {
        withdrawn_sample(&world, &p).await;
        let (lead, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.other_lead, "lead").await);
        let school = world.agent(&p.xingning, "county_school").await;
        let old = p.papers[0].project.as_str();
        let before = format!("/projects/{old}");
        let training = [("pairing", p.running.as_str()), ("from", "2026-10-12"), ("to", "2026-10-16"), ("quantity", "12"), ("project", old)];
        let entry = lead.post("/entries/new/teacher-training", &training).await;
        assert_eq!(entry.status, 303, "{:?}", entry.all(".errors"));
        later(&world);
        let yes = [("verdict", "confirm"), ("version", "1")];
        assert_eq!(school.post(&format!("{}/answer", entry.location), &yes).await.status, 303);
        let of = succeeded(&world, &p).await;
        later(&world);
        let made = propose(&lead, &of, &[]).await;
        assert_eq!(made.status, 303);
        assert_eq!(lead.get_json(&before).await.json()["project"]["state"]["label"], "进行中", "not before both agreed");
        later(&world);
        let agree = [("version", "1"), ("verdict", "agree")];
        assert_eq!(other.post(&format!("{}/answer", made.location), &agree).await.status, 303);
        let past = lead.get_json(&before).await.json();
        assert_eq!(past["project"]["state"]["label"], "已结转");
        assert_eq!(past["project"]["confirmed"]["raw"].as_i64(), Some(12), "what was done stays where it was done");
        assert!(lead.get(&before).await.says("没有办完的部分交接任院校"));
        let mut tx = world.tx().await;
        let lists = projects::lists_of(&mut tx, 2026, &of.successor).await.unwrap();
        assert_eq!(lists.len(), 1);
        let rows = projects::of_list(&mut tx, &lists[0].id).await.unwrap();
        drop(tx);
        assert_eq!(rows.len(), 1, "one project is left");
        let new = &rows[0];
        assert_eq!((new.quantity, new.filed, new.from_day), (18, true, day("2026-11-01")));
        assert_eq!((new.owner_org.as_str(), new.carried_from.as_deref()), (p.other_lead.as_str(), Some(old)));
        let after = format!("/projects/{}", new.id);
        assert_eq!(other.get(&before).await.status, 404, "the one who came does not see what was before");
        assert!(!other.get(&after).await.says("前任院校没有办完的项目"), "and is not led there");
        assert!(school.get(&after).await.says("前任院校没有办完的项目"), "the school sees both");
        let more = [("pairing", of.successor.as_str()), ("from", "2026-11-02"), ("to", "2026-11-06"), ("quantity", "18"), ("project", new.id.as_str())];
        let work = other.post("/entries/new/teacher-training", &more).await;
        assert_eq!(work.status, 303, "{:?}", work.all(".errors"));
        let now = other.get_json(&after).await.json();
        assert_eq!(now["project"]["claimed"]["raw"].as_i64(), Some(18));
    }

    /// What is not to go on stays where it is; agreeing to the second handover of a pairing takes nothing twice.
    async fn a_project_that_does_not_go_on_stays(world: World, p: Province) {
        withdrawn_sample(&world, &p).await;
        let of = succeeded(&world, &p).await;
        let (lead, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.other_lead, "lead").await);
        let course = format!("course-{}", p.papers[0].project);
        later(&world);
        let made = propose(&lead, &of, &[(&course, "dropped")]).await;
        assert_eq!(made.status, 303);
        later(&world);
        let agree = [("version", "1"), ("verdict", "agree")];
        assert_eq!(other.post(&format!("{}/answer", made.location), &agree).await.status, 303);
        let mut tx = world.tx().await;
        assert!(projects::lists_of(&mut tx, 2026, &of.successor).await.unwrap().is_empty());
        let old = projects::find(&mut tx, &p.papers[0].project).await.unwrap();
        assert_eq!(old.ended, projects::Ended::Not);
        let taken = projects::Succession {
            earlier: &of.pairing, later: &of.successor, ended: of.ended, since: of.since,
        };
        let ids = [old.id.as_str()];
        assert_eq!(projects::hand_on(&mut tx, taken, &ids).await.unwrap().len(), 1);
        assert!(projects::hand_on(&mut tx, taken, &ids).await.unwrap().is_empty(), "once");
    }
}
