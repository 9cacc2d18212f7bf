//! From somebody who wants a number by tonight to an answer that nobody had to report, through the browser.

use super::actions::recheck::counted;
use super::rules::Asked;
use super::rules::answer::{Answer, AnswerCell, AnswerFigure, AnswerUnit, Said};
use super::{actions, data};
use crate::both_engines;
use crate::evidence::profiles::{Stage, describe};
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::shared::contributions::OrgLocation;
use crate::shared::frozen::Stamp;
use crate::shared::kept::{Running, Shifts};
use crate::testing::{Agent, PageResponse, Province, World, actor, claim};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Reported};
use jiedui_store::{Tx, args};
use serde_json::Value;
use std::sync::Arc;

/// A question of the bureau above a county school with its first answer, and a request to the school that was cancelled:
/// it stands on nobody's desk.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> Vec<(&'static str, String)> {
    let programme = crate::testing::programme();
    let arranger = Arc::clone(tx.actor());
    let bureau = registry::find(tx, &pairing.county_school).await.unwrap().parent.unwrap();
    let bureau = actor(tx, &bureau, "county").await;
    tx.act_as(bureau);
    let asked = Asked {
        title: "统计公报用（样例）".to_owned(),
        figures: vec!["graduates".to_owned()],
        year: 2025,
        months: (0, 0),
        split: data::Split::School,
        as_of: None,
    };
    let id = actions::save(tx, &programme, &asked).await.unwrap();
    let (row, request, today) = (actions::find(tx, &id).await.unwrap(), tx.new_id(), tx.today());
    let values = args![&request, &pairing.county_school, 2025_i64, today, today];
    tx.change(&row, &data::PUT_REQUEST, values).await.unwrap();
    let (made, _) = actions::request(tx, &request).await.unwrap();
    tx.change(&made, &data::CANCEL, args![today]).await.unwrap();
    tx.act_as(arranger);
    vec![("question", id), ("request", request.to_string())]
}

fn later(world: &World) {
    world.clock().advance(TimeDelta::seconds(1));
}

async fn act(
    world: &World,
    agent: &Agent,
    question: &str,
    to: &str,
    fields: &[(&str, &str)],
) -> PageResponse {
    later(world);
    let version = agent.get_json(question).await.json()["version"].to_string();
    let fields = [&[("version", version.as_str())], fields].concat();
    agent.post(&format!("{question}{to}"), &fields).await
}

async fn save(world: &World, agent: &Agent, title: &str, fields: &[(&str, &str)]) -> String {
    later(world);
    let made = agent.post("/questions/new", &[&[("title", title)], fields].concat()).await;
    assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
    made.location
}

/// The numbers of one row: claimed and confirmed of each figure.
fn amounts(answer: &Value, unit: &str) -> Vec<(Option<i64>, Option<i64>)> {
    let rows = answer["rows"].as_array().unwrap();
    let row =
        rows.iter().find(|row| row["name"] == unit).unwrap_or_else(|| panic!("no row {unit} in {answer}"));
    let raw = |figure: &Value| figure["raw"].as_i64();
    row["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| (raw(&cell["claimed"]), raw(&cell["confirmed"])))
        .collect()
}

fn schools(list: &Value) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row["school"]["label"].as_str().unwrap().to_owned()).collect()
}

/// The state of the request to a school.
fn state_of(page: &Value, school: &str) -> Option<String> {
    let all = page["requests"].as_array().unwrap().iter();
    let mine = { all }.find(|row| row["school"]["label"] == school)?;
    Some(mine["state"]["label"].as_str().unwrap().to_owned())
}

const TASK_2025: &str = "补报年度基本情况：2025年度";

