//! The month through the browser: who accepts, what stays, what is restated.

use super::actions::{self, recheck::counted};
use super::rules::parcel::{Amount, FORMAT, Parcel, ParcelFigure, ParcelSchool};
use crate::both_engines;
use crate::identity::accounts;
use crate::shared::kept::{Running, Shifts};
use crate::testing::{Agent, PageResponse, Province, World, claim};
use chrono::TimeDelta;
use jiedui_kernel::{Actor, Code, Scope};
use serde_json::Value;
use std::sync::Arc;

/// The five who have to do with the month of the running pairing's school.
struct Five {
    lead: Agent,
    school: Agent,
    county: Agent,
    city: Agent,
    office: Agent,
}

impl Five {
    async fn of(world: &World, p: &Province) -> Self {
        Self {
            lead: world.agent(&p.lead, "lead").await,
            school: world.agent(&p.xingning, "county_school").await,
            county: world.agent(&p.county, "county").await,
            city: world.agent(&p.city, "city").await,
            office: world.agent(&p.office, "province").await,
        }
    }
}

fn of(month: i64, school: &str) -> String {
    format!("/months/{month}/schools/{school}")
}

async fn answer(
    world: &World,
    agent: &Agent,
    month: i64,
    p: &Province,
    verdict: &[(&str, &str)],
) -> PageResponse {
    world.clock().advance(TimeDelta::seconds(1));
    let page = agent.get_json(&of(month, &p.xingning)).await;
    let version = page.json()["version"].to_string();
    let fields = [&[("version", version.as_str())], verdict].concat();
    agent.post(&format!("{}/answer", of(month, &p.xingning)), &fields).await
}

const ACCEPT: [(&str, &str); 1] = [("verdict", "accept")];

/// Accepted by all three, one after the other.
async fn close(world: &World, five: &Five, month: i64, p: &Province) {
    for agent in [&five.county, &five.city, &five.office] {
        assert_eq!(answer(world, agent, month, p, &ACCEPT).await.status, 303, "{month}");
    }
}

async fn confirmed(agent: &Agent, month: i64, p: &Province, indicator: &str) -> Value {
    let page = agent.get_json(&of(month, &p.xingning)).await.json();
    let figures = page["figures"].as_array().unwrap().clone();
    let one = figures.into_iter().find(|line| line["indicator"] == indicator);
    one.map_or(Value::Null, |line| line["confirmed"]["raw"].clone())
}

async fn confirm(agent: &Agent, entry: &str) {
    let done =
        agent.post(&format!("/entries/{entry}/answer"), &[("verdict", "confirm"), ("version", "1")]).await;
    assert_eq!(done.status, 303);
}

