//! Things are recorded by one side and confirmed by another; stages, corrections, reach; and each type of the programme
//! once through its whole life.

use super::{NewOutput, NewStage, OutputRow, rules};
use crate::both_engines;
use crate::shared::confirmation::{Ruling, State, tests::fold};
use crate::shared::contributions;
use crate::shared::jobs::{Worker, tests::rows};
use crate::testing::{Agent, PageResponse, Province, World, actor, day, kept};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Result};
use jiedui_programme::{FieldKind, Output, Retires as _, Side};
use jiedui_store::Tx;
use jiedui_web::history;

/// The role in which an organisation of the small province acts.
fn role_of(p: &Province, org: &str) -> &'static str {
    // A college's own is confirmed by whoever is above it, which may be another city.
    Side::ALL.into_iter().find(|side| p.seat(*side).0 == org).map_or("city", Side::role)
}

async fn row(world: &World, id: &str) -> jiedui_store::Found<OutputRow> {
    crate::evidence::outputs::find(&mut world.tx().await, id).await.unwrap()
}

/// Two promotions of one school do not stand beside each other: this one makes room for the next.
async fn gone(world: &World, agent: &Agent, kind: &Output, id: &str) {
    if kind.raises_to.is_some() {
        let gone = act(world, agent, id, "withdraw", &[("reason", "另行登记")]).await;
        assert_eq!(gone.status, 303, "{}", gone.all(".errors").join(" "));
    }
}

/// Sends one of the forms of an output's page with the version it has now.
async fn act(world: &World, agent: &Agent, id: &str, what: &str, fields: &[(&str, &str)]) -> PageResponse {
    // Time stands still in tests, and history is told in the order of time.
    world.clock().advance(TimeDelta::seconds(1));
    let version = row(world, id).await.version.to_string();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    agent.post(&format!("/outputs/{id}/{what}"), &all).await
}

async fn built(p: &Province, lead: &Agent, title: &str) -> String {
    let fields = [
        ("title", title),
        ("stage", "building"),
        ("since", "2026-09-01"),
        ("helper", p.nearby.as_str()),
        ("scope", "数控与机电"),
        ("what", "system"),
    ];
    lead.post("/outputs/new/training-system", &fields).await.made()
}

async fn counted(world: &World, p: &Province, output: &str) -> i64 {
    let mut tx = world.tx().await;
    let counts =
        crate::evidence::outputs::counts_of(&mut tx, &world.app.programme(), &p.xingning).await.unwrap();
    counts.get(output).copied().unwrap_or(0)
}

async fn kept_figure(world: &World, id: &str, indicator: &str) -> (i64, i64) {
    contributions::of_resource(&mut world.tx().await, id, indicator).await.unwrap()
}

