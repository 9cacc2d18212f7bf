//! The end of a year, from the list of what is open to what changed after it was closed.

use crate::both_engines;
use crate::network::registry::{self, NewLineage};
use crate::testing::{Agent, Province, World, day};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use serde_json::Value;

/// From the tests' day to the twentieth of January.
const INTO_JANUARY: i64 = 57;

fn step<'a>(page: &'a Value, part: &str, words: &str) -> &'a Value {
    let all = page[part].as_array().unwrap().iter();
    { all }
        .find(|step| step["name"].as_str().unwrap().contains(words))
        .unwrap_or_else(|| panic!("no {words} in {page}"))
}

fn left(page: &Value, part: &str, words: &str) -> i64 {
    step(page, part, words)["left"]["raw"].as_i64().unwrap()
}

async fn confirm(agent: &Agent, entry: &str) {
    let version = agent.get_json(&format!("/entries/{entry}")).await.json()["version"].to_string();
    let fields = [("version", version.as_str()), ("verdict", "confirm")];
    assert_eq!(agent.post(&format!("/entries/{entry}/answer"), &fields).await.status, 303);
}

both_engines! {
    /// Closing keeps every figure, names what was open and locks nothing.
    async fn a_year_is_closed_once_and_later_changes_stand_beside_it(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let early = office.post("/years/2026/close", &[]).await;
        assert_eq!(early.status, 409, "the year is not over");
        assert_eq!(early.attributes("p[data-code]", "data-code"), ["not_now"]);
        assert!(early.says("现在不能这样办") && !early.says("有人先做了改动"), "nobody else is blamed");
        assert!(!office.get("/?all=yes").await.says("年度收尾：2026年度"));
        world.clock().advance(TimeDelta::days(INTO_JANUARY));
        let (office, school) = (world.agent(&p.office, "province").await, world.agent(&p.xingning, "county_school").await);
        assert!(office.get("/?all=yes").await.says("年度收尾：2026年度"));
        let page = office.get_json("/years/2026").await.json();
        let waiting = left(&page, "closing", "答复这一年的登记");
        assert!(waiting > 0 && left(&page, "closing", "月调度") > 0, "{page}");
        let schools = step(&page, "closing", "年度基本情况")["rest"].as_array().unwrap().len();
        assert_eq!(schools, 3, "who lacks something is named");
        let city = world.agent(&p.city, "city").await;
        let own = city.get_json("/years/2026").await.json();
        assert!(left(&own, "closing", "答复这一年的登记") < waiting, "a city sees its own part");
        assert_eq!(city.post("/years/2026/close", &[]).await.status, 403);
        assert_eq!(school.get("/years/2026").await.status, 403);
        assert_eq!(city.get("/years/2026/parcel").await.status, 403, "what was kept has the whole province in it");

        assert_eq!(office.get("/years/2026/changes").await.status, 404, "nothing was kept yet");
        assert_eq!(office.get("/years/2026/book").await.status, 404);
        let before = office.get("/years/2026/paper").await;
        assert!(before.says("没有办完的") && before.says("兴宁甲校") && !before.says("各项合计"), "{}", before.text());
        assert_eq!(city.get("/years/2026/paper/word").await.status, 200, "each its own part");
        assert_eq!(office.post("/years/2026/close", &[]).await.status, 303);
        assert_eq!(office.post("/years/2026/close", &[]).await.status, 409, "once");
        assert!(!office.get("/?all=yes").await.says("年度收尾：2026年度"));
        assert!(city.get("/years/2026").await.says("没有锁任何记录"));
        let changes = office.get("/years/2026/changes").await;
        assert!(changes.says("没有变化") && changes.says("答复这一年的登记"), "{}", changes.text());
        let kept = office.get("/years/2026/parcel").await.text().to_owned();

        confirm(&school, &p.visit).await;
        let changes = office.get_json("/years/2026/changes").await.json();
        let all = changes["changes"].as_array().unwrap();
        let visit = all.iter().find(|one| one["unit"] == "兴宁甲校" && one["name"] == "主要负责同志调研次数");
        let visit = visit.unwrap_or_else(|| panic!("{changes}"));
        assert_eq!((visit["was"]["raw"].as_i64(), visit["is"]["raw"].as_i64()), (Some(0), Some(1)), "confirmed as ever");
        assert_eq!(office.get("/years/2026/parcel").await.text(), kept, "byte for byte");
        let paper = office.get("/years/2026/paper").await;
        for words in ["收尾时没有办完的", "各项合计", "后来变了的数", "兴宁甲校", "主要负责同志调研次数·确认"] {
            assert!(paper.says(words), "{words}: {}", paper.text());
        }
        assert!(!city.get("/years/2026/paper").await.says("各项合计"), "what was kept is the province's");
        assert_eq!(city.get("/years/2026/book").await.status, 403);
        let book = office.get("/years/2026/book").await;
        let grids = jiedui_documents::read_grids(&book.bytes, &["各校的数", "后来的变化", "没有办完的"]).unwrap();
        let texts = |at: usize| format!("{:?}", grids[at]);
        assert!(texts(0).contains("兴宁甲校") && texts(1).contains("主要负责同志调研次数") && texts(2).contains("答复这一年的登记"));
    }

    /// A school that was merged has no month any more: what is corrected then stands beside what its year was closed with, and the
    /// month that was accepted says what it said.
    async fn a_correction_after_a_merger_has_its_place(world: World, p: Province) {
        world.clock().advance(TimeDelta::days(INTO_JANUARY));
        let office = world.agent(&p.office, "province").await;
        assert_eq!(office.post("/years/2026/close", &[]).await.status, 303);
        let month = format!("/months/202611/schools/{}", p.xingning);
        let before = office.get_json(&month).await.json()["figures"].to_string();
        let mut tx = world.tx().await;
        let merged = registry::found(&mut tx, &p.xingning).await.unwrap();
        let new = NewLineage { kind: "merged", day: day("2026-12-15"), other: Some(&p.nanxiong), note: "并入（样例）" };
        registry::take_lineage(&mut tx, &merged, &new).await.unwrap();
        tx.commit().await.unwrap();
        world.clock().advance(TimeDelta::seconds(1));
        let school = world.agent(&p.xingning, "county_school").await;
        confirm(&school, &p.visit).await;
        let december = office.get_json("/months/202612").await.json()["rows"].to_string();
        assert!(!december.contains("兴宁甲校") && december.contains("南雄丙校"), "its months ended: {december}");
        assert_ne!(office.get_json(&month).await.json()["figures"].to_string(), before, "a month that is open has it");
        let changes = office.get_json("/years/2026/changes").await.json();
        let all = changes["changes"].as_array().unwrap();
        let visit = all.iter().find(|one| one["unit"] == "兴宁甲校" && one["name"] == "主要负责同志调研次数");
        assert!(visit.is_some_and(|one| one["is"]["raw"] == 1), "{changes}");
    }

    /// What the next year needs is told before it begins.
    async fn the_next_year_is_prepared(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let page = office.get_json("/years/2026").await.json();
        let lists = step(&page, "coming", "2027年协作项目清单");
        assert!(left(&page, "coming", "2027年协作项目清单") > 0 && lists["left"]["raw"] == lists["of"]["raw"], "none is filed: {lists}");
        assert!(lists["rest"].as_array().unwrap().iter().any(|one| one["label"] == "兴宁甲校"), "{lists}");
        let semesters = programme_semesters(&world, 2027);
        assert_eq!(left(&page, "coming", "学期"), (2 - semesters).max(0));
        assert_eq!(office.get("/years/1999").await.status, 404);
        assert_eq!(office.get("/years/2027").await.status, 404, "a year that has not begun");
        let refused = office.get("/years/next").await;
        assert!(refused.status == 404 && !refused.refuses(Code::Missing));
    }
}

fn programme_semesters(world: &World, year: i32) -> i64 {
    use chrono::Datelike as _;
    let begin = world.app.programme();
    i64::try_from(begin.calendar.semesters.iter().filter(|one| one.from.year() == year).count()).unwrap()
}
