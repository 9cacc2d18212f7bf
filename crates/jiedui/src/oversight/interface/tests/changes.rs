//! What changed is told in the order in which it was written, to whoever sees it; and reading leaves a trail.

use super::{ask, check_all, good, token, walked};
use crate::both_engines;
use crate::testing::Province;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::time::Duration;

const CHANGES: &str = "/api/v1/changes";

/// What is told of a resource, by id.
fn told(page: &Value, resource: &str) -> Vec<Value> {
    let items = page["items"].as_array().unwrap().iter();
    items.filter(|one| one["resource"] == resource).map(|one| one["id"].clone()).collect()
}

async fn since(router: &axum::Router, cursor: &Value, token: &str) -> Value {
    good(router, &format!("{CHANGES}?since={}", cursor.as_str().unwrap()), token).await
}

both_engines! {
    async fn what_changed_is_told_with_what_follows_from_it_to_whoever_sees_it(world: World, p: Province) {
        let lead = token(&world.agent(&p.lead, "lead").await, "30").await;
        let stranger = token(&world.agent(&p.nanxiong, "county_school").await, "30").await;
        let router = &world.router;
        let now = good(router, CHANGES, &lead).await;
        assert!(now["items"].as_array().unwrap().is_empty() && now["more"] == false, "{now}");
        let school = world.agent(&p.xingning, "county_school").await;
        let seen = good(router, &format!("/api/v1/entries/{}", p.visit), &lead).await;
        let row = format!("{}:{}", p.visit, seen["version"]);
        assert_eq!(school.post("/entries/confirm", &[("id", &row)]).await.status, 303);
        let page = since(router, &now["next"], &lead).await;
        assert_eq!(told(&page, "entry"), [json!(p.visit)], "{page}");
        assert_eq!(told(&page, "clock"), [json!(p.running)], "{page}");
        assert!(told(&page, "figure").contains(&json!("visits")), "{page}");
        let foreign = since(router, &now["next"], &stranger).await;
        assert!(told(&foreign, "entry").is_empty() && told(&foreign, "clock").is_empty(), "{foreign}");
        assert!(!told(&foreign, "figure").contains(&json!("visits")), "{foreign}");
        let rest = since(router, &page["next"], &lead).await;
        assert!(rest["items"].as_array().unwrap().is_empty() && rest["more"] == false, "{rest}");
        let cursor = now["next"].as_str().unwrap();
        let (place, _) = cursor.rsplit_once('.').unwrap();
        let other = ask(router, &format!("{CHANGES}?since={place}.0000000000000000"), &lead, None).await;
        assert_eq!((other.status, &other.body["code"]), (410, &json!("gone")), "another log");
        let wrong = ask(router, &format!("{CHANGES}?since=yesterday"), &lead, None).await;
        assert_eq!((wrong.status, &wrong.body["errors"][0]["field"]), (422, &json!("since")));
    }

    /// Rows that were written long ago go out of sight, and nothing is written in them.
    async fn whoever_sees_less_is_told_to_read_the_lists_again(world: World, p: Province) {
        let lead = token(&world.agent(&p.lead, "lead").await, "30").await;
        let stranger = token(&world.agent(&p.nanxiong, "county_school").await, "30").await;
        let (office, router) = (world.agent(&p.office, "province").await, &world.router);
        let now = good(router, CHANGES, &lead).await;
        let row = good(router, &format!("/api/v1/pairings/{}", p.running), &lead).await;
        let version = row["version"].to_string();
        let day = "2026-01-31";
        let fields = [("to", day), ("reason", "布局调整"), ("seen", day), ("version", version.as_str())];
        let ended = office.post(&format!("/pairings/{}/end", p.running), &fields).await;
        assert_eq!(ended.status, 303, "{}", ended.text());
        let page = since(router, &now["next"], &lead).await;
        for resource in ["school", "post", "figure"] {
            assert!(told(&page, resource).contains(&Value::Null), "{resource}: {page}");
        }
        let revisions: Vec<i64> =
            page["items"].as_array().unwrap().iter().filter_map(|one| one["revision"].as_i64()).collect();
        assert!(revisions.is_sorted(), "{page}");
        let foreign = since(router, &now["next"], &stranger).await;
        assert!(!told(&foreign, "school").contains(&Value::Null), "{foreign}");
    }

    /// To the school that gave it, with its number and its digest; the code stays on the paper and on its page.
    async fn a_paper_is_told_to_the_school_that_gave_it(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let (own, stranger) = (token(&lead, "30").await, token(&school, "30").await);
        let office = token(&world.agent(&p.office, "province").await, "30").await;
        let router = &world.router;
        let now = good(router, CHANGES, &own).await;
        let entry = good(router, &format!("/api/v1/entries/{}", p.visit), &own).await;
        let person = entry["person"].as_str().unwrap().to_owned();
        let row = format!("{}:{}", p.visit, entry["version"]);
        assert_eq!(school.post("/entries/confirm", &[("id", &row)]).await.status, 303);
        let fields = [("person", person.as_str()), ("from", "2026-01-01"), ("to", "2026-11-24")];
        let given = lead.post("/certificates/new", &fields).await;
        assert_eq!(given.status, 303, "{}", given.text());
        let id = given.location.trim_start_matches("/certificates/").to_owned();
        let at = format!("/api/v1/papers/{id}");
        let paper = good(router, &at, &own).await;
        check_all("paper", std::slice::from_ref(&paper));
        assert_eq!((&paper["org"], &paper["person"], &paper["state"]), (&json!(p.lead), &json!(person), &json!("issued")));
        let page = lead.get(&given.location).await;
        let code = page.attributes("a[href^='/check/']", "href")[0].trim_start_matches("/check/").to_owned();
        assert!(!code.is_empty() && !paper.to_string().contains(&code), "{paper}");
        assert!(walked(router, "/api/v1/papers", &own, 1).await.contains(&id));
        assert!(!walked(router, "/api/v1/papers", &stranger, 50).await.contains(&id));
        assert_eq!(ask(router, &at, &stranger, None).await.status, 404);
        assert_eq!(ask(router, "/api/v1/papers", &office, None).await.status, 403, "a bureau has no right to it");
        assert_eq!(told(&since(router, &now["next"], &own).await, "paper"), [json!(id)]);
        let back = [("version", paper["version"].to_string()), ("reason", "记录有误".to_owned())];
        let back = back.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(lead.post(&format!("{}/withdraw", given.location), &back).await.status, 303);
        let page = since(router, &now["next"], &own).await;
        let gone = page["items"].as_array().unwrap().iter().find(|one| one["resource"] == "paper");
        assert_eq!(gone.map(|one| &one["gone"]), Some(&json!(true)), "{page}");
        let foreign = since(router, &now["next"], &stranger).await;
        assert!(told(&foreign, "paper").is_empty(), "{foreign}");
    }

    /// One row for a token and a day, for its holder and for whoever keeps the accounts.
    async fn reading_leaves_a_trail(world: World, p: Province) {
        let browser = world.agent(&p.lead, "lead").await;
        let lead = token(&browser, "30").await;
        good(&world.router, "/api/v1/pairings", &lead).await;
        let mut rows = Value::Null;
        for _ in 0..200 {
            rows = browser.get_json("/my/tokens").await.json()["reads"].clone();
            if rows[0]["day"] == "2026-11-24" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!((&rows[0]["reads"]["raw"], &rows[0]["name"]), (&json!(1), &json!("统计报表")), "{rows}");
        let account = world.person(&p.lead, "lead").await.account().to_owned();
        let page = format!("/accounts/{account}");
        for (role, status, seen) in [("sysadmin", 200, 1), ("secadmin", 403, 0)] {
            let view = world.agent(&p.office, role).await.get(&page).await;
            assert_eq!((view.status.as_u16(), view.all("#reads tbody tr").len()), (status, seen), "{role}");
        }
        // The security administrator finds it where the rights stand, as long as it is new.
        let keeper = world.agent(&p.office, "secadmin").await;
        let rows = keeper.get_json("/access").await.json()["reads"].clone();
        assert_eq!((&rows[0]["reads"]["raw"], &rows[0]["name"]), (&json!(1), &json!("统计报表")), "{rows}");
        assert!(rows[0]["login"].as_str().is_some_and(|login| login.starts_with("t-lead-")), "{rows}");
        assert_eq!(keeper.get("/access").await.all("#reads tbody tr").len(), 1);
        world.clock().advance(TimeDelta::days(7));
        let later = world.agent(&p.office, "secadmin").await.get("/access").await;
        assert!(later.says("近七天没有程序凭密钥读取数据"), "{}", later.text());
    }
}
