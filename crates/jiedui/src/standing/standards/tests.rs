//! Standards and attainment, on both engines.

use super::actions::plan;
use super::attainment_of;
use super::confirmed;
use crate::both_engines;
use crate::evidence::profiles::{Stage, describe};
use crate::planning::school_plans::{Body, body};
use crate::testing::{Province, day, programme};
use jiedui_kernel::Unit;
use jiedui_programme::{Attained, Meets};

/// What reaches every threshold of a 技工学校 that judges.
const ENOUGH: [(&str, &str); 7] = [
    ("land_area", "31000"),
    ("floor_area", "25000"),
    ("practice_area", "6000"),
    ("equipment_value", "5000000"),
    ("students", "1000"),
    ("year_training", "900"),
    ("majors", "8"),
];

fn but<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = ENOUGH.into_iter().filter(|(id, _)| more.iter().all(|(other, _)| other != id));
    kept.chain(more.iter().copied()).collect()
}

both_engines! {
    /// 达标, 未达标 and 暂不能判定 by the newest accepted profile, each naming what made it so.
    async fn a_school_attains_by_what_was_accepted(world: World, p: Province) {
        let programme = programme();
        let found = async || {
            attainment_of(&mut world.tx().await, &programme, &p.xingning).await.unwrap().unwrap()
        };
        assert_eq!(found().await.state, Attained::Unknown, "nothing is known yet");
        describe(&world, &p, 2024, Stage::Accepted, &but(&[])).await;
        assert_eq!(found().await.state, Attained::Met, "{:?}", found().await);
        describe(&world, &p, 2025, Stage::Submitted, &but(&[("land_area", "5")])).await;
        assert_eq!(found().await.state, Attained::Met, "what was only handed in decides nothing");
        describe(&world, &p, 2025, Stage::Accepted, &but(&[("land_area", "29999"), ("floor_area", "unknown")])).await;
        let failed = found().await;
        assert_eq!(failed.state, Attained::NotMet);
        assert_eq!(failed.because().map(|item| item.gap).collect::<Vec<_>>(), [Some(1)]);
        describe(&world, &p, 2026, Stage::Accepted, &but(&[("floor_area", "unknown")])).await;
        let open = found().await;
        assert_eq!(open.state, Attained::Unknown);
        assert_eq!(open.because().count(), 2, "the area, and what is computed from it");
        let lead = world.agent(&p.lead, "lead").await;
        let page = lead.get("/attainment").await;
        assert!(page.says("校舍建筑面积、生均校舍建筑面积"), "named");
        assert_eq!(world.agent(&p.nanxiong, "county_school").await.get(&format!("/attainment/{}/gaps", p.xingning)).await.status, 404);
    }
}

both_engines! {
    /// The list counts by state, and each number opens the rows that it counts.
    async fn the_states_add_up_to_the_schools(world: World, p: Province) {
        describe(&world, &p, 2026, Stage::Accepted, &but(&[("land_area", "29999")])).await;
        let office = world.agent(&p.office, "province").await;
        let view = office.get_json("/attainment").await.json();
        let mut sum = 0;
        for stat in view["stats"].as_array().unwrap() {
            let opened = office.get_json(stat["figure"]["href"].as_str().unwrap()).await.json();
            let rows = opened["rows"].as_array().unwrap().len() as i64;
            assert_eq!(rows, stat["figure"]["raw"].as_i64().unwrap(), "{}", stat["name"]);
            sum += rows;
        }
        assert_eq!(sum, 3);
        assert_eq!(office.get_json("/attainment?state=not_met").await.json()["rows"][0]["because"][0], "校园占地面积");
        assert_eq!(office.get_json("/attainment?q=丙校").await.json()["rows"].as_array().unwrap().len(), 1);
    }
}

