//! What the desk and the readiness page say of papers, and the overview to those who lead and to schools.

mod filters;
mod sheets;
mod walls;

use crate::both_engines;
use crate::network::registry;
use crate::testing::{Agent, Province};
use chrono::TimeDelta;
use jiedui_store::Tx;
use serde_json::Value;
use std::collections::BTreeSet;

/// The post of one whose name is masked but for the school itself.
pub async fn teacher_of(tx: &mut Tx, school: &str) -> String {
    let all = registry::people(tx, school).await.unwrap();
    all.into_iter().find(|one| one.post == "backbone_teacher").expect("a teacher").id
}

async fn json(agent: &Agent, address: &str) -> Value {
    let answer = agent.get_json(address).await;
    assert_eq!(answer.status, 200, "{address}");
    answer.json()
}

fn rows(value: &Value) -> Vec<Value> {
    value.as_array().unwrap().clone()
}

both_engines! {
    /// The targets of all years come first, each with the schools that it lacks by name, and each name opens.
    async fn the_overview_names_the_schools_that_decide(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let page = json(&office, "/overview").await;
        let targets = rows(&page["targets"]);
        let years: Vec<i64> = targets.iter().map(|line| line["year"].as_i64().unwrap()).collect();
        assert!(years.is_sorted() && years[0] == 2024 && years.last() == Some(&2027), "{years:?}");
        let of = |clause: &str| targets.iter().find(|line| line["clause"] == clause).unwrap();
        let paired = of("G1.1");
        assert_eq!((paired["aim"].as_str(), paired["wanted"]["raw"].as_i64()), (Some("全部"), Some(3)));
        assert_eq!((paired["state"]["label"].as_str(), paired["lacking"].is_null()), (Some("已达成"), true));
        let planned = of("G1.3");
        assert_eq!(planned["state"]["label"], "未达成", "its year is over");
        let lacking = rows(&planned["lacking"]["schools"]);
        let total = planned["lacking"]["total"].clone();
        assert_eq!(total["raw"].as_i64().unwrap(), lacking.len() as i64, "few enough to be named");
        let opened = json(&office, total["href"].as_str().unwrap()).await;
        assert_eq!(rows(&opened["rows"]).len(), lacking.len());
        for school in lacking {
            assert_eq!(office.get(school["href"].as_str().unwrap()).await.status, 200, "{school}");
        }
        let enrolment = of("G2.3");
        let number = |figure: &Value| figure["raw"].as_i64().unwrap();
        let (told, all) = (number(&enrolment["told"][0]), number(&enrolment["told"][1]));
        assert_eq!((number(&enrolment["lacking"]["total"]) + told, all), (3, 3), "who did not tell is named");
    }

    /// What is to be raised stands on the overview with its names; one press of whoever convenes puts it on the agenda.
    async fn one_press_puts_a_topic_on_the_agenda(world: World, p: Province) {
        let (office, leader) = (world.agent(&p.office, "province").await, world.agent(&p.office, "leader").await);
        let sources = async |agent: &Agent| {
            let kinds = rows(&json(agent, "/overview").await["topics"]["kinds"]);
            let topics = kinds.iter().flat_map(|kind| rows(&kind["topics"]));
            topics.map(|topic| topic["source"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let before = json(&office, "/overview").await;
        assert!(before["topics"]["meeting"].is_null() && !before["topics"]["convene"].is_null());
        let none = office.post("/overview/agenda", &[("version", "1"), ("source", "unpaired")]).await;
        assert!(none.status == 409 && none.says("请先召集会议"), "{}", none.text());
        assert_eq!(none.attributes("p[data-code]", "data-code"), ["not_now"], "nobody wrote first");
        let new = [("on", "2026-12-08"), ("org", p.city.as_str())];
        let meeting = office.post("/meetings/new/quarterly", &new).await.location;
        let offered = sources(&office).await;
        let source = offered.iter().find(|source| source.starts_with("idle:")).expect("duties nobody began").clone();
        assert_eq!(sources(&leader).await, offered, "a leader reads the same");
        let version = json(&office, "/overview").await["topics"]["version"].to_string();
        let press = [("version", version.as_str()), ("source", source.as_str())];
        assert_eq!(leader.post("/overview/agenda", &press).await.status, 403);
        let done = office.post("/overview/agenda", &press).await;
        assert_eq!((done.status.as_u16(), done.location.as_str()), (303, "/overview"));
        assert!(!sources(&office).await.contains(&source), "it is on the agenda");
        assert_eq!(rows(&json(&office, &meeting).await["agenda"]).len(), 1);
        let other = offered.iter().find(|other| **other != source).expect("another").clone();
        let stale = office.post("/overview/agenda", &[("version", &version), ("source", &other)]).await;
        assert_eq!(stale.status, 409, "a colleague wrote first");
        assert_eq!(office.post("/overview/agenda", &press).await.status, 409, "it cannot be taken twice");
    }

    /// A filter stays in the address and in everything behind it, and what is narrowed is not judged as the whole.
    async fn the_overview_of_one_city(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let city = "/overview?city=%E6%A2%85%E5%B7%9E%E5%B8%82";
        let page = json(&office, city).await;
        assert_eq!((rows(&page["notes"]).len(), page["places"]["title"].as_str()), (0, Some("分院校")));
        assert_eq!(rows(&page["places"]["rows"]).len(), 1);
        let social = rows(&page["targets"]).into_iter().find(|line| line["clause"] == "G3.8").unwrap();
        assert!(social["pace"].is_null() && social["state"]["key"] == "none", "{social}");
        let names = page["topics"]["kinds"].to_string();
        assert!(names.contains("兴宁甲校") && !names.contains("南雄丙校"), "{names}");
        assert!(page["topics"]["meeting"].is_null() && page["topics"]["convene"].is_null());
        let topics = rows(&page["topics"]["kinds"]).into_iter().flat_map(|kind| rows(&kind["topics"]));
        let opens = topics.filter_map(|topic| topic["count"]["href"].as_str().map(str::to_owned));
        let lists: Vec<String> = opens.filter(|href| href.starts_with("/clocks?")).collect();
        assert!(!lists.is_empty() && lists.iter().all(|href| href.contains("&city=")), "{lists:?}");
        let own = json(&world.agent(&p.city, "city").await, "/overview").await;
        assert_eq!(rows(&own["places"]["rows"]).len(), 1, "a city sees its own");
        assert_eq!(rows(&json(&office, "/overview?city=nowhere").await["notes"]).len(), 1);
    }

    /// One measure at a time; a tile leads to its city, and there to its school.
    async fn the_map_leads_from_the_province_to_a_school(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let cell = |page: &Value| {
            let all = rows(&page["map"]["picture"]["rows"]);
            assert_eq!(all.len(), 124, "every division");
            let row = all.into_iter().find(|row| row.to_string().contains("兴宁")).expect("its tile");
            rows(&row).into_iter().find_map(|cell| cell["href"].as_str().map(str::to_owned)).expect("it opens")
        };
        for measure in ["", "signed", "due", "needs", "attained"] {
            let page = json(&office, &format!("/overview?tiles={measure}")).await;
            assert_eq!(rows(&page["notes"]).len(), 0, "{measure}");
            let inner = cell(&page);
            assert!(inner.starts_with("/overview?") && inner.contains("city="), "{inner}");
            let school = cell(&json(&office, &inner).await);
            assert_eq!(school, format!("/schools/{}/glance", p.xingning));
        }
        let city = world.agent(&p.city, "city").await;
        let page = json(&city, "/overview").await;
        assert_eq!(cell(&page), format!("/schools/{}/glance", p.xingning), "who sees one city begins there");
        for page in [page, json(&office, "/overview").await] {
            let cells = rows(&page["map"]["picture"]["rows"]).into_iter().flat_map(|row| rows(&row));
            let opens: BTreeSet<String> =
                cells.filter_map(|cell| cell["href"].as_str().map(str::to_owned)).collect();
            for href in &opens {
                let agent = if opens.len() == 1 { &city } else { &office };
                let inner = json(agent, href).await;
                assert!(inner["notes"].as_array().is_none_or(Vec::is_empty), "{href}: {}", inner["notes"]);
            }
        }
        let drawn = office.get("/overview").await.attributes(".columns .drawing svg", "class");
        assert_eq!(drawn, [""; 0], "half of a page is too little for a drawing");
    }

    /// A school sees its own figures beside those of its last year, and no target of the province.
    async fn a_school_sees_its_own_last_year(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let page = json(&school, "/overview").await;
        assert!(page["targets"].is_null() && page["places"].is_null());
        let headings = serde_json::json!(["2026年登记", "2026年确认", "2025年确认"]);
        assert_eq!(page["compared"]["headings"], headings);
        let lines = rows(&page["compared"]["lines"]);
        let visits = lines.into_iter().find(|line| line["clause"] == "S1.4").expect("its visits");
        let cell = |at: usize| visits["cells"][at]["raw"].as_i64();
        assert_eq!((cell(0), cell(2)), (Some(1), Some(0)));
        let lead = json(&world.agent(&p.lead, "lead").await, "/overview").await;
        assert!(lead["targets"].is_null(), "a college answers for no target of the province either");
        assert!(school.get("/overview").await.says("本校的数"));
        for (org, role) in [(&p.lead, "lead"), (&p.nearby, "nearby"), (&p.other_lead, "lead")] {
            let helper = world.agent(org, role).await.get("/overview").await;
            assert!(helper.says("所结对院校的数"), "what it sees are the figures of whom it helps: {role}");
        }
    }

    /// Both sides of a pairing see the same sheet, but for what their roles may not read; a stranger sees none.
    async fn both_sides_see_the_same_sheet(world: World, p: Province) {
        let address = format!("/pairings/{}/glance", p.running);
        let mut pages = Vec::new();
        for (org, role) in [(&p.xingning, "county_school"), (&p.lead, "lead"), (&p.nearby, "nearby"), (&p.city, "city")] {
            pages.push(json(&world.agent(org, role).await, &address).await);
        }
        let same = ["who", "papers", "waits", "here", "next", "chain", "year", "attained", "gaps", "majors", "outputs"];
        for page in &pages[1..] {
            for part in same {
                assert_eq!(page[part], pages[0][part], "{part}");
            }
        }
        assert!(!rows(&pages[0]["money"]).is_empty() && rows(&pages[1]["money"]).is_empty(), "a helper does not read money");
        let waits = rows(&pages[0]["waits"]);
        let of = |who: &str| waits.iter().filter(|line| line["who"] == who).count();
        assert!(of("梅州技师学院") > 0 && of("兴宁甲校") > 0, "duties of a helper, claims for the school: {waits:?}");
        for wait in &waits {
            let school = world.agent(&p.xingning, "county_school").await;
            assert_eq!(school.get(wait["href"].as_str().unwrap()).await.status, 200, "{wait}");
        }
        let year = pages[0]["year"]["svg"].as_str().unwrap();
        assert!(year.contains(&format!("/entries/{}", p.visit)), "the visit is a mark that opens");
        let strange = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(strange.get(&address).await.status, 404);
    }

    /// What waits is counted whenever it was done, and opens to as many rows.
    async fn a_claim_of_last_year_still_waits_on_the_sheet(world: World, p: Province) {
        world.clock().advance(TimeDelta::days(60));
        let school = world.agent(&p.xingning, "county_school").await;
        let page = json(&school, &format!("/pairings/{}/glance", p.running)).await;
        let waits = rows(&page["waits"]);
        let lines: Vec<&Value> = waits.iter().filter(|line| line["what"] == "确认登记的工作").collect();
        assert!(lines.iter().any(|line| line["who"] == "兴宁甲校"), "{waits:?}");
        for line in lines {
            let opened = json(&school, line["href"].as_str().unwrap()).await;
            assert_eq!(rows(&opened["rows"]).len() as i64, line["number"]["raw"].as_i64().unwrap(), "{line}");
        }
    }

    /// Work that nobody confirmed yet is no term that is to be kept.
    async fn work_that_waits_is_told_as_such_in_the_picture(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let page = json(&school, &format!("/pairings/{}/glance", p.running)).await;
        let year = page["year"]["rows"].to_string();
        assert!(year.contains("已登记待确认") && !year.contains("期限"), "{year}");
    }

    /// A former partner sees the pairing, and the school no more: nothing there leads to what it is refused.
    async fn the_page_of_a_pairing_leads_to_sheets_that_open(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let mut led = Vec::new();
        for pairing in [&p.running, &p.ended] {
            let page = lead.get(&format!("/pairings/{pairing}")).await;
            let sheets = page.attributes("a[href$='/glance'], a[href$='/sheet']", "href");
            for sheet in &sheets {
                assert_eq!(lead.get(sheet).await.status, 200, "{sheet}");
            }
            led.push((page.status.as_u16(), sheets.len()));
        }
        assert_eq!(led, [(200, 2), (200, 0)]);
    }

    /// A school has the same sheet, with its running pairing; one that helps others has those that it helps.
    async fn a_school_has_a_sheet_of_its_own(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let page = json(&office, &format!("/schools/{}/glance", p.xingning)).await;
        assert_eq!(rows(&page["who"]).len(), 3);
        let helper = json(&office, &format!("/schools/{}/glance", p.lead)).await;
        let helped: Vec<Value> = rows(&helper["schools"]).into_iter().map(|row| row["id"].clone()).collect();
        assert_eq!(helped, [Value::from(p.xingning.clone())], "the pairing that ended is not told");
        assert!(rows(&helper["waits"]).iter().all(|line| line["school"] == "兴宁甲校"), "each line names its school");
        assert_eq!(office.get(&format!("/schools/{}/glance", p.city)).await.status, 404, "a bureau is no school");
        let strange = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(strange.get(&format!("/schools/{}/glance", p.xingning)).await.status, 404);
    }

    /// Nothing waits for one who only looks: the way in leads to the overview.
    async fn a_leader_begins_with_the_overview(world: World, p: Province) {
        let begins = world.agent(&p.office, "leader").await.get("/").await;
        assert_eq!((begins.status.as_u16(), begins.location.as_str()), (303, "/overview"));
        assert_eq!(world.agent(&p.office, "province").await.get("/").await.status, 200);
    }
}

both_engines! {
    /// A list that waits for somebody stands on that one's desk, and on nobody else's.
    async fn each_party_sees_what_waits_for_it(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let nearby = world.agent(&p.nearby, "nearby").await;
        let office = world.agent(&p.office, "province").await;
        assert!(lead.get("/").await.says("拟项目清单：兴宁甲校2027年度"), "next year's list is missing");
        assert!(!nearby.get("/").await.says("清单征求同意"));
        let begun = lead.post("/lists/new", &[("pairing", &p.running), ("year", "2027"), ("source", "all")]).await;
        assert!(lead.get("/").await.says("继续拟清单"));
        let page = lead.get(&begun.location).await;
        let form = format!("form[action=\"{}/submit\"] input[name=version]", begun.location);
        let version = page.attributes(&form, "value")[0].clone();
        assert_eq!(lead.post(&format!("{}/submit", begun.location), &[("version", &version)]).await.status, 303);
        assert!(nearby.get("/").await.says("清单征求同意"));
        assert!(!office.get("/").await.says("清单备案"));
    }

    /// The figures of the readiness page open to as many rows, and the rows name what is missing.
    async fn readiness_counts_what_it_lists(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let page = office.get_json("/readiness?year=2026").await.json();
        let count = |page: &serde_json::Value| page["rows"].as_array().unwrap().len() as i64;
        for step in page["stats"].as_array().unwrap() {
            for key in ["have", "lack"] {
                let href = step[key]["href"].as_str().unwrap();
                let opened = office.get_json(href).await.json();
                assert_eq!(step[key]["raw"].as_i64().unwrap(), count(&opened), "{href}");
            }
        }
        let lacking = office.get_json("/readiness?year=2026&lack=planned").await.json();
        assert!(lacking["rows"][0]["lacks"].to_string().contains("协作方案未定"));
        let city = world.agent(&p.city, "city").await;
        assert!(count(&city.get_json("/readiness").await.json()) < count(&page), "a city sees its own");
    }
}

/// The letter of the day.
mod digest {
    use super::*;
    use crate::oversight::dashboard::turn;
    use crate::shared::notices::tests::outgoing::{reaching, sender, with_address};
    use crate::shared::notices::tests::servers::{MailHost, messenger};

    both_engines! {
        /// What is new goes out once, on a working day and in its hours, to whoever confirmed an address.
        async fn the_letter_of_the_day_tells_what_is_new_once(world: World, p: Province) {
            let (world, host) = (reaching(world), MailHost::start().await);
            let school = world.agent(&p.xingning, "county_school").await;
            assert_eq!(turn(&world.app).await.unwrap(), Some(0), "nobody left an address");
            with_address(&world, &host, &school, "school@example.com").await;
            assert_eq!(turn(&world.app).await.unwrap(), Some(1));
            assert_eq!(turn(&world.app).await.unwrap(), Some(0), "one a day");
            assert_eq!(sender(&world, host.address).turn().await.unwrap(), 1);
            let letter = host.got().pop().unwrap();
            let body = letter.body();
            assert!(body.contains("新到的事项\n· 待确认："), "{body}");
            assert!(letter.text.contains("List-Unsubscribe: <https://jiedui.example.com/my/notices>"));
            world.clock().advance(TimeDelta::days(1));
            assert_eq!(turn(&world.app).await.unwrap(), Some(0), "nothing new, no letter");
            let urge = format!("/urge/entry/{}", p.visit);
            let lead = world.agent(&p.lead, "lead").await;
            assert_eq!(lead.post(&urge, &[("line", "盼复")]).await.status, 303);
            world.clock().advance(TimeDelta::hours(8));
            assert_eq!(turn(&world.app).await.unwrap(), None, "in the evening");
            world.clock().advance(TimeDelta::hours(16));
            assert_eq!(turn(&world.app).await.unwrap(), Some(1));
            assert_eq!(sender(&world, host.address).turn().await.unwrap(), 1);
            assert!(host.got().pop().unwrap().body().contains("盼复"));
            // Saturday.
            world.clock().advance(TimeDelta::days(2));
            assert_eq!(turn(&world.app).await.unwrap(), None);
            world.clock().advance(TimeDelta::days(2));
            let school = world.agent(&p.xingning, "county_school").await;
            assert_eq!(school.post("/my/notices", &[("told", "urged")]).await.status, 303);
            let version = school.get_json(&format!("/entries/{}", p.visit)).await.json()["version"].to_string();
            let dispute = [("version", version.as_str()), ("verdict", "dispute"), ("reason", "不对")];
            assert_eq!(school.post(&format!("/entries/{}/answer", p.visit), &dispute).await.status, 303);
            assert_eq!(turn(&world.app).await.unwrap(), Some(0), "letters are switched off");
        }

        /// The group of a unit is told what stands on the desk of whoever connected it.
        async fn a_group_is_told_what_is_new(world: World, p: Province) {
            const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"errcode\":0}";
            let (world, host) = (reaching(world), MailHost::start().await);
            let (at, got) = messenger(OK).await;
            let school = world.agent(&p.xingning, "county_school").await;
            let webhook = format!("http://{at}/robot");
            let form = [("shape", "dingtalk"), ("webhook", webhook.as_str())];
            assert_eq!(school.post("/my/messenger", &form).await.status, 303);
            assert_eq!(turn(&world.app).await.unwrap(), Some(1));
            assert_eq!(turn(&world.app).await.unwrap(), Some(0));
            assert_eq!(sender(&world, host.address).turn().await.unwrap(), 1);
            let told = got.lock().unwrap().concat();
            assert!(told.contains("结对通提要") && told.contains("待确认"), "{told}");
        }
    }
}
