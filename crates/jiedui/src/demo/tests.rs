//! That every account of the demonstration finds its papers on the desk, and that it can be made on any day.

use super::{PASSWORD, ensure, is_here, multiply};
use crate::both_engines;
use crate::evidence::ledger::copies;
use crate::evidence::profiles;
use crate::planning::school_plans::{self, Body};
use crate::shared::review::State;
use crate::standing::indicators;
use crate::testing::{Agent, Demonstration, Engine, Province, Start, World, compare};
use jiedui_kernel::Error;
use std::collections::BTreeMap;

async fn signed_in(world: &World, login: &str) -> Agent {
    let agent = world.stranger();
    let page = agent.get("/signin").await;
    let token = page.attributes("main input[name=_csrf]", "value")[0].clone();
    let agent = agent.with_token(token);
    agent.post("/signin", &[("login", login), ("password", PASSWORD)]).await;
    agent
}

/// The tasks on an account's desk, without spaces.
async fn desk(world: &World, login: &str) -> Vec<String> {
    let tasks = signed_in(world, login).await.get("/?all=yes").await.all(".task");
    tasks.into_iter().map(|text| text.split_whitespace().collect()).collect()
}

/// What the desks shall show: an account, and the beginnings of tasks.
const SHOWN: [(&str, &[&str]); 6] = [
    ("sheng", &["清单备案：南雄市", "清单备案：廉江市", "答复投诉建议：重复填报"]),
    ("shi", &["核定：", "对清单提意见：五华县"]),
    ("xian", &["核定：", "达标方案征求同意：兴宁市", "接收更正：兴宁市"]),
    (
        "qiantou",
        &[
            "回应异议：兴宁市",
            "修改协议：连州市",
            "协议将到期：龙门县",
            "修改协作方案：五华县",
            "修改清单：龙门县",
            "继续拟清单：连州市",
            "主要负责同志年度调研：兴宁市",
        ],
    ),
    (
        "peihe",
        &[
            "确认协议：梅县区",
            "协作方案征求同意：梅县区",
            "清单征求同意：兴宁市",
            "主要负责同志年度调研：兴宁市",
        ],
    ),
    (
        "xianji",
        &["清单征求同意：兴宁市", "补报年度基本情况：", "填报专业年度数字", "您提的意见有了答复：要求不合理"],
    ),
];

#[tokio::test]
async fn every_desk_has_its_papers_beside_its_clocks() {
    let (world, _made) = <(World, Demonstration)>::on(Engine::Sqlite).await;
    for (login, wanted) in SHOWN {
        let tasks = desk(&world, login).await;
        for start in wanted {
            assert!(tasks.iter().any(|task| task.starts_with(start)), "{login}: no {start} in {tasks:#?}");
        }
    }
    let mut tx = world.tx().await;
    for (year, states) in [
        (2025, vec!["filed"]),
        (2026, vec!["agreeing", "amending", "draft", "filed", "submitted"]),
        (2027, vec!["agreeing", "draft", "returned", "submitted"]),
    ] {
        let lists = crate::planning::projects::lists_of(&mut tx, year, "").await.unwrap();
        let found: std::collections::BTreeSet<&str> = lists.iter().map(|list| list.state.text()).collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), states, "{year}");
    }
}

