//! Sheets of counties, cities, persons and enterprises, and a school beside itself in other years.

use super::{json, rows};
use crate::both_engines;
use crate::network::registry::{self, NewPost};
use crate::testing::{PageResponse, Province, day};
use jiedui_store::AuditRecord;
use serde_json::Value;

both_engines! {
    /// The year before the pairing stands beside this year and the last, where it is another one.
    async fn a_school_is_compared_with_itself_before_the_pairing(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let page = json(&school, &format!("/pairings/{}/glance", p.running)).await;
        let began: i32 = page["from"].as_str().unwrap()[..4].parse().unwrap();
        let headings: Vec<String> =
            rows(&page["compared"]["headings"]).iter().map(|one| one.as_str().unwrap().to_owned()).collect();
        assert_eq!(headings[..3], ["2026年登记", "2026年确认", "2025年确认"]);
        let before = (began - 1 < 2025).then(|| format!("结对前{}年确认", began - 1));
        assert_eq!(headings.get(3), before.as_ref());
        let lines = rows(&page["compared"]["lines"]);
        assert!(!lines.is_empty());
        for line in lines {
            let cells = rows(&line["cells"]);
            assert_eq!(cells.len(), headings.len());
            for cell in cells {
                assert!(cell["href"].as_str().unwrap().contains(&format!("school={}", p.xingning)), "{cell}");
            }
        }
    }

    /// A county and a city have their schools on one sheet, from whoever stands above them; others see none.
    async fn a_county_and_a_city_are_on_one_sheet(world: World, p: Province) {
        let (city, county) = (world.agent(&p.city, "city").await, world.agent(&p.county, "county").await);
        for (agent, area) in [(&city, &p.city), (&city, &p.county), (&county, &p.county)] {
            let page = json(agent, &format!("/areas/{area}/glance")).await;
            let schools = rows(&page["schools"]);
            assert_eq!(schools.len(), 1, "{area}");
            assert_eq!(schools[0]["id"], p.xingning.as_str());
            assert_eq!(rows(&schools[0]["papers"]).len(), 4);
            let waits = rows(&page["waits"]);
            assert!(!waits.is_empty() && waits.iter().all(|line| line["school"] == "兴宁甲校"), "{waits:?}");
            assert!(page["year"]["svg"].as_str().unwrap().contains(&format!("/entries/{}", p.visit)));
            let visits = rows(&page["compared"]["lines"]).into_iter().find(|line| line["clause"] == "S1.4");
            assert_eq!(visits.expect("its visits")["cells"][0]["raw"].as_i64(), Some(1));
            let money = rows(&page["money"]);
            assert!(!money.is_empty() && page["wider"] == false);
            for line in money {
                assert_eq!(line["claimed"]["href"], format!("/funding/schools/{}", p.xingning), "the money of these alone");
            }
            for wait in waits {
                assert_eq!(agent.get(wait["href"].as_str().unwrap()).await.status, 200, "{wait}");
            }
        }
        assert_eq!(county.get(&format!("/areas/{}/glance", p.city)).await.status, 404, "what stands above");
        assert_eq!(city.get(&format!("/areas/{}/glance", p.xingning)).await.status, 404, "a school is no area");
        let office = world.agent(&p.office, "province").await;
        assert_eq!(office.get(&format!("/areas/{}/glance", p.office)).await.status, 404, "its page is the overview");
        let two = json(&office, &format!("/schools/{}/glance", p.other_lead)).await;
        assert!(rows(&two["schools"]).len() == 2 && two["wider"] == true, "what opens is of more schools, and is said to be");
        let ways = office.get(&format!("/registry/{}", p.city)).await.attributes("a", "href");
        assert!(ways.contains(&format!("/areas/{}/glance", p.city)), "{ways:?}");
    }

    /// The sheet of somebody is there for those alone who see the name in full.
    async fn the_sheet_of_a_person_is_for_those_who_see_the_name(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let sheets = |page: &PageResponse| page.attributes("a[href^='/people/']", "href");
        let own = sheets(&school.get(&format!("/registry/{}", p.xingning)).await);
        assert!(own.len() >= 5, "everybody of one's own: {own:?}");
        let office = world.agent(&p.office, "province").await;
        let public = sheets(&office.get(&format!("/registry/{}", p.xingning)).await);
        assert!(!public.is_empty() && public.len() < own.len(), "public posts alone: {public:?}");
        for sheet in &own {
            assert_eq!(school.get(sheet).await.status, 200, "{sheet}");
            let seen = office.get(sheet).await.status.as_u16();
            assert_eq!(seen, if public.contains(sheet) { 200 } else { 404 }, "{sheet}");
        }
        let strange = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(strange.get(&public[0]).await.status, 404, "even of one in a public post");
    }

    /// What both sides confirmed of somebody's work stands on the sheet; what waits does not.
    async fn a_person_is_told_by_confirmed_work(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let page = lead.get(&format!("/registry/{}", p.lead)).await;
        let sheets = page.attributes("a[href^='/people/']", "href");
        let entry = format!("/entries/{}", p.visit);
        let told = async || {
            let mut found = 0;
            for sheet in &sheets {
                let entries = rows(&json(&lead, sheet).await["entries"]);
                found += entries.iter().filter(|line| line["href"] == entry.as_str()).count();
            }
            found
        };
        assert!(!sheets.is_empty());
        assert_eq!(told().await, 0, "the visit waits");
        let school = world.agent(&p.xingning, "county_school").await;
        let version = school.get_json(&entry).await.json()["version"].to_string();
        let confirm = [("version", version.as_str()), ("verdict", "confirm")];
        assert_eq!(school.post(&format!("{entry}/answer"), &confirm).await.status, 303);
        assert_eq!(told().await, 1, "on the sheet of whoever went, and on no other");
    }

    /// Of work that many shared nobody is told as having done all of it, and elsewhere it is not told of whom it masks.
    async fn shared_work_is_one_entry_of_somebodys(world: World, p: Province) {
        let mut tx = world.tx().await;
        let (org, from) = (p.xingning.as_str(), day("2020-01-01"));
        let new = NewPost { org, name: "校长", post: "teacher", title: "", from, to: None, demo: false };
        registry::ensure_post(&mut tx, &new).await.unwrap();
        let people = registry::people(&mut tx, org).await.unwrap();
        let head = people.into_iter().find(|one| one.post == "head").unwrap();
        let arranged = AuditRecord { action: "test.arrange", resource: "test", resource_id: "" };
        tx.audit(arranged, &()).await.unwrap();
        tx.commit().await.unwrap();
        let fields = [
            ("pairing", p.running.as_str()),
            ("from", "2026-11-02"),
            ("to", "2026-11-06"),
            ("quantity", "30"),
            ("roster", head.name.person()),
        ];
        let made = world.agent(&p.lead, "lead").await.post("/entries/new/teacher-training", &fields).await;
        assert_eq!(made.status, 303, "{:?}", made.all(".errors"));
        let school = world.agent(org, "county_school").await;
        let version = school.get_json(&made.location).await.json()["version"].to_string();
        let confirm = [("version", version.as_str()), ("verdict", "confirm")];
        assert_eq!(school.post(&format!("{}/answer", made.location), &confirm).await.status, 303);
        let sheet = format!("/people/{}/glance", head.id);
        let own = json(&school, &sheet).await;
        assert_eq!(rows(&own["entries"]).len(), 1);
        assert_eq!(own["sums"][0][1]["raw"], 1, "one entry, and not thirty persons");
        let office = json(&world.agent(&p.office, "province").await, &sheet).await;
        assert_eq!(rows(&office["entries"]).len(), 0, "who was trained is masked there");
    }

    /// An enterprise is told with the schools at which it is named, as far as the reader sees them.
    async fn an_enterprise_is_on_one_sheet(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let fields = [
            ("pairing", p.running.as_str()),
            ("from", "2026-10-12"),
            ("to", "2026-10-12"),
            ("enterprise", "示例（兴宁）电子有限公司"),
        ];
        let made = lead.post("/entries/new/technical-support", &fields).await;
        assert_eq!(made.status, 303, "{:?}", made.all(".errors"));
        let list = json(&lead, "/enterprises").await;
        let of = |row: &&Value| row["link"]["label"] == "示例（兴宁）电子有限公司";
        let href = rows(&list["rows"]).iter().find(of).unwrap()["link"]["href"].as_str().unwrap().to_owned();
        let sheet = format!("{href}/glance");
        assert!(lead.get(&href).await.attributes("a", "href").contains(&sheet), "the way to it");
        let page = json(&lead, &sheet).await;
        let partners = rows(&page["partners"]);
        assert_eq!((partners.len(), partners[0]["number"]["raw"].as_i64()), (1, Some(1)));
        assert_eq!(partners[0]["name"], "兴宁甲校");
        let named = json(&lead, partners[0]["number"]["href"].as_str().unwrap()).await;
        assert_eq!(rows(&named["uses"]["rows"]).len(), 1, "the list at that school");
        for (place, number) in [("兴宁甲校", 1), (p.xingning.as_str(), 1), ("兴宁", 0), ("甲校", 0), ("南雄", 0)] {
            let named = json(&lead, &format!("{href}?place={place}")).await;
            assert_eq!(rows(&named["uses"]["rows"]).len(), number, "{place}: whole names and ids alone");
        }
        let part = lead.get(&format!("{href}?place=兴宁")).await;
        assert_eq!(part.attributes(".empty a", "href"), [href.as_str()], "the way back to all of them");
        assert!(page["year"]["svg"].as_str().unwrap().contains(&made.location));
        let strange = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(strange.get(&sheet).await.status, 404);
    }
}