both_engines! {
    /// G0.1: county schools are classed by what they lack, and can be looked at class by class; of whom nothing was accepted nobody
    /// says what it needs.
    async fn schools_are_classed_by_what_they_lack(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let rows = async |need: &str| {
            let page = office.get_json(&format!("/attainment?need={need}")).await.json();
            page["rows"].as_array().unwrap().len()
        };
        let by_class = async || [rows("great").await, rows("some").await, rows("none").await];
        assert_eq!(by_class().await, [0, 0, 0], "nothing is known yet");
        describe(&world, &p, 2024, Stage::Accepted, &but(&[("floor_area", "unknown")])).await;
        assert_eq!(by_class().await, [0, 0, 0], "too little is known to judge");
        describe(&world, &p, 2025, Stage::Accepted, &but(&[("land_area", "29999"), ("floor_area", "unknown")])).await;
        assert_eq!(by_class().await, [0, 1, 0], "what is known to be lacking is lacking");
        assert_eq!(office.get_json("/attainment?need=some").await.json()["rows"][0]["need"], "有缺口");
        let poor = but(&[("land_area", "29999"), ("practice_area", "100"), ("equipment_value", "1000"), ("majors", "1")]);
        describe(&world, &p, 2026, Stage::Accepted, &poor).await;
        assert_eq!(by_class().await, [1, 0, 0]);
    }

    /// G0.1: whoever reaches every requirement lacks nothing.
    async fn whoever_attains_lacks_nothing(world: World, p: Province) {
        describe(&world, &p, 2026, Stage::Accepted, &but(&[])).await;
        let page = world.agent(&p.office, "province").await.get_json("/attainment?need=none").await.json();
        let needs: Vec<&str> = page["rows"].as_array().unwrap().iter().map(|row| row["need"].as_str().unwrap()).collect();
        assert_eq!(needs, ["没有缺口"]);
    }
}

/// A threshold from memory that the province may let judge, with its standard.
fn from_memory() -> (String, String) {
    let programme = programme();
    let found = programme.thresholds.iter().find(|threshold| threshold.may_be_confirmed()).unwrap();
    (found.standard.clone(), found.id.clone())
}

both_engines! {
    /// What comes from memory judges from the province's check on, until it is taken back; nobody else may say so.
    async fn memory_judges_once_the_province_has_checked_it(world: World, p: Province) {
        let (standard, threshold) = from_memory();
        let (confirm, withdraw) = (format!("/standards/{standard}/confirm"), format!("/standards/{standard}/withdraw"));
        let said = [("threshold", threshold.as_str()), ("source", "人社部发〔2012〕8号第八条"), ("reason", "与原文一致")];
        for (org, role) in [(&p.city, "city"), (&p.county, "county"), (&p.xingning, "county_school"), (&p.lead, "lead")] {
            assert_eq!(world.agent(org, role).await.post(&confirm, &said).await.status, 403, "{role}");
        }
        let office = world.agent(&p.office, "province").await;
        let standing = async || confirmed(&mut world.tx().await).await.unwrap();
        assert_eq!(office.post(&withdraw, &[("threshold", &threshold), ("withdrawal", "没有")]).await.status, 409);
        let wordless = office.post(&confirm, &[("threshold", &threshold)]).await;
        assert_eq!(wordless.status, 422);
        assert_eq!(wordless.attributes(".errors a", "href"), [format!("#f-{threshold}-source"), format!("#f-{threshold}-reason")]);
        assert_eq!(wordless.attributes(&format!("#f-{threshold}-source"), "name"), ["source"], "the link leads to the field");
        assert!(standing().await.is_empty());
        assert_eq!(office.post(&confirm, &said).await.status, 303);
        assert_eq!(standing().await, std::slice::from_ref(&threshold));
        assert_eq!(office.post(&confirm, &said).await.status, 409, "once");
        let page = office.get(&format!("/standards/{standard}")).await;
        assert!(page.says("原文待核，省办已核对") && page.says("与原文一致"));
        assert_eq!(office.post(&withdraw, &[("threshold", &threshold), ("withdrawal", "看错了条款")]).await.status, 303);
        assert!(standing().await.is_empty());
        assert!(office.get(&format!("/standards/{standard}")).await.says("看错了条款"), "the history stays");
        assert_eq!(office.post(&confirm, &said).await.status, 303, "and it may be checked again");
    }
}

both_engines! {
    /// What needs no check cannot be checked: it judges already, or is another place's.
    async fn only_memory_can_be_confirmed(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let programme = programme();
        for threshold in programme.thresholds.iter().filter(|threshold| !threshold.may_be_confirmed()) {
            let path = format!("/standards/{}/confirm", threshold.standard);
            let said = [("threshold", threshold.id.as_str()), ("source", "某文"), ("reason", "一致")];
            assert_eq!(office.post(&path, &said).await.status, 422, "{}", threshold.id);
        }
    }
}

