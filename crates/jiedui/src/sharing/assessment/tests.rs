//! From a scheme of the programme to a frozen result, and from an objection to a second look, through the browser.

use super::data::{self, AssessmentRow, ObjectionRow};
use super::rules::parcel::{Asked, Pair, Parcel, Subject, Yardstick};
use crate::both_engines;
use crate::evidence::profiles::{Stage, describe};
use crate::shared::frozen;
use crate::shared::jobs::Worker;
use crate::shared::review;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use jiedui_documents::{Grid, Value, read_grids};
use jiedui_kernel::{Code, Reported};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args, named};
use serde_json::json;
use std::collections::BTreeMap;

const SCHEME: &str = "county-schools";

/// What is asked about one organisation of which nothing is known.
fn about(programme: &Programme, org: &str) -> Asked {
    let scheme = programme.assessment(SCHEME).unwrap().clone();
    let yardstick = |id: &str| {
        let of = programme.indicator(id).unwrap();
        Yardstick { name: of.name.clone(), unit: of.unit, version: of.version }
    };
    let unknown = Pair { value: Reported::NotReported, baseline: Reported::NotReported };
    let subject = Subject {
        id: org.to_owned(),
        name: "样例".to_owned(),
        city: String::new(),
        county: String::new(),
        division: String::new(),
        school: org.to_owned(),
        parties: vec![org.to_owned()],
        figures: vec![unknown; scheme.measured.len()],
    };
    Asked {
        yardsticks: scheme.measured.iter().map(|one| yardstick(&one.indicator)).collect(),
        scheme,
        year: 2025,
        subjects: vec![subject],
    }
}

/// One that an organisation shows to itself alone, its sheet, and an objection of its own: for the tests that ask every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let author = actor(&mut tx, org, "county_school").await;
    tx.act_as(author);
    let (today, id, objection) = (tx.today(), tx.new_id(), tx.new_id());
    named!(data::INSERT {
        id: &id,
        issuer: org,
        scheme: SCHEME,
        // A year that nobody is asked about, so that it is in nobody's way.
        year: 2019_i64,
        title: "样例",
        drafted_on: today,
    })
    .write(&mut tx)
    .await
    .unwrap();
    review::begun::<AssessmentRow>(&mut tx, &id, "draft", json!({ "sample": true })).await.unwrap();
    let programme = world.app.programme();
    let opened = super::opened(&mut tx, &programme, &id).await.unwrap();
    let asked = about(&programme, org);
    let dependences = asked.compute().unwrap().1;
    let what = (asked, dependences);
    super::actions::put(&mut tx, &programme, &opened, opened.row.version, what).await.unwrap();
    let sheet = super::sheets(&mut tx, &id).await.unwrap()[0].id.clone();
    let (row, _) = super::sheet(&mut tx, &sheet).await.unwrap();
    tx.change(&row, &data::INSERT_OBJECTION, args![&objection, org, "样例", today]).await.unwrap();
    review::begun::<ObjectionRow>(&mut tx, &objection, "raise", json!({ "sample": true })).await.unwrap();
    tx.commit().await.unwrap();
    vec![("assessment", id), ("assessment_sheet", sheet), ("assessment_objection", objection)]
}

async fn act(agent: &Agent, page: &str, to: &str, fields: &[(&str, &str)]) -> PageResponse {
    let version = agent.get_json(page).await.json()["version"].to_string();
    agent.post(to, &[&[("version", version.as_str())], fields].concat()).await
}

/// What the first county school told of the year that is assessed; of the year before nothing is known.
async fn told(world: &World, p: &Province) {
    describe(world, p, 2025, Stage::Accepted, &[]).await;
}

async fn drafted(office: &Agent) -> String {
    drafted_by(office, SCHEME).await
}

async fn drafted_by(office: &Agent, scheme: &str) -> String {
    let made = office.post("/assessments/new", &[("scheme", scheme), ("year", "2025")]).await;
    assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
    made.location
}

/// The jobs that wait are done.
async fn worked_off(world: &World) {
    while Worker::new(&world.app).turn().await.unwrap() {}
}

/// Shows it as the office does, having looked at the page.
async fn presented(world: &World, office: &Agent) -> String {
    presented_by(world, office, SCHEME).await
}

async fn presented_by(world: &World, office: &Agent, scheme: &str) -> String {
    let draft = drafted_by(office, scheme).await;
    worked_off(world).await;
    let seen = office.get(&draft).await.attributes("input[name=seen]", "value")[0].clone();
    let shown = act(office, &draft, &format!("{draft}/present"), &[("seen", &seen)]).await;
    assert_eq!(shown.status, 303, "{}", shown.text());
    draft
}

