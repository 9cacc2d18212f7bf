//! Enterprises through the browser: named in forms that are there anyway, one under one name, joined and parted.

use super::{data, register_title, rules};
use crate::both_engines;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::standing::indicators;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use jiedui_store::{Tx, args};
use std::sync::Arc;

/// One that the lead college named for the county school of a pairing.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> String {
    let arranger = Arc::clone(tx.actor());
    let lead = actor(tx, &pairing.lead, "lead").await;
    tx.act_as(lead);
    let name = format!("{}合作企业", pairing.county_name);
    let (_, named) = register_title(tx, &name, &pairing.county_school).await.unwrap().unwrap();
    tx.act_as(arranger);
    named.enterprise
}

const FIRST: &str = "示例（兴宁）电子有限公司";

async fn support(agent: &Agent, p: &Province, day: &str, enterprise: &str) -> PageResponse {
    let fields = [("pairing", p.running.as_str()), ("from", day), ("to", day), ("enterprise", enterprise)];
    agent.post("/entries/new/technical-support", &fields).await
}

async fn supported(agent: &Agent, p: &Province, day: &str, enterprise: &str) -> String {
    let made = support(agent, p, day, enterprise).await;
    assert_eq!(made.status, 303, "{:?}", made.all(".errors"));
    made.location
}

/// Name, address and how often it is named, of those that the caller finds.
async fn listed(agent: &Agent, q: &str) -> Vec<(String, String, i64)> {
    let page = agent.get_json(&format!("/enterprises?q={q}")).await.json();
    let row = |row: &serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        (text(&row["link"]["label"]), text(&row["link"]["href"]), row["uses"]["raw"].as_i64().unwrap())
    };
    page["rows"].as_array().unwrap().iter().map(row).collect()
}

both_engines! {
    /// Whoever writes it otherwise gets the registered name, on the form, in a workbook, for another form.
    async fn one_enterprise_written_in_several_ways_is_one(world: World, p: Province) {
        let (lead, nearby) = (world.agent(&p.lead, "lead").await, world.agent(&p.nearby, "nearby").await);
        supported(&lead, &p, "2026-10-12", FIRST).await;
        let second = supported(&nearby, &p, "2026-10-13", "示例(兴宁) 电子有限公司").await;
        let page = nearby.get(&second).await;
        assert!(page.says(FIRST) && !page.says("示例(兴宁)"), "one name on the page");
        let form = nearby.get("/entries/new/technical-support").await;
        let known = form.attributes("datalist#l-enterprise option", "value");
        assert!(known.contains(&FIRST.to_owned()), "{known:?}");
        assert_eq!(form.attributes("#f-enterprise", "list"), ["l-enterprise"]);
        let file = "开始日期,结束日期,受助企业\n2026-10-14,2026-10-14,示例〔兴宁〕电子有限公司\n";
        let sent = lead.upload("/entries/import?activity=technical-support", "登记.csv", file.as_bytes()).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let county = world.agent(&p.county, "county").await;
        let found = listed(&county, "电子").await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0.as_str(), found[0].2), (FIRST, 3));
        let shown = county.get_json(&found[0].1).await.json();
        let uses = shown["uses"]["rows"].as_array().unwrap();
        assert_eq!(uses.len(), 3, "{uses:?}");
        assert!(uses.iter().all(|row| row["named"] == FIRST && row["place"] == "兴宁甲校"));
        assert!(uses.iter().any(|row| row["link"]["href"] == second));
    }
}

both_engines! {
    /// Seen where one belongs, and where one sees it named; nobody else knows of it.
    async fn whoever_sees_the_county_or_the_row_sees_the_enterprise(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        supported(&lead, &p, "2026-10-12", FIRST).await;
        for (org, role) in [(&p.office, "province"), (&p.city, "city"), (&p.county, "county"), (&p.lead, "lead"),
            (&p.nearby, "nearby"), (&p.xingning, "county_school")] {
            let agent = world.agent(org, role).await;
            let found = listed(&agent, "电子").await;
            assert_eq!(found.len(), 1, "{role}");
            assert_eq!(agent.get(&found[0].1).await.status, 200, "{role}");
        }
        let href = listed(&lead, "电子").await[0].1.clone();
        let strangers = [(&p.other_lead, "lead"), (&p.nanxiong, "county_school"), (&p.zijin, "county_school")];
        for (org, role) in strangers {
            let agent = world.agent(org, role).await;
            assert!(listed(&agent, "电子").await.is_empty(), "{role}");
            assert_eq!(agent.get(&href).await.status, 404, "{role}");
        }
        assert_eq!(world.agent(&p.office, "sysadmin").await.get("/enterprises").await.status, 403);
        // Another county's school names the same one: it is that one, and it sees it from now on.
        let far = world.agent(&p.other_lead, "lead").await;
        let fields = [("pairing", p.strange.as_str()), ("from", "2026-10-15"), ("to", "2026-10-15"), ("enterprise", FIRST)];
        assert_eq!(far.post("/entries/new/technical-support", &fields).await.status, 303);
        assert_eq!(listed(&far, "电子").await[0].2, 1, "of its own rows");
        assert_eq!(listed(&lead, "电子").await[0].2, 1, "and the first of its own");
        assert_eq!(listed(&world.agent(&p.office, "province").await, "电子").await[0].2, 2);
    }
}