both_engines! {
    /// A trial changes the result and nothing else; what is emptied is not known.
    async fn a_trial_stores_nothing(world: World, p: Province) {
        describe(&world, &p, 2026, Stage::Accepted, &but(&[("land_area", "29999")])).await;
        let school = world.agent(&p.xingning, "county_school").await;
        let at = format!("/attainment/{}/whatif", p.xingning);
        let state = |view: &serde_json::Value| view["own"]["state"]["label"].as_str().unwrap().to_owned();
        let plain = school.get_json(&at).await.json();
        assert_eq!((state(&plain).as_str(), plain["changed"].as_array().unwrap().len()), ("未达标", 0));
        let sent = |land: &str| {
            let fields = plain["rows"].as_array().unwrap().iter().map(|row| {
                let field = &row["field"];
                let name = field["name"].as_str().unwrap();
                format!("{name}={}", if name == "land_area" { land } else { field["value"].as_str().unwrap() })
            });
            format!("{at}?try=yes&{}", fields.collect::<Vec<_>>().join("&"))
        };
        let more = school.get_json(&sent("30000")).await.json();
        assert_eq!((state(&more).as_str(), more["changed"][0].as_str()), ("达标", Some("校园占地面积")));
        let short = |item: &serde_json::Value| !item["gap"].is_null();
        assert!(more["next"]["items"].as_array().unwrap().iter().any(short), "the next level asks for more");
        assert_eq!(state(&school.get_json(&sent("")).await.json()), "暂不能判定");
        assert_eq!(school.get(&sent("许多")).await.attributes(".errors a", "href"), ["#f-land_area"]);
        assert_eq!(state(&school.get_json(&at).await.json()), "未达标", "nothing was kept");
    }
}

both_engines! {
    /// The gaps become rows of the conditions plan, once; what the school wrote there stays.
    async fn gaps_are_carried_into_the_conditions_plan(world: World, p: Province) {
        describe(&world, &p, 2026, Stage::Accepted, &but(&[("land_area", "29999"), ("equipment_value", "2000000.50")])).await;
        let school = world.agent(&p.xingning, "county_school").await;
        let carry = format!("/attainment/{}/plan", p.xingning);
        assert_eq!(world.agent(&p.lead, "lead").await.post(&carry, &[]).await.status, 403, "the school's own plan");
        let done = school.post(&carry, &[]).await;
        assert_eq!(done.status, 303);
        assert!(done.location.starts_with("/plans/") && done.location.ends_with("/edit"));
        let form = school.get(&done.location).await;
        assert_eq!(form.attributes("input[name=gaps-0-have], textarea[name=gaps-0-have]", "value"), ["29999"]);
        let wants: Vec<String> = form.attributes("input[name=gaps-1-want]", "value");
        assert_eq!(wants, ["300"], "in 万元");
        let version = form.attributes("input[name=version]", "value")[0].clone();
        let again = school.post(&carry, &[]).await;
        assert_eq!(again.location, done.location, "the same draft");
        let form = school.get(&done.location).await;
        assert_eq!(form.attributes("input[name=version]", "value")[0], version, "nothing was added twice");
    }
}

both_engines! {
    async fn without_a_gap_there_is_nothing_to_carry(world: World, p: Province) {
        describe(&world, &p, 2026, Stage::Accepted, &but(&[])).await;
        let school = world.agent(&p.xingning, "county_school").await;
        let done = school.post(&format!("/attainment/{}/plan", p.xingning), &[]).await;
        assert_eq!(done.location, format!("/attainment/{}/gaps", p.xingning));
        assert!(!school.get(&done.location).await.text().contains("/plan\""), "and no button for it");
    }
}

#[test]
fn carried_rows_keep_what_the_school_wrote() {
    let row = |item: &str, have: i64| body::Gap {
        item: item.to_owned(),
        have: Some(have),
        want: Some(900),
        unit: "persons".to_owned(),
        ..body::Gap::default()
    };
    let mine = body::Gap {
        level: "county".to_owned(),
        money: Some(5),
        due: Some(day("2027-08-31")),
        ..row("教师", 100)
    };
    let mut body = Body { gaps: vec![mine.clone(), row("学校自己写的", 1)], ..Body::default() };
    assert_eq!(plan::merge(&mut body, vec![row("教师", 200), row("占地", 3)]), (1, 1));
    assert_eq!(body.gaps[0], body::Gap { have: Some(200), ..mine });
    assert_eq!(
        body.gaps.iter().map(|gap| gap.item.as_str()).collect::<Vec<_>>(),
        ["教师", "学校自己写的", "占地"]
    );
    assert_eq!(plan::merge(&mut body, vec![row("占地", 3)]), (0, 0));
}