both_engines! {
    /// Built together, confirmed once, counted only in a stage that counts and while it is confirmed.
    async fn a_joint_thing_goes_through_its_stages(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let id = built(&p, &lead, "技能实训体系").await;
        let output = row(&world, &id).await;
        assert_eq!((output.state, output.answerer.as_deref()), (State::Claimed, Some(p.xingning.as_str())));
        assert_eq!(output.pairing.as_deref(), Some(p.running.as_str()));
        let mut tx = world.tx().await;
        let mut helpers = crate::evidence::outputs::fact_of(&mut tx, &output).await.unwrap().helpers;
        helpers.sort();
        let mut both = vec![p.lead.clone(), p.nearby.clone()];
        both.sort();
        assert_eq!(helpers, both, "one output, two builders");
        drop(tx);
        assert_eq!(act(&world, &school, &id, "answer", &[("verdict", "confirm")]).await.status, 303);
        assert_eq!(counted(&world, &p, "training-system").await, 0, "it is still being built");
        let early = act(&world, &lead, &id, "stage", &[("stage", "running"), ("from", "2026-08-31")]).await;
        assert_eq!((early.status.as_u16(), early.attributes(".errors a", "href")), (422, vec!["#f-from".to_owned()]));
        let moved = act(&world, &lead, &id, "stage", &[("stage", "running"), ("from", "2026-11-02"), ("note", "首批设备到位")]).await;
        assert_eq!(moved.status, 303);
        assert_eq!(row(&world, &id).await.state, State::Claimed, "it counts from now on, so it is confirmed again");
        assert_eq!(counted(&world, &p, "training-system").await, 0);
        act(&world, &school, &id, "answer", &[("verdict", "confirm")]).await;
        assert_eq!(counted(&world, &p, "training-system").await, 1);
        assert_eq!(act(&world, &lead, &id, "withdraw", &[("reason", "登记错了")]).await.status, 403, "confirmed by another");
        act(&world, &school, &id, "answer", &[("verdict", "take_back")]).await;
        assert_eq!(counted(&world, &p, "training-system").await, 0);
        let page = lead.get(&format!("/outputs/{id}")).await;
        let history = page.all(".timeline-what");
        assert_eq!(history, ["撤销答复", "确认", "进入新阶段", "确认", "登记"]);
        assert!(page.says("首批设备到位"));
        assert_eq!(act(&world, &lead, &id, "withdraw", &[("reason", "登记错了")]).await.status, 303);
        assert_eq!(act(&world, &lead, &id, "stage", &[("stage", "ended"), ("from", "2026-11-03")]).await.status, 403);
        let list = lead.get_json("/outputs?type=training-system").await.json();
        assert_eq!(list["rows"].as_array().unwrap().len(), 0, "withdrawn ones are asked for by their state");
        let list = lead.get_json("/outputs?type=training-system&state=withdrawn").await.json();
        assert_eq!(list["rows"].as_array().unwrap().len(), 1, "nothing is erased");
    }
}

both_engines! {
    /// Nobody confirms its own; a dispute has a reason; a correction of words keeps the confirmation, of numbers does not.
    async fn disputes_and_corrections(world: World, p: Province) {
        let (county, school) = (world.agent(&p.county, "county").await, world.agent(&p.xingning, "county_school").await);
        let promise = |amount: &'static str, use_for: &'static str| {
            [("title", "实训楼专项投入"), ("since", "2026-03-10"), ("stage", "promised"), ("quantity", amount), ("use", use_for)]
        };
        let id = county.post("/outputs/new/local-investment", &promise("1200000.50", "")).await.made();
        assert_eq!(row(&world, &id).await.quantity, 120_000_050, "kept in cents");
        assert_eq!(act(&world, &county, &id, "answer", &[("verdict", "confirm")]).await.status, 403);
        let wordless = act(&world, &school, &id, "answer", &[("verdict", "dispute")]).await;
        assert_eq!((wordless.status.as_u16(), wordless.attributes(".errors a", "href")), (422, vec!["#f-reason".to_owned()]));
        act(&world, &school, &id, "answer", &[("verdict", "dispute"), ("reason", "文件写的是一百万元")]).await;
        assert!(county.get(&format!("/outputs/{id}")).await.says("文件写的是一百万元"));
        act(&world, &county, &id, "correct", &promise("1000000", "")).await;
        let output = row(&world, &id).await;
        assert_eq!((output.state, output.quantity), (State::Claimed, 100_000_000));
        act(&world, &school, &id, "answer", &[("verdict", "confirm")]).await;
        act(&world, &county, &id, "correct", &promise("1000000", "实训楼")).await;
        assert_eq!(row(&world, &id).await.state, State::Confirmed, "only words changed");
        let more = [("stage", "arriving"), ("from", "2026-05-01"), ("achieved", "300000")];
        act(&world, &county, &id, "stage", &more).await;
        let output = row(&world, &id).await;
        assert_eq!((output.state, output.achieved), (State::Claimed, 30_000_000), "more arrived: asked again");
        act(&world, &school, &id, "answer", &[("verdict", "confirm")]).await;
        let done = [("stage", "lapsed"), ("from", "2026-06-01"), ("achieved", "300000")];
        act(&world, &county, &id, "stage", &done).await;
        assert_eq!(row(&world, &id).await.state, State::Confirmed, "what ends needs nobody's word");
        assert_eq!(counted(&world, &p, "local-investment").await, 0);
        // Two colleagues: the second is told of the concurrent edit, and nothing typed is lost.
        let mut stale = vec![("version", "1")];
        stale.extend(promise("900000", "我填的用途"));
        let late = county.post(&format!("/outputs/{id}/correct"), &stale).await;
        assert_eq!(late.status, 409);
        assert_eq!(late.attributes("input[name=use]", "value"), ["我填的用途"]);
        assert_eq!(row(&world, &id).await.quantity, 100_000_000);
    }
}