both_engines! {
    /// Several stand in one field; a correction names others; what was withdrawn names nobody.
    async fn what_names_an_enterprise_is_kept_with_it(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let entry = supported(&lead, &p, "2026-10-12", "示例甲公司；示例乙公司、 示例甲 公司").await;
        assert!(lead.get(&entry).await.says("示例甲公司、示例乙公司"));
        let uses = async |q: &str| listed(&lead, q).await.first().map_or(0, |found| found.2);
        assert_eq!((uses("示例甲公司").await, uses("示例乙公司").await), (1, 1));
        world.clock().advance(TimeDelta::seconds(1));
        let fields = [("version", "1"), ("pairing", p.running.as_str()), ("from", "2026-10-12"), ("to", "2026-10-12"),
            ("enterprise", "示例丙公司")];
        let corrected = lead.post(&format!("{entry}/correct"), &fields).await;
        assert_eq!(corrected.status, 303, "{:?}", corrected.all(".errors"));
        assert_eq!((uses("示例甲公司").await, uses("示例丙公司").await), (0, 1));
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(lead.post(&format!("{entry}/withdraw"), &[("version", "2")]).await.status, 303);
        assert_eq!(uses("示例丙公司").await, 0);
        assert!(support(&lead, &p, "2026-10-13", "、").await.refuses(Code::Missing), "a required one is still asked for");
        assert!(support(&lead, &p, "2026-10-13", &"长".repeat(61)).await.refuses(Code::TooLong));
        assert!(listed(&lead, "长长").await.is_empty(), "what was refused registers nothing");
    }
}

both_engines! {
    /// A thing that is called after an enterprise is called as it is registered, and after one only.
    async fn a_thing_called_after_an_enterprise_bears_its_registered_name(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        supported(&world.agent(&p.lead, "lead").await, &p, "2026-10-12", FIRST).await;
        let form = county.get("/outputs/new/key-enterprise-link").await;
        assert!(form.attributes("datalist#l-title option", "value").contains(&FIRST.to_owned()));
        let send = async |title: &str| {
            let fields = [("title", title), ("stage", "linked"), ("since", "2026-10-09")];
            county.post("/outputs/new/key-enterprise-link", &fields).await
        };
        assert!(send("示例甲公司、示例乙公司").await.refuses(Code::TooMany));
        let made = send("示例(兴宁)电子有限公司").await;
        assert_eq!(made.status, 303, "{:?}", made.all(".errors"));
        assert!(county.get(&made.location).await.says(FIRST));
        assert!(send("示例【兴宁】电子有限公司").await.refuses(Code::Duplicate), "the same on the same day");
        let found = listed(&county, "电子").await;
        assert_eq!((found.len(), found[0].2), (1, 2));
        assert!(county.get(&found[0].1).await.attributes("td a", "href").contains(&made.location));
    }
}

async fn join(agent: &Agent, at: &str, version: &str, into: &str, reason: &str) -> PageResponse {
    agent.post(&format!("{at}/join"), &[("version", version), ("into", into), ("reason", reason)]).await
}