/// T1.1: what the plans say that schools have is what their profiles say.
#[tokio::test]
async fn plans_say_of_schools_what_their_profiles_say() {
    let (world, _made) = <(World, Demonstration)>::on(Engine::Sqlite).await;
    let mut tx = world.tx().await;
    let told = profiles::facts(&mut tx).await.unwrap();
    let mut seen = 0;
    for plan in school_plans::in_scope(&mut tx).await.unwrap() {
        let body = Body::parse(&plan.body).unwrap();
        for (item, element) in [("专任教师", "teachers_full_time"), ("校舍建筑面积", "floor_area")]
        {
            let mine = told.iter().filter(|fact| fact.school == plan.org);
            let told: Vec<i64> = mine.filter_map(|fact| fact.values.get(element)?.value()).collect();
            // What nobody has measured yet is an estimate.
            for gap in body.gaps.iter().filter(|gap| gap.item == item && !told.is_empty()) {
                let have = gap.have.unwrap();
                assert!(
                    told.contains(&(have / 100)) && gap.have < gap.want,
                    "{}: {item} {have}",
                    plan.county_name
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

/// G2.2: neither the number nor the year to begin with was issued: what the records say of the increase judges nothing.
#[tokio::test]
async fn an_increase_that_nobody_issued_is_told_as_recorded() {
    let (world, _made) = <(World, Demonstration)>::on(Engine::Sqlite).await;
    let office = signed_in(&world, "sheng").await;
    let page = office.get_json("/targets").await.json();
    let targets = page["targets"].as_array().unwrap();
    let target = targets.iter().find(|one| one["clause"] == "G2.2").unwrap();
    let raw = |name: &str| target["recorded"][name]["raw"].as_i64().unwrap();
    assert_eq!(raw("increase"), raw("after") - raw("before"));
    assert_eq!(
        (target["recorded"]["from"].as_i64(), target["state"]["key"].as_str()),
        (Some(2024), Some("not_issued"))
    );
    assert!(office.get("/targets").await.says("没有下达基数年度和数量"));
    let others = targets.iter().filter(|one| !one["recorded"].is_null()).count();
    assert_eq!(others, 1, "where a number was issued, it is held against that");
}

async fn can_be_made_on(today: &str) {
    let world = World::new(Engine::Sqlite, today, true).await;
    let made = ensure(&world.app).await;
    assert!(made.as_ref().is_ok_and(|made| *made), "{today}: {made:?}");
}

/// Where somebody works already, there come no accounts with a public password, and no day that moves.
#[tokio::test]
async fn it_is_not_made_among_what_is_real() {
    let (world, _) = <(World, Province)>::on(Engine::Sqlite).await;
    let refused = ensure(&world.app).await;
    assert!(matches!(refused, Err(Error::CannotStart(_))), "{refused:?}");
    assert!(!is_here(&world.app).await.unwrap());
}

#[tokio::test]
async fn it_can_be_made_in_the_first_autumn() {
    can_be_made_on("2024-10-12").await;
}

#[tokio::test]
async fn it_can_be_made_in_the_first_winter() {
    can_be_made_on("2025-02-10").await;
}

#[tokio::test]
async fn it_can_be_made_at_the_turn_of_a_year() {
    can_be_made_on("2026-01-04").await;
}

#[tokio::test]
async fn it_can_be_made_in_summer() {
    can_be_made_on("2026-06-20").await;
}

/// How many of a thousand entries there are of each activity, state and side that claims.
async fn shares(world: &World) -> BTreeMap<String, i64> {
    let mut tx = world.tx().await;
    let all = copies::all(&mut tx).await.unwrap();
    let mut found = BTreeMap::new();
    for entry in &all {
        for kind in entry.kinds() {
            *found.entry(kind).or_insert(0_i64) += 1000;
        }
    }
    let count = i64::try_from(all.len()).unwrap();
    found.into_iter().map(|(kind, sum)| (kind, sum / count)).collect()
}

both_engines! {
    async fn a_ledger_of_many_entries_agrees_with_its_log_and_its_figures(world: World, _made: Demonstration) {
        const WANTED: i64 = 5_000;
        let before = shares(&world).await;
        let there = copies::count(&mut world.tx().await).await.unwrap();
        let added = multiply(&world.app, WANTED, |_, _| {}).await.unwrap();
        assert_eq!(i64::try_from(added).unwrap(), WANTED - there);
        assert_eq!(multiply(&world.app, WANTED, |_, _| {}).await.unwrap(), 0, "there are as many already");
        let mut tx = world.tx().await;
        assert_eq!(copies::count(&mut tx).await.unwrap(), WANTED);
        let differences = indicators::verify(&mut tx, &world.app.programme()).await.unwrap();
        assert!(differences.is_empty(), "{differences:#?}");
        let kept = indicators::kept_faults(&mut tx, &world.app.programme()).await.unwrap();
        let faults = jiedui_store::audit::faults(&mut tx).await.unwrap();
        assert_eq!((kept, faults), (Vec::new(), Vec::new()));
        drop(tx);
        for (kind, share) in shares(&world).await {
            let was = before.get(&kind).copied().unwrap_or(0);
            assert!((share - was).abs() <= 10, "{kind}: {was} of a thousand before, {share} now");
        }
        let province = signed_in(&world, "sheng").await;
        let list = province.get("/entries?page=180").await;
        assert!(list.says("第 180 页，共 200 页"), "the list goes as far as there are entries");
        let entry = list.attributes("a[href^='/entries/0']", "href")[0].clone();
        assert_eq!(province.get(&entry).await.status, 200, "{entry}");
    }
}

/// Kept beside the code, by indicator and year: claimed and confirmed. Of each line that changes one knows why.
const TOTALS: &str = "crates/jiedui/src/demo/totals.csv";

/// Forms come together and go; what they count stays what it was.
#[tokio::test]
async fn the_totals_stay_what_they_were() {
    let (world, _made) = <(World, Demonstration)>::on(Engine::Sqlite).await;
    let (mut tx, programme) = (world.tx().await, world.app.programme());
    let facts = indicators::Facts::read(&mut tx, &programme).await.unwrap();
    let mut made = String::from("indicator,year,claimed,confirmed\n");
    for of in &programme.indicators {
        for year in 2024..=2026 {
            let reading = facts.reading(&programme, of, &indicators::Slice::year(year));
            let text = |value: jiedui_kernel::Reported<i64>| {
                value.value().map_or_else(String::new, |number| number.to_string())
            };
            made += &format!("{},{year},{},{}\n", of.id, text(reading.claimed), text(reading.confirmed));
        }
    }
    compare(TOTALS, &made);
}