both_engines! {
    /// Whoever reported is left alone; whoever has not finds one line at the desk that goes when the form is handed in.
    async fn only_the_school_that_lacks_something_is_asked(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let (xingning, nanxiong) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.nanxiong, "county_school").await);
        describe(&world, &p, 2026, Stage::Accepted, &[]).await;
        let fields = [("figures", "enrolment"), ("year", "2026"), ("split", "school")];
        let newest = save(&world, &office, "省厅要在校生", &fields).await;
        let page = office.get_json(&newest).await.json();
        assert_eq!(amounts(&page["answer"], "兴宁甲校"), [(Some(100), Some(100))], "answered without asking anybody");
        assert_eq!(schools(&page["missing"]).len(), 2, "{}", page["missing"]);
        assert!(!schools(&page["missing"]).contains(&"兴宁甲校".to_owned()));
        let early = act(&world, &office, &newest, "/ask", &[("due", "2026-11-26")]).await;
        assert!(early.status == 422 && early.refuses(Code::OutOfRange), "never by tonight");
        assert_eq!(act(&world, &office, &newest, "/ask", &[("due", "2026-12-10")]).await.status, 303);
        assert!(nanxiong.get("/?all=yes").await.says("补报年度基本情况：2026年度"));
        let form = format!("/profiles/{}/2026", p.nanxiong);
        let acts = nanxiong.get("/?all=yes").await.attributes(".task-act a", "href");
        assert_eq!(acts.iter().filter(|to| **to == form).count(), 1, "one form, one line: {acts:?}");
        assert!(!xingning.get("/?all=yes").await.text().contains("补报年度基本情况"), "whoever reported is left alone");
        assert!(nanxiong.get("/notices").await.text().contains("请补报2026年度基本情况"));
        assert!(!xingning.get("/notices").await.text().contains("请补报"));
        assert_eq!(act(&world, &office, &newest, "/ask", &[("due", "2026-12-20")]).await.status, 409, "not again before the day");

        let before = save(&world, &office, "省厅要上年在校生", &[("figures", "enrolment"), ("year", "2025"), ("split", "school")]).await;
        assert_eq!(schools(&office.get_json(&before).await.json()["missing"]).len(), 3);
        assert_eq!(act(&world, &office, &before, "/ask", &[("due", "2026-12-10")]).await.status, 303);
        assert!(xingning.get("/?all=yes").await.says(TASK_2025));
        describe(&world, &p, 2025, Stage::Submitted, &[]).await;
        assert!(!xingning.get("/?all=yes").await.text().contains(TASK_2025), "it goes by itself");
        let page = office.get_json(&before).await.json();
        assert_eq!(state_of(&page, "兴宁甲校").as_deref(), Some("已补报"), "and the question says so");
        assert_eq!(state_of(&page, "南雄丙校").as_deref(), Some("待补报"));
        assert!(nanxiong.get("/?all=yes").await.says(TASK_2025));
        assert_eq!(act(&world, &office, &before, "/cancel", &[]).await.status, 303);
        assert!(!nanxiong.get("/?all=yes").await.text().contains(TASK_2025), "what was cancelled is not asked for");
        assert_eq!(act(&world, &office, &before, "/cancel", &[]).await.status, 409, "nothing is left to cancel");
        assert_eq!(act(&world, &office, &before, "/ask", &[("due", "2026-12-20")]).await.status, 303, "it may be asked for again");
    }

    /// A school sees what it was asked for and no more; an office asks nobody whom another has asked already.
    async fn a_school_is_asked_for_the_same_by_one_office_at_a_time(world: World, p: Province) {
        let (office, city) = (world.agent(&p.office, "province").await, world.agent(&p.city, "city").await);
        let fields = [("figures", "graduates"), ("year", "2026"), ("split", "school")];
        let first = save(&world, &office, "省里要", &fields).await;
        assert_eq!(act(&world, &office, &first, "/ask", &[("due", "2026-12-10")]).await.status, 303);
        let own = save(&world, &city, "市里要", &fields).await;
        let page = city.get_json(&own).await.json();
        assert_eq!(schools(&page["missing"]), ["兴宁甲校"], "a city asks about its own schools");
        assert_eq!(page["missing"][0]["asked"][1], "2026-12-10");
        assert!(page["due"].is_null());
        assert_eq!(act(&world, &city, &own, "/ask", &[("due", "2026-12-20")]).await.status, 409);
        let asked = office.get_json(&first).await.json();
        let mine = asked["requests"].as_array().unwrap().iter().find(|row| row["school"]["label"] == "兴宁甲校").unwrap();
        let request = mine["href"].as_str().unwrap().to_owned();
        let school = world.agent(&p.xingning, "county_school").await;
        let shown = school.get(&request).await;
        assert!(shown.status == 200 && shown.text().contains("省里要"));
        assert!(shown.attributes("a", "href").contains(&format!("/profiles/{}/2026", p.xingning)), "it leads to the form that is there");
        assert_eq!(shown.attributes(".back a", "href"), ["/"]);
        assert_eq!(office.get(&request).await.attributes(".back a", "href"), [first.as_str()], "and back to the question");
        assert_eq!(school.get(&first).await.status, 403, "the table is not for schools");
        assert_eq!(school.get("/questions").await.status, 403);
        assert_eq!(world.agent(&p.nanxiong, "county_school").await.get(&request).await.status, 404);
        assert_eq!(world.agent(&p.lead, "lead").await.get(&request).await.status, 403);
    }

    /// What does not come by its day can be urged, and only then; the line at the desk bears the words.
    async fn a_late_request_can_be_urged(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let fields = [("figures", "graduates"), ("year", "2026"), ("split", "school")];
        let question = save(&world, &office, "省里要", &fields).await;
        assert_eq!(act(&world, &office, &question, "/ask", &[("due", "2026-12-10")]).await.status, 303);
        let asked = office.get_json(&question).await.json();
        let mine = asked["requests"].as_array().unwrap().iter().find(|row| row["school"]["label"] == "兴宁甲校").unwrap();
        let request = mine["href"].as_str().unwrap().to_owned();
        let urge = format!("/urge/request/{}", request.rsplit('/').next().unwrap());
        assert_eq!(office.post(&urge, &[]).await.status, 403, "not before its day");
        world.clock().advance(TimeDelta::days(20));
        let (office, school) = (world.agent(&p.office, "province").await, world.agent(&p.xingning, "county_school").await);
        assert!(school.get("/?all=yes").await.all(".task-urged").is_empty(), "asked, but not urged");
        assert!(office.get(&request).await.attributes("form", "action").contains(&urge));
        assert_eq!(office.post(&urge, &[("line", "请尽快补报")]).await.status, 303);
        let desk = school.get("/?all=yes").await;
        let urged = desk.all(".task-urged");
        assert!(urged.len() == 1 && urged[0].contains("请尽快补报"), "{urged:?}");
        let lines = desk.attributes(".task-what a", "href").into_iter().filter(|to| *to == request).count();
        assert_eq!(lines, 1, "one line for one form");
        assert_eq!(office.get(&request).await.all(".timeline-what"), ["催办"]);
        describe(&world, &p, 2026, Stage::Submitted, &[]).await;
        assert_eq!(office.post(&urge, &[]).await.status, 403, "it waits no more");
    }

    /// What was answered stays as it was, byte for byte, and says what became another since.
    async fn a_kept_answer_stays_and_tells_what_changed_since(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let fields = [("figures", "visits,paired"), ("year", "2026"), ("split", "city")];
        let question = save(&world, &office, "汇报用", &fields).await;
        let page = office.get_json(&question).await.json();
        let was = amounts(&page["answer"], "合计");
        assert_eq!((page["kept"].as_array().unwrap().len(), page["changes"].as_array().unwrap().len()), (1, 0));
        later(&world);
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-11-18", None).await;
        let page = office.get_json(&question).await.json();
        let is = amounts(&page["answer"], "合计");
        assert_eq!(is[0].0, was[0].0.map(|number| number + 1));
        let changes = page["changes"].as_array().unwrap();
        assert!(changes.iter().all(|change| change["what"] == "登记") && changes.len() == 2, "the city and the whole: {changes:?}");
        let kept = format!("{question}/answers/1");
        let first = office.get_json(&kept).await.json();
        assert_eq!(amounts(&first["answer"], "合计"), was, "what was kept is what it was");
        assert_eq!((first["kept"]["whole"].as_bool(), first["changes"].as_array().unwrap().len()), (Some(true), 2));
        let text = office.get(&format!("{kept}/text")).await;
        assert_eq!(crate::shared::frozen::digest(&text.text()), first["kept"]["digest"].as_str().unwrap());
        let paper = office.get(&format!("{kept}/paper")).await;
        assert!(paper.text().contains(first["kept"]["digest"].as_str().unwrap()) && paper.text().contains("2026年11月24日"));
        assert_eq!(office.get(&format!("{kept}/paper/word")).await.status, 200);
        assert_eq!(office.get(&format!("{kept}/book")).await.status, 200);
        assert_eq!(act(&world, &office, &question, "/keep", &[]).await.status, 303);
        assert_eq!(act(&world, &office, &question, "/keep", &[]).await.status, 303);
        let page = office.get_json(&question).await.json();
        assert_eq!(page["kept"].as_array().unwrap().len(), 2, "the same is not kept twice for a day");
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-11-19", None).await;
        later(&world);
        let stale = office.post(&format!("{question}/keep"), &[("version", "1")]).await;
        assert_eq!(stale.status, 409, "somebody else kept one meanwhile");
        assert_eq!(office.get(&format!("{question}/answers/9")).await.status, 404);
    }

    /// An earlier day is answered with what was reported then, or not at all.
    async fn an_earlier_day_is_answered_as_it_was_reported(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let now = office.get_json("/questions/new?figure=visits&year=2026").await.json();
        let then = office.get_json("/questions/new?figure=visits&year=2026&asof=2026-01-31").await.json();
        let whole = |page: &Value| amounts(&page["answered"]["answer"], "合计")[0].0.unwrap_or(0);
        assert!(whole(&now) > 0 && whole(&then) < whole(&now), "{} then, {} now", whole(&then), whole(&now));
        let href = then["answered"]["answer"]["rows"][0]["cells"][0]["claimed"]["href"].as_str().unwrap();
        assert!(href.ends_with("&asof=2026-01-31") && office.get(href).await.status == 200);
        let refused = office.get("/questions/new?figure=paired&year=2026&asof=2026-01-31").await;
        assert!(refused.status == 422 && refused.refuses(Code::NotFitting), "it does not pretend to know");
        assert!(office.get("/questions/new").await.attributes("datalist#l-add option", "value").contains(&"在校生规模".to_owned()));
        let free = office.get("/questions/new?add=请各校报送亮点材料").await;
        assert!(free.status == 422 && free.refuses(Code::NotListed), "what is no figure cannot be asked");
        let untitled = office.post("/questions/new", &[("figures", "visits"), ("year", "2026")]).await;
        assert!(untitled.status == 422 && untitled.refuses(Code::Missing));
    }

    /// What stands in the records may still change; what was reported on a former day does not, whatever is accepted.
    async fn only_what_changes_is_called_provisional(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let months = [("figures", "visits"), ("year", "2026"), ("split", "school"), ("from", "9"), ("to", "10")];
        let now = save(&world, &office, "现在的", &months).await;
        assert_eq!(office.get_json(&now).await.json()["settled"]["accepted"], false);
        let then = save(&world, &office, "那天报的", &[&months[..], &[("asof", "2026-11-01")]].concat()).await;
        let page = office.get_json(&then).await.json();
        assert!(!page["fixed"].is_null() && page["settled"].is_null(), "{page}");
    }

    /// Some months open to the rows of these months, and the rows add up.
    async fn months_open_to_their_rows(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-09-18", None).await;
        let page = office.get_json("/questions/new?figure=visits&year=2026&from=9&to=10").await.json();
        let figure = &page["answered"]["answer"]["rows"][0]["cells"][0]["claimed"];
        assert_eq!((figure["raw"].as_i64(), figure["rows"].as_bool()), (Some(1), Some(true)));
        let opened = office.get(figure["href"].as_str().unwrap()).await;
        let cells = opened.attributes("[data-behind] td[data-label=登记] .figure", "data-raw");
        assert_eq!(cells, ["1"], "{}", figure["href"]);
        assert!(opened.text().contains("九月至十月"));
    }

    /// Each office has its own part; those above see its question as it is.
    async fn a_city_sees_its_own_and_the_province_sees_the_same(world: World, p: Province) {
        let (office, city) = (world.agent(&p.office, "province").await, world.agent(&p.city, "city").await);
        let fields = [("figures", "visits"), ("year", "2026"), ("split", "school")];
        let question = save(&world, &city, "市里开会用", &fields).await;
        let (own, above) = (city.get_json(&question).await.json(), office.get_json(&question).await.json());
        assert_eq!(own["answer"]["rows"], above["answer"]["rows"], "whoever looks, it is the city's answer");
        let names: Vec<&str> = own["answer"]["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["兴宁甲校", "合计"]);
        assert_eq!(act(&world, &office, &question, "/keep", &[]).await.status, 403, "its own keeps it");
        assert_eq!(world.agent(&p.county, "county").await.get(&question).await.status, 404, "not those below");
        let of_province = save(&world, &office, "省里要", &fields).await;
        assert_eq!(city.get(&of_province).await.status, 404);
        let refused = city.get("/questions/new?figure=visits&year=2026&split=city").await;
        assert!(refused.status == 422 && refused.refuses(Code::NotListed));
    }

    /// Before one asks, one sees who asked before; later it is found by its line and by its figure.
    async fn what_was_asked_is_found_again(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let question = save(&world, &office, "人大代表建议答复", &[("figures", "visits,enrolment"), ("year", "2025")]).await;
        let page = office.get_json("/questions/new?figure=visits&year=2026").await.json();
        let earlier = page["answered"]["earlier"].as_array().unwrap();
        assert_eq!(earlier[0]["href"], question.as_str());
        assert_eq!(earlier[0]["totals"].as_array().unwrap().len(), 1, "what was answered of the same figure");
        let found = async |query: &str| {
            let page = office.get_json(&format!("/questions?{query}")).await.json();
            let rows = page["rows"].as_array().unwrap().iter().map(|row| row["href"].as_str().unwrap().to_owned());
            rows.collect::<Vec<_>>().contains(&question)
        };
        assert!(found("q=代表建议").await && found("q=在校生规模").await && found("figure=visits").await);
        assert!(!found("q=没有这样的").await && !found("figure=visit").await && !found("figure=graduates").await);
        assert!(found("side=mine").await && !found("side=others").await);
    }
}