both_engines! {
    /// What is wrong is reported at its field, all at once; what was typed stays.
    async fn a_form_says_what_is_wrong(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let send = async |title: &str, since: &str, helper: &str| {
            let fields = [("title", title), ("since", since), ("stage", "building"), ("helper", helper), ("scope", "焊接"), ("what", "system")];
            lead.post("/outputs/new/training-system", &fields).await
        };
        let empty = send("", "", "").await;
        assert_eq!(empty.status, 422);
        assert_eq!(empty.attributes(".errors a", "href"), ["#f-since", "#f-title"]);
        assert_eq!(empty.attributes("input[name=scope]", "value"), ["焊接"]);
        let future = send("体系", "2026-12-01", "").await;
        assert_eq!(future.attributes(".errors a", "href"), ["#f-since"]);
        let elsewhere = send("体系", "2026-09-01", &p.other_lead).await;
        assert_eq!(elsewhere.attributes(".errors a", "href"), ["#f-helper"]);
        assert_eq!(send("体系", "2026-09-01", "").await.status, 303);
        assert!(send("体系", "2026-09-01", "").await.refuses(Code::Duplicate));
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.get("/outputs/new/training-system").await.status, 403, "its helpers record this");
        assert_eq!(lead.get("/outputs/new/no-such-type").await.status, 404);
        let other = [("school", p.nanxiong.as_str()), ("title", "甲"), ("since", "2026-09-01"), ("stage", "building"), ("what", "system")];
        assert_eq!(lead.post("/outputs/new/training-system", &other).await.status, 303, "one school only: that one");
        let mut tx = world.tx().await;
        let facts = crate::evidence::outputs::facts_of(&mut tx, &p.nanxiong).await.unwrap();
        assert!(facts.iter().all(|fact| fact.output != "training-system"), "a strange school is never written to");
    }
}

both_engines! {
    /// Reach: strangers see nothing, former partners what came about in their pairing, the office everything.
    async fn things_are_seen_by_whom_they_concern(world: World, p: Province) {
        let status = async |org: &str, role: &str, id: &str| {
            world.agent(org, role).await.get(&format!("/outputs/{id}")).await.status.as_u16()
        };
        let [running, ended, strange] = p.papers.each_ref().map(|papers| papers.output.clone());
        for (org, role) in [(&p.lead, "lead"), (&p.nearby, "nearby"), (&p.city, "city"), (&p.county, "county")] {
            assert_eq!(status(org, role, &running).await, 200, "{role}");
            assert_eq!(status(org, role, &strange).await, 404, "{role}");
        }
        assert_eq!(status(&p.lead, "lead", &ended).await, 200, "dated inside the former pairing");
        assert_eq!(status(&p.nearby, "nearby", &ended).await, 404);
        assert_eq!(status(&p.office, "province", &strange).await, 200);
        for role in ["sysadmin", "secadmin", "auditor"] {
            let agent = world.agent(&p.office, role).await;
            assert_eq!(agent.get("/outputs").await.status, 403, "{role} has no business here");
        }
        let seen = async |org: &str, role: &str| {
            let mut tx = world.tx().await;
            let one = actor(&mut tx, org, role).await;
            tx.act_as(one);
            crate::evidence::outputs::facts(&mut tx).await.unwrap().len()
        };
        assert_eq!(seen(&p.lead, "lead").await, 2);
        assert_eq!(seen(&p.xingning, "county_school").await, 1);
        assert_eq!(seen(&p.office, "province").await, 3);
    }
}

