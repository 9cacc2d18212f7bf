//! What the desk and the readiness page say of papers.

use crate::both_engines;
use crate::testing::Province;

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
