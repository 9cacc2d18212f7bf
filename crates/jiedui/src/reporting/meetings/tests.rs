//! From what the records offer to what was done about it, through the browser.

use super::actions::{self, NewDecision, NewMeeting, agenda};
use crate::both_engines;
use crate::network::pairings::PairingRow;
use crate::reporting::followups;
use crate::testing::{Agent, PageResponse, Province, World, actor, claim};
use chrono::TimeDelta;
use jiedui_kernel::{Actor, Code, Scope};
use jiedui_store::Tx;
use serde_json::Value;
use std::sync::Arc;

/// A closed meeting of the pairing's lead college with its partners, and what it decided, which is done.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> Vec<(&'static str, String)> {
    let programme = Arc::new(crate::testing::programme());
    let arranger = Arc::clone(tx.actor());
    // Former partners are no longer in the college's scope.
    let seen = |actor: Arc<Actor>| Arc::new(Actor { scope: Scope::everything(), ..(*actor).clone() });
    let lead = seen(actor(tx, &pairing.lead, "lead").await);
    let school = seen(actor(tx, &pairing.county_school, "county_school").await);
    tx.act_as(Arc::clone(&lead));
    // The same college stands on two of the pairings, and holds one such meeting a day.
    let today = tx.today() - TimeDelta::days(i64::from(pairing.to_day.is_some()));
    let invited = vec![pairing.nearby.clone(), pairing.county_school.clone()];
    let new = NewMeeting { on: Some(today), invited, ..NewMeeting::default() };
    let kind = programme.meeting("partners").unwrap();
    let id = actions::announce(tx, &programme, kind, &new).await.unwrap();
    let opened = actions::opened(tx, &programme, &id).await.unwrap();
    agenda::write_topic(tx, &opened, 1, "下学期的安排").await.unwrap();
    let topics = agenda::topics(tx, &id).await.unwrap();
    let decision = NewDecision {
        text: "商定跟岗名单".to_owned(),
        owner: pairing.county_school.clone(),
        due: Some(followups::rules::usual(&programme, today)),
        ..NewDecision::default()
    };
    let opened = actions::opened(tx, &programme, &id).await.unwrap();
    agenda::decide(tx, &programme, &opened, 2, (&topics[0].id, &decision)).await.unwrap();
    let opened = actions::opened(tx, &programme, &id).await.unwrap();
    actions::close::close(tx, &programme, &opened, 3).await.unwrap();
    let followup = followups::of_meeting(tx, &id).await.unwrap().remove(0).id;
    tx.act_as(school);
    let opened = followups::open(tx, &programme, &followup).await.unwrap();
    followups::report(tx, &opened, 1, (true, "已商定")).await.unwrap();
    tx.act_as(lead);
    let opened = followups::open(tx, &programme, &followup).await.unwrap();
    followups::accept(tx, &opened, 2).await.unwrap();
    tx.act_as(arranger);
    vec![("meeting", id), ("followup", followup)]
}

fn later(world: &World) {
    world.clock().advance(TimeDelta::seconds(1));
}

/// Posts at the version that the meeting has now.
async fn act(world: &World, agent: &Agent, meeting: &str, to: &str, fields: &[(&str, &str)]) -> PageResponse {
    later(world);
    let version = agent.get_json(meeting).await.json()["version"].to_string();
    let fields = [&[("version", version.as_str())], fields].concat();
    agent.post(&format!("{meeting}{to}"), &fields).await
}

