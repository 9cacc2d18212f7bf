//! What the overview is narrowed by: month, task, the day as of which it is told; and the same as a workbook.

use super::{json, rows};
use crate::both_engines;
use crate::testing::{Agent, Province};
use serde_json::Value;

/// The claimed visits of each place on a page.
fn visits(page: &Value) -> Vec<Value> {
    let of_visits = |pair: &Value| pair[0]["href"].as_str().unwrap().starts_with("/indicators/visits?");
    let cell = |row: &Value| rows(&row["cells"]).into_iter().find(of_visits).expect("a column")[0].clone();
    rows(&page["places"]["rows"]).iter().map(cell).collect()
}

async fn claimed(agent: &Agent, address: &str) -> i64 {
    visits(&json(agent, address).await).iter().map(|figure| figure["raw"].as_i64().unwrap_or(0)).sum()
}

/// No target asks for visits: they are a column where the task alone is looked at.
const VISITS: &str = "/overview?task=S1";

both_engines! {
    /// A month narrows what is counted by place and opens so; the months of the year add up to it.
    async fn a_month_is_a_part_of_its_year(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let year = claimed(&office, VISITS).await;
        assert!(year > 0, "there are visits");
        let mut sum = 0;
        for month in 1..=11 {
            let address = format!("{VISITS}&month=2026-{month:02}");
            let page = json(&office, &address).await;
            assert_eq!(rows(&page["notes"]).len(), 0, "{address}");
            for figure in visits(&page) {
                let href = figure["href"].as_str().unwrap();
                assert!(href.contains(&format!("month=2026-{month:02}")), "{href}");
            }
            sum += claimed(&office, &address).await;
        }
        assert_eq!(sum, year);
        let page = json(&office, "/overview?month=2026-12").await;
        assert_eq!(rows(&page["notes"]).len(), 1, "it has not begun");
        let page = json(&office, "/overview?month=2026-03").await;
        assert_eq!(page["narrowed"], false, "a month is no part of the province");
    }

    /// A task leaves its own targets, duties, columns and topics.
    async fn a_task_leaves_what_belongs_to_it(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let (all, one) = (json(&office, "/overview").await, json(&office, VISITS).await);
        assert_eq!(rows(&one["notes"]).len(), 0);
        let clauses = |page: &Value| -> Vec<String> {
            rows(&page["clocks"]).iter().map(|line| line["clause"].as_str().unwrap().to_owned()).collect()
        };
        assert!(!clauses(&one).is_empty() && clauses(&one).iter().all(|clause| clause.starts_with("S1.")));
        assert!(rows(&one["targets"]).len() < rows(&all["targets"]).len());
        for row in rows(&one["places"]["rows"]) {
            assert!(row["href"].as_str().unwrap().ends_with("&task=S1"), "a city opens with the same task: {row}");
            for figure in ["at_risk", "missed"] {
                let behind = json(&office, row[figure]["href"].as_str().unwrap()).await;
                let notes = rows(&behind["notes"]).len();
                assert_eq!((&behind["pager"]["total"]["raw"], notes), (&row[figure]["raw"], 0), "{figure}: {row}");
            }
        }
        assert_eq!(rows(&json(&office, "/overview?task=nothing").await["notes"]).len(), 1);
    }

    /// As of a day before something was claimed it is not there; how duties stood then is not told as if it were known.
    async fn the_overview_as_of_a_day(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let today = claimed(&office, VISITS).await;
        assert_eq!(claimed(&office, &format!("{VISITS}&asof=2026-11-24")).await, today, "nothing came since");
        let now = json(&office, "/overview?asof=2026-11-24").await;
        assert!(!now["clocks"].is_null() && !now["topics"].is_null(), "today is known");
        let page = json(&office, &format!("{VISITS}&asof=2026-11-01")).await;
        let before = claimed(&office, &format!("{VISITS}&asof=2026-11-01")).await;
        assert!(before < today, "the fixture claimed them later: {before} of {today}");
        assert!(page["clocks"].is_null() && page["topics"].is_null());
        assert_eq!(json(&office, VISITS).await["settled"]["accepted"], false);
        assert!(page["settled"].is_null(), "what was reported by then changes no more");
        assert_eq!(page["as_of"], "2026-11-01");
        for figure in visits(&page) {
            let href = figure["href"].as_str().unwrap();
            assert!(href.contains("asof=2026-11-01"), "{href}");
            assert_eq!(office.get(href).await.status, 200, "{href}");
        }
        let shown = office.get(&format!("{VISITS}&asof=2026-11-01")).await;
        assert!(shown.says("这里是截至"));
        let overdue = shown.attributes("td[data-label='已逾期']", "data-label");
        assert!(overdue.is_empty(), "how duties stood is left out");
        // What follows from dated facts opens as it was on that day, too.
        let early = json(&office, "/overview?asof=2024-07-01").await;
        let paired = rows(&early["places"]["rows"])[0]["paired"].clone();
        assert_eq!(paired["raw"], 0, "nobody was paired yet");
        let opened = json(&office, paired["href"].as_str().unwrap()).await;
        assert_eq!((&opened["confirmed"]["raw"], &opened["as_of"]), (&paired["raw"], &Value::from("2024-07-01")));
        let ahead = json(&office, "/overview?asof=2027-01-01").await;
        assert_eq!((rows(&ahead["notes"]).len(), ahead["clocks"].is_null()), (1, false));
    }

    /// Shares stand in the order of divisions, each opening to what it divides.
    async fn cities_have_their_shares_in_the_order_of_divisions(world: World, p: Province) {
        let page = json(&world.agent(&p.office, "province").await, "/overview").await;
        let places = &page["places"];
        let headings = rows(&places["shares"]).len();
        assert!(headings > 0);
        let named: Vec<Value> = rows(&places["rows"]).iter().map(|row| row["name"].clone()).collect();
        assert_eq!(named, ["韶关市", "梅州市", "河源市"], "by their codes");
        for row in rows(&places["rows"]) {
            assert_eq!(rows(&row["shares"]).len(), headings);
        }
    }

    /// The file says what it is narrowed by and as of which day; what is not understood gives none.
    async fn the_overview_as_a_workbook(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let link = json(&office, "/overview?city=%E6%A2%85%E5%B7%9E%E5%B8%82&month=2026-11").await["export"].clone();
        let link = link.as_str().unwrap();
        assert!(link.starts_with("/overview/export?") && link.contains("month=2026-11"), "{link}");
        let file = office.get(link).await;
        assert_eq!(file.status, 200);
        let sheets = ["目标", "分院校", "统计口径"];
        let grids = jiedui_documents::read_grids(&file.bytes, &sheets).unwrap();
        let told: Vec<String> = grids.iter().map(|grid| format!("{grid:?}")).collect();
        for word in ["梅州市", "十一月", "数的截止日期", "任务：全部任务"] {
            assert!(told[0].contains(word), "{word}: {}", told[0]);
        }
        assert!(told[1].contains("有风险（项）") && told[1].contains("已逾期（项）"), "as on the page: {}", told[1]);
        assert!(told[1].contains("兴宁甲校") && !told[1].contains("南雄丙校"), "{}", told[1]);
        let early = office.get("/overview/export?asof=2026-11-01").await;
        let grids = jiedui_documents::read_grids(&early.bytes, &["目标", "分市", "统计口径"]).unwrap();
        let told: Vec<String> = grids.iter().map(|grid| format!("{grid:?}")).collect();
        assert!(told[0].contains("2026年11月1日") && !told[1].contains("已逾期"), "{told:?}");
        let wrong = office.get("/overview/export?city=nowhere").await;
        assert_ne!(wrong.status, 200, "no file of something else");
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.get("/overview/export").await.status, 404, "it has a page of its own figures");
    }
}
