//! From a rule of the programme to what each school got, and from an objection to its answer, through the browser.

use super::data::{self, AllocationRow, AppealRow};
use super::rules::parcel::{Asked, Claim, Parcel};
use crate::both_engines;
use crate::evidence::profiles::{Stage, describe};
use crate::shared::frozen;
use crate::shared::review;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use jiedui_kernel::{Code, Unit};
use jiedui_store::{args, named};
use serde_json::json;

/// One that an organisation published and in which it alone has a share, and an objection of its own: for the tests that ask
/// every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let author = actor(&mut tx, org, "county_school").await;
    tx.act_as(author);
    let (today, id, appeal) = (tx.today(), tx.new_id(), tx.new_id());
    // Not one whose shares a test takes up, where there is another.
    let programme = world.app.programme();
    let rules = &programme.allocations;
    let rule = rules.iter().find(|rule| rule.id == "incubator-places").unwrap_or(&rules[0]);
    named!(data::INSERT {
        id: &id,
        issuer: org,
        rule: &rule.id,
        title: "样例",
        total: 3_i64,
        drafted_on: today,
    })
    .write(&mut tx)
    .await
    .unwrap();
    review::begun::<AllocationRow>(&mut tx, &id, "draft", json!({ "sample": true })).await.unwrap();
    let opened = super::opened(&mut tx, &programme, &id).await.unwrap();
    let claim = Claim {
        school: org.to_owned(),
        name: "样例".to_owned(),
        place: String::new(),
        division: String::new(),
        base: Some(40),
        preferred: false,
    };
    let asked = Asked {
        rule: rule.clone(),
        total: 3,
        base: "各家相同".to_owned(),
        base_unit: Unit::Items,
        preferred: Vec::new(),
        claims: vec![claim],
    };
    super::actions::put(&mut tx, &programme, &opened, opened.row.version, asked).await.unwrap();
    let row = super::actions::find(&mut tx, &id).await.unwrap();
    tx.change(&row, &data::INSERT_APPEAL, args![&appeal, org, "样例", today]).await.unwrap();
    review::begun::<AppealRow>(&mut tx, &appeal, "raise", json!({ "sample": true })).await.unwrap();
    tx.commit().await.unwrap();
    vec![("allocation", id), ("allocation_appeal", appeal)]
}

async fn act(agent: &Agent, page: &str, to: &str, fields: &[(&str, &str)]) -> PageResponse {
    let version = agent.get_json(page).await.json()["version"].to_string();
    agent.post(to, &[&[("version", version.as_str())], fields].concat()).await
}

/// The teachers of the first county school, told and accepted; of the others nothing is known.
async fn told(world: &World, p: &Province) {
    describe(world, p, 2025, Stage::Accepted, &[("teachers_full_time", "40")]).await;
}

/// Whether what was kept follows from what was kept with it.
fn follows(parcel: &Parcel) -> bool {
    parcel.adds_up(&parcel.asked.divide().unwrap())
}

async fn drafted(office: &Agent, total: &str) -> String {
    drafted_by(office, "training-places", total).await
}

async fn drafted_by(office: &Agent, rule: &str, total: &str) -> String {
    let fields = [("rule", rule), ("total", total), ("title", "省级师资培训第一期")];
    let made = office.post("/allocations/new", &fields).await;
    assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
    made.location
}

/// What of an allocation was taken up, line by line.
async fn taken(agent: &Agent, page: &str) -> Vec<serde_json::Value> {
    agent.get_json(page).await.json()["taken"]["lines"].as_array().unwrap().clone()
}

/// A figure of a part of a page.
fn raw(part: &serde_json::Value, figure: &str) -> i64 {
    part[figure]["raw"].as_i64().unwrap()
}

