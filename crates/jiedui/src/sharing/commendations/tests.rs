//! From a nomination to the notice, and everything that stops one on the way, through the browser.

use super::data::{self, NominationRow, NominationState, ObjectionRow, RoundRow};
use super::rules::begins;
use crate::both_engines;
use crate::identity::accounts::{self, NewAccount, passwords};
use crate::network::registry;
use crate::shared::review::{self, Action, Said};
use crate::testing::{Agent, PageResponse, Province, World, actor, claim};
use jiedui_kernel::{Actor, Code, Scope};
use jiedui_store::{args, named};
use serde_json::json;
use std::sync::Arc;

const LOGIN: &str = "own-account";

/// One of a round that was taken back: everything else of a round is for everybody; and an objection to it, for the tests that
/// ask every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let author = actor(&mut tx, org, "county_school").await;
    tx.act_as(author);
    let (today, id, nomination, objection) = (tx.today(), tx.new_id(), tx.new_id(), tx.new_id());
    named!(data::INSERT { id: &id, issuer: org, year: 2025_i64, opened_on: today, nominate_until: today })
        .write(&mut tx)
        .await
        .unwrap();
    review::begun::<RoundRow>(&mut tx, &id, "open", json!({ "sample": true })).await.unwrap();
    let programme = world.app.programme();
    let opened = super::opened(&mut tx, &programme, &id).await.unwrap();
    named!(data::INSERT_NOMINATION {
        id: &nomination,
        class: "lead",
        nominator: org,
        nominated_by: "",
        school: org,
        person: None::<String>,
        sentence: "样例",
        nominated_on: today,
        state: begins(None),
    })
    .write(&mut tx, &opened.row)
    .await
    .unwrap();
    review::begun::<NominationRow>(&mut tx, &nomination, "nominate", json!({ "sample": true }))
        .await
        .unwrap();
    let row = tx.find::<NominationRow>(&data::NOMINATION, args![&nomination]).await.unwrap();
    tx.change(&row, &data::INSERT_OBJECTION, args![&objection, org, "样例", today]).await.unwrap();
    review::begun::<ObjectionRow>(&mut tx, &objection, "raise", json!({ "sample": true })).await.unwrap();
    let next = opened.demand(Action::Abandon).unwrap();
    let (version, write) = (opened.row.version, (&data::MOVE, Vec::new()));
    review::carry_out(&mut tx, &opened.row, next, version, write, Said::default()).await.unwrap();
    tx.commit().await.unwrap();
    vec![("commendation", id), ("commendation_nomination", nomination), ("commendation_objection", objection)]
}

async fn act(agent: &Agent, page: &str, act: &str, fields: &[(&str, &str)]) -> PageResponse {
    let version = agent.get_json(page).await.json()["version"].to_string();
    agent.post(&format!("{page}/{act}"), &[&[("version", version.as_str())], fields].concat()).await
}

