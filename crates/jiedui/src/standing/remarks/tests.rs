//! A remark at a figure, from both ends.

use super::NewRemark;
use crate::both_engines;
use crate::testing::{Province, World, actor};
use chrono::TimeDelta;
use jiedui_kernel::Code;

const CUT: &str = "year=2026";

/// One that an organisation made about itself: for the tests that ask every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let actor = actor(&mut tx, org, "province").await;
    tx.act_as(actor);
    let new =
        NewRemark {
            indicator: "visits", cut: CUT, label: "2026年调研次数", about: org, text: "请核对"
        };
    let id = super::write(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    vec![("remark", id)]
}

both_engines! {
    /// Said at the figure of a school, answered by it, closed by who said it, and found at the same cut only.
    async fn a_remark_is_found_again_at_its_figure(world: World, p: Province) {
        let (county, school) = (world.agent(&p.county, "county").await, world.agent(&p.xingning, "county_school").await);
        let indicator = world.app.programme().indicators[0].id.clone();
        let at = |month: &str| format!("/indicators/{indicator}?year=2026&school={}{month}", p.xingning);
        assert!(county.get(&format!("/indicators/{indicator}?year=2026")).await.attributes("#remarks", "id").is_empty());
        let to = county.get(&at("")).await.attributes("#remarks form", "action")[0].clone();
        let empty = county.post(&to, &[("text", "  ")]).await;
        assert!(empty.status == 422 && empty.refuses(Code::Missing));
        assert_eq!(county.post(&to, &[("text", "比上月少，请核对")]).await.status, 303);
        assert!(county.get(&at("")).await.says("比上月少，请核对"));
        assert!(!county.get(&at("&month=2026-10")).await.says("比上月少，请核对"), "another period");
        assert!(school.get(&at("")).await.says("比上月少，请核对"));
        assert_eq!(school.post(&to, &[("text", "我也说")]).await.status, 403);
        let desk = school.get("/?all=yes").await;
        let item = desk.attributes("a[href^='/remarks/']", "href")[0].clone();
        let post = async |agent: &crate::testing::Agent, verdict: &str, words: &str| {
            world.clock().advance(TimeDelta::seconds(1));
            let version = agent.get_json(&item).await.json()["version"].to_string();
            agent.post(&format!("{item}/answer"), &[("version", &version), ("verdict", verdict), ("reason", words)]).await.status
        };
        assert_eq!(post(&school, "close", "").await, 403);
        assert_eq!(post(&school, "reply", "").await, 422);
        assert_eq!(post(&school, "reply", "十月没有安排").await, 303);
        assert_eq!(post(&school, "reply", "再说").await, 403);
        assert_eq!(post(&county, "ask", "为什么没有").await, 303);
        assert_eq!(post(&school, "reply", "放假").await, 303);
        assert_eq!(post(&county, "close", "").await, 303);
        assert!(!county.get("/?all=yes").await.attributes("a", "href").contains(&item));
        for (org, role) in [(&p.lead, "lead"), (&p.nanxiong, "county_school")] {
            let other = world.agent(org, role).await;
            assert_eq!(other.get(&item).await.status, 404, "nobody beside");
        }
        assert_eq!(world.agent(&p.city, "city").await.get(&item).await.status, 200, "those above");
        // Of a city, its bureau answers.
        let (office, city) = (world.agent(&p.office, "province").await, world.agent(&p.city, "city").await);
        let here = format!("/indicators/{indicator}?year=2026&city=%E6%A2%85%E5%B7%9E%E5%B8%82");
        assert!(city.get(&here).await.attributes("#remarks form", "action").is_empty(), "nobody asks oneself");
        let to = office.get(&here).await.attributes("#remarks form", "action")[0].clone();
        assert_eq!(office.post(&to, &[("text", "全市合计比上季少")]).await.status, 303);
        assert!(city.get("/?all=yes").await.says("全市合计比上季少"));
        assert!(!school.get(&at("")).await.says("全市合计比上季少"), "another cut");
        let stranger = format!("/indicators/{indicator}/remark?year=2026&school={}", p.nanxiong);
        assert_eq!(county.post(&stranger, &[("text", "看看")]).await.status, 404);
    }
}
