//! An announcement's life on both engines.

use crate::both_engines;
use crate::testing::{Province, World};
use jiedui_kernel::Date;

fn soon(days: i64) -> String {
    (crate::testing::TODAY.parse::<Date>().unwrap() + chrono::TimeDelta::days(days)).to_string()
}

/// Announces a visit of the lead college as a browser would; the address of its page.
async fn announced(lead: &crate::testing::Agent, p: &Province, from: &str) -> String {
    let done = lead
        .post("/calendar/new", &[("activity", "visit"), ("pairing", &p.running), ("from", from), ("purpose", "商量项目")])
        .await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.location
}

both_engines! {
    /// The school sees who comes, asks for another day, the helper agrees, and on the day one press makes an entry.
    async fn announced_moved_and_held(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let page = announced(&lead, &p, &soon(3)).await;
        assert!(school.get("/").await.says("将到校"), "the school's desk says who comes");
        assert!(school.get(&format!("/calendar?day={}", soon(3))).await.says("主要负责同志调研对接"));
        let sooner = [("version", "1"), ("from", &*soon(1)), ("to", &*soon(1)), ("reason", "那天考试")];
        assert_eq!(school.post(&format!("{page}/propose"), &sooner).await.status, 303);
        assert!(lead.get("/").await.says("学校建议改期"));
        let agree = [("version", "2"), ("verdict", "accept")];
        assert_eq!(lead.post(&format!("{page}/answer"), &agree).await.status, 303);
        assert!(lead.get(&page).await.says(&soon(1)[..4]));
        let early = [("version", "3"), ("from", &*soon(1))];
        assert_eq!(lead.post(&format!("{page}/hold"), &early).await.status, 409, "not before its day");
    }

    /// A leader is named, the day is today: what the ledger gets is what was announced, and it is asked once only.
    async fn one_press_makes_the_entry(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let today = soon(0);
        let offered = lead.get("/calendar/new?activity=visit").await;
        let head = offered.attributes("select[name=person] option", "value")[1].clone();
        let form = [("activity", "visit"), ("pairing", &*p.running), ("from", &*today), ("person", &*head)];
        let page = lead.post("/calendar/new", &form).await.location;
        assert!(lead.get("/").await.says("今天可以登记"));
        let press = [("version", "1"), ("from", &*today)];
        let done = lead.post(&format!("{page}/hold"), &press).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert!(done.location.starts_with("/entries/"), "{}", done.location);
        let again = lead.post(&format!("{page}/hold"), &press).await;
        assert_eq!(again.status, 409, "one entry, not two");
        assert!(!lead.get("/").await.says("今天可以登记"));
        assert!(lead.get(&page).await.says("已登记"));
    }

    /// Others see nothing of it, onlookers in scope change nothing, and the same is not announced twice.
    async fn only_its_two_sides_move_it(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let page = announced(&lead, &p, &soon(5)).await;
        let nearby = world.agent(&p.nearby, "nearby").await;
        assert_eq!(nearby.get(&page).await.status, 200, "the other helper reads it");
        assert_eq!(nearby.post(&format!("{page}/cancel"), &[("version", "1")]).await.status, 403);
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(stranger.get(&page).await.status, 404);
        let twin = [("activity", "visit"), ("pairing", &*p.running), ("from", &*soon(5))];
        assert_eq!(lead.post("/calendar/new", &twin).await.status, 409);
        let past = [("activity", "visit"), ("pairing", &*p.running), ("from", &*soon(-1))];
        assert!(lead.post("/calendar/new", &past).await.says("还没有发生"));
    }

    /// An address opens without signing in, shows its holder's scope without names, and is gone once replaced.
    async fn a_calendar_program_reads_the_address(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        announced(&lead, &p, &soon(2)).await;
        let made = lead.post("/calendar/address", &[]).await;
        let address = made.attributes("a[href^='/calendar/feed/']", "href")[0].clone();
        let feed = world.stranger().get(&address).await;
        assert_eq!(feed.status, 200);
        assert!(feed.text().contains("BEGIN:VEVENT") && feed.text().contains("主要负责同志调研对接"), "{}", feed.text());
        let other = world.agent(&p.nanxiong, "county_school").await;
        let theirs = other.post("/calendar/address", &[]).await.attributes("a[href^='/calendar/feed/']", "href")[0].clone();
        assert!(!world.stranger().get(&theirs).await.text().contains("BEGIN:VEVENT"), "another's scope");
        lead.post("/calendar/address", &[]).await;
        assert_eq!(world.stranger().get(&address).await.status, 404, "replaced");
    }
}

#[tokio::test]
async fn the_day_after_it_is_asked_once() {
    use crate::testing::Engine;
    let world = World::new(Engine::Sqlite, crate::testing::TODAY, false).await;
    let p = Province::build(&world).await;
    let mut tx = world.tx().await;
    let pairing = crate::network::pairings::find(&mut tx, &p.running).await.unwrap();
    let id = super::data::example(&mut tx, &pairing).await;
    let record = jiedui_store::AuditRecord { action: "announcement.announce", thing: "announcement", thing_id: &id };
    tx.audit(record, &serde_json::json!({})).await.unwrap();
    tx.commit().await.unwrap();
    world.clock().advance(chrono::TimeDelta::days(5));
    let lead = world.agent(&p.lead, "lead").await;
    assert!(lead.get("/").await.says("预告的日期已过"));
    let page = format!("/calendar/{id}");
    assert_eq!(lead.post(&format!("{page}/not-held"), &[("version", "1")]).await.status, 303);
    assert!(!lead.get("/").await.says("预告的日期已过"), "never again");
}
