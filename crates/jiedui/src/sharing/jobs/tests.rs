//! A post from the form to the figure beside the graduates, and a table of destinations against the year-profile, through the
//! browser: who records, who answers, what ends by itself, what is refused, and what others see of a few.

use super::data::{self, VacancyRow, VacancyState};
use crate::both_engines;
use crate::evidence::majors::{self, NewOffer, OfferState, Year};
use crate::evidence::outputs::{self, NewOutput};
use crate::evidence::profiles::{Stage, describe};
use crate::network::{enterprises, registry};
use crate::shared::review;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use jiedui_kernel::Code;
use jiedui_store::named;
use serde_json::json;

const ENTERPRISE: &str = "样例机电有限公司";
const MAJOR: &str = "机械类";

/// One that an organisation recorded, to be answered by itself: for the tests that ask every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let author = actor(&mut tx, org, "county_school").await;
    tx.act_as(author);
    let (today, id) = (tx.today(), tx.new_id());
    let (_, known) = enterprises::register_title(&mut tx, ENTERPRISE, org).await.unwrap().unwrap();
    let home = registry::find(&mut tx, org).await.unwrap();
    named!(data::INSERT {
        id: &id,
        enterprise: &known.enterprise,
        school: None::<String>,
        org,
        answerer: org,
        division: &home.division,
        title: "样例",
        occupation: "making",
        major: MAJOR,
        number: 1_i64,
        pay_low: None::<i64>,
        pay_high: None::<i64>,
        first_day: today,
        last_day: today,
        state: VacancyState::Recorded,
    })
    .write(&mut tx)
    .await
    .unwrap();
    review::begun::<VacancyRow>(&mut tx, &id, "record", json!({ "sample": true })).await.unwrap();
    tx.commit().await.unwrap();
    vec![("vacancy", id)]
}

async fn act(agent: &Agent, page: &str, to: &str, fields: &[(&str, &str)]) -> PageResponse {
    let version = agent.get_json(page).await.json()["version"].to_string();
    agent.post(&format!("{page}/{to}"), &[&[("version", version.as_str())], fields].concat()).await
}

/// Records a post; `fields` say otherwise than usual.
async fn recorded(agent: &Agent, fields: &[(&str, &str)]) -> PageResponse {
    let usual = [
        ("enterprise", ENTERPRISE),
        ("title", "数控操作工"),
        ("occupation", "making"),
        ("major", MAJOR),
        ("county", "441481"),
        ("number", "25"),
        ("pay_low", "4000"),
        ("pay_high", "6000"),
        ("from", "2026-11-01"),
        ("to", "2026-12-31"),
    ];
    let rest = usual.iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
    let all: Vec<(&str, &str)> = rest.copied().chain(fields.iter().copied()).collect();
    agent.post("/employment/posts/new", &all).await
}

/// The graduates of the first school's one major.
async fn graduated(school: &Agent, number: &str) {
    let offer =
        school.get("/majors/years").await.attributes("input[name^=seen]", "name")[0].replace("seen-", "");
    let names =
        ["seen", "enrolled", "graduates", "employed", "in_field"].map(|what| format!("{what}-{offer}"));
    let values = ["0", "50", number, "0", "0"];
    let fields = names.iter().map(String::as_str).zip(values);
    let fields: Vec<(&str, &str)> = [("year", "2026")].into_iter().chain(fields).collect();
    let done = school.post("/majors/years", &fields).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
}

/// The figures of the county's line: graduates, posts, posts and graduates that find nothing.
async fn line(agent: &Agent) -> [serde_json::Value; 4] {
    let view = agent.get_json(&format!("/employment?county=441481&major={MAJOR}")).await.json();
    let row = view["rows"][0].clone();
    ["graduates", "posts", "more_posts", "more_graduates"].map(|name| row[name]["raw"].clone())
}