both_engines! {
    /// What one accepted for the county one does not accept for the city under another account: it is left out by name.
    async fn nobody_accepts_for_two_levels(world: World, p: Province) {
        world.clock().advance(TimeDelta::days(8));
        let five = Five::of(&world, &p).await;
        let (county, city) = (world.person(&p.county, "county").await, world.person(&p.city, "city").await);
        let mut tx = world.tx().await;
        accounts::persons::join(&mut tx, county.account(), city.account()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(five.city.get_json("/months/202609").await.json()["own_sides"], Value::Null);
        assert_eq!(answer(&world, &five.county, 202_609, &p, &ACCEPT).await.status, 303);
        let page = five.city.get_json("/months/202609").await.json();
        assert_eq!(page["own_sides"]["raw"], 1);
        let refused = five.city.post("/months/202609/accept", &[("id", &p.xingning)]).await;
        assert!(refused.status == 422 && refused.refuses(Code::NotFitting), "{}", refused.text());
        assert_eq!(answer(&world, &five.city, 202_609, &p, &ACCEPT).await.status, 409);
        assert_eq!(five.city.get_json("/months/202609").await.json()["rows"], page["rows"], "nothing was accepted");
    }
}

both_engines! {
    /// The school is asked for nothing; each level accepts after the one below; what comes later is restated in a later month.
    async fn a_month_is_accepted_level_by_level_and_stays_as_it_was(world: World, p: Province) {
        world.clock().advance(TimeDelta::days(8));
        let five = Five::of(&world, &p).await;
        for month in [202_609, 202_610] {
            close(&world, &five, month, &p).await;
        }
        confirm(&five.school, &p.visit).await;
        assert_eq!(confirmed(&five.county, 202_611, &p, "visits").await, 1);
        assert_eq!(answer(&world, &five.city, 202_611, &p, &ACCEPT).await.status, 403, "after the county");
        assert_eq!(answer(&world, &five.county, 202_611, &p, &ACCEPT).await.status, 303);
        assert_eq!(answer(&world, &five.county, 202_611, &p, &ACCEPT).await.status, 403, "once");
        let late = five.school.post(&format!("{}/problems", of(202_611, &p.xingning)), &[("version", "2"), ("problems", "缺设备")]).await;
        assert_eq!(late.status, 403, "accepting locks what stands below");
        assert_eq!(answer(&world, &five.city, 202_611, &p, &ACCEPT).await.status, 303);
        assert_eq!(answer(&world, &five.office, 202_611, &p, &ACCEPT).await.status, 303);
        let parcel = five.office.get(&format!("{}/parcel", of(202_611, &p.xingning))).await;

        let visit = claim(&world, &p.lead, &p.running, "visit", "书记", "2026-11-25", None).await;
        confirm(&five.school, &visit).await;
        assert_eq!(confirmed(&five.office, 202_611, &p, "visits").await, 1, "accepted is accepted");
        let again = five.office.get(&format!("{}/parcel", of(202_611, &p.xingning))).await;
        assert_eq!(parcel.bytes, again.bytes, "byte for byte");
        world.clock().advance(TimeDelta::days(31));
        let five = Five::of(&world, &p).await;
        let next = five.lead.get_json(&of(202_612, &p.xingning)).await.json();
        let restated = next["restated"].as_array().unwrap();
        assert_eq!(restated.len(), 1);
        assert_eq!((&restated[0]["was"]["raw"], &restated[0]["is"]["raw"]), (&1.into(), &2.into()));
        let kept = five.county.get_json(&of(202_611, &p.xingning)).await.json();
        assert_eq!(kept["kept"]["whole"], true, "it can be recomputed by itself");
    }

    /// Sent back with words; the school finds them on its desk, says what troubles it, and it goes up again.
    async fn what_is_sent_back_stands_on_the_desk_of_the_school(world: World, p: Province) {
        let five = Five::of(&world, &p).await;
        assert_eq!(five.county.get(&of(202_611, &p.xingning)).await.status, 404, "the month is not over");
        let words = [("verdict", "send_back"), ("about", "clocks"), ("reason", "驻点天数请核对")];
        let empty = answer(&world, &five.county, 202_610, &p, &[("verdict", "send_back"), ("reason", "")]).await;
        assert_eq!(empty.status, 422);
        assert_eq!(answer(&world, &five.county, 202_610, &p, &words).await.status, 303);
        assert!(five.school.get("/?all=yes").await.text().contains("驻点天数请核对"));
        assert!(five.school.get(&of(202_610, &p.xingning)).await.says("退回核对：驻点天数请核对"), "said at its head");
        let page = five.school.get_json(&of(202_610, &p.xingning)).await.json();
        let written = five.school.post(
            &format!("{}/problems", of(202_610, &p.xingning)),
            &[("version", &page["version"].to_string()), ("problems", "请协调两台数控设备")],
        ).await;
        assert_eq!(written.status, 303);
        assert!(!five.school.get("/?all=yes").await.text().contains("驻点天数请核对"));
        assert_eq!(answer(&world, &five.county, 202_610, &p, &ACCEPT).await.status, 303);
        let told = five.school.get_json("/notices").await.json()["rows"][0]["href"].as_str().unwrap().to_owned();
        assert_eq!(told, of(202_610, &p.xingning), "what is told leads to what it is about");
        assert!(!five.school.get(&told).await.says("退回核对"), "it was accepted since");
        let bulletin = five.office.get("/months/202610/bulletin").await;
        assert!(bulletin.text().contains("请协调两台数控设备"));
        let paper = five.office.get("/months/202610/bulletin/word").await;
        assert!(paper.status == 200 && paper.bytes.starts_with(b"PK"));
        assert_eq!(five.lead.post("/months/202610/accept", &[("id", &p.xingning)]).await.status, 403);
    }

    /// Several at once, all or none; strangers see nothing of it.
    async fn several_are_accepted_at_once(world: World, p: Province) {
        let five = Five::of(&world, &p).await;
        let desk = five.county.get("/?all=yes").await.attributes("a", "href");
        assert!(desk.contains(&"/months/202610?wait=yes".to_owned()), "the desk asks the county");
        assert_eq!(five.county.post("/months/202610/accept", &[]).await.status, 422, "nothing was picked");
        assert_eq!(five.county.post("/months/202610/accept", &[("id", &p.xingning), ("id", &p.nanxiong)]).await.status, 404);
        let state = |json: Value| json["state"]["key"].clone();
        assert_eq!(state(five.county.get_json(&of(202_610, &p.xingning)).await.json()), "pending", "all or none");
        assert_eq!(five.county.post("/months/202610/accept", &[("id", &p.xingning)]).await.status, 303);
        assert_eq!(state(five.county.get_json(&of(202_610, &p.xingning)).await.json()), "active");
        let strange = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(strange.get(&of(202_610, &p.xingning)).await.status, 404);
        let list = five.city.get("/months").await;
        assert!(list.says("每月的数字从台账里自动汇总"));
        let list = five.city.get_json("/months").await.json();
        assert_eq!(list["months"][0]["county"]["raw"], 1);
    }
}

both_engines! {
    /// What a level accepted is locked for the school: it asks, whoever has it now decides, and nobody accepts over it in passing.
    async fn a_school_asks_for_its_month_back(world: World, p: Province) {
        let five = Five::of(&world, &p).await;
        let at = of(202_610, &p.xingning);
        let ask = async |agent: &Agent, words: &str| {
            world.clock().advance(TimeDelta::seconds(1));
            let version = agent.get_json(&at).await.json()["version"].to_string();
            agent.post(&format!("{at}/ask"), &[("version", version.as_str()), ("asked", words)]).await
        };
        assert_eq!(ask(&five.school, "还没有接收").await.status, 403);
        assert_eq!(answer(&world, &five.county, 202_610, &p, &ACCEPT).await.status, 303);
        assert_eq!(five.school.post(&format!("{at}/problems"), &[("version", "2"), ("problems", "缺人")]).await.status, 403);
        assert_eq!(ask(&five.school, "").await.status, 422);
        assert_eq!(ask(&five.school, "漏写一件难事").await.status, 303);
        assert!(five.city.get("/?all=yes").await.says("有学校申请退回2026年10月的月调度"));
        assert!(five.city.get(&at).await.says("漏写一件难事"));
        let bulk = five.city.post("/months/202610/accept", &[("id", &p.xingning)]).await;
        assert_eq!(bulk.status, 422, "it is looked at by itself");
        let back = [("verdict", "send_back"), ("about", ""), ("reason", "请补充")];
        assert_eq!(answer(&world, &five.city, 202_610, &p, &back).await.status, 303);
        let page = five.school.get(&at).await;
        assert!(!page.says("申请退回补充："), "what was asked is done");
        let version = five.school.get_json(&at).await.json()["version"].to_string();
        let wrote = five.school.post(&format!("{at}/problems"), &[("version", &version), ("problems", "缺人")]).await;
        assert_eq!(wrote.status, 303);
        // Accepting answers it as well.
        assert_eq!(answer(&world, &five.county, 202_610, &p, &ACCEPT).await.status, 303);
        assert_eq!(ask(&five.school, "再补一句").await.status, 303);
        assert_eq!(answer(&world, &five.city, 202_610, &p, &ACCEPT).await.status, 303);
        assert!(!five.office.get(&at).await.says("再补一句") || !five.office.get(&at).await.says("学校申请退回补充："));
        close(&world, &five, 202_609, &p).await;
        assert_eq!(answer(&world, &five.office, 202_610, &p, &ACCEPT).await.status, 303);
        assert_eq!(ask(&five.school, "太晚").await.status, 403, "the province accepted: it lands in the next month");
    }

    /// The province accepts the months of a school in their order, one by one and among others: a correction stands in one month.
    async fn the_months_of_a_school_are_closed_in_order(world: World, p: Province) {
        let five = Five::of(&world, &p).await;
        for agent in [&five.county, &five.city] {
            assert_eq!(answer(&world, agent, 202_610, &p, &ACCEPT).await.status, 303, "below the province nobody waits");
        }
        let early = answer(&world, &five.office, 202_610, &p, &ACCEPT).await;
        assert_eq!(early.status, 409);
        assert!(early.says("请先打开2026年9月的月调度"), "{}", early.text());
        let picked = [("id", p.xingning.as_str())];
        let early = five.office.post("/months/202610/accept", &picked).await;
        assert!(early.status == 422 && early.says("兴宁甲校（2026年9月）"), "{}", early.text());
        close(&world, &five, 202_609, &p).await;
        assert_eq!(five.office.post("/months/202610/accept", &picked).await.status, 303);
        let state = five.office.get_json(&of(202_610, &p.xingning)).await.json()["state"]["key"].clone();
        assert_eq!(state, "done");
    }

    /// What was said about a figure when a month came back stands at that figure.
    async fn a_return_about_a_figure_is_found_at_the_figure(world: World, p: Province) {
        let five = Five::of(&world, &p).await;
        let entry = claim(&world, &p.lead, &p.running, "visit", "校长", "2026-10-20", None).await;
        confirm(&five.school, &entry).await;
        let moved = five.county.get_json(&of(202_610, &p.xingning)).await.json();
        let indicator = moved["figures"][0]["indicator"].as_str().unwrap().to_owned();
        let back = [("verdict", "send_back"), ("about", indicator.as_str()), ("reason", "这个数请核对")];
        assert_eq!(answer(&world, &five.county, 202_610, &p, &back).await.status, 303);
        let figure = format!("/indicators/{indicator}?year=2026&school={}&month=2026-10", p.xingning);
        assert!(five.school.get(&figure).await.says("这个数请核对"));
    }
}

both_engines! {
    /// Projects stand in the month, in what is accepted of it, and not before those who came after their pairing.
    async fn a_month_tells_of_projects_and_of_who_counted(world: World, p: Province) {
        let five = Five::of(&world, &p).await;
        let page = five.school.get_json(&of(202_610, &p.xingning)).await.json();
        let project = &page["projects"][0];
        assert_eq!(project["project"]["href"], format!("/projects/{}", p.papers[0].project));
        assert_eq!((&project["quantity"]["raw"], &project["confirmed"]["raw"]), (&30.into(), &0.into()));
        assert_eq!(project["state"]["key"], "active");
        assert_eq!(answer(&world, &five.county, 202_610, &p, &ACCEPT).await.status, 303);
        let text = five.county.get(&format!("{}/parcel", of(202_610, &p.xingning))).await;
        let kept: Parcel = serde_json::from_slice(&text.bytes).unwrap();
        assert_eq!((kept.format, kept.projects[0].id.as_str()), (FORMAT, p.papers[0].project.as_str()));
        let population = kept.population.unwrap();
        assert_eq!((population.schools, population.pairings[0].id.as_str()), (1, p.running.as_str()));
        assert!(five.office.get("/months/202610/bulletin").await.status == 200);

        let later = world.agent(&p.other_lead, "lead").await;
        let page = later.get_json(&of(202_610, &p.zijin)).await.json();
        assert_eq!(page["projects"].as_array().unwrap().len(), 0, "of the pairing before theirs");
        let page = five.office.get_json(&of(202_610, &p.zijin)).await.json();
        assert_eq!(page["projects"].as_array().unwrap().len(), 1);
    }

    /// Wherever figures of months stand it is said whether they are accepted or may still change.
    async fn figures_of_months_say_whether_they_are_settled(world: World, p: Province) {
        let five = Five::of(&world, &p).await;
        let at = |month: &str| format!("/indicators/visits?year=2026&month={month}");
        let page = five.county.get_json(&at("2026-09")).await.json();
        assert_eq!(page["settled"]["accepted"], false);
        assert!(five.county.get(&of(202_609, &p.xingning)).await.says("省办接收以前还会变"));
        close(&world, &five, 202_609, &p).await;
        assert!(five.county.get(&of(202_609, &p.xingning)).await.says("数字不再变"));
        let page = five.county.get_json(&at("2026-09")).await.json();
        assert_eq!(page["settled"]["accepted"], true, "the one school of the county");
        let page = five.county.get_json(&at("2026-10")).await.json();
        assert_eq!(page["settled"]["accepted"], false);
        assert!(page["settled"]["words"].as_str().unwrap().starts_with("2026年9月及以前"));
        let page = five.office.get_json(&at("2026-09")).await.json();
        assert_eq!(page["settled"]["accepted"], false, "other schools wait");
        let before = five.county.get_json(&at("2026-05")).await.json();
        assert!(before["settled"].is_null(), "before the first month of the dispatch");
        let bulletin = five.office.get_json("/months/202609/bulletin").await.json();
        assert_eq!(bulletin["settled"]["accepted"], false);
    }

    /// Whoever has no school does not know of those of others: that none of its own is open does not settle anything.
    async fn without_a_school_nothing_is_settled(world: World, _p: Province) {
        let (mut tx, programme) = (world.tx().await, world.app.programme());
        let nobody = Actor { scope: Scope::nothing(), ..(**tx.actor()).clone() };
        tx.act_as(Arc::new(nobody));
        assert_eq!(actions::settled_until(&mut tx, &programme).await.unwrap(), 0);
    }

    /// The parties see what is unusual some days before those who accept, and the school adds a word with one press.
    async fn what_is_pointed_out_is_shown_to_the_parties_first(world: World, p: Province) {
        world.clock().advance(TimeDelta::days(8));
        let five = Five::of(&world, &p).await;
        for day in ["2026-11-16", "2026-11-17", "2026-11-18"] {
            let entry = claim(&world, &p.lead, &p.running, "visit", "校长", day, None).await;
            confirm(&five.school, &entry).await;
        }
        let at = of(202_611, &p.xingning);
        let shown = async |agent: &Agent| {
            let page = agent.get_json(&at).await.json();
            page["unusual"].as_array().unwrap().len()
        };
        assert!(shown(&five.school).await > 0 && shown(&five.lead).await > 0);
        assert_eq!(shown(&five.county).await, 0, "the parties first");
        let version = async || five.school.get_json(&at).await.json()["version"].to_string();
        let troubled = [("version", version().await), ("problems", "缺一名教师".to_owned())];
        let troubled = troubled.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(five.school.post(&format!("{at}/problems"), &troubled).await.status, 303);
        let long = [("version", version().await), ("word", "长".repeat(101))];
        let long = long.each_ref().map(|(name, value)| (*name, value.as_str()));
        let refused = five.school.post(&format!("{at}/word"), &long).await;
        assert!(refused.status == 422 && refused.refuses(Code::TooLong), "{}", refused.text());
        assert_eq!(refused.attributes("input[name=word]", "value"), [long[1].1], "what was typed is not lost");
        assert!(refused.all("textarea[name=problems]").concat().contains("缺一名教师"), "nor what stands beside it");
        let page = five.school.get_json(&at).await.json();
        let word = page["word_field"]["value"].as_str().unwrap().to_owned();
        let fields = [("version", page["version"].to_string()), ("word", word.clone())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(five.school.post(&format!("{at}/word"), &fields).await.status, 303);
        assert!(shown(&five.county).await > 0, "the school has said its word");
        assert!(five.county.get("/months/202611").await.says(&word), "it stands in the list for those who accept many");
        assert_eq!(answer(&world, &five.county, 202_611, &p, &ACCEPT).await.status, 303);
        let kept = five.county.get(&format!("{at}/parcel")).await;
        assert!(String::from_utf8_lossy(&kept.bytes).contains(&word));
        let page = five.school.get_json(&at).await.json();
        assert!(page["word_field"].is_null());
        let late = [("version", page["version"].to_string()), ("word", "晚了".to_owned())];
        let late = late.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(five.school.post(&format!("{at}/word"), &late).await.status, 403);
    }

    /// What stands late is told to whoever it waits for and above: not to the school, and not to its helpers.
    async fn that_a_date_is_past_is_told_upwards_only(world: World, p: Province) {
        let five = Five::of(&world, &p).await;
        let nearby = world.agent(&p.nearby, "nearby").await;
        let told = async |agent: &Agent| {
            let page = agent.get_json(&of(202_610, &p.xingning)).await.json();
            (page["late"].as_bool().unwrap(), !page["due"].is_null())
        };
        for agent in [&five.county, &five.city, &five.office] {
            assert_eq!(told(agent).await, (true, true));
        }
        assert_eq!(told(&five.school).await, (false, true), "it knows the date");
        for agent in [&five.lead, &nearby] {
            assert_eq!(told(agent).await, (false, false));
        }
        assert_eq!(answer(&world, &five.county, 202_610, &p, &ACCEPT).await.status, 303);
        assert_eq!(told(&five.county).await, (false, true), "it waits for the city now");
        assert_eq!(told(&five.city).await, (true, true));
    }
}

#[test]
fn a_month_rests_on_what_the_code_counts_otherwise() {
    let programme = crate::testing::programme();
    let of = programme.indicator("visits").unwrap();
    let amount = |claimed, confirmed| Amount { claimed, confirmed };
    let figure = ParcelFigure {
        indicator: of.id.clone(),
        name: of.name.clone(),
        month: amount(2, 1),
        year: amount(9, 8),
        ..ParcelFigure::default()
    };
    let school = ParcelSchool { id: "a".to_owned(), ..ParcelSchool::default() };
    let parcel = Parcel { month: 202_603, school, figures: vec![figure], ..Parcel::default() };
    let told = |shifts: &Shifts| counted(&parcel, Running { programme: &programme, shifts });
    let mut shifts = Shifts::default();
    assert!(told(&shifts).is_empty());
    shifts.add("visits", (202_602, "a"), ((1, 1), (0, 0)));
    let one = told(&shifts);
    assert_eq!(one.len(), 1, "the sum since January alone: {one:?}");
    assert_eq!((one[0].was.as_str(), one[0].becomes.as_str()), ("登记 9、确认 8", "登记 8、确认 7"));
    shifts.add("visits", (202_603, "a"), ((2, 1), (3, 1)));
    assert_eq!(told(&shifts).len(), 2);
    let mut others = Shifts::default();
    others.add("visits", (202_603, "b"), ((2, 1), (3, 1)));
    others.add("visits", (202_604, "a"), ((2, 1), (3, 1)));
    assert!(told(&others).is_empty(), "another school, a later month");
}