both_engines! {
    /// Time alone confirms nothing; after fifteen working days the bureau above may, with a reason.
    async fn the_bureau_settles_what_nobody_answered(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let id = built(&p, &lead, "技能实训体系").await;
        let county = world.agent(&p.county, "county").await;
        let settle = [("verdict", "confirm"), ("reason", "到校核实")];
        assert_eq!(act(&world, &county, &id, "answer", &settle).await.status, 403);
        world.clock().advance(TimeDelta::days(22));
        let county = world.agent(&p.county, "county").await;
        assert_eq!(row(&world, &id).await.state, State::Claimed);
        assert_eq!(act(&world, &county, &id, "answer", &[("verdict", "confirm")]).await.status, 422);
        assert_eq!(act(&world, &county, &id, "answer", &settle).await.status, 303);
        assert_eq!(row(&world, &id).await.state, State::Confirmed);
    }
}

/// What a form of this type must say, and what its select of persons offers.
async fn filled(agent: &Agent, kind: &Output) -> Vec<(String, String)> {
    let page = agent.get(&format!("/outputs/new/{}", kind.id)).await;
    assert_eq!(page.status, 200, "{}", kind.id);
    let mut fields = vec![
        ("title".to_owned(), format!("{}一号", kind.name)),
        ("since".to_owned(), "2026-10-09".to_owned()),
    ];
    if let Some(stage) = kind.stages.iter().find(|stage| stage.counts) {
        fields.push(("stage".to_owned(), stage.id.clone()));
    }
    if !kind.quantity_label.is_empty() {
        fields.push(("quantity".to_owned(), "12".to_owned()));
    }
    for school in page.attributes("select[name=school] option", "value").into_iter().skip(1).take(1) {
        fields.push(("school".to_owned(), school));
    }
    for field in &kind.fields {
        let offered = page.attributes(&format!("select[name={}] option", field.id), "value");
        let value = match field.kind {
            FieldKind::Text | FieldKind::LongText | FieldKind::Enterprise | FieldKind::Chain => {
                "照实写".to_owned()
            }
            FieldKind::Number => "3".to_owned(),
            FieldKind::Date => "2026-12-31".to_owned(),
            FieldKind::Yes => "yes".to_owned(),
            FieldKind::Choice | FieldKind::Person => offered[1].clone(),
        };
        fields.push((field.id.clone(), value));
    }
    fields
}

both_engines! {
    /// Each type of the programme, whoever records it: recorded, waiting, confirmed by the other side, counted, opened.
    async fn every_type_of_the_programme_goes_its_way(world: World, p: Province) {
        let programme = world.app.programme();
        assert!(programme.outputs.len() >= 40, "the plan's types are there");
        let today = world.tx().await.today();
        for kind in programme.outputs.iter().filter(|kind| kind.is_offered_on(today)) {
            for side in &kind.recorded_by {
                let (org, role) = p.seat(*side);
                let agent = world.agent(&org, role).await;
                let mut fields = filled(&agent, kind).await;
                fields[0].1 = format!("{}{}", fields[0].1, side.label());
                let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                let id = agent.post(&format!("/outputs/new/{}", kind.id), &fields).await.made();
                let output = row(&world, &id).await;
                assert_eq!(output.school.is_some(), kind.of_school && !kind.own.contains(side), "{}", kind.id);
                assert_eq!(output.answerer.is_some(), kind.confirmed_by.is_some(), "{} by {role}", kind.id);
                if let Some(answerer) = &output.answerer {
                    assert_ne!(*answerer, org, "nobody confirms its own");
                    let school = output.school.clone().unwrap_or_default();
                    if *answerer == school && school != p.xingning {
                        gone(&world, &agent, kind, &id).await;
                        continue;
                    }
                    let other = world.agent(answerer, role_of(&p, answerer)).await;
                    let waits = other.get_json(&format!("/outputs?waiting=me&type={}", kind.id)).await.json();
                    assert!(waits.to_string().contains(&id), "{} waits at {answerer}", kind.id);
                    assert_eq!(act(&world, &other, &id, "answer", &[("verdict", "confirm")]).await.status, 303);
                }
                let mut tx = world.tx().await;
                let output = crate::evidence::outputs::find(&mut tx, &id).await.unwrap();
                let fact = crate::evidence::outputs::fact_of(&mut tx, &output).await.unwrap();
                assert_eq!(fact.state, State::Confirmed);
                assert!(rules::counts_on(&programme, &fact, day("2026-11-24")), "{} counts", kind.id);
                assert!(!rules::counts_on(&programme, &fact, day("2026-10-08")), "{} not before its day", kind.id);
                drop(tx);
                let page = agent.get(&format!("/outputs/{id}")).await;
                assert_eq!(page.status, 200);
                assert!(page.says(&kind.name));
                gone(&world, &agent, kind, &id).await;
            }
        }
    }
}

