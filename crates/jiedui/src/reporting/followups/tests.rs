//! What troubles a school is given to somebody without a meeting.

use crate::both_engines;
use crate::testing::{Agent, PageResponse, Province, World};
use chrono::TimeDelta;
use jiedui_kernel::Code;

async fn act(world: &World, agent: &Agent, item: &str, to: &str, fields: &[(&str, &str)]) -> PageResponse {
    world.clock().advance(TimeDelta::seconds(1));
    let version = agent.get_json(item).await.json()["version"].to_string();
    let fields = [&[("version", version.as_str())], fields].concat();
    agent.post(&format!("{item}{to}"), &fields).await
}

both_engines! {
    /// What a unit asked of itself it closes itself, and wherever that stands it says that nobody else agreed.
    async fn what_one_asks_of_oneself_says_so(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let month = format!("/months/202610/schools/{}", p.xingning);
        school.post(&format!("{month}/problems"), &[("version", "0"), ("problems", "缺两名教师")]).await;
        let new = format!("/followups/new/{}/202610", p.xingning);
        let item = county.post(&new, &[("text", "派两名教师"), ("owner", &p.county), ("due", "2026-12-20")]).await.location;
        assert!(county.get(&item).await.says("不代表别的单位认可"));
        let done = [("verdict", "done"), ("reason", "已到校")];
        assert_eq!(act(&world, &county, &item, "/report", &done).await.status, 303);
        assert_eq!(act(&world, &county, &item, "/answer", &[("verdict", "close")]).await.status, 303);
        assert_eq!(county.get_json(&item).await.json()["state"]["label"], "已办结（自行确认）");
        assert!(school.get(&item).await.says("自行确认") && county.get("/followups?state=closed").await.says("自行确认"));
        assert!(county.get(&format!("{item}/paper")).await.says("自行确认"));
    }

    /// The county gives it to the lead college; it can be put off, reported, taken back, and is closed by both.
    async fn a_problem_is_seen_to_and_closed_from_both_ends(world: World, p: Province) {
        let county = world.agent(&p.county, "county").await;
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let new = format!("/followups/new/{}/202610", p.xingning);
        assert_eq!(county.get(&new).await.status, 404, "the school wrote nothing");
        let month = format!("/months/202610/schools/{}", p.xingning);
        school.post(&format!("{month}/problems"), &[("version", "0"), ("problems", "缺两名教师")]).await;
        assert!(county.get(&month).await.attributes("a", "href").contains(&new));
        let form = county.get(&new).await;
        assert_eq!(form.attributes("input[name=text]", "value"), ["缺两名教师"], "what the system knows is there");
        let early = county.post(&new, &[("text", "派两名教师"), ("owner", &p.lead), ("due", "2026-11-26")]).await;
        assert!(early.status == 422 && early.refuses(Code::OutOfRange));
        let stranger = county.post(&new, &[("text", "派两名教师"), ("owner", &p.other_lead), ("due", "2026-12-20")]).await;
        assert!(stranger.status == 422 && stranger.refuses(Code::NotListed));
        let made = county.post(&new, &[("text", "派两名教师"), ("owner", &p.lead), ("due", "2026-12-20")]).await;
        assert_eq!(made.status, 303);
        let item = made.location;
        assert!(lead.get("/?all=yes").await.attributes("a", "href").contains(&item));
        assert!(!county.get("/topics").await.text().contains("缺两名教师"), "somebody sees to it");
        assert_eq!(school.get(&item).await.status, 200, "the school sees what becomes of its trouble");
        assert!(school.get("/notices").await.text().contains("交办了与本校有关的事项"), "and is told");
        assert_eq!(act(&world, &lead, &item, "/change", &[("due", "2027-01-20")]).await.status, 403, "not by its owner");
        assert_eq!(act(&world, &county, &item, "/change", &[("due", "2026-11-26")]).await.status, 422);
        assert_eq!(act(&world, &county, &item, "/change", &[("due", "2027-01-20"), ("why", "放假")]).await.status, 303);
        let note = [("verdict", "note"), ("reason", "已选好人")];
        assert_eq!(act(&world, &lead, &item, "/report", &note).await.status, 303);
        assert_eq!(lead.get_json(&item).await.json()["state"]["key"], "active");
        let done = [("verdict", "done"), ("reason", "两名教师已到校")];
        assert_eq!(act(&world, &lead, &item, "/report", &done).await.status, 303);
        assert_eq!(act(&world, &county, &item, "/change", &[("verdict", "drop"), ("why", "不用了")]).await.status, 403);
        assert_eq!(act(&world, &lead, &item, "/recall", &[]).await.status, 303);
        assert_eq!(act(&world, &lead, &item, "/report", &done).await.status, 303);
        assert_eq!(act(&world, &county, &item, "/answer", &[("verdict", "close")]).await.status, 303);
        assert_eq!(lead.get_json(&item).await.json()["state"]["key"], "done");
        assert!(school.get("/notices").await.text().contains("办结了与本校有关的事项"));
        let mine = lead.get_json("/followups?side=mine&state=closed").await.json();
        assert_eq!(mine["rows"].as_array().unwrap().iter().filter(|row| row["href"] == item.as_str()).count(), 1);
        assert_eq!(world.agent(&p.city, "city").await.get(&item).await.status, 200, "those above see it");
        assert_eq!(world.agent(&p.nearby, "nearby").await.get(&item).await.status, 404, "nobody beside");
    }
}
