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

/// The letter of the day.
mod digest {
    use super::*;
    use crate::oversight::dashboard::turn;
    use crate::shared::notices::tests::outgoing::{reaching, sender, with_address};
    use crate::shared::notices::tests::servers::{MailHost, messenger};
    use chrono::TimeDelta;

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
