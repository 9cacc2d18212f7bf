//! Chains through the browser: named in forms that are there anyway, and what is on one read from them.

use super::actions;
use crate::both_engines;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use jiedui_store::Tx;
use serde_json::Value;
use std::sync::Arc;

/// One that the lead college named for the county school of a pairing.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> String {
    let arranger = Arc::clone(tx.actor());
    let lead = actor(tx, &pairing.lead, "lead").await;
    tx.act_as(lead);
    let name = format!("{}生态链", pairing.county_name);
    let named = actions::one(tx, "哪条链", &name, &pairing.county_school).await.unwrap().unwrap();
    tx.act_as(arranger);
    named.id
}

const CHAIN: &str = "示例（粤菜）生态链";

async fn recorded(agent: &Agent, kind: &str, fields: &[(&str, &str)]) -> PageResponse {
    agent.post(&format!("/outputs/new/{kind}"), &[&[("since", "2026-10-09")], fields].concat()).await
}

/// The address of something that was taken.
fn made(response: PageResponse) -> String {
    assert_eq!(response.status, 303, "{:?}", response.all(".errors"));
    response.location
}

async fn enterprise(agent: &Agent, title: &str, chain: &str) -> PageResponse {
    recorded(agent, "chain-enterprise", &[("title", title), ("stage", "member"), ("chain", chain)]).await
}

/// Name, address and how often it is named, of those that the caller finds.
async fn listed(agent: &Agent, q: &str) -> Vec<(String, String, i64)> {
    let page = agent.get_json(&format!("/chains?q={q}")).await.json();
    let row = |row: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&row["link"]["label"]), text(&row["link"]["href"]), row["uses"]["raw"].as_i64().unwrap())
    };
    page["rows"].as_array().unwrap().iter().map(row).collect()
}

/// What stands under a heading of the page of a chain.
async fn lines(agent: &Agent, at: &str, group: &str) -> Vec<Value> {
    let page = agent.get_json(at).await.json();
    let groups = page["groups"].as_array().unwrap();
    let found = groups.iter().find(|one| one["label"] == group).unwrap();
    found["lines"].as_array().unwrap().clone()
}

fn later(world: &World) {
    world.clock().advance(TimeDelta::seconds(1));
}

async fn confirmed(world: &World, agent: &Agent, at: &str, version: &str) {
    later(world);
    let answer = [("version", version), ("verdict", "confirm")];
    made(agent.post(&format!("{at}/answer"), &answer).await);
}

both_engines! {
    /// Whoever writes its name otherwise is on the same chain; an enterprise stands in the stage that was confirmed.
    async fn what_names_one_chain_stands_together(world: World, p: Province) {
        let (county, school) =
            (world.agent(&p.county, "county").await, world.agent(&p.xingning, "county_school").await);
        let plant = made(enterprise(&county, "示例酒楼有限公司", CHAIN).await);
        assert!(county.get("/outputs/new/chain-enterprise").await.attributes("datalist#l-chain option", "value")
            .contains(&CHAIN.to_owned()), "it is suggested from now on");
        let joining = [("title", "入链"), ("stage", "using"), ("kind", "chain"), ("chain", "示例(粤菜) 生态链")];
        made(recorded(&school, "recruitment-system", &joining).await);
        let course = [("title", "粤菜课程"), ("stage", "used"), ("source", "chain"), ("kind", "course"), ("chain", CHAIN)];
        made(recorded(&school, "integrated-course", &course).await);
        let taken = [("pairing", p.running.as_str()), ("from", "2026-10-12"), ("quantity", "12"), ("with", "chain"),
            ("chain", "示例〔粤菜〕生态链")];
        let entry = made(school.post("/entries/new/joint-enrolment", &taken).await);
        assert!(school.get(&entry).await.says(CHAIN), "the registered name stands on the page");
        let found = listed(&county, "粤菜").await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0.as_str(), found[0].2), (CHAIN, 4));
        let at = &found[0].1;
        let stage = async || {
            let lines = lines(&county, at, "链上企业").await;
            assert_eq!(lines.len(), 1);
            assert_eq!(lines[0]["link"]["href"], plant);
            (lines[0]["stage"].clone(), lines[0]["next"].clone())
        };
        assert_eq!(stage().await, ("".into(), "链员".into()), "nobody confirmed it yet");
        confirmed(&world, &school, &plant, "1").await;
        assert_eq!(stage().await, ("链员".into(), "".into()));
        later(&world);
        let onward = [("version", "2"), ("stage", "leader"), ("from", "2026-11-01")];
        made(county.post(&format!("{plant}/stage"), &onward).await);
        assert_eq!(stage().await, ("链员".into(), "链主".into()), "链主 counts once the school confirmed it");
        confirmed(&world, &school, &plant, "3").await;
        assert_eq!(stage().await, ("链主".into(), "".into()));
        assert_eq!(lines(&county, at, "加入的院校").await[0]["place"]["label"], "兴宁甲校");
        assert_eq!(lines(&county, at, "共订标准、共建资源").await[0]["link"]["label"], "粤菜课程");
        let work = lines(&county, at, "招生招工和培训").await;
        assert_eq!((work.len(), work[0]["quantity"]["raw"].as_i64()), (1, Some(12)));
    }
}