both_engines! {
    /// The list filters by what the address says, and the workbook holds what the list shows.
    async fn the_list_and_its_workbook(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        built(&p, &lead, "甲体系").await;
        built(&p, &lead, "乙体系").await;
        let titles = async |query: &str| {
            let view = lead.get_json(&format!("/outputs?{query}")).await.json();
            let rows = view["rows"].as_array().unwrap().clone();
            rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(titles("q=甲体系").await, ["甲体系"]);
        assert_eq!(titles("type=training-system&stage=running").await, Vec::<String>::new());
        assert_eq!(titles("type=training-system&task=T3&kind=built").await.len(), 2);
        assert_eq!(titles("type=training-system&task=T4").await.len(), 0);
        assert_eq!(titles(&format!("type=training-system&school={}", p.xingning)).await.len(), 2);
        let file = lead.get("/outputs/export?q=甲体系&type=training-system").await;
        assert_eq!(&file.bytes[..2], b"PK");
        assert!(file.content_type.contains("spreadsheet"));
        let job = lead.post("/outputs/export?q=甲体系&type=training-system", &[]).await.made();
        assert!(Worker::new(&world.app).turn().await.unwrap());
        let made = lead.get(&format!("/jobs/{job}/file")).await;
        assert_eq!(rows(&made.bytes), 2, "headings and the one that was found");
    }
}

/// One of the things that can be done to an output, by its number.
async fn do_one(tx: &mut Tx, world: &World, id: &str, what: u64) -> Result<()> {
    let programme = world.app.programme();
    let output = super::find(tx, id).await?;
    let version = output.version;
    match what {
        0 | 1 => super::respond(tx, &programme, &output, version, Ruling::Confirm, "核实").await,
        2 => super::respond(tx, &programme, &output, version, Ruling::Dispute, "还没有投入使用").await,
        3 => super::take_back(tx, &programme, &output, version).await,
        4 => {
            let new = NewStage {
                stage: "running".to_owned(),
                from: output.stage_from,
                achieved: None,
                note: String::new(),
            };
            super::move_on(tx, &programme, &output, version, &new).await
        }
        5 => super::withdraw(tx, &programme, &output, version - 1, "登记错了").await,
        more => {
            let helpers = super::helpers(tx, id).await?;
            let new = NewOutput {
                title: format!("技能实训体系{version}"),
                since: Some(output.since - TimeDelta::days(i64::from(more == 6))),
                helpers: helpers.into_iter().map(|(org, _)| org).collect(),
                fields: jiedui_web::fields::parse(&output.fields),
                ..NewOutput::default()
            };
            super::correct(tx, &programme, &output, version, &new).await.map(drop)
        }
    }
}

both_engines! {
    /// Any sequence of actions by anybody: done or refused, never a fault; the history leads without a gap to the state.
    async fn whatever_is_done_history_and_row_agree(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let id = built(&p, &lead, "技能实训体系").await;
        let seats = [(&p.lead, "lead"), (&p.xingning, "county_school"), (&p.county, "county"), (&p.city, "city"), (&p.nearby, "nearby")];
        let (mut seed, mut done, mut refused) = (11_u64, 0, 0);
        world.clock().advance(TimeDelta::days(30));
        for round in 0..70 {
            world.clock().advance(TimeDelta::hours(9));
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let what = if round == 65 { 5 } else { (seed >> 33) % 8 };
            let (org, role) = seats[((seed >> 33) / 8 % 5) as usize];
            let mut tx = world.tx().await;
            let one = actor(&mut tx, org, role).await;
            tx.act_as(one);
            let tried = do_one(&mut tx, &world, &id, what).await;
            if kept(tx, tried).await { done += 1 } else { refused += 1 }
            let mut tx = world.tx().await;
            let state = crate::evidence::outputs::find(&mut tx, &id).await.unwrap().state;
            let steps = history::of(&mut tx, &id).await.unwrap();
            assert_eq!(fold(&steps), Ok(Some(state)));
        }
        assert!(done > 5 && refused > 20, "{done} done, {refused} refused");
    }
}

#[test]
fn sections_stand_in_the_order_of_the_plan() {
    let programme = crate::testing::programme();
    let programme = &programme;
    let found = rules::sections(programme, ["S1.2", "T10.2", "T2.1", "T2.3", "G0.3"].into_iter());
    assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["T2", "T10", "S1", ""]);
    assert_eq!(
        (rules::section_pattern(programme, "S1").as_str(), rules::section_pattern(programme, "T1").as_str()),
        ("%S1.%", "%T1.%")
    );
    assert_eq!(
        (rules::section_pattern(programme, ""), rules::section_pattern(programme, "X1")),
        (String::new(), String::new())
    );
}

