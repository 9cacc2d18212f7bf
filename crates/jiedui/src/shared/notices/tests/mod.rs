//! Who is told what, who may urge whom and how often, and what was chosen.

pub mod outgoing;
pub mod servers;

use crate::both_engines;
use crate::testing::{Agent, PageResponse, Province, World};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use serde_json::Value;

async fn bell(agent: &Agent) -> Vec<String> {
    agent.get("/").await.all(".bell-count")
}

async fn told(agent: &Agent) -> Vec<Value> {
    agent.get_json("/notices").await.json()["rows"].as_array().unwrap().clone()
}

/// As if all that the province was told so far were read.
async fn read(agents: &[&Agent]) {
    for agent in agents {
        assert_eq!(agent.post("/notices/read", &[]).await.status, 303);
    }
}

async fn act(world: &World, agent: &Agent, at: &str, to: &str, fields: &[(&str, &str)]) -> PageResponse {
    world.clock().advance(TimeDelta::seconds(1));
    let version = agent.get_json(at).await.json()["version"].to_string();
    agent.post(&format!("{at}{to}"), &[&[("version", version.as_str())], fields].concat()).await
}

both_engines! {
    /// The claimant is told of a dispute, and nobody else; reading it ends the count, for the reader alone.
    async fn an_answer_is_told_to_the_side_that_claimed(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let (nearby, county) = (world.agent(&p.nearby, "nearby").await, world.agent(&p.county, "county").await);
        let entry = format!("/entries/{}", p.visit);
        read(&[&lead, &school, &nearby, &county]).await;
        assert!(bell(&lead).await.is_empty());
        let dispute = [("verdict", "dispute"), ("reason", "人数不对")];
        assert_eq!(act(&world, &school, &entry, "/answer", &dispute).await.status, 303);
        assert_eq!(bell(&lead).await, ["1"]);
        for other in [&school, &nearby, &county] {
            assert!(bell(other).await.is_empty());
            assert!(told(other).await.iter().all(|row| row["href"] != entry.as_str()));
        }
        let row = told(&lead).await.remove(0);
        assert_eq!((row["href"].as_str(), row["said"].as_str()), (Some(entry.as_str()), Some("人数不对")));
        let open = row["open"].as_str().unwrap();
        assert_eq!(nearby.post(open, &[]).await.status, 404, "it is not theirs to read");
        assert_eq!(bell(&lead).await, ["1"], "nor to mark");
        let opened = lead.post(open, &[]).await;
        assert_eq!((opened.status.as_u16(), opened.location.as_str()), (303, entry.as_str()));
        assert!(bell(&lead).await.is_empty());
        assert_eq!(lead.get_json("/notices?state=read").await.json()["rows"].as_array().unwrap().len(), 1);
        let page = lead.get("/notices").await.text();
        assert!(!page.contains("已读人数"), "who read it is not shown");
    }

    /// Whoever comes to a unit later begins with what is told from then on.
    async fn what_was_told_before_an_account_was_made_is_read(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let entry = format!("/entries/{}", p.visit);
        let dispute = [("verdict", "dispute"), ("reason", "人数不对")];
        assert_eq!(act(&world, &school, &entry, "/answer", &dispute).await.status, 303);
        world.clock().advance(TimeDelta::seconds(1));
        // A second account of the same unit.
        let late = world.agent(&p.lead, "nearby").await;
        let all = told(&late).await;
        assert!(!all.is_empty() && all.iter().all(|row| row["unread"] == false), "{all:?}");
        let unread = async || late.get_json("/notices?state=unread").await.json()["rows"].as_array().unwrap().len();
        assert_eq!((unread().await, bell(&late).await.len()), (0, 0));
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(school.post(&format!("{entry}/reply"), &[("reply", "请核对")]).await.status, 303);
        assert_eq!((unread().await, bell(&late).await), (1, vec!["1".to_owned()]));
    }

    /// Many confirmed together are told once.
    async fn what_is_done_together_is_told_once(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        read(&[&lead]).await;
        let before = told(&lead).await.len();
        let desk = school.get("/").await;
        let keys = desk.attributes("input[name=id]", "value");
        assert!(!keys.is_empty(), "{}", desk.text());
        let picked: Vec<(&str, &str)> = keys.iter().map(|key| ("id", key.as_str())).collect();
        assert_eq!(school.post("/entries/confirm", &picked).await.status, 303);
        assert_eq!(told(&lead).await.len(), before + 1);
        assert_eq!(bell(&lead).await, ["1"]);
        assert_eq!(lead.post("/notices/read", &[]).await.status, 303);
        assert!(bell(&lead).await.is_empty());
    }

    /// What came back is told whatever was chosen; an answer is not, once it is switched off.
    async fn only_what_a_rule_requires_cannot_be_switched_off(world: World, p: Province) {
        let (lead, county) = (world.agent(&p.lead, "lead").await, world.agent(&p.county, "county").await);
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(lead.post("/my/notices", &[("desk", "yes")]).await.status, 303);
        let entry = format!("/entries/{}", p.visit);
        assert_eq!(act(&world, &school, &entry, "/answer", &[("verdict", "confirm")]).await.status, 303);
        assert!(bell(&lead).await.is_empty() && told(&lead).await.is_empty());
        let month = format!("/months/202610/schools/{}", p.xingning);
        school.post(&format!("{month}/problems"), &[("version", "0"), ("problems", "缺两名教师")]).await;
        let new = format!("/followups/new/{}/202610", p.xingning);
        let item = county.post(&new, &[("text", "派两名教师"), ("owner", &p.lead), ("due", "2026-12-20")]).await.location;
        let done = [("verdict", "done"), ("reason", "已到校")];
        assert_eq!(act(&world, &lead, &item, "/report", &done).await.status, 303);
        let back = [("verdict", "send_back"), ("reason", "只到了一名")];
        assert_eq!(act(&world, &county, &item, "/answer", &back).await.status, 303);
        let row = told(&lead).await.remove(0);
        assert_eq!((row["href"].as_str(), row["said"].as_str()), (Some(item.as_str()), Some("只到了一名")));
        let page = lead.get("/my/notices").await;
        assert!(page.attributes("input[name=told]", "value").iter().all(|kind| kind != "returned"));
        assert_eq!(lead.post("/my/notices", &[("told", "answered"), ("desk", "yes")]).await.status, 303);
        assert_eq!(told(&lead).await.len(), 2, "what was not told is there once it is wanted");
    }

    /// The other side and those above may, once in five working days; the one who is urged sees it on the desk until it
    /// is done, and the thing keeps it.
    async fn whoever_waits_may_urge_once_in_five_working_days(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let (county, city) = (world.agent(&p.county, "county").await, world.agent(&p.city, "city").await);
        let (nearby, other) = (world.agent(&p.nearby, "nearby").await, world.agent(&p.other_lead, "lead").await);
        let (entry, urge) = (format!("/entries/{}", p.visit), format!("/urge/entry/{}", p.visit));
        for agent in [&lead, &county, &city] {
            assert_eq!(agent.get(&entry).await.attributes("form", "action").iter().filter(|a| **a == urge).count(), 1);
        }
        assert_eq!(school.post(&urge, &[]).await.status, 403, "nobody urges himself");
        assert_eq!(nearby.post(&urge, &[]).await.status, 403, "neither the other side nor above");
        assert_eq!(other.post(&urge, &[]).await.status, 404, "who does not see it");
        assert_eq!(lead.post("/urge/person/x", &[]).await.status, 404, "nothing that waits");
        read(&[&lead, &school]).await;
        let long = "长".repeat(101);
        assert_eq!(lead.post(&urge, &[("line", &long)]).await.status, 422);
        let urged = lead.post(&urge, &[("line", "请在本周内看一下")]).await;
        assert_eq!((urged.status.as_u16(), urged.location.as_str()), (303, entry.as_str()));
        assert_eq!(lead.post(&urge, &[]).await.status, 409, "not twice");
        assert_eq!(county.post(&urge, &[("line", "县里也请抓紧")]).await.status, 303, "the others may still");
        assert_eq!(county.post(&urge, &[]).await.status, 409);
        assert!(lead.get(&entry).await.attributes("form", "action").iter().all(|action| *action != urge));
        assert_eq!(bell(&school).await, ["1"]);
        let desk = school.get("/").await;
        assert!(desk.all(".task-urged").iter().any(|line| line.contains("请在本周内看一下")), "{}", desk.text());
        let page = school.get(&entry).await;
        assert!(page.all(".timeline-what").contains(&"催办".to_owned()) && page.says("县里也请抓紧"));
        world.clock().advance(TimeDelta::days(6));
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        assert_eq!(lead.post(&urge, &[]).await.status, 409, "a weekend does not count");
        world.clock().advance(TimeDelta::days(1));
        let (lead, school) = (world.agent(&p.lead, "lead").await, { drop(school); world.agent(&p.xingning, "county_school").await });
        assert_eq!(lead.post(&urge, &[]).await.status, 303, "without a word");
        assert_eq!(act(&world, &school, &entry, "/answer", &[("verdict", "confirm")]).await.status, 303);
        assert!(school.get("/").await.all(".task-urged").is_empty(), "it waits no more");
        assert_eq!(lead.post(&urge, &[]).await.status, 403);
    }

    /// Each kind of thing that waits: whom for, and who may urge.
    async fn a_need_and_a_tracked_item_can_be_urged(world: World, p: Province) {
        let (lead, county) = (world.agent(&p.lead, "lead").await, world.agent(&p.county, "county").await);
        let school = world.agent(&p.xingning, "county_school").await;
        let need = crate::testing::samples::row(&p, "need", &p.xingning, &p.running).unwrap();
        let urge = format!("/urge/need/{need}");
        assert_eq!(lead.post(&urge, &[]).await.status, 403, "it waits for the lead itself");
        assert_eq!(school.post(&urge, &[("line", "盼回应")]).await.status, 303);
        assert!(lead.get("/").await.all(".task-urged").iter().any(|line| line.contains("盼回应")));
        let month = format!("/months/202610/schools/{}", p.xingning);
        school.post(&format!("{month}/problems"), &[("version", "0"), ("problems", "缺两名教师")]).await;
        let new = format!("/followups/new/{}/202610", p.xingning);
        let item = county.post(&new, &[("text", "派两名教师"), ("owner", &p.lead), ("due", "2026-12-02")]).await.location;
        let urge = format!("/urge/followup/{}", item.rsplit('/').next().unwrap());
        assert_eq!(county.post(&urge, &[]).await.status, 403, "not before its day");
        world.clock().advance(TimeDelta::days(9));
        let county = world.agent(&p.county, "county").await;
        assert_eq!(county.post(&urge, &[]).await.status, 303);
        assert!(!county.get("/?all=yes").await.text().contains("督办事项过期"));
        world.clock().advance(TimeDelta::days(14));
        let county = world.agent(&p.county, "county").await;
        assert!(county.get("/?all=yes").await.text().contains("督办事项过期"), "who asked for it is told in the end");
    }

    /// A few words under an entry, between its two sides; nothing of the entry changes.
    async fn both_sides_talk_under_an_entry(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let entry = format!("/entries/{}", p.visit);
        read(&[&lead, &school]).await;
        let before = lead.get_json(&entry).await.json();
        let reply = format!("{entry}/reply");
        assert!(school.post(&reply, &[("reply", "")]).await.refuses(Code::Missing));
        assert!(school.post(&reply, &[("reply", &"长".repeat(301))]).await.refuses(Code::TooLong));
        assert_eq!(school.post(&reply, &[("reply", "是哪位校长来的？")]).await.status, 303);
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(lead.post(&reply, &[("reply", "<b>王</b>校长")]).await.status, 303);
        assert_eq!(world.agent(&p.county, "county").await.post(&reply, &[("reply", "在")]).await.status, 403);
        assert_eq!(world.agent(&p.other_lead, "lead").await.post(&reply, &[("reply", "在")]).await.status, 404);
        let page = school.get(&entry).await;
        assert!(page.says("是哪位校长来的？") && page.says("<b>王</b>校长"), "as it was typed");
        assert_eq!((bell(&lead).await, bell(&school).await), (vec!["1".to_owned()], vec!["1".to_owned()]));
        let after = lead.get_json(&entry).await.json();
        assert_eq!((&before["version"], &before["state"]), (&after["version"], &after["state"]));
        assert_eq!(act(&world, &school, &entry, "/answer", &[("verdict", "confirm")]).await.status, 303);
    }

    /// A thread under an entry has an end for each side.
    async fn neither_side_replies_without_end(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let reply = format!("/entries/{}/reply", p.visit);
        for at in 0..20 {
            let line = format!("第{at}句");
            assert_eq!(school.post(&reply, &[("reply", line.as_str())]).await.status, 303);
        }
        let over = school.post(&reply, &[("reply", "还有一句")]).await;
        assert!(over.status == 422 && over.refuses(Code::TooMany), "{}", over.text());
        assert_eq!(lead.post(&reply, &[("reply", "电话里说")]).await.status, 303, "the other side still may");
    }

    /// Administrators see nothing of business, and those who only look are told nothing until they want it.
    async fn administrators_and_quiet_roles_are_left_alone(world: World, p: Province) {
        for role in ["sysadmin", "secadmin", "auditor", "leader"] {
            let agent = world.agent(&p.office, role).await;
            assert_eq!(agent.get("/notices").await.status, 200, "{role}");
            assert!(told(&agent).await.is_empty());
            let checked = agent.get("/my/notices").await.attributes("input[checked]", "name");
            assert_eq!(checked.is_empty(), role == "leader", "{role}: {checked:?}");
        }
        assert_eq!(world.stranger().get("/notices").await.status, 303);
    }
}