both_engines! {
    /// T4.6: tried, drafted, published; each school sees its share, why, and what it would have been without preference.
    async fn everybody_sees_who_got_what_and_why(world: World, p: Province) {
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let tried = office.get("/allocations/new?rule=training-places&total=12").await;
        assert!(tried.says("试算结果") && tried.says("兴宁甲校") && tried.says("专任教师"));
        for (total, code) in [("0", Code::OutOfRange), ("", Code::Missing), ("-3", Code::OutOfRange)] {
            let refused = office.get(&format!("/allocations/new?rule=training-places&total={total}")).await;
            assert!(refused.status == 422 && refused.refuses(code), "{total}: {}", refused.text());
        }
        let draft = drafted(&office, "12").await;
        assert_eq!(school.get(&draft).await.status, 404, "a draft is the office's own");
        let published = act(&office, &draft, &format!("{draft}/publish"), &[]).await;
        assert_eq!(published.status, 303, "{}", published.text());
        let seen = school.get(&draft).await;
        assert!(seen.says("本校") && seen.says("分得") && seen.says("为什么") && seen.says("一致"));
        assert!(school.get("/notices").await.says("省级师资培训第一期"));
        let kept = school.get(&format!("{draft}/parcel")).await.text();
        let parcel: Parcel = serde_json::from_str(&kept).unwrap();
        assert_eq!(parcel.given.iter().map(|one| one.given).sum::<i64>(), 12);
        assert!(follows(&parcel) && parcel.stamp.rules == world.app.programme().digest);
        assert!(seen.says(&frozen::digest(&kept)[..8]), "{}", seen.text());
        assert!(school.get(&format!("{draft}/paper")).await.says("不倾斜时"));
        let again = act(&office, &draft, &format!("{draft}/publish"), &[]).await;
        assert_eq!(again.status, 403, "what was published is not published again");
    }

    /// Principle 9: a school objects in time, once; the issuer answers; what was published stays, or is taken back.
    async fn a_school_objects_in_time_and_is_answered(world: World, p: Province) {
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let draft = drafted(&office, "12").await;
        act(&office, &draft, &format!("{draft}/publish"), &[]).await;
        let to = format!("{draft}/appeal");
        assert!(act(&school, &draft, &to, &[("reason", "")]).await.refuses(Code::Missing));
        let raised = act(&school, &draft, &to, &[("reason", "专任教师应为五十人")]).await;
        assert_eq!(raised.status, 303, "{}", raised.text());
        assert_eq!(act(&school, &draft, &to, &[("reason", "再来一次")]).await.status, 409);
        assert!(office.get("/").await.says("答复异议"));
        let objection = office.get(&draft).await.attributes("a[href^='/appeals/']", "href")[0].clone();
        let answer = format!("{objection}/answer");
        assert!(office.get(&objection).await.says("分得"), "what was published stands beside it");
        assert!(act(&office, &objection, &answer, &[("answer", "无")]).await.refuses(Code::Missing));
        let fields = [("verdict", "dismiss"), ("answer", "以接收的基本情况为准")];
        assert_eq!(act(&office, &objection, &answer, &fields).await.status, 303);
        assert!(school.get(&draft).await.says("以接收的基本情况为准"));
        assert!(act(&office, &draft, &format!("{draft}/withdraw"), &[]).await.refuses(Code::Missing));
        let back = act(&office, &draft, &format!("{draft}/withdraw"), &[("reason", "人数有误")]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        let seen = school.get(&draft).await;
        assert!(seen.says("已撤回") && seen.says("人数有误"));
    }

    /// The clock runs out: five working days after the day of the publication nobody objects any more.
    async fn nobody_objects_when_the_time_is_over(world: World, p: Province) {
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let draft = drafted(&office, "12").await;
        act(&office, &draft, &format!("{draft}/publish"), &[]).await;
        world.clock().advance(chrono::TimeDelta::days(14));
        let school = world.agent(&p.xingning, "county_school").await;
        let late = act(&school, &draft, &format!("{draft}/appeal"), &[("reason", "来晚了")]).await;
        assert_eq!(late.status, 409, "{}", late.text());
        let mut tx = world.tx().await;
        let row = tx.find::<AllocationRow>(&data::SHOW, args![draft.rsplit('/').next().unwrap()]).await.unwrap().into_row();
        assert!(row.appeal_until.unwrap() < tx.today());
    }

    /// T5.6: what is too scarce for schools is divided between cities, by how many county schools each has.
    async fn cities_share_by_the_number_of_their_county_schools(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let city = world.agent(&p.city, "city").await;
        let none = city.get("/allocations/new?rule=major-places&total=9").await;
        assert!(none.status == 422 && none.refuses(Code::NotFitting), "a city has no cities below it");
        let draft = drafted_by(&office, "major-places", "9").await;
        assert_eq!(act(&office, &draft, &format!("{draft}/publish"), &[]).await.status, 303);
        let kept = office.get(&format!("{draft}/parcel")).await.text();
        let parcel: Parcel = serde_json::from_str(&kept).unwrap();
        assert!(follows(&parcel) && parcel.given.iter().map(|one| one.given).sum::<i64>() == 9);
        let own = parcel.asked.claims.iter().find(|claim| claim.school == p.city).unwrap();
        let mut tx = world.tx().await;
        let today = tx.today();
        let schools = crate::network::registry::county_schools(&mut tx, today).await.unwrap();
        let bureau = crate::network::registry::find(&mut tx, &p.city).await.unwrap();
        let below = schools.iter().filter(|school| school.path.starts_with(&bureau.path)).count();
        assert_eq!(own.base, Some(below as i64));
        drop(tx);
        assert!(city.get(&draft).await.says("本市"));
        let raised = act(&city, &draft, &format!("{draft}/appeal"), &[("reason", "少算一所")]).await;
        assert_eq!(raised.status, 303, "{}", raised.text());
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.get(&draft).await.status, 404, "what a city got is not a share of its schools");
    }

    /// S4.4: money leans to those whose result of the year before reaches the limit of the rule.
    async fn money_leans_to_results_to_the_cent(world: World, p: Province) {
        describe(&world, &p, 2025, Stage::Accepted, &[("students", "400"), ("graduates", "300"), ("graduates_certified", "210")]).await;
        let office = world.agent(&p.office, "province").await;
        let draft = drafted_by(&office, "results-money", "100").await;
        assert_eq!(act(&office, &draft, &format!("{draft}/publish"), &[]).await.status, 303);
        let kept = office.get(&format!("{draft}/parcel")).await.text();
        let parcel: Parcel = serde_json::from_str(&kept).unwrap();
        let own = parcel.asked.claims.iter().find(|claim| claim.school == p.xingning).unwrap();
        assert!(own.preferred && own.base == Some(400), "{own:?}");
        assert_eq!(parcel.given.iter().map(|one| one.given).sum::<i64>(), 10_000, "in cents");
        assert!(parcel.asked.preferred[0].contains("持证毕业生"));
    }

    /// S4.4: money leans to counties whose schools did well, by what the schools of each have together.
    async fn counties_share_by_what_their_schools_have_together(world: World, p: Province) {
        let told = [("students", "400"), ("graduates", "300"), ("graduates_certified", "210")];
        describe(&world, &p, 2025, Stage::Accepted, &told).await;
        let office = world.agent(&p.office, "province").await;
        let draft = drafted_by(&office, "county-money", "100").await;
        assert_eq!(act(&office, &draft, &format!("{draft}/publish"), &[]).await.status, 303);
        let kept = office.get(&format!("{draft}/parcel")).await.text();
        let parcel: Parcel = serde_json::from_str(&kept).unwrap();
        assert!(follows(&parcel) && parcel.given.iter().map(|one| one.given).sum::<i64>() == 10_000, "in cents");
        let own = parcel.asked.claims.iter().find(|claim| claim.school == p.county).unwrap();
        assert!(own.preferred && own.base == Some(400), "{own:?}");
        assert!(parcel.asked.claims.len() > 1, "each county that has a county school takes part");
        let county = world.agent(&p.county, "county").await;
        assert!(county.get(&draft).await.says("本县"));
        let raised = act(&county, &draft, &format!("{draft}/appeal"), &[("reason", "在校生少算一百人")]).await;
        assert_eq!(raised.status, 303, "{}", raised.text());
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.get(&draft).await.status, 404, "what a county got is not a share of its schools");
        let city = world.agent(&p.city, "city").await;
        let below = city.get("/allocations/new?rule=county-money&total=100").await;
        assert!(below.status == 200 && below.says("试算结果"), "a city has counties below it: {}", below.text());
    }

    /// T4.6: what was given is taken up by what is recorded anyway. The form says what is left, and refuses nothing by it.
    async fn what_was_given_is_taken_up_where_it_serves(world: World, p: Province) {
        const FORM: &str = "/entries/new/quota-training";
        told(&world, &p).await;
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        assert!(!school.get(FORM).await.says("还余"), "nothing was given yet");
        let draft = drafted(&office, "12").await;
        assert!(office.get_json(&draft).await.json()["taken"].is_null(), "a draft gives nothing");
        act(&office, &draft, &format!("{draft}/publish"), &[]).await;
        let lines = taken(&school, &draft).await;
        assert_eq!(lines.len(), 1, "each sees what it used itself, and the issuer all");
        let given = raw(&lines[0], "given");
        assert!(given > 4 && taken(&office, &draft).await.len() > 1);
        let times = async |quantity: &str, day: &str| {
            let said = [("pairing", p.running.as_str()), ("from", day), ("to", day), ("quantity", quantity), ("tier", "provincial")];
            school.post(FORM, &said).await.made()
        };
        times("4", "2026-09-03").await;
        times("9", "2025-09-03").await;
        let own = &taken(&school, &draft).await[0];
        let parts = ["claimed", "confirmed", "left"].map(|part| raw(own, part));
        assert_eq!(parts, [4, 0, given - 4], "what was done in another year used up nothing of this one's");
        let opened = school.get(own["claimed"]["href"].as_str().unwrap()).await;
        assert!(opened.status == 200 && opened.says("名额培训"), "{}", opened.text());
        let words = school.get_json(FORM).await.json()["beside"][0]["words"].as_str().unwrap().to_owned();
        assert!(words.contains("已登记 4 人次") && words.contains(&format!("还余 {} 人次", given - 4)), "{words}");
        times("20", "2026-09-04").await;
        let own = &taken(&school, &draft).await[0];
        assert!(own["over"] == true && raw(own, "left") == 24 - given, "a hint refuses nothing: {own}");
        act(&office, &draft, &format!("{draft}/withdraw"), &[("reason", "人数有误")]).await;
        assert!(school.get_json(&draft).await.json()["taken"].is_null());
        assert_eq!(school.get_json(FORM).await.json()["beside"].as_array().unwrap().len(), 0);
    }

    /// S4.4: a share of money is approved without being typed again; what comes of it is recorded, answered, and seen on both sides.
    async fn a_share_of_money_is_approved_where_money_is_followed(world: World, p: Province) {
        describe(&world, &p, 2025, Stage::Accepted, &[("students", "400")]).await;
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let county = world.agent(&p.county, "county").await;
        let draft = drafted_by(&office, "results-money", "100").await;
        act(&office, &draft, &format!("{draft}/publish"), &[]).await;
        let sum = async |step: &str| {
            raw(&school.get_json("/funding?source=province").await.json()["total"], step)
        };
        assert_eq!((sum("approved").await, sum("approved_sure").await, sum("arrived").await), (10_000, 10_000, 0));
        assert!(school.get(&format!("/funding/schools/{}", p.xingning)).await.says("省级师资培训第一期"));
        let form = school.get("/funding/new?kind=arrived").await;
        let accounts = form.attributes("select[name=of] option", "value");
        let of = accounts.iter().find(|account| account.starts_with("o.")).unwrap();
        let came = async |amount: &str| {
            let fixed = [("kind", "arrived"), ("day", "2026-11-24"), ("words", "到账"), ("number", "")];
            let own = [("school", p.xingning.as_str()), ("of", of.as_str()), ("amount", amount)];
            school.post("/funding/new", &[&fixed[..], &own].concat()).await
        };
        let done = came("60").await;
        assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
        assert!(came("40.01").await.refuses(Code::MoreThanWhole), "no more than was given");
        act(&county, &done.location, &format!("{}/confirm", done.location), &[]).await;
        let own = &taken(&school, &draft).await[0];
        let parts = ["given", "claimed", "confirmed", "left"].map(|part| raw(own, part));
        assert_eq!(parts, [10_000, 6_000, 6_000, 4_000]);
        assert!(school.get(own["claimed"]["href"].as_str().unwrap()).await.says("到账"));
        let whole = raw(&school.get_json("/funding").await.json()["total"], "arrived");
        for by in ["school", "project", "year"] {
            let total = &school.get_json(&format!("/funding?by={by}")).await.json()["total"];
            assert_eq!(raw(total, "arrived"), whole, "{by}");
        }
        assert_eq!(crate::sharing::funding::off(&mut world.tx().await).await.unwrap(), Vec::<String>::new());
        act(&office, &draft, &format!("{draft}/withdraw"), &[("reason", "总数有误")]).await;
        assert_eq!((sum("approved").await, sum("arrived").await), (0, 6_000), "what came stays");
    }

    /// T7.4: each entry of a contest is a team, however many persons it names; colleges, whose teams nobody records, are left out.
    async fn each_entry_of_a_contest_is_a_team(world: World, p: Province) {
        const FORM: &str = "/entries/new/contest-entry";
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let draft = drafted_by(&office, "contest-teams", "6").await;
        act(&office, &draft, &format!("{draft}/publish"), &[]).await;
        let said = [("pairing", p.running.as_str()), ("from", "2026-09-03"), ("quantity", "6"), ("level", "provincial")];
        school.post(FORM, &said).await.made();
        let own = &taken(&school, &draft).await[0];
        assert_eq!(["claimed", "confirmed"].map(|part| raw(own, part)), [1, 0], "one team of six");
        let words = school.get_json(FORM).await.json()["beside"][0]["words"].as_str().unwrap().to_owned();
        assert!(words.contains("已登记 1 个"), "{words}");
        let kept = office.get(&format!("{draft}/parcel")).await.text();
        let parcel: Parcel = serde_json::from_str(&kept).unwrap();
        assert!(taken(&office, &draft).await.len() < parcel.given.len());
        let lead = world.agent(&p.lead, "lead").await;
        assert!(lead.get_json(&draft).await.json()["taken"].is_null(), "nobody records what it does with its teams");
    }
}