both_engines! {
    /// Money that comes twice within one stage is two lines, each with its day; each counts in its own year.
    async fn a_second_arrival_within_a_stage_has_its_own_day(world: World, p: Province) {
        let (county, school) = (world.agent(&p.county, "county").await, world.agent(&p.xingning, "county_school").await);
        let fields = [("title", "实训楼专项投入"), ("since", "2024-09-10"), ("stage", "promised"), ("quantity", "1200000"), ("use", "")];
        let id = county.post("/outputs/new/local-investment", &fields).await.made();
        let arrive = async |stage: &str, from: &str, so_far: &str| {
            act(&world, &county, &id, "stage", &[("stage", stage), ("from", from), ("achieved", so_far)]).await
        };
        assert_eq!(arrive("arriving", "2025-03-01", "300000").await.status, 303);
        assert_eq!(act(&world, &school, &id, "answer", &[("verdict", "confirm")]).await.status, 303);
        let none = arrive("arriving", "2026-05-01", "300000").await;
        assert_eq!((none.status.as_u16(), none.attributes(".errors a", "href")), (422, vec!["#f-achieved".to_owned()]));
        assert_eq!(arrive("arriving", "2026-05-01", "500000").await.status, 303);
        let more = arrive("arriving", "2026-05-02", "1200001").await;
        assert_eq!((more.status.as_u16(), more.attributes(".errors a", "href")), (422, vec!["#f-achieved".to_owned()]), "than promised");
        let early = arrive("arriving", "2026-04-30", "600000").await;
        assert_eq!((early.status.as_u16(), early.attributes(".errors a", "href")), (422, vec!["#f-from".to_owned()]));
        let output = row(&world, &id).await;
        assert_eq!((output.state, output.achieved, output.stage_from), (State::Claimed, 50_000_000, day("2025-03-01")));
        assert_eq!(act(&world, &school, &id, "answer", &[("verdict", "confirm")]).await.status, 303);
        let page = school.get(&format!("/outputs/{id}")).await;
        assert_eq!(page.all("td[data-label=开始日期]").len(), 3, "promised, and two arrivals");
        let office = world.agent(&p.office, "province").await;
        for (year, sum) in [(2024, 0), (2025, 30_000_000), (2026, 50_000_000)] {
            let view = office.get_json(&format!("/indicators/local-investment-arrived?year={year}")).await.json();
            assert_eq!(view["confirmed"]["raw"].as_i64(), Some(sum), "{year}: {}", view["confirmed"]);
        }
    }
}