async fn announce(agent: &Agent, kind: &str, on: &str, orgs: &[&str]) -> String {
    let fields: Vec<(&str, &str)> = [("on", on), ("at", "09:30"), ("place", "三楼会议室")]
        .into_iter()
        .chain(orgs.iter().map(|org| ("org", *org)))
        .collect();
    let made = agent.post(&format!("/meetings/new/{kind}"), &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    made.location
}

fn offered(page: &Value, start: &str) -> Option<String> {
    let all = page["offers"]["moved"].as_array().unwrap();
    let sources = all.iter().map(|one| one["source"].as_str().unwrap().to_owned());
    sources.into_iter().find(|source| source.starts_with(start))
}

/// Its owner reports, the host sends it back once and then agrees; neither closes it alone.
async fn both_say_so(world: &World, (office, lead): (&Agent, &Agent), followup: &str) {
    assert_eq!(
        act(world, office, followup, "/answer", &[("verdict", "close")]).await.status,
        403,
        "not by the host alone"
    );
    assert_eq!(
        act(world, lead, followup, "/report", &[("verdict", "done")]).await.status,
        422,
        "with a word"
    );
    let said = [("verdict", "done"), ("reason", "两台设备已运到")];
    assert_eq!(act(world, lead, followup, "/report", &said).await.status, 303);
    assert_eq!(
        act(world, lead, followup, "/answer", &[("verdict", "close")]).await.status,
        403,
        "nor by its owner alone"
    );
    let back = [("verdict", "send_back"), ("reason", "请装好再报")];
    assert_eq!(act(world, office, followup, "/answer", &back).await.status, 303);
    assert!(lead.get(followup).await.text().contains("请装好再报"));
    assert_eq!(act(world, lead, followup, "/report", &said).await.status, 303);
    assert!(
        office.get("/?all=yes").await.attributes("a", "href").iter().any(|href| href == followup),
        "the desk of the host asks"
    );
    assert_eq!(act(world, office, followup, "/answer", &[("verdict", "close")]).await.status, 303);
}

both_engines! {
    /// A problem of a month is offered, put on the agenda by a press, decided, frozen, seen to by its owner, agreed by the host.
    async fn what_a_meeting_decided_is_seen_to_until_both_say_so(world: World, p: Province) {
        let (office, lead) = (world.agent(&p.office, "province").await, world.agent(&p.lead, "lead").await);
        let school = world.agent(&p.xingning, "county_school").await;
        let month = format!("/months/202610/schools/{}", p.xingning);
        let told = school.post(&format!("{month}/problems"), &[("version", "0"), ("problems", "缺两台数控设备")]).await;
        assert_eq!(told.status, 303);
        assert!(office.get("/topics").await.text().contains("缺两台数控设备"));
        let meeting = announce(&office, "quarterly", "2026-11-24", &[&p.city, &p.lead]).await;
        let page = office.get_json(&meeting).await.json();
        let source = offered(&page, "month:").expect("the problem is offered");
        assert_eq!(act(&world, &office, &meeting, "/topics", &[("source", &source)]).await.status, 303);
        let page = office.get_json(&meeting).await.json();
        assert!(offered(&page, "month:").is_none(), "it is on the agenda");
        let topic = page["agenda"][0]["topic"].as_str().unwrap().to_owned();
        let to = format!("/topics/{topic}");
        let early = [("text", "调剂两台设备"), ("owner", p.lead.as_str()), ("due", "2026-11-27")];
        let refused = act(&world, &office, &meeting, &to, &early).await;
        assert!(refused.status == 422 && refused.refuses(Code::OutOfRange), "the minimum notice");
        let [project, other] = [0, 2].map(|at: usize| p.papers[at].project.as_str());
        let about = [("school", p.xingning.as_str()), ("project", project), ("clause", "S1.3")];
        let fields = [&[("text", "调剂两台设备"), ("owner", p.lead.as_str()), ("due", "2026-12-30")], &about[..]].concat();
        assert_eq!(act(&world, &office, &meeting, &to, &fields).await.status, 303);
        let invited = lead.get(&meeting).await;
        assert!(invited.status == 200 && !invited.text().contains("调剂两台设备"), "nothing is asked before the meeting is closed");
        assert_eq!(act(&world, &office, &meeting, "/close", &[]).await.status, 303);

        assert_eq!(act(&world, &office, &meeting, "/topics", &[("title", "再加一个")]).await.status, 403, "closed is closed");
        let kept = office.get(&format!("{meeting}/parcel")).await;
        assert!(kept.text().contains("调剂两台设备"));
        let page = office.get_json(&meeting).await.json();
        assert_eq!(page["kept"]["whole"], true);
        let record = page["record"]["href"].as_str().unwrap();
        assert!(office.get(record).await.text().contains("调剂两台设备"), "the record of the quarter says what was decided");
        let duty = office.get_json("/duties?duty=quarterly-meeting").await.json();
        assert_eq!(duty["rows"][0]["state"]["label"], "已开展", "and fulfils the duty");

        let followup = page["agenda"][0]["decisions"][0]["followup"].as_str().unwrap().to_owned();
        let desk = lead.get("/?all=yes").await;
        assert!(desk.text().contains("调剂两台设备"), "it is on the desk of its owner");
        both_say_so(&world, (&office, &lead), &followup).await;
        assert_eq!(lead.get_json(&followup).await.json()["state"]["key"], "done");
        assert_eq!(office.get(&format!("{meeting}/parcel")).await.bytes, kept.bytes, "byte for byte");
        let about = [("school", p.xingning.as_str()), ("clause", "S1.3"), ("project", project)];
        for found in about.map(|(name, value)| format!("/followups?{name}={value}")) {
            assert!(office.get(&found).await.text().contains("调剂两台设备"), "{found}");
        }
        let opens = office.get(&format!("/projects/{project}")).await.attributes("a[href^='/followups?project=']", "href");
        assert_eq!(opens, [format!("/followups?project={project}")], "the page of the project leads there");
        assert!(!office.get(&format!("/followups?project={other}")).await.text().contains("调剂两台设备"));
        let paper = lead.get(&format!("{meeting}/minutes/word")).await;
        assert!(paper.status == 200 && paper.bytes.starts_with(b"PK"));
        assert!(lead.get(&format!("{meeting}/minutes")).await.text().contains("调剂两台设备"));
        let strange = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(strange.get(&meeting).await.status, 404);
        assert_eq!(strange.get(&followup).await.status, 404);
    }

    /// A meeting that was held weeks ago is written down with what it decided, as of its own day.
    async fn a_past_meeting_keeps_the_days_that_it_set(world: World, p: Province) {
        let (county, lead) = (world.agent(&p.county, "county").await, world.agent(&p.lead, "lead").await);
        let meeting = announce(&county, "local", "2026-10-27", &[&p.lead]).await;
        assert_eq!(act(&world, &county, &meeting, "/topics", &[("title", "派教师")]).await.status, 303);
        let topic = county.get_json(&meeting).await.json()["agenda"][0]["topic"].as_str().unwrap().to_owned();
        let to = format!("/topics/{topic}");
        let form = county.get(&format!("{meeting}{to}")).await;
        assert_eq!(form.attributes("input[name=due]", "min"), ["2026-11-03"], "five working days from the meeting");
        let early = [("text", "派两名教师"), ("owner", p.lead.as_str()), ("due", "2026-10-30")];
        assert!(act(&world, &county, &meeting, &to, &early).await.refuses(Code::OutOfRange));
        let fields = [("text", "派两名教师"), ("owner", p.lead.as_str()), ("due", "2026-11-16")];
        assert_eq!(act(&world, &county, &meeting, &to, &fields).await.status, 303);
        assert_eq!(act(&world, &county, &meeting, "/close", &[]).await.status, 303);
        let page = county.get_json(&meeting).await.json();
        let item = page["agenda"][0]["decisions"][0]["followup"].as_str().unwrap().to_owned();
        let item = lead.get_json(&item).await.json();
        let said = ["made_on", "due"].map(|name| item[name].as_str().unwrap());
        assert_eq!((said, item["state"]["key"].as_str()), (["2026-10-27", "2026-11-16"], Some("late")));
    }

    /// Cities, counties and helpers hold theirs the same way, each within its own part; only the host writes.
    async fn everybody_holds_its_own(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        assert_eq!(county.get("/meetings/new/quarterly").await.status, 404, "that is the province's");
        assert_eq!(county.post("/meetings/new/local", &[("on", "2026-12-08")]).await.status, 422, "somebody is invited");
        let stranger = [("on", "2026-12-08"), ("org", p.nanxiong.as_str())];
        assert_eq!(county.post("/meetings/new/local", &stranger).await.status, 422, "of its own part");
        let meeting = announce(&county, "local", "2026-12-08", &[&p.lead, &p.xingning]).await;
        let twice = county.post("/meetings/new/local", &[("on", "2026-12-08"), ("org", &p.lead)]).await;
        assert!(twice.status == 422 && twice.refuses(Code::Duplicate));
        let second = announce(&county, "local", "2026-12-09", &[&p.lead]).await;
        let titles = county.get("/meetings?side=host").await.all("tbody a");
        let first = titles.iter().find_map(|title| title.strip_suffix("（第二次）")).expect("they bear different names");
        assert!(titles.contains(&first.to_owned()), "{titles:?}");
        assert_eq!(act(&world, &county, &second, "/cancel", &[]).await.status, 303);
        assert!(school.get("/?all=yes").await.attributes("a", "href").contains(&meeting), "the desk says when");
        let file = school.get(&format!("{meeting}/calendar")).await;
        assert!(file.text().contains("DTSTART:20261208T013000Z"), "{}", file.text());
        assert_eq!(act(&world, &school, &meeting, "/topics", &[("title", "乱提")]).await.status, 403);
        assert_eq!(act(&world, &lead, &meeting, "/close", &[]).await.status, 403);
        assert_eq!(act(&world, &county, &meeting, "/close", &[]).await.status, 403, "its day has not come");
        assert_eq!(world.agent(&p.city, "city").await.get(&meeting).await.status, 200, "those above see it");
        let old = county.get_json(&meeting).await.json()["version"].to_string();
        assert_eq!(act(&world, &county, &meeting, "/topics", &[("title", "跟岗安排")]).await.status, 303);
        let stale = county.post(&format!("{meeting}/topics"), &[("version", &old), ("title", "另一个")]).await;
        assert_eq!(stale.status, 409, "a colleague wrote first");
        let came = [("id", p.xingning.as_str()), ("minutes", "各方商定分头准备")];
        assert_eq!(act(&world, &county, &meeting, "/attendance", &came).await.status, 303);
        let parties = county.get_json(&meeting).await.json()["parties"].clone();
        let absent = parties.as_array().unwrap().iter().filter(|one| one["attended"] == false).count();
        assert_eq!(absent, 1);
        assert_eq!(act(&world, &county, &meeting, "/cancel", &[]).await.status, 303);
        assert!(!school.get("/?all=yes").await.attributes("a", "href").contains(&meeting));
    }

    /// One form announces a meeting in each quarter that is left of a year; each is moved alone, and the calendar has them all.
    async fn a_series_is_announced_at_once_and_each_moves_alone(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let series = |on: &'static str| [("on", on), ("series", "year"), ("org", p.lead.as_str())];
        let made = office.post("/meetings/new/quarterly", &series("2027-01-20")).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let held = async || {
            let page = office.get_json("/meetings?kind=quarterly&side=host").await.json();
            let rows = page["rows"].as_array().unwrap().clone();
            let line = |row: &Value| {
                (row["on"].as_str().unwrap().to_owned(), row["href"].as_str().unwrap().to_owned())
            };
            let mut lines: Vec<(String, String)> = rows.iter().map(line).collect();
            lines.sort();
            lines
        };
        let days = |all: &[(String, String)]| all.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
        let all = held().await;
        assert_eq!(days(&all), ["2027-01-20", "2027-04-20", "2027-07-20", "2027-10-20"]);
        assert_eq!(made.location, all[0].1, "the first one is opened");
        let desk = world.agent(&p.lead, "lead").await.get("/?all=yes").await.attributes("a", "href");
        let named: Vec<&String> = all.iter().map(|one| &one.1).filter(|href| desk.contains(href)).collect();
        assert_eq!(named, [&all[0].1], "whoever is invited is told of the next one");
        let moved = [("title", "第二季度会议"), ("on", "2027-04-22"), ("org", p.lead.as_str())];
        assert_eq!(act(&world, &office, &all[1].1, "/edit", &moved).await.status, 303);
        assert_eq!(days(&held().await), ["2027-01-20", "2027-04-22", "2027-07-20", "2027-10-20"], "alone");
        let file = office.get(&format!("{}/calendar", made.location)).await.text();
        assert_eq!(file.matches("BEGIN:VEVENT").count(), 4, "{file}");
        assert!(file.contains("20270422") && !file.contains("20270420"), "{file}");
        let again = office.post("/meetings/new/quarterly", &series("2027-02-10")).await;
        assert_eq!(again.status, 303);
        assert_eq!(held().await.len(), 5, "a quarter that has its meeting gets no second one by itself");
    }

    /// What has not moved since the meeting before stands neither in the papers nor in what is printed of them.
    async fn the_papers_leave_out_what_has_not_changed(world: World, p: Province) {
        world.clock().advance(TimeDelta::days(11));
        let office = world.agent(&p.office, "province").await;
        let before = announce(&office, "quarterly", "2026-12-05", &[&p.lead]).await;
        let page = office.get_json(&before).await.json();
        assert!(!page["pack"]["figures"].as_array().unwrap().is_empty(), "what was done in the months before");
        assert_eq!(act(&world, &office, &before, "/topics", &[("title", "下学期安排")]).await.status, 303);
        assert_eq!(act(&world, &office, &before, "/close", &[]).await.status, 303);
        world.clock().advance(TimeDelta::days(15));
        let office = world.agent(&p.office, "province").await;
        let next = announce(&office, "quarterly", "2026-12-20", &[&p.lead]).await;
        let figures = async || {
            let page = office.get_json(&next).await.json();
            page["pack"]["figures"].as_array().unwrap().clone()
        };
        assert!(figures().await.is_empty(), "nothing was done since");
        assert!(office.get(&next).await.says("这段时间没有登记工作"));
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-12-10", None).await;
        let moved = figures().await;
        assert!(!moved.is_empty());
        for line in &moved {
            assert!(line["claimed"]["raw"] != 0 || line["confirmed"]["raw"] != 0, "{line}");
        }
        assert!(moved.len() < world.app.programme().indicators.len(), "the others are left out");
    }

    /// A meeting is put away once it has begun; what a second tab typed is not lost; who is invited prepares from the same papers.
    async fn two_tabs_and_those_who_are_invited(world: World, p: Province) {
        let (office, lead) = (world.agent(&p.office, "province").await, world.agent(&p.lead, "lead").await);
        let fields = [("on", "2026-11-24"), ("at", "15:30"), ("org", p.lead.as_str())];
        let meeting = office.post("/meetings/new/quarterly", &fields).await.location;
        assert!(lead.get(&meeting).await.says("会议材料"), "before the meeting, as far as its own part goes");
        assert_eq!(lead.get(&format!("{meeting}/pack")).await.status, 404, "the paper is the host's");
        assert_eq!(act(&world, &office, &meeting, "/topics", &[("title", "下学期安排")]).await.status, 303);
        assert!(lead.get(&meeting).await.says("列入议题：下学期安排"), "the history says what");
        let early = act(&world, &office, &meeting, "/close", &[]).await;
        assert!(early.status == 409 && early.says("还没有到开会的时间"), "{}", early.text());

        let stale = office.get_json(&meeting).await.json()["version"].to_string();
        assert_eq!(act(&world, &office, &meeting, "/topics", &[("title", "资金安排")]).await.status, 303);
        let minutes = "会上还商定：实训设备统一采购。";
        let fields = [("version", stale.as_str()), ("id", p.lead.as_str()), ("minutes", minutes)];
        let refused = office.post(&format!("{meeting}/attendance"), &fields).await;
        assert!(refused.status == 409 && refused.says(minutes), "{}", refused.text());
        world.clock().advance(TimeDelta::hours(4));
        let office = world.agent(&p.office, "province").await;
        assert_eq!(act(&world, &office, &meeting, "/close", &[]).await.status, 303);
        let again = act(&world, &office, &meeting, "/close", &[]).await;
        assert!(again.status == 403 && again.says("现在不能这样办"), "{}", again.text());
    }

    /// What nobody began, and what nobody answers, is offered with the schools behind it, before any clock is overdue.
    async fn what_waits_is_offered_before_it_is_too_late(world: World, p: Province) {
        let topic = async |agent: &Agent, source: &str| {
            let page = agent.get_json("/topics").await.json();
            let all = page["moved"].as_array().unwrap().clone();
            all.into_iter().find(|one| one["source"] == source)
        };
        let office = world.agent(&p.office, "province").await;
        let idle = topic(&office, "idle:resident").await.expect("nobody stayed there this semester");
        let names = idle["names"].to_string();
        assert!(names.contains("梅州技师学院到兴宁甲校") && names.contains("广州技师学院甲到兴宁甲校"), "{names}");
        assert!(!names.contains("广州技师学院甲到紫金"), "that pairing ended: {names}");
        assert!(topic(&office, "idle:principal-visit").await.is_none(), "at risk already, and offered as that");
        assert!(topic(&office, "unconfirmed").await.is_none(), "nothing waits for long yet");
        world.clock().advance(TimeDelta::days(30));
        let (office, lead) = (world.agent(&p.office, "province").await, world.agent(&p.lead, "lead").await);
        let waits = topic(&office, "unconfirmed").await.expect("fifteen working days are over");
        assert!(waits["title"].as_str().unwrap().contains("15个工作日"), "{waits}");
        let names = waits["names"].to_string();
        assert!(names.contains("兴宁甲校（") && names.contains("南雄丙校（"), "{names}");
        let own = topic(&lead, "unconfirmed").await.expect("of its own pairings")["names"].to_string();
        assert!(own.contains("兴宁甲校") && !own.contains("南雄丙校"), "{own}");
        let href = waits["names"][0]["href"].as_str().unwrap().to_owned();
        assert!(!office.get_json(&href).await.json()["rows"].as_array().unwrap().is_empty(), "{href}");
    }
}