both_engines! {
    /// Rows keep what they say and are found under the other; its name leads there; it can be taken back.
    async fn two_that_are_one_are_joined_and_parted(world: World, p: Province) {
        let (lead, county) = (world.agent(&p.lead, "lead").await, world.agent(&p.county, "county").await);
        for (day, name) in [("2026-10-12", FIRST), ("2026-10-13", "兴宁电子厂"), ("2026-10-14", "兴宁老电子厂")] {
            supported(&lead, &p, day, name).await;
        }
        let at = async |name: &str| listed(&county, name).await[0].1.clone();
        let (whole, plant, old) = (at(FIRST).await, at("兴宁电子厂").await, at("兴宁老电子厂").await);
        assert_eq!(join(&lead, &plant, "1", FIRST, "更名").await.status, 403);
        assert_eq!(join(&world.agent(&p.city, "city").await, &plant, "1", FIRST, "更名").await.status, 403);
        assert!(join(&county, &plant, "1", FIRST, "").await.refuses(Code::Missing));
        assert!(join(&county, &plant, "1", "没有这家", "更名").await.refuses(Code::NotListed));
        assert!(join(&county, &plant, "1", "兴宁电子厂", "更名").await.refuses(Code::NotFitting));
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(join(&county, &old, "1", "兴宁电子厂", "原名").await.status, 303);
        assert!(join(&county, &plant, "1", "兴宁老电子厂", "更名").await.status == 422, "the name leads back to itself");
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(join(&county, &plant, "1", "示例(兴宁)电子有限公司", "更名").await.status, 303);
        assert_eq!(join(&county, &plant, "1", FIRST, "更名").await.status, 422, "it is joined already");
        let found = listed(&county, "老电子厂").await;
        assert_eq!((found.len(), found[0].0.as_str(), found[0].2), (1, FIRST, 3), "found by each of its names");
        let shown = county.get_json(&whole).await.json();
        let aliases: Vec<_> = shown["aliases"].as_array().unwrap().iter().map(|one| one["label"].clone()).collect();
        assert_eq!(aliases, ["兴宁电子厂", "兴宁老电子厂"]);
        let named: Vec<_> = shown["uses"]["rows"].as_array().unwrap().iter().map(|row| row["named"].clone()).collect();
        assert_eq!(named, ["兴宁老电子厂", "兴宁电子厂", FIRST], "rows say what they said");
        let later = supported(&lead, &p, "2026-10-15", "兴宁 老电子厂").await;
        assert!(lead.get(&later).await.says(FIRST), "an old name is written as the new one");
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(county.post(&format!("{plant}/part"), &[("version", "1")]).await.status, 409);
        assert_eq!(county.post(&format!("{plant}/part?version=2"), &[]).await.status, 303);
        let counts = |found: Vec<(String, String, i64)>| found[0].2;
        assert_eq!(counts(listed(&county, "兴宁电子厂").await), 2, "with what had been joined to it before");
        assert_eq!(counts(listed(&county, "电子有限公司").await), 2, "what was written meanwhile stays");
        let told = county.get(&plant).await;
        assert!(told.says("撤销合并") && told.says("并入另一家") && told.says("更名"));
    }
}

/// What an indicator comes to in the whole province: claimed and confirmed.
async fn figure(world: &World, id: &str) -> (i64, i64) {
    let (mut tx, programme) = (world.tx().await, world.app.programme());
    let facts = indicators::Facts::read(&mut tx, &programme).await.unwrap();
    let of = programme.indicator(id).unwrap();
    let reading = facts.reading(&programme, of, &indicators::Slice::year(2026));
    let differences = indicators::verify(&mut tx, &programme).await.unwrap();
    assert!(differences.is_empty(), "kept and computed agree: {differences:#?}");
    (reading.claimed.value().unwrap(), reading.confirmed.value().unwrap())
}

async fn introduced(agent: &Agent, pairing: &str, day: &str, (number, names): (&str, &str)) -> PageResponse {
    let fields = [("pairing", pairing), ("from", day), ("quantity", number), ("names", names)];
    agent.post("/entries/new/enterprise-introduction", &fields).await
}

both_engines! {
    /// Whoever names it again, in whatever way, adds nothing; the next one counts it where the first is withdrawn.
    async fn an_enterprise_is_counted_once(world: World, p: Province) {
        let (lead, far) = (world.agent(&p.lead, "lead").await, world.agent(&p.other_lead, "lead").await);
        let id = "enterprises-introduced";
        let first = introduced(&lead, &p.running, "2026-10-12", ("2", "示例甲公司、示例乙公司")).await;
        assert_eq!(first.status, 303, "{:?}", first.all(".errors"));
        let second = introduced(&far, &p.strange, "2026-10-13", ("3", "示例乙 公司、示例丙公司")).await;
        assert_eq!(second.status, 303, "{:?}", second.all(".errors"));
        assert_eq!(figure(&world, id).await, (4, 0), "two, one more, and one that nobody named");
        assert!(introduced(&lead, &p.running, "2026-10-14", ("1", "示例丁公司、示例戊公司")).await.refuses(Code::NotFitting));
        let school = world.agent(&p.nanxiong, "county_school").await;
        world.clock().advance(TimeDelta::seconds(1));
        let confirm = [("version", "1"), ("verdict", "confirm")];
        let done = school.post(&format!("{}/answer", second.location), &confirm).await;
        assert_eq!(done.status, 303, "{:?}", done.all(".errors"));
        assert_eq!(figure(&world, id).await, (4, 3), "what only the first one claims is confirmed by the second");
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(lead.post(&format!("{}/withdraw", first.location), &[("version", "1")]).await.status, 303);
        assert_eq!(figure(&world, id).await, (3, 3));
        let third = introduced(&lead, &p.running, "2026-10-15", ("1", "示例丙厂")).await;
        assert_eq!((third.status.as_u16(), figure(&world, id).await), (303, (4, 3)));
        let office = world.agent(&p.office, "province").await;
        let plant = listed(&office, "示例丙厂").await[0].1.clone();
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(join(&office, &plant, "1", "示例丙公司", "更名").await.status, 303);
        assert_eq!(figure(&world, id).await, (3, 3), "two that are one count as one");
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(office.post(&format!("{plant}/part"), &[("version", "2")]).await.status, 303);
        assert_eq!(figure(&world, id).await, (4, 3), "and as two again");
    }
}