#[test]
fn units_of_the_plan_hold_the_same_amount() {
    assert_eq!(
        plan::in_plan(Unit::Yuan, 300_000_000),
        (30_000, "ten_thousand_yuan"),
        "3,000,000 yuan are 300 万元"
    );
    assert_eq!(plan::in_plan(Unit::SquareMetres, 30_000), (3_000_000, "square_metres"));
    assert_eq!(plan::in_plan(Unit::BasisPoints, 3_330), (3_330, "per_cent"));
    let programme = programme();
    for threshold in &programme.thresholds {
        if let Some(unit) = threshold.unit {
            let (_, name) = plan::in_plan(unit, 1);
            assert!(body::UNITS.iter().any(|(id, _)| *id == name), "{name}");
            let words = body::name_in(&body::UNITS, name);
            assert!(unit == Unit::Yuan || words == unit.label(), "{}: {words}", threshold.id);
        }
    }
}

/// Where a threshold judges, its states are three; where it does not, one.
#[test]
fn every_state_has_a_word_and_a_shape() {
    let marks = [Meets::Met, Meets::NotMet, Meets::Unknown, Meets::NotJudged].map(super::rules::meets);
    let mut keys: Vec<_> = marks.iter().map(|mark| (mark.key, mark.mark)).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 4);
}

both_engines! {
    /// T2.3: what was granted and confirmed is taken over into the registry by one press of the office; what was before stays in the
    /// lineage.
    async fn a_granted_level_is_taken_over_into_the_registry(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let (county, school) = (world.agent(&p.county, "county").await, world.agent(&p.xingning, "county_school").await);
        let waiting = async || office.get_json("/ladder/levels").await.json()["rows"].as_array().unwrap().len();
        let asked = async || office.get("/?all=yes").await.says("更新获批的层次");
        let fields = [("title", "批准设立"), ("since", "2026-03-01"), ("school", p.xingning.as_str()), ("stage", "approved")];
        let made = office.post("/outputs/new/senior-school-built", &fields).await.made();
        assert_eq!((waiting().await, asked().await), (0, false), "not before the school confirms it");
        let confirm = [("verdict", "confirm"), ("version", "1")];
        assert_eq!(school.post(&format!("/outputs/{made}/answer"), &confirm).await.status, 303);
        assert_eq!((waiting().await, asked().await), (1, true));
        let card = format!("/registry/{}", p.xingning);
        let level = async || office.get_json(&card).await.json()["org"]["level"].clone();
        let (press, before) = (format!("/ladder/{}/level", p.xingning), level().await);
        for agent in [&county, &school] {
            assert_eq!(agent.post(&press, &[]).await.status, 403, "the registry is the office's");
        }
        assert_eq!(before, "技工学校");
        let done = office.post(&press, &[]).await;
        assert_eq!((done.status.as_u16(), done.location.as_str()), (303, "/ladder/levels"));
        assert_eq!(level().await, "高级技工学校");
        assert!(office.get(&card).await.says("原层次：技工学校"));
        assert_eq!((waiting().await, asked().await), (0, false));
        assert_eq!(office.post(&press, &[]).await.status, 409, "once");
    }
}

both_engines! {
    /// Each rung of each year opens down to its schools, and all rungs together are all county schools (G3.1).
    async fn the_ladder_opens_down_to_names(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let page = office.get_json("/ladder").await.json();
        let rungs = page["rungs"].as_array().unwrap();
        let of_this_year = |rung: &serde_json::Value| rung["cells"].as_array().unwrap().last().unwrap()["figure"].clone();
        let sum: i64 = rungs.iter().map(|rung| of_this_year(rung)["raw"].as_i64().unwrap()).sum();
        let today = world.tx().await.today();
        let all = crate::network::registry::county_schools(&mut world.tx().await, today).await.unwrap();
        assert_eq!(sum, i64::try_from(all.len()).unwrap());
        for rung in rungs {
            let figure = of_this_year(rung);
            let href = figure["href"].as_str().unwrap().split('#').next().unwrap().to_owned();
            let opened = office.get_json(&href).await.json();
            let names = opened["opened"]["schools"].as_array().unwrap().len();
            assert_eq!(figure["raw"].as_i64().unwrap(), i64::try_from(names).unwrap(), "{href}");
        }
        let school = world.agent(&p.xingning, "county_school").await.get("/ladder").await;
        assert_eq!(school.status, 200);
    }
}