/// A residency of somebody of the lead college at the first county school, confirmed; returns its id.
async fn confirmed(world: &World, p: &Province) -> String {
    let id = claim(world, &p.lead, &p.running, "residency", "主任甲", "2026-09-10", Some("2026-10-25")).await;
    let school = world.agent(&p.xingning, "county_school").await;
    let page = format!("/entries/{id}");
    let done = act(&school, &page, "answer", &[("verdict", "confirm")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    id
}

async fn opened(office: &Agent) -> String {
    let made = office.post("/commendations/new", &[("year", "2026")]).await;
    assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
    made.location
}

fn of<'a>(class: &'a str, school: &'a str, reason: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("class", class), ("school", school), ("sentence", "常驻按约定做到"), ("reasons", reason)]
}

async fn nominated(agent: &Agent, round: &str, fields: &[(&str, &str)]) -> String {
    let made = agent.post(&format!("{round}/nominate"), fields).await;
    assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
    made.location
}

/// The two of the office, and the list shown: the clock stands behind the days of nomination.
async fn listed(world: &World, p: &Province, round: &str, nominations: &[&str]) {
    let office = world.agent(&p.office, "province").await;
    let second = world.agent(&p.office, "reviewer").await;
    for one in nominations {
        assert_eq!(act(&office, one, "propose", &[]).await.status, 303, "{one}");
        let done = act(&second, one, "confirm", &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
    }
    world.clock().advance(chrono::TimeDelta::days(30));
    let second = world.agent(&p.office, "reviewer").await;
    let shown = act(&second, round, "publish", &[]).await;
    assert_eq!(shown.status, 303, "{}", shown.text());
}

both_engines! {
    /// S3.4: nominated by another for a confirmed entry, reviewed by two, shown to all, decided; the notice has it by itself.
    async fn a_school_is_nominated_reviewed_by_two_shown_and_commended(world: World, p: Province) {
        let entry = confirmed(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let county = world.agent(&p.county, "county").await;
        let round = opened(&office).await;
        assert!(office.post("/commendations/new", &[("year", "2026")]).await.refuses(Code::Duplicate));
        assert!(office.post("/commendations/new", &[("year", "2020")]).await.refuses(Code::InPast));
        let form = county.get(&format!("{round}/nominate?class=lead&school={}", p.lead)).await;
        assert!(form.status == 200 && form.says("常驻帮扶"), "{}", form.text());
        let one = nominated(&county, &round, &of("lead", &p.lead, &entry)).await;
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(stranger.get(&one).await.status, 404, "another county sees no nomination");
        assert!(!stranger.get(&round).await.says("广州技师学院甲"));
        assert!(office.get("/").await.says("评审提名") && office.get(&one).await.says("符合"));
        listed(&world, &p, &round, &[&one]).await;
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert!(stranger.get(&round).await.says("广州技师学院甲"), "the list is for everybody");
        assert!(!stranger.get(&one).await.says("2026-09-10"), "its entries are not");
        let second = world.agent(&p.office, "reviewer").await;
        assert_eq!(act(&second, &round, "decide", &[]).await.status, 409, "the days of notice run");
        world.clock().advance(chrono::TimeDelta::days(14));
        let second = world.agent(&p.office, "reviewer").await;
        assert!(second.get("/").await.says("决定通报表扬"));
        let decided = act(&second, &round, "decide", &[]).await;
        assert_eq!(decided.status, 303, "{}", decided.text());
        let notice = second.get("/outputs/notices/results-preference/2026").await;
        assert!(notice.says("协作院校") && notice.says("广州技师学院甲"), "{}", notice.text());
        let late = act(&world.agent(&p.county, "county").await, &one, "object", &[("reason", "来晚了")]).await;
        assert_eq!(late.status, 409, "{}", late.text());
        let withdrawn = act(&second, &round, "withdraw", &[("reason", "名单有误")]).await;
        assert_eq!(withdrawn.status, 303, "{}", withdrawn.text());
        assert!(!second.get("/outputs/notices/results-preference/2026").await.says("广州技师学院甲"));
    }

    /// Nobody names itself, nobody names without a confirmed entry, and nothing else is a reason.
    async fn what_may_not_be_nominated_is_refused(world: World, p: Province) {
        let entry = confirmed(&world, &p).await;
        let visit = claim(&world, &p.lead, &p.running, "residency", "骨干乙", "2026-09-01", Some("2026-09-05")).await;
        let round = opened(&world.agent(&p.office, "province").await).await;
        let to = format!("{round}/nominate");
        let (lead, county) = (world.agent(&p.lead, "lead").await, world.agent(&p.county, "county").await);
        let own = lead.post(&to, &[("class", "person"), ("school", &p.lead), ("name", "主任甲")]).await;
        assert!(own.refuses(Code::NotFitting), "{}", own.text());
        assert_eq!(lead.post(&to, &of("lead", &p.lead, &entry)).await.status, 403, "not its class");
        for (reason, code) in [("", Code::Missing), ("media-report", Code::NotListed), (visit.as_str(), Code::NotListed)] {
            let mut fields = of("lead", &p.lead, reason);
            fields.retain(|(name, value)| *name != "reasons" || !value.is_empty());
            assert!(county.post(&to, &fields).await.refuses(code), "{reason}");
        }
        let other = county.post(&to, &of("lead", &p.other_lead, &entry)).await;
        assert!(other.refuses(Code::NotListed), "a college of another county");
        nominated(&county, &round, &of("lead", &p.lead, &entry)).await;
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(school.post(&to, &of("lead", &p.lead, &entry)).await.refuses(Code::Duplicate));
        world.clock().advance(chrono::TimeDelta::days(40));
        let county = world.agent(&p.county, "county").await;
        assert_eq!(county.post(&to, &of("nearby", &p.nearby, &entry)).await.status, 409, "it is too late");
    }
}

both_engines! {
    /// A person agrees first: by its own account, or on paper of which the unit states the day; and takes its name out at once.
    async fn a_person_goes_on_only_with_its_agreement(world: World, p: Province) {
        let entry = confirmed(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let round = opened(&office).await;
        let whom = [("step", "whom"), ("class", "person"), ("school", p.lead.as_str()), ("name", "主任甲")];
        let asked = school.post(&format!("{round}/nominate"), &whom).await;
        assert!(asked.status == 200 && asked.says("凭哪些台账"), "the name is sent and stands in no address");
        let fields = [of("person", &p.lead, &entry), vec![("name", "主任甲")]].concat();
        let one = nominated(&school, &round, &fields).await;
        assert_eq!(act(&office, &one, "propose", &[]).await.status, 403, "nobody agreed");
        let unit = world.agent(&p.lead, "lead").await;
        assert!(unit.get("/").await.says("请写明本人是否同意提名"));
        assert!(act(&unit, &one, "agree", &[]).await.refuses(Code::Missing), "on which day");
        assert!(act(&unit, &one, "agree", &[("agreed_on", "2026-12-24")]).await.refuses(Code::InFuture));
        assert_eq!(act(&school, &one, "agree", &[]).await.status, 403, "who nominated does not agree");
        let account = account(&world, &p, "主任甲").await;
        let own = signed_in(&world, &p, (&account, "主任甲")).await;
        assert_eq!(act(&unit, &one, "agree", &[("agreed_on", "2026-11-20")]).await.status, 403, "now it agrees itself");
        assert!(own.get("/").await.says("请您决定是否同意提名"));
        assert_eq!(act(&own, &one, "agree", &[]).await.status, 303);
        listed(&world, &p, &round, &[&one]).await;
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert!(stranger.get(&round).await.says("主任甲"), "it agreed to be named");
        let own = signed_in(&world, &p, (&account, "主任甲")).await;
        assert_eq!(act(&own, &one, "decline", &[]).await.status, 303);
        assert!(!stranger.get(&round).await.says("主任甲"), "taken out at once");
        assert_eq!(stranger.get(&one).await.status, 404);
    }

    /// Who nominated does not review, and who proposed does not confirm, whatever its role is.
    async fn two_persons_review_and_neither_of_them_nominated(world: World, p: Province) {
        let entry = confirmed(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let round = opened(&office).await;
        let one = nominated(&world.agent(&p.county, "county").await, &round, &of("lead", &p.lead, &entry)).await;
        assert_eq!(act(&office, &one, "propose", &[]).await.status, 303);
        let alone = act(&office, &one, "confirm", &[]).await;
        assert_eq!(alone.status, 403, "the same person does not confirm: {}", alone.text());
        let second = world.agent(&p.office, "reviewer").await;
        assert!(act(&second, &one, "send-back", &[]).await.refuses(Code::Missing));
        assert_eq!(act(&second, &one, "send-back", &[("reason", "再核对一次")]).await.status, 303);
        // A seat at the office of whoever nominated.
        let nominator = world.person(&p.county, "county").await;
        let mut tx = world.tx().await;
        let id = one.rsplit('/').next().unwrap();
        let row = tx.find::<NominationRow>(&data::NOMINATION, args![id]).await.unwrap();
        assert_eq!((row.state, row.nominated_by.as_str()), (NominationState::Nominated, nominator.account()));
        let seat = registry::find(&mut tx, &p.office).await.unwrap();
        tx.act_as(Arc::new(Actor {
            org: p.office.clone(),
            org_name: seat.name,
            roles: vec!["province".to_owned()],
            scope: Scope::subtree(&seat.path),
            ..(*nominator).clone()
        }));
        let programme = world.app.programme();
        let opened = crate::sharing::commendations::opened_nomination(&mut tx, &programme, id).await.unwrap();
        assert!(!opened.can(Action::Forward) && !opened.can(Action::Refuse));
        drop(tx);
        let out = act(&office, &one, "leave-out", &[("reason", "理由不充分")]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        assert!(world.agent(&p.county, "county").await.get(&one).await.says("理由不充分"));
    }
}

both_engines! {
    /// While somebody objects nothing is decided; who is right takes the name off the list.
    async fn an_objection_holds_the_decision(world: World, p: Province) {
        let entry = confirmed(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let round = opened(&office).await;
        let county = world.agent(&p.county, "county").await;
        let one = nominated(&county, &round, &of("lead", &p.lead, &entry)).await;
        assert_eq!(act(&county, &one, "object", &[("reason", "太早")]).await.status, 409, "nothing is shown");
        listed(&world, &p, &round, &[&one]).await;
        let (city, far) =
            (world.agent(&p.city, "city").await, world.agent(&p.nanxiong, "county_school").await);
        assert!(act(&far, &one, "object", &[("reason", "")]).await.refuses(Code::Missing));
        for agent in [&city, &far] {
            let raised = act(agent, &one, "object", &[("reason", "常驻天数不实")]).await;
            assert_eq!(raised.status, 303, "{}", raised.text());
            assert_eq!(act(agent, &one, "object", &[("reason", "再来一次")]).await.status, 409);
        }
        world.clock().advance(chrono::TimeDelta::days(14));
        let second = world.agent(&p.office, "reviewer").await;
        let held = act(&second, &round, "decide", &[]).await;
        assert_eq!(held.status, 409, "{}", held.text());
        assert!(second.get("/").await.says("答复异议"));
        let raised = second.get(&one).await.attributes("a[href^='/commendation-objections/']", "href");
        assert_eq!(raised.len(), 2);
        let (no, yes) = ([("verdict", "dismiss"), ("answer", "以台账为准")], [("verdict", "uphold"), ("answer", "情况属实")]);
        assert!(act(&second, &raised[0], "answer", &[("verdict", "uphold")]).await.refuses(Code::Missing));
        assert_eq!(act(&second, &raised[0], "answer", &no).await.status, 303);
        assert_eq!(act(&second, &round, "decide", &[]).await.status, 409, "one still waits");
        assert_eq!(act(&second, &raised[1], "answer", &yes).await.status, 303);
        assert!(!world.agent(&p.nearby, "nearby").await.get(&round).await.says("广州技师学院甲"), "off the list");
        assert_eq!(act(&second, &round, "decide", &[]).await.status, 303);
        let notice = second.get("/outputs/notices/results-preference/2026").await;
        assert!(!notice.says("广州技师学院甲"), "{}", notice.text());
    }
}

both_engines! {
    /// To dispute is a right: it stands in nobody's way while there is time to settle it, and a few do not afterwards either.
    async fn a_dispute_is_in_nobodys_way_until_it_was_left(world: World, p: Province) {
        let entry = confirmed(&world, &p).await;
        let school = world.agent(&p.xingning, "county_school").await;
        let mut disputed = Vec::new();
        for (from, to) in [("2026-09-01", "2026-09-04"), ("2026-09-07", "2026-09-09"), ("2026-09-14", "2026-09-16")] {
            let id = claim(&world, &p.lead, &p.running, "residency", "骨干乙", from, Some(to)).await;
            let page = format!("/entries/{id}");
            let done = act(&school, &page, "answer", &[("verdict", "dispute"), ("reason", "这几天没有到校")]).await;
            assert_eq!(done.status, 303, "{}", done.text());
            disputed.push(page);
        }
        let office = world.agent(&p.office, "province").await;
        let round = opened(&office).await;
        let one = nominated(&world.agent(&p.county, "county").await, &round, &of("lead", &p.lead, &entry)).await;
        assert!(!office.get(&one).await.says("不符合"), "there is time to settle them");
        world.clock().advance(chrono::TimeDelta::days(35));
        let office = world.agent(&p.office, "province").await;
        let held = act(&office, &one, "propose", &[]).await;
        assert_eq!(held.status, 409, "{}", held.text());
        assert!(held.says("不符合"), "{}", held.text());
        let gone = act(&world.agent(&p.lead, "lead").await, &disputed[0], "withdraw", &[]).await;
        assert_eq!(gone.status, 303, "{}", gone.text());
        assert_eq!(act(&office, &one, "propose", &[]).await.status, 303, "a few are in nobody's way");
    }
}

both_engines! {
    /// S4.4: a city may put forward as many as it was given; each nomination takes one up, and taking it back gives it back.
    async fn a_city_names_out_of_the_places_it_was_given(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let said = [("pairing", p.running.as_str()), ("from", "2026-10-12"), ("to", "2026-10-12")];
        let entry = lead.post("/entries/new/joint-teaching", &said).await.made();
        let done = act(&school, &format!("/entries/{entry}"), "answer", &[("verdict", "confirm")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let (office, city) = (world.agent(&p.office, "province").await, world.agent(&p.city, "city").await);
        let round = opened(&office).await;
        let form = format!("{round}/nominate?class=county-school");
        assert!(city.get_json(&form).await.json()["room"].is_null(), "everybody may name the same");
        let fields = [("rule", "honour-places"), ("total", "30"), ("title", "年度推荐名额")];
        let made = office.post("/allocations/new", &fields).await;
        assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
        let draft = made.location;
        assert_eq!(act(&office, &draft, "publish", &[]).await.status, 303);
        let lines = async |agent: &Agent| {
            agent.get_json(&draft).await.json()["taken"]["lines"].as_array().unwrap().clone()
        };
        let parts = |line: &serde_json::Value| {
            ["given", "claimed", "confirmed", "left"].map(|part| line[part]["raw"].as_i64().unwrap())
        };
        let own = lines(&city).await;
        let given = parts(&own[0])[0];
        assert!(own.len() == 1 && given > 1 && lines(&office).await.len() > 1);
        let room = async || city.get_json(&form).await.json()["room"]["words"].as_str().unwrap().to_owned();
        assert!(room().await.contains(&format!("分得 {given} 所，已提名 0 所")), "{}", room().await);
        let one = nominated(&city, &round, &of("county-school", &p.xingning, &entry)).await;
        let own = lines(&city).await;
        assert_eq!(parts(&own[0]), [given, 1, 0, given - 1]);
        assert!(room().await.contains(&format!("还可提名 {} 所", given - 1)), "{}", room().await);
        let rows = async |part: &str| {
            let behind = own[0][part]["href"].as_str().unwrap();
            city.get_json(behind).await.json()["rows"].as_array().unwrap().len()
        };
        assert_eq!((rows("claimed").await, rows("confirmed").await), (1, 0), "each number opens to its names");
        let back = act(&city, &one, "recall", &[]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!((rows("claimed").await, parts(&lines(&city).await[0])), (0, [given, 0, 0, given]));
        let again = nominated(&city, &round, &of("county-school", &p.xingning, &entry)).await;
        listed(&world, &p, &round, &[&again]).await;
        assert_eq!(parts(&lines(&world.agent(&p.city, "city").await).await[0]), [given, 1, 0, given - 1]);
        let second = world.agent(&p.office, "reviewer").await;
        let withdrawn = act(&second, &round, "withdraw", &[("reason", "名单有误")]).await;
        assert_eq!(withdrawn.status, 303, "{}", withdrawn.text());
        let city = world.agent(&p.city, "city").await;
        assert_eq!(parts(&lines(&city).await[0]), [given, 0, 0, given], "a round that was taken back uses up nothing");
        let behind = city.get_json(own[0]["claimed"]["href"].as_str().unwrap()).await.json();
        assert!(behind["rows"].as_array().unwrap().is_empty(), "{behind}");
    }
}

/// An account of somebody at the lead college; returns its id.
async fn account(world: &World, p: &Province, name: &str) -> String {
    let password = &passwords::accept("Testing-2026-x", LOGIN, &world.app.random).unwrap();
    let mut tx = world.tx().await;
    let new = NewAccount {
        login: LOGIN,
        name,
        password: Some(password),
        must_change: false,
        org: &p.lead,
        role: "lead",
    };
    let account = accounts::create(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    account
}

async fn signed_in(world: &World, p: &Province, (account, name): (&str, &str)) -> Agent {
    let mut tx = world.tx().await;
    let who = accounts::Person { account, login: LOGIN, name };
    let (token, csrf) = accounts::start_session(&mut tx, &who, &p.lead, "").await.unwrap();
    tx.commit().await.unwrap();
    Agent::new(world.router.clone(), Some(token)).with_token(csrf)
}