/// How many went where, as the form asks.
async fn traced(school: &Agent, version: &str, cells: &[(&str, &str)]) -> PageResponse {
    let names: Vec<String> = cells.iter().map(|(destination, _)| format!("{destination}-{MAJOR}")).collect();
    let cells = names.iter().map(String::as_str).zip(cells.iter().map(|(_, persons)| *persons));
    let fields: Vec<(&str, &str)> =
        [("year", "2026"), ("version", version)].into_iter().chain(cells).collect();
    school.post("/employment/cohorts/edit", &fields).await
}

both_engines! {
    /// T12.2: recorded by the bureau for a school, confirmed by it, seen by all; beside the graduates; over by itself.
    async fn posts_and_graduates_stand_side_by_side(world: World, p: Province) {
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        graduated(&school, "40").await;
        let made = recorded(&county, &[("school", &p.xingning)]).await;
        assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
        assert_eq!(line(&county).await, [40, 0, 0, 40].map(|number| json!(number)), "nobody has confirmed it");
        assert_eq!(stranger.get(&made.location).await.status, 404);
        assert!(school.get("/").await.says("确认岗位"));
        assert_eq!(act(&county, &made.location, "confirm", &[]).await.status, 403);
        assert_eq!(act(&school, &made.location, "confirm", &[]).await.status, 303);
        assert_eq!(line(&county).await, [40, 25, 0, 15].map(|number| json!(number)));
        let view = county.get_json("/employment/occupations?county=441481&occupation=making").await.json();
        let by_occupation = ["graduates", "posts", "persons", "more_graduates"].map(|name| view["rows"][0][name]["raw"].clone());
        assert_eq!(by_occupation, [40, 1, 25, 15].map(|number| json!(number)));
        let behind = view["rows"][0]["graduates"]["href"].as_str().unwrap();
        assert_eq!(county.get_json(behind).await.json()["rows"][0]["graduates"]["raw"], 40);
        let seen = stranger.get(&made.location).await;
        assert!(seen.says("数控操作工") && seen.says("招聘中"), "{}", seen.text());
        // Of that county the stranger sees no school.
        assert_eq!(line(&stranger).await, [json!(null), json!(25), json!(null), json!(null)]);
        let open = county.get_json(&format!("/employment/posts?county=441481&major={MAJOR}")).await.json();
        assert_eq!(open["rows"].as_array().unwrap().len(), 1);
        world.clock().advance(chrono::TimeDelta::days(38));
        let later = world.agent(&p.county, "county").await;
        assert_eq!(line(&later).await[1], json!(0), "it ended with the year");
        assert!(later.get(&made.location).await.says("已过期"));
        assert_eq!(later.get_json("/employment/posts?which=over").await.json()["rows"].as_array().unwrap().len(), 1);
    }

    /// A school records for its own graduates and its bureau answers; what a bureau offers to all holds at once.
    async fn the_other_side_answers_where_there_is_one(world: World, p: Province) {
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let own = recorded(&school, &[]).await;
        assert_eq!(own.status, 303, "{:?}", own.all(".errors li"));
        assert!(act(&county, &own.location, "dispute", &[("reason", "")]).await.refuses(Code::Missing));
        assert_eq!(act(&county, &own.location, "dispute", &[("reason", "只招二十人")]).await.status, 303);
        assert!(school.get("/").await.says("有异议的岗位") && school.get(&own.location).await.says("只招二十人"));
        assert_eq!(act(&school, &own.location, "withdraw", &[]).await.status, 303);
        assert_eq!(act(&county, &own.location, "confirm", &[]).await.status, 403);
        let all = recorded(&county, &[("enterprise", "样例（机电）有限公司")]).await;
        let lead = world.agent(&p.lead, "lead").await;
        assert!(lead.get(&all.location).await.says("全部毕业生"));
        assert_eq!(recorded(&lead, &[]).await.status, 403);
        assert_eq!(act(&county, &all.location, "withdraw", &[]).await.status, 303);
    }

    /// What cannot be is refused at its field, and nothing is written.
    async fn what_cannot_be_is_refused_at_its_field(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        for (field, value, code) in [
            ("enterprise", "", Code::Missing),
            ("title", "", Code::Missing),
            ("occupation", "nothing", Code::Missing),
            ("major", "没有的大类", Code::Missing),
            ("county", "999999", Code::Missing),
            ("number", "0", Code::OutOfRange),
            ("number", "几个", Code::OutOfRange),
            ("pay_high", "3999", Code::Reversed),
            ("pay_low", "-1", Code::NoNumber),
            ("to", "2026-10-31", Code::Reversed),
            ("to", "2027-12-31", Code::OutOfRange),
            ("from", "", Code::Missing),
            ("school", p.nanxiong.as_str(), Code::NotListed),
        ] {
            let refused = recorded(&county, &[(field, value)]).await;
            assert!(refused.status == 422 && refused.refuses(code), "{field} {value}: {}", refused.text());
        }
        let over = recorded(&county, &[("from", "2026-10-01"), ("to", "2026-11-23")]).await;
        assert!(over.refuses(Code::InPast));
        let rows = county.get_json("/employment/posts").await.json();
        assert_eq!(rows["rows"].as_array().unwrap().len(), 0);
    }

    /// Destinations are sums that agree with the year-profile; a few of them others see only as a few.
    async fn destinations_agree_with_the_year_profile(world: World, p: Province) {
        let told = [
            ("graduates", "40"),
            ("graduates_certified", "40"),
            ("employed_without_study", "30"),
            ("employed_with_study", "36"),
            ("employed_local", "20"),
        ];
        describe(&world, &p, 2026, Stage::Accepted, &told).await;
        let school = world.agent(&p.xingning, "county_school").await;
        let good = [("county", "20"), ("delta", "10"), ("study", "6"), ("none", "4")];
        let wrong = traced(&school, "0", &[("county", "20"), ("delta", "10"), ("study", "6")]).await;
        assert!(wrong.status == 422 && wrong.refuses(Code::NoMatch), "{}", wrong.text());
        assert!(wrong.says("36") && wrong.says("40"), "both numbers are said");
        assert_eq!(wrong.attributes(&format!("[id='f-county-{MAJOR}']"), "value"), ["20"], "nothing typed is lost");
        assert!(traced(&school, "0", &[("county", "x")]).await.refuses(Code::OutOfRange));
        let done = traced(&school, "0", &good).await;
        assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
        assert_eq!(traced(&school, "0", &[("county", "21"), ("delta", "9"), ("study", "6"), ("none", "4")]).await.status, 409);
        let page = format!("/employment/cohorts/{}?year=2026", p.xingning);
        let county = world.agent(&p.county, "county").await;
        let figures = |view: serde_json::Value| -> Vec<Option<i64>> {
            view["rows"][0]["cells"].as_array().unwrap().iter().map(|cell| cell["raw"].as_i64()).collect()
        };
        let all = [20, 0, 10, 0, 6, 0, 4].map(Some);
        assert_eq!(figures(county.get_json(&page).await.json()), all);
        assert!(county.get(&page).await.says("一致"));
        let lead = world.agent(&p.lead, "lead").await;
        let hidden = [Some(20), Some(0), Some(10), Some(0), None, Some(0), None];
        assert_eq!(figures(lead.get_json(&page).await.json()), hidden, "and not to be had by subtracting");
        assert!(lead.get(&page).await.says("少于"));
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(stranger.get(&page).await.status, 404);
        assert_eq!(county.get("/employment/cohorts/edit").await.status, 403);
    }

    /// T12.1: who uses the recruitment system is read from what was recorded; who does not is listed by name.
    async fn who_has_not_joined_is_listed_by_name(world: World, p: Province) {
        let mut tx = world.tx().await;
        let school = actor(&mut tx, &p.xingning, "county_school").await;
        tx.act_as(school);
        let programme = world.app.programme();
        let kind = programme.output("recruitment-system").unwrap();
        let new = NewOutput {
            school: Some(p.xingning.clone()),
            title: "省级公共求职招聘管理系统".to_owned(),
            since: Some("2026-03-02".parse().unwrap()),
            stage: Some("using".to_owned()),
            fields: jiedui_web::fields::parse(r#"{"kind":"recruitment"}"#),
            ..NewOutput::default()
        };
        outputs::record(&mut tx, &programme, kind, &new).await.unwrap();
        tx.commit().await.unwrap();
        let office = world.agent(&p.office, "province").await;
        let names = |page: PageResponse| page.all("tbody td:first-child a");
        let stated = names(office.get("/employment/system?joined=stated").await);
        assert_eq!(stated, ["兴宁甲校"], "nobody has confirmed it yet");
        let not = names(office.get("/employment/system?joined=not").await);
        assert!(!not.is_empty() && !not.contains(&"兴宁甲校".to_owned()));
    }

    /// T12.3, T12.4: what was recorded of services on campus stands by county beside the posts, and opens there.
    async fn services_on_campus_stand_beside_the_posts(world: World, p: Province) {
        const PAGE: &str = "/employment?year=2026&county=441481";
        let county = world.agent(&p.county, "county").await;
        let rows = async || county.get_json(PAGE).await.json()["served"]["rows"].as_array().unwrap().clone();
        assert!(rows().await.is_empty(), "nothing is made up");
        let day = "2026-10-12";
        let said = [("pairing", p.running.as_str()), ("from", day), ("to", day), ("quantity", "120"), ("kind", "mixed")];
        county.post("/entries/new/campus-service", &said).await.made();
        let found = rows().await;
        let cell = &found[0]["cells"][0];
        assert_eq!((found.len(), &cell["claimed"]["raw"], &cell["confirmed"]["raw"]), (1, &json!(120), &json!(0)));
        let opened = county.get(cell["claimed"]["href"].as_str().unwrap()).await;
        assert!(opened.status == 200 && opened.says("就业服务进校园"), "{}", opened.text());
        assert!(county.get(PAGE).await.says("校园服务和孵化基地"));
    }
}

both_engines! {
    /// T12.2: a post names majors of one category; beside it stand the schools that teach them, with who graduates.
    async fn a_post_names_majors_and_the_schools_stand_beside_it(world: World, p: Province) {
        const NAME: &str = "数控加工";
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        graduated(&school, "40").await;
        for (fields, code) in [
            ([("majors", "没有的专业"), ("major", "")], Code::NotListed),
            ([("majors", NAME), ("major", "信息类")], Code::NotFitting),
            ([("majors", "一、二、三、四、五、六"), ("major", "")], Code::TooMany),
        ] {
            let refused = recorded(&county, &fields).await;
            assert!(refused.status == 422 && refused.refuses(code), "{fields:?}: {}", refused.text());
        }
        let made = recorded(&county, &[("majors", NAME), ("major", "")]).await;
        assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
        let view = county.get_json(&made.location).await.json();
        assert_eq!((&view["major"], &view["majors"]), (&json!(MAJOR), &json!(NAME)), "the category follows");
        let rows = view["supply"]["rows"].as_array().unwrap();
        assert_eq!((rows.len(), &rows[0]["graduates"]["raw"]), (1, &json!(40)), "{view}");
        assert_eq!(line(&county).await[1], json!(25), "it stands in the line of its category");
        assert!(county.get(&made.location).await.says("对口的毕业生"));
        let found = async |query: &str| {
            let view = county.get_json(&format!("/employment/posts?{query}")).await.json();
            view["rows"].as_array().unwrap().len()
        };
        assert_eq!((found(&format!("q={NAME}")).await, found("q=模具").await), (1, 0));
        let any = recorded(&county, &[("major", "")]).await;
        assert!(county.get_json(&any.location).await.json()["supply"].is_null(), "any major fits");
    }

    /// A few graduates of one major are not told to others by what is told of another and of the category.
    async fn a_few_beside_a_post_do_not_follow_from_the_sum_of_the_category(world: World, p: Province) {
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        graduated(&school, "40").await;
        let (mut tx, programme) = (world.tx().await, world.app.programme());
        let author = actor(&mut tx, &p.xingning, "county_school").await;
        tx.act_as(author);
        let new = NewOffer {
            major: None,
            name: "样例专业".to_owned(),
            category: MAJOR.to_owned(),
            state: Some(OfferState::Open),
            from: Some("2023-09-01".parse().unwrap()),
            to: None,
            differs: String::new(),
        };
        let id = majors::add(&mut tx, &programme, &new).await.unwrap();
        let offer = majors::find(&mut tx, &id).await.unwrap();
        let few = Year { enrolled: Some(9), graduates: Some(3), employed: Some(0), in_field: Some(0) };
        majors::report(&mut tx, &offer, 2026, 0, &few).await.unwrap();
        tx.commit().await.unwrap();
        let named = recorded(&county, &[("majors", "数控加工"), ("major", "")]).await.location;
        let any = recorded(&county, &[]).await.location;
        let told = async |agent: &Agent, post: &str| {
            let rows = agent.get_json(post).await.json()["supply"]["rows"].as_array().unwrap().clone();
            let own = rows.into_iter().filter(|row| row["school"]["label"] == "兴宁甲校");
            own.map(|row| row["graduates"].clone()).collect::<Vec<_>>()
        };
        let lead = world.agent(&p.lead, "lead").await;
        let sums = lead.get_json(&format!("/employment/cohorts?county=441481&major={MAJOR}")).await.json();
        assert_eq!(sums["rows"][0]["graduates"]["raw"], json!(43), "the sum of the category is told: {sums}");
        let seen = [told(&lead, &named).await, told(&lead, &any).await].concat();
        assert_eq!(seen.len(), 3, "{seen:?}");
        assert!(seen.iter().all(|one| one["raw"].is_null()), "{seen:?}");
        assert_eq!(seen[0]["word"], json!("不单列"));
        let own = told(&county, &any).await;
        assert_eq!(own.iter().filter_map(|one| one["raw"].as_i64()).sum::<i64>(), 43, "the bureau sees both");
    }

    /// T12.2: whose link with a school was recorded and confirmed is a key enterprise, however its name is written.
    async fn posts_of_key_enterprises_are_marked(world: World, p: Province) {
        let (school, county) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.county, "county").await);
        let made = recorded(&county, &[]).await;
        assert_eq!(recorded(&county, &[("enterprise", "样例乙有限公司")]).await.status, 303);
        let fields = [("title", "样例 机电有限公司"), ("stage", "linked"), ("since", "2026-10-09")];
        let link = county.post("/outputs/new/key-enterprise-link", &fields).await;
        assert_eq!(link.status, 303, "{:?}", link.all(".errors"));
        let marked = async || county.get_json(&made.location).await.json()["key_enterprise"].clone();
        assert_eq!(marked().await, json!(false), "nobody has confirmed it");
        world.clock().advance(chrono::TimeDelta::seconds(1));
        let answer = [("version", "1"), ("verdict", "confirm")];
        assert_eq!(school.post(&format!("{}/answer", link.location), &answer).await.status, 303);
        assert_eq!(marked().await, json!(true));
        let rows = county.get_json("/employment/posts?key=yes").await.json()["rows"].clone();
        assert_eq!((rows.as_array().unwrap().len(), &rows[0]["href"]), (1, &json!(made.location)));
        assert!(county.get("/employment/posts").await.says("重点企业"));
    }
}
