//! A screen on a wall: what its link shows, for how long, and that it opens nothing else.

use super::super::rules::walls::MOST_OPEN;
use super::{json, rows};
use crate::both_engines;
use crate::identity::accounts;
use crate::testing::{Agent, Province};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use serde_json::Value;

async fn made(agent: &Agent, until: &str) -> String {
    let made = agent.post("/wall", &[("label", "三楼会议室"), ("until", until)]).await;
    assert_eq!(made.location, "/wall", "{}", made.text());
    agent.get(&made.location).await.attributes("main a[href^='/wall/']", "href").remove(0)
}

/// The texts of the cells of a picture's table.
fn cells(table: &Value) -> Vec<Value> {
    rows(table).iter().flat_map(rows).map(|cell| cell["text"].clone()).collect()
}

both_engines! {
    /// The same as the overview of the unit that made it, for whoever stands before it; and nothing to press.
    async fn a_link_shows_the_overview_of_its_unit_and_opens_nothing_else(world: World, p: Province) {
        for (org, role) in [(&p.office, "province"), (&p.city, "city")] {
            let (agent, nobody) = (world.agent(org, role).await, world.stranger());
            let link = made(&agent, "2026-12-31").await;
            let later = agent.get("/wall").await;
            assert!(later.says("三楼会议室") && later.attributes("main a[href^='/wall/']", "href").is_empty(), "shown once");
            let (screen, own) = (json(&nobody, &link).await, json(&agent, "/overview").await);
            let sums = |page: &Value| {
                let sums = rows(&page["sums"]).into_iter();
                sums.map(|sum| (sum[0]["label"].clone(), sum[1]["raw"].clone())).collect::<Vec<_>>()
            };
            assert!(!sums(&own).is_empty() && sums(&screen) == sums(&own), "{role}");
            let raised: Vec<(Value, Value)> =
                rows(&screen["raised"]).iter().map(|one| (one[0].clone(), one[1]["raw"].clone())).collect();
            let kinds: Vec<(Value, Value)> = rows(&own["topics"]["kinds"])
                .iter()
                .map(|one| (one["kind"].clone(), one["total"]["raw"].clone()))
                .collect();
            assert!(!kinds.is_empty() && raised == kinds, "{role}: {raised:?} {kinds:?}");
            assert_eq!(cells(&screen["map"]["rows"]), cells(&own["map"]["picture"]["rows"]), "of the same scope");
            let page = nobody.get(&link).await;
            assert_eq!(page.status, 200);
            assert_eq!(page.attributes("main a", "href"), [""; 0], "nothing to press");
            assert!(page.text().contains("http-equiv=\"refresh\" content=\"300\""), "without script, too");
            assert!(nobody.get("/overview").await.location.starts_with("/signin"), "nobody is signed in by it");
            let other = world.agent(&p.lead, "lead").await.get(&link).await;
            assert_eq!(other.all(".menu-group a, .who-name"), [""; 0], "nor does it show who is");
        }
    }

    /// Making, first use and revoking leave their records; whoever reads the same link again leaves none.
    async fn a_link_leaves_its_records_and_is_revoked_by_its_unit_alone(world: World, p: Province) {
        let (city, office) = (world.agent(&p.city, "city").await, world.agent(&p.office, "province").await);
        let (auditor, nobody) = (world.agent(&p.office, "auditor").await, world.stranger());
        let records = async |action: &str| auditor.get(&format!("/audit?action=wall_link.{action}")).await.all("tbody tr").len();
        let link = made(&city, "2026-12-31").await;
        let row = json(&city, "/wall").await["rows"][0].clone();
        assert!(row["first_used"].is_null() && row["is_open"] == true, "{row}");
        for _ in 0..2 {
            assert_eq!(nobody.get(&link).await.status, 200);
        }
        assert_eq!((records("make").await, records("first").await, records("revoke").await), (1, 1, 0));
        let row = json(&city, "/wall").await["rows"][0].clone();
        assert!(!row["first_used"].is_null(), "{row}");
        let id = row["id"].as_str().unwrap();
        assert_eq!(rows(&json(&office, "/wall").await["rows"]).len(), 0, "links of another unit are its own");
        assert_eq!(office.post("/wall/revoke", &[("link", id)]).await.status, 409);
        assert_eq!(nobody.get(&link).await.status, 200);
        assert_eq!(city.post("/wall/revoke", &[("link", id)]).await.status, 303);
        let closed = nobody.get(&link).await;
        assert!(closed.status == 410 && closed.says("已被停用"), "{}", closed.text());
        assert_eq!(closed.attributes("main .figure", "class"), [""; 0], "no number is left");
        assert_eq!(city.post("/wall/revoke", &[("link", id)]).await.status, 409, "it was already");
        assert_eq!((records("first").await, records("revoke").await), (1, 1));
        made(&city, "2026-12-30").await;
        world.clock().advance(TimeDelta::minutes(1));
        made(&city, "2026-12-31").await;
        let newest = json(&city, "/wall").await["rows"][0]["id"].clone();
        assert_eq!(city.post("/wall/revoke", &[("link", newest.as_str().unwrap())]).await.status, 303);
        let open: Vec<Value> =
            rows(&json(&city, "/wall").await["rows"]).iter().map(|row| row["is_open"].clone()).collect();
        assert_eq!(open, [true, false, false], "what still opens comes first, however many came after it");
    }

    /// A link ends with its day, and with the right of its maker.
    async fn a_link_ends(world: World, p: Province) {
        let nobody = world.stranger();
        let unknown = nobody.get(&format!("/wall/{}", "0".repeat(64))).await;
        assert!(unknown.status == 404 && unknown.says("没有这个大屏链接"), "{}", unknown.text());
        let city = world.agent(&p.city, "city").await;
        let seen = city.get(&format!("/wall/{}", "0".repeat(64))).await;
        assert_eq!(seen.all(".menu-group a, .who-name"), [""; 0], "nor does a closed one show who is signed in");
        let left = made(&world.agent(&p.county, "county").await, "2026-12-31").await;
        let link = made(&city, "2026-11-26").await;
        assert_eq!(nobody.get(&left).await.status, 200);
        let maker = world.person(&p.county, "county").await;
        let mut tx = world.tx().await;
        let account = accounts::Account { id: maker.account(), login: maker.name() };
        accounts::remove_role(&mut tx, account, &p.county, "county").await.unwrap();
        tx.commit().await.unwrap();
        let orphan = nobody.get(&left).await;
        assert!(orphan.status == 410 && orphan.says("已经没有这项权限"), "{}", orphan.text());
        world.clock().advance(TimeDelta::days(2));
        assert_eq!(nobody.get(&link).await.status, 200, "to the end of its last day");
        world.clock().advance(TimeDelta::days(1));
        let ended = nobody.get(&link).await;
        assert!(ended.status == 410 && ended.says("已经到期"), "{}", ended.text());
    }

    /// A screen asks for ever: where somebody was signed in in its browser, half an hour ends that all the same.
    async fn a_screen_keeps_nobody_signed_in(world: World, p: Province) {
        let city = world.agent(&p.city, "city").await;
        let link = made(&city, "2026-12-31").await;
        for _ in 0..4 {
            world.clock().advance(TimeDelta::minutes(10));
            assert_eq!(city.get(&link).await.status, 200);
        }
        assert!(city.get("/overview").await.location.starts_with("/signin"), "nobody pressed anything");
    }

    async fn a_link_without_name_or_end_is_not_made_and_there_are_not_many(world: World, p: Province) {
        let city = world.agent(&p.city, "city").await;
        let bare = city.post("/wall", &[("label", ""), ("until", "2026-11-01")]).await;
        assert!(bare.status == 422 && bare.refuses(Code::Missing) && bare.refuses(Code::InPast));
        assert_eq!(bare.attributes("main input[name=until]", "value"), ["2026-11-01"], "nothing typed is lost");
        assert!(city.post("/wall", &[("label", "三楼"), ("until", "2029-01-01")]).await.refuses(Code::OutOfRange));
        for _ in 0..MOST_OPEN {
            made(&city, "2026-12-31").await;
        }
        let more = city.post("/wall", &[("label", "三楼"), ("until", "2026-12-31")]).await;
        assert_eq!(more.status, 409, "{}", more.text());
        world.clock().advance(TimeDelta::days(60));
        made(&world.agent(&p.city, "city").await, "2027-02-01").await;
    }
}