fn place(id: &str, city: &str) -> OrgLocation {
    OrgLocation {
        id: id.to_owned(),
        name: id.to_owned(),
        county_code: format!("county of {id}"),
        county: id.to_owned(),
        city_code: city.to_owned(),
        city: city.to_owned(),
        typical_class: String::new(),
        level: String::new(),
    }
}

fn question(first_month: i64, last_month: i64) -> data::QuestionRow {
    data::QuestionRow {
        id: "q".to_owned(),
        host: "office".to_owned(),
        host_name: "省厅".to_owned(),
        host_kind: "province_office".to_owned(),
        title: "要数".to_owned(),
        figures: ",visits,".to_owned(),
        names: String::new(),
        year: 2026,
        first_month,
        last_month,
        split: data::Split::City,
        as_of: None,
        asked_on: "2026-11-24".parse().unwrap(),
        answers: 1,
        asked_until: None,
        version: 1,
    }
}

/// What the code counts otherwise at a school is told for its city and for the whole, and for no other part and no
/// other month.
#[test]
fn an_answer_rests_on_what_the_code_counts_otherwise() {
    let programme = crate::testing::programme();
    let of = programme.indicator("visits").unwrap();
    let said = |value| Said { value: Reported::Value(value), shown: None };
    let unit = |key: &str, claimed, confirmed| AnswerUnit {
        key: key.to_owned(),
        name: if key.is_empty() { "合计".to_owned() } else { key.to_owned() },
        cells: vec![AnswerCell { claimed: said(claimed), confirmed: said(confirmed) }],
    };
    let figure = AnswerFigure {
        indicator: of.id.clone(),
        name: of.name.clone(),
        unit: of.unit,
        definition: String::new(),
        version: 1,
        single: false,
        adds: true,
    };
    let answer = Answer {
        title: String::new(),
        host: "office".to_owned(),
        host_name: String::new(),
        period: String::new(),
        by: String::new(),
        as_of: "2026-11-24".parse().unwrap(),
        figures: vec![figure],
        units: vec![unit("梅州市", 5, 4), unit("韶关市", 3, 3), unit("", 8, 7)],
        missing: Vec::new(),
        stamp: Stamp::default(),
    };
    let places = [place("a", "梅州市"), place("b", "韶关市")];
    let told = |row: &data::QuestionRow, shifts: &Shifts| {
        let lines = counted(row, &answer, &places, Running { programme: &programme, shifts });
        lines.into_iter().map(|line| (line.figure, line.was, line.becomes)).collect::<Vec<_>>()
    };
    let mut shifts = Shifts::default();
    assert!(told(&question(0, 0), &shifts).is_empty());
    shifts.add("visits", (202_603, "a"), ((1, 1), (3, 2)));
    let year = told(&question(0, 0), &shifts);
    assert_eq!(year.len(), 2, "its city and the whole: {year:?}");
    assert!(year[0].0.starts_with("梅州市：") && year[1].0.starts_with("合计："), "{year:?}");
    assert_eq!((year[0].1.as_str(), year[0].2.as_str()), ("登记 5、确认 4", "登记 7、确认 5"));
    assert_eq!((year[1].1.as_str(), year[1].2.as_str()), ("登记 8、确认 7", "登记 10、确认 8"));
    assert_eq!(told(&question(202_601, 202_603), &shifts).len(), 2);
    assert!(told(&question(202_604, 202_606), &shifts).is_empty(), "other months");
    shifts.add("visits", (202_612, "b"), ((1, 1), (3, 2)));
    assert_eq!(told(&question(0, 0), &shifts), year, "what came after the day of the answer was not in it");
    assert!(told(&question(202_612, 202_612), &shifts).is_empty(), "nor asked for then");
}