both_engines! {
    /// A chain belongs to a city; it is seen where one belongs and where one sees it named.
    async fn the_same_name_in_another_city_is_another_chain(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        made(enterprise(&county, "示例酒楼有限公司", CHAIN).await);
        let mut tx = world.tx().await;
        let bureau = registry::bureau(&mut tx, "county_bureau", "440282").await.unwrap().unwrap();
        drop(tx);
        let far = world.agent(&bureau, "county").await;
        assert!(listed(&far, "粤菜").await.is_empty(), "of the other one it knows nothing");
        made(enterprise(&far, "示例茶楼有限公司", CHAIN).await);
        let (own, other) = (listed(&county, "粤菜").await, listed(&far, "粤菜").await);
        assert_eq!((own.len(), other.len()), (1, 1));
        assert_ne!(own[0].1, other[0].1);
        assert_eq!(county.get(&other[0].1).await.status, 404);
        let office = world.agent(&p.office, "province").await;
        assert_eq!(listed(&office, "粤菜").await.len(), 2);
        for (org, role) in [(&p.city, "city"), (&p.lead, "lead"), (&p.nearby, "nearby"), (&p.xingning, "county_school")] {
            assert_eq!(world.agent(org, role).await.get(&own[0].1).await.status, 200, "{role}");
        }
        assert_eq!(world.agent(&p.office, "sysadmin").await.get("/chains").await.status, 403);
    }
}

both_engines! {
    /// Nobody has to name one; a correction names another; what was withdrawn is on none; one thing is on one chain.
    async fn what_is_on_a_chain_follows_its_record(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        made(enterprise(&county, "示例无链有限公司", "").await);
        let plant = made(enterprise(&county, "示例酒楼有限公司", CHAIN).await);
        later(&world);
        let fields = [("version", "1"), ("title", "示例酒楼有限公司"), ("since", "2026-10-09"), ("chain", "示例智造生态链")];
        made(county.post(&format!("{plant}/correct"), &fields).await);
        let uses = async |q: &str| listed(&county, q).await.first().map(|found| found.2);
        assert_eq!((uses("粤菜").await, uses("智造").await), (Some(0), Some(1)));
        later(&world);
        let withdrawn = [("version", "2"), ("reason", "登错了")];
        made(county.post(&format!("{plant}/withdraw"), &withdrawn).await);
        assert_eq!(uses("智造").await, Some(0));
        assert!(enterprise(&county, "示例两链有限公司", "甲链、乙链").await.refuses(Code::TooMany));
        assert!(enterprise(&county, "示例长链有限公司", &"长".repeat(61)).await.refuses(Code::TooLong));
        assert!(listed(&county, "长长").await.is_empty(), "what was refused registers nothing");
    }
}

both_engines! {
    /// The bureaus of its place and the province say which category it serves, by the list of the programme.
    async fn its_bureaus_say_what_a_chain_serves(world: World, p: Province) {
        let (county, lead) = (world.agent(&p.county, "county").await, world.agent(&p.lead, "lead").await);
        made(enterprise(&county, "示例酒楼有限公司", CHAIN).await);
        let at = listed(&county, "粤菜").await[0].1.clone();
        let trade = world.app.programme().matching.categories.names[0].clone();
        let say = async |agent: &Agent, version: &str, trade: &str| {
            agent.post(&format!("{at}/describe"), &[("version", version), ("trade", trade)]).await
        };
        assert_eq!(say(&lead, "1", &trade).await.status, 403);
        assert!(say(&county, "1", "没有这一类").await.refuses(Code::NotListed));
        later(&world);
        made(say(&county, "1", &trade).await);
        assert_eq!(county.get_json(&at).await.json()["trade"], trade);
        assert_eq!(say(&county, "1", "").await.status, 409, "it was said meanwhile");
        later(&world);
        made(say(&world.agent(&p.city, "city").await, "2", "").await);
        assert!(county.get(&at).await.says("未注明"));
    }
}

both_engines! {
    /// Two who name a new one at once name the same one.
    async fn one_name_at_once_is_one_chain(world: World, p: Province) {
        let (county, school) =
            (world.agent(&p.county, "county").await, world.agent(&p.xingning, "county_school").await);
        let joining = [("title", "入链"), ("stage", "using"), ("kind", "chain"), ("chain", "示例(粤菜)生态链")];
        let (a, b) = world
            .at_once(enterprise(&county, "示例酒楼有限公司", CHAIN), recorded(&school, "recruitment-system", &joining))
            .await;
        // PostgreSQL may let one of two go on that wait for each other; the other one presses again.
        let first = [a.status.as_u16(), b.status.as_u16()];
        assert!(first.contains(&303) && first.iter().all(|status| [303, 409].contains(status)), "{first:?}");
        if first[0] == 409 {
            assert_eq!(enterprise(&county, "示例酒楼有限公司", CHAIN).await.status, 303);
        }
        if first[1] == 409 {
            assert_eq!(recorded(&school, "recruitment-system", &joining).await.status, 303);
        }
        let found = listed(&county, "粤菜").await;
        assert_eq!((found.len(), found[0].2), (1, 2));
    }
}