both_engines! {
    /// The same of what is called after an enterprise, at two schools.
    async fn an_output_called_after_an_enterprise_counts_it_once(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        let mut tx = world.tx().await;
        let bureau = registry::bureau(&mut tx, "county_bureau", "440282").await.unwrap().unwrap();
        drop(tx);
        let far = world.agent(&bureau, "county").await;
        let record = async |agent: &Agent, day: &str, title: &str| {
            let fields = [("title", title), ("stage", "linked"), ("since", day)];
            let made = agent.post("/outputs/new/key-enterprise-link", &fields).await;
            assert_eq!(made.status, 303, "{:?}", made.all(".errors"));
            made.location
        };
        let first = record(&county, "2026-10-09", FIRST).await;
        let second = record(&far, "2026-10-10", "示例(兴宁)电子有限公司").await;
        assert_eq!(figure(&world, "key-enterprises").await, (1, 0));
        let answer = async |org: &str, at: &str| {
            world.clock().advance(TimeDelta::seconds(1));
            let school = world.agent(org, "county_school").await;
            let done = school.post(&format!("{at}/answer"), &[("version", "1"), ("verdict", "confirm")]).await;
            assert_eq!(done.status, 303, "{:?}", done.all(".errors"));
        };
        answer(&p.nanxiong, &second).await;
        assert_eq!(figure(&world, "key-enterprises").await, (1, 1));
        answer(&p.xingning, &first).await;
        assert_eq!(figure(&world, "key-enterprises").await, (1, 1));
        world.clock().advance(TimeDelta::seconds(1));
        let ended = [("version", "2"), ("stage", "ended"), ("from", "2026-11-01")];
        assert_eq!(county.post(&format!("{first}/stage"), &ended).await.status, 303);
        assert_eq!(figure(&world, "key-enterprises").await, (1, 1), "the other one counts it from then on");
    }
}

both_engines! {
    /// One elsewhere is joined by the province alone.
    async fn across_counties_the_province_joins(world: World, p: Province) {
        supported(&world.agent(&p.lead, "lead").await, &p, "2026-10-12", FIRST).await;
        let far = world.agent(&p.other_lead, "lead").await;
        let fields = [("pairing", p.strange.as_str()), ("from", "2026-10-15"), ("to", "2026-10-15"), ("enterprise", "南雄电子厂")];
        assert_eq!(far.post("/entries/new/technical-support", &fields).await.status, 303);
        let (county, office) = (world.agent(&p.county, "county").await, world.agent(&p.office, "province").await);
        let (whole, plant) = (listed(&office, "电子有限").await[0].1.clone(), listed(&office, "南雄电子厂").await[0].1.clone());
        assert!(join(&county, &whole, "1", "南雄电子厂", "同一家").await.refuses(Code::NotListed), "not visible to it");
        assert_eq!(join(&county, &plant, "1", FIRST, "同一家").await.status, 404);
        assert_eq!(join(&office, &plant, "1", FIRST, "同一家").await.status, 303);
        assert_eq!(listed(&far, "南雄电子厂").await[0].0, FIRST, "whoever named it finds it");
        assert_eq!(listed(&far, "南雄电子厂").await[0].2, 1, "and sees its own rows alone");
    }
}

both_engines! {
    /// Two who name a new one at once name the same one.
    async fn one_name_at_once_is_one_enterprise(world: World, p: Province) {
        let (one, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.nearby, "nearby").await);
        let (a, b) = world
            .at_once(support(&one, &p, "2026-10-12", FIRST), support(&other, &p, "2026-10-13", "示例(兴宁)电子有限公司"))
            .await;
        assert_eq!((a.status.as_u16(), b.status.as_u16()), (303, 303));
        let mut tx = world.tx().await;
        let known = tx.all::<data::KnownRow>(&data::KNOWN, args![rules::evened(FIRST)]).await.unwrap();
        assert_eq!(known.len(), 1);
        drop(tx);
        assert_eq!(listed(&one, "电子").await[0].2, 2);
    }
}