both_engines! {
    /// From special to brand is a step that the other side confirms, although it counted before (T5.3).
    async fn what_becomes_more_is_confirmed_again(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let major = [("title", "茶艺专业"), ("since", "2026-03-01"), ("stage", "special")];
        let id = lead.post("/outputs/new/special-major", &major).await.made();
        let figures = async || {
            (kept_figure(&world, &id, "special-majors").await, kept_figure(&world, &id, "brand-majors").await)
        };
        assert_eq!(figures().await, ((1, 0), (0, 0)));
        act(&world, &school, &id, "answer", &[("verdict", "confirm")]).await;
        act(&world, &lead, &id, "stage", &[("stage", "brand"), ("from", "2026-10-01")]).await;
        assert_eq!((row(&world, &id).await.state, figures().await), (State::Claimed, ((1, 1), (1, 0))), "the first stays confirmed");
        assert_eq!(counted(&world, &p, "special-major").await, 1);
        act(&world, &school, &id, "answer", &[("verdict", "confirm")]).await;
        assert_eq!((row(&world, &id).await.state, figures().await), (State::Confirmed, ((1, 1), (1, 1))));
        act(&world, &school, &id, "answer", &[("verdict", "take_back")]).await;
        assert_eq!(figures().await, ((1, 1), (1, 0)), "what it had confirmed before is not taken back with it");
        // What counts is another thing from now on: all of it is confirmed again.
        let corrected = [("title", "茶艺与茶文化专业"), ("since", "2026-03-02")];
        let answer = act(&world, &lead, &id, "correct", &corrected).await;
        assert_eq!((answer.status.as_u16(), figures().await), (303, ((1, 0), (1, 0))));
    }
}

both_engines! {
    /// A school stands on one level at a time (T2.3): a second promotion waits for the first to end, on its day.
    async fn a_school_is_raised_once(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let raise = async |what: &str, since: &str| {
            let school = p.xingning.as_str();
            let fields = [("title", "批准设立"), ("since", since), ("school", school), ("stage", "approved")];
            office.post(&format!("/outputs/new/{what}"), &fields).await
        };
        let senior = raise("senior-school-built", "2026-03-01").await.made();
        let early = raise("technician-college-built", "2026-10-01").await;
        assert_eq!(early.attributes(".errors a", "href"), ["#f-since"]);
        assert!(early.refuses(Code::Overlap));
        act(&world, &office, &senior, "stage", &[("stage", "raised"), ("from", "2026-10-01")]).await;
        assert_eq!(raise("technician-college-built", "2026-09-30").await.status, 422, "it still stood there");
        raise("technician-college-built", "2026-10-01").await.made();
    }
}

both_engines! {
    /// The school's plans and rules and the bureau's own plan in one form (T2.2, G2.1): each confirmed by whoever is above.
    async fn plans_of_a_school_and_of_its_bureau(world: World, p: Province) {
        let (county, school) = (world.agent(&p.county, "county").await, world.agent(&p.xingning, "county_school").await);
        let plan = |kind: &'static str, more: (&'static str, &'static str)| {
            [("title", "规划或制度"), ("since", "2026-03-01"), ("stage", "in-force"), ("kind", kind), more]
        };
        let own = county.post("/outputs/new/team-plan", &plan("development", ("guided", "city"))).await.made();
        let found = row(&world, &own).await;
        assert_eq!((found.school.clone(), found.answerer.as_deref()), (None, Some(p.city.as_str())), "its own plan");
        let bare = school.post("/outputs/new/team-plan", &plan("management", ("guided", "city"))).await;
        assert_eq!((bare.status.as_u16(), bare.attributes(".errors a", "href")), (422, vec!["#f-covers".to_owned()]));
        let charter = school.post("/outputs/new/team-plan", &plan("charter", ("covers", "finance"))).await.made();
        let found = row(&world, &charter).await;
        assert_eq!(found.answerer.as_deref(), Some(p.county.as_str()));
        assert_eq!(jiedui_web::fields::parse(&found.fields).keys().collect::<Vec<_>>(), ["kind"], "a charter covers all");
    }
}