async fn sheets_of(agent: &Agent, assessment: &str) -> Vec<String> {
    agent.get(assessment).await.attributes("a[href^='/assessment-sheets/']", "href")
}

async fn kept(tx: &mut Tx, assessment: &str) -> Parcel {
    let id = assessment.rsplit('/').next().unwrap();
    let row = super::actions::find(tx, id).await.unwrap();
    let text = super::actions::parcel_text(tx, &row).await.unwrap().unwrap();
    assert_eq!(frozen::digest(&text), row.digest);
    super::actions::read(&text, id).unwrap()
}

/// What a sheet counts of each place; below the headings, which stand in its first row.
fn counts(sheet: &Grid, columns: usize) -> BTreeMap<String, Vec<i64>> {
    let mut found = BTreeMap::new();
    for row in &sheet.rows[1..] {
        let Some(Value::Text(place)) = row.get(0) else { panic!("a row without a place: {row:?}") };
        let count = |column: u32| match row.get(column) {
            Some(Value::Integer(count)) => *count,
            other => panic!("no count of {place}: {other:?}"),
        };
        let all = (1..=u32::try_from(columns).unwrap()).map(count).collect();
        assert!(found.insert(place.clone(), all).is_none(), "{place} stands there twice");
    }
    found
}

both_engines! {
    /// S4.3: tried, drafted, shown; each sees its own points, what they come from and what the next one needs, and nothing of
    /// the others. What depends on the weights is said first.
    async fn each_sees_its_own_points_and_what_the_next_one_needs(world: World, p: Province) {
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let tried = office.get(&format!("/assessments/new?scheme={SCHEME}&year=2025")).await;
        assert!(tried.says("试算结果") && tried.says("兴宁甲校") && !tried.says("上下浮动"), "{}", tried.text());
        for (year, code) in [("2026", Code::InFuture), ("26", Code::OutOfRange), ("", Code::OutOfRange)] {
            let refused = office.get(&format!("/assessments/new?scheme={SCHEME}&year={year}")).await;
            assert!(refused.status == 422 && refused.refuses(code), "{year}: {}", refused.text());
        }
        let refused = office.post("/assessments/new", &[("scheme", "nothing"), ("year", "2025")]).await;
        assert!(refused.refuses(Code::NotListed));
        let draft = drafted(&office).await;
        let again = office.post("/assessments/new", &[("scheme", SCHEME), ("year", "2025")]).await;
        assert!(again.refuses(Code::Duplicate));
        assert_eq!(school.get(&draft).await.status, 404, "a draft is the office's own");
        let to = format!("{draft}/present");
        assert!(act(&office, &draft, &to, &[]).await.refuses(Code::Changed), "nobody looked at it");
        let waits = office.get(&draft).await;
        assert!(waits.says("看进度") && waits.attributes("input[name=seen]", "value").is_empty());
        worked_off(&world).await;
        assert!(office.get(&draft).await.says("上下浮动"), "what depends on the weights is said");
        let seen = office.get(&draft).await.attributes("input[name=seen]", "value")[0].clone();
        assert_eq!(act(&office, &draft, &to, &[("seen", &seen)]).await.status, 303);
        let own = sheets_of(&school, &draft).await;
        assert_eq!(own.len(), 1, "its own alone");
        let sheet = school.get(&own[0]).await;
        assert!(sheet.says("再得分需要") && sheet.says("不按零分计") && sheet.says("一致"), "{}", sheet.text());
        assert!(school.get("/notices").await.says("请核对县级院校协作成效"));
        assert!(school.get(&format!("{}/paper", own[0])).await.says("每一分从哪来"));
        assert_eq!(office.get(&format!("{draft}/paper")).await.status, 404, "nothing is settled yet");
        let all = sheets_of(&office, &draft).await;
        assert!(all.len() > 1);
        for other in all.iter().filter(|one| **one != own[0]) {
            assert_eq!(school.get(other).await.status, 404, "nothing of the others");
        }
        assert_eq!(school.get(&format!("{draft}/parcel")).await.status, 404);
        assert_eq!(school.get(&format!("{draft}/book")).await.status, 404);
        assert_eq!(office.get(&format!("{draft}/book")).await.status, 200);
        let county = world.agent(&p.county, "county").await;
        assert!(sheets_of(&county, &draft).await.contains(&own[0]), "a bureau sees its schools");
        let mut tx = world.tx().await;
        let parcel = kept(&mut tx, &draft).await;
        assert!(parcel.adds_up() && parcel.frozen_on.is_none());
        assert_eq!(parcel.dependences.len(), parcel.outturns.len());
    }

    /// Principle 9: objected to in time, looked at once more, frozen at last; after that nobody objects.
    async fn an_objection_is_answered_before_the_result_is_frozen(world: World, p: Province) {
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let shown = presented(&world, &office).await;
        let sheet = sheets_of(&school, &shown).await[0].clone();
        let to = format!("{sheet}/object");
        assert!(school.post(&to, &[("reason", "")]).await.refuses(Code::Missing));
        let raised = school.post(&to, &[("reason", "毕业生应为一百人")]).await;
        assert_eq!(raised.status, 303, "{}", raised.text());
        assert_eq!(school.post(&to, &[("reason", "再来一次")]).await.status, 409);
        assert!(office.get("/").await.says("复核异议"));
        let freeze = format!("{shown}/freeze");
        assert_eq!(act(&office, &shown, &freeze, &[]).await.status, 403, "its time is not over");
        world.clock().advance(chrono::TimeDelta::days(14));
        let office = world.agent(&p.office, "province").await;
        let waits = act(&office, &shown, &freeze, &[]).await;
        assert!(waits.status == 409 && waits.says("还有异议没有答复"), "{}", waits.text());
        let page = office.get(&shown).await;
        let links = page.attributes("a[href^='/assessment-objections/']", "href");
        assert!(!links.is_empty(), "{sheet} {}", office.get(&sheet).await.text());
        let answer = format!("{}/answer", links[0]);
        assert!(act(&office, &links[0], &answer, &[("answer", "无")]).await.refuses(Code::Missing));
        let fields = [("verdict", "uphold"), ("answer", "以改正以后接收的为准")];
        assert_eq!(act(&office, &links[0], &answer, &fields).await.status, 303);
        let done = act(&office, &shown, &freeze, &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let school = world.agent(&p.xingning, "county_school").await;
        let seen = school.get(&sheet).await;
        assert!(seen.says("已定稿") && seen.says("以改正以后接收的为准") && seen.says("一致"));
        let paper = office.get(&format!("{shown}/paper")).await;
        assert!(paper.says("考核结果") && paper.says("校验值") && paper.says("定稿日期"), "{}", paper.text());
        assert_eq!(school.get(&format!("{shown}/paper")).await.status, 404, "the others' is not its to read");
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        let other = sheets_of(&stranger, &shown).await[0].clone();
        let late = stranger.post(&format!("{other}/object"), &[("reason", "来晚了")]).await;
        assert_eq!(late.status, 409, "{}", late.text());
        let mut tx = world.tx().await;
        let parcel = kept(&mut tx, &shown).await;
        assert!(parcel.adds_up() && parcel.frozen_on == Some(tx.today()));
        drop(tx);
        let again = act(&office, &shown, &format!("{shown}/withdraw"), &[("reason", "想想又不对")]).await;
        assert_eq!(again.status, 403, "what is frozen stays");
    }

    /// What was shown is taken back with a reason, and may be assessed again.
    async fn what_was_shown_is_taken_back_with_a_reason(world: World, p: Province) {
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let shown = presented(&world, &office).await;
        let to = format!("{shown}/withdraw");
        assert!(act(&office, &shown, &to, &[]).await.refuses(Code::Missing));
        assert_eq!(act(&office, &shown, &to, &[("reason", "办法有误")]).await.status, 303);
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(school.get(&shown).await.says("已撤回"));
        assert_ne!(presented(&world, &office).await, shown);
    }

    /// What was computed of other figures than those of today does not stand for them: it is computed again before it is shown.
    async fn what_depends_on_the_weights_is_of_the_figures_of_today(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let draft = drafted(&office).await;
        worked_off(&world).await;
        let seen = office.get(&draft).await.attributes("input[name=seen]", "value")[0].clone();
        told(&world, &p).await;
        let changed = office.get(&draft).await;
        assert!(changed.says("要重新算") && changed.attributes("input[name=seen]", "value").is_empty());
        assert!(act(&office, &draft, &format!("{draft}/present"), &[("seen", &seen)]).await.refuses(Code::Changed));
        let again = office.post(&format!("{draft}/weigh"), &[]).await;
        assert!(again.status == 303 && again.location.starts_with("/jobs/"), "{}", again.text());
        worked_off(&world).await;
        assert_ne!(office.get(&draft).await.attributes("input[name=seen]", "value")[0], seen);
    }

    /// Principle 5: whoever told that there are none told it. Nothing is a number; what nobody told is something else.
    async fn nothing_is_a_number_and_not_unknown(world: World, p: Province) {
        const NONE: [&str; 5] =
            ["graduates", "graduates_certified", "employed_with_study", "employed_without_study", "employed_local"];
        describe(&world, &p, 2025, Stage::Accepted, &NONE.map(|id| (id, "0"))).await;
        let office = world.agent(&p.office, "province").await;
        let shown = presented(&world, &office).await;
        let parcel = kept(&mut world.tx().await, &shown).await;
        let at = parcel.asked.scheme.measured.iter().position(|one| one.indicator == "graduates").unwrap();
        let own = parcel.asked.subjects.iter().find(|one| one.id == p.xingning).unwrap();
        assert_eq!((own.figures[at].value, own.figures[at].baseline), (Reported::Value(0), Reported::NotReported));
        let other = parcel.asked.subjects.iter().find(|one| one.id != p.xingning).unwrap();
        assert_eq!(other.figures[at].value, Reported::NotReported);
    }

    /// S4.3: a county is assessed by what its schools came to, from its own baseline; it sees its own sheet alone, and may object.
    async fn a_county_is_assessed_by_its_own_schools(world: World, p: Province) {
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let shown = presented_by(&world, &office, "counties").await;
        let parcel = kept(&mut world.tx().await, &shown).await;
        assert!(parcel.adds_up() && parcel.asked.subjects.len() > 1, "{:?}", parcel.asked.subjects);
        let own = parcel.asked.subjects.iter().find(|one| one.id == p.county).unwrap();
        assert_eq!(own.division, "441481");
        assert_eq!(own.parties, std::slice::from_ref(&p.county));
        assert_eq!(own.figures[0].value, Reported::Value(100), "the pupils of its schools");
        let other = parcel.asked.subjects.iter().find(|one| one.id != p.county).unwrap();
        assert_eq!(other.figures[0].value, Reported::NotReported, "nothing of another's");
        let county = world.agent(&p.county, "county").await;
        let sheets = sheets_of(&county, &shown).await;
        assert_eq!(sheets.len(), 1, "its own alone");
        let sheet = county.get(&sheets[0]).await;
        let opens = sheet.attributes("a.figure", "href");
        assert!(sheet.says("再得分需要") && opens.iter().any(|href| href.contains("county=441481")), "{opens:?}");
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.get(&sheets[0]).await.status, 404, "it is the county's");
        let raised = county.post(&format!("{}/object", sheets[0]), &[("reason", "在校生应为一百二十人")]).await;
        assert_eq!(raised.status, 303, "{}", raised.text());
        let book = office.get(&format!("{shown}/book")).await;
        let found = read_grids(&book.bytes, &["各县"]).unwrap();
        let results = parcel.asked.scheme.results.len();
        assert!(counts(&found[0], results + 1).contains_key(&own.name), "{}", own.name);
    }

    /// S4.3: the sheets of cities and counties count each assessed school once, under its band or as not to be told, as the
    /// kept result has it.
    async fn the_book_counts_the_bands_of_cities_and_counties(world: World, p: Province) {
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let shown = presented(&world, &office).await;
        let parcel = kept(&mut world.tx().await, &shown).await;
        let book = office.get(&format!("{shown}/book")).await;
        let sheets = read_grids(&book.bytes, &["各市", "各县"]).unwrap();
        assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["各市", "各县"]);
        let results = &parcel.asked.scheme.results;
        let place = |of: &Subject, at: usize| if at == 0 { of.city.clone() } else { format!("{}{}", of.city, of.county) };
        for (at, sheet) in sheets.iter().enumerate() {
            let mut wanted: BTreeMap<String, Vec<i64>> = BTreeMap::new();
            for outturn in &parcel.outturns {
                let subject = parcel.asked.subject(&outturn.subject).unwrap();
                let band = results.iter().position(|one| outturn.band.as_ref() == Some(&one.id)).unwrap_or(results.len());
                wanted.entry(place(subject, at)).or_insert_with(|| vec![0; results.len() + 1])[band] += 1;
            }
            assert!(wanted.len() > 1, "several places are told apart: {wanted:?}");
            assert_eq!(counts(sheet, results.len() + 1), wanted, "{}", sheet.name);
            let headings = format!("{:?}", sheet.rows[0]);
            assert!(results.iter().all(|one| headings.contains(&format!("{}（家）", one.name))) && headings.contains("暂不能定"));
        }
        let own = parcel.asked.subjects.iter().find(|one| one.id == p.xingning).unwrap();
        assert!(counts(&sheets[1], results.len() + 1).contains_key(&place(own, 1)), "{}", place(own, 1));
    }
}
