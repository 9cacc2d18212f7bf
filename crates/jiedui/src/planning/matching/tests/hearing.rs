//! Before and after publishing: a comment round, wishes of the schools themselves, and taking a publication back.

use super::{Scene, pair, scene};
use crate::both_engines;
use crate::network::pairings;
use crate::testing::{Province, World};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use serde_json::Value;

impl Scene {
    /// The proposed pair of a county school, as the office's page links it.
    pub(super) async fn proposal(&self, scenario: &str, county: &str) -> String {
        let page = self.seen(&format!("{scenario}/consult")).await;
        let rows = page["round"]["rows"].as_array().unwrap().clone();
        let mine = |row: &&Value| row["org"]["href"].as_str().unwrap().ends_with(county);
        rows.iter().find(mine).unwrap()["proposal"]["href"].as_str().unwrap().to_owned()
    }

    pub(super) async fn begins(&self, world: &World, scenario: &str) {
        let wrong = self.post(world, scenario, "consult", &[("closes_on", "2026-11-26")]).await;
        assert!(wrong.refuses(Code::OutOfRange), "there is a least notice");
        let done = self.post(world, scenario, "consult", &[("closes_on", "2026-12-18")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(self.post(world, scenario, "drop", &[]).await.status, 409, "it is being commented on");
    }
}

both_engines! {
    async fn a_round_hears_the_parties_and_each_sees_its_own(world: World, p: Province) {
        let mut s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let (lead, _) = pair(&s.seen(&scenario).await, &s.p.xingning);
        s.begins(&world, &scenario).await;
        let at = s.proposal(&scenario, &s.p.xingning).await;
        let school = world.agent(&s.p.xingning, "county_school").await;
        assert!(school.get("/").await.says("对拟定的结对提意见"));
        let page = school.get(&at).await;
        assert!(page.says("为什么这样结对") && page.says("本单位的意见"), "{}", page.text());
        assert_eq!(world.agent(&s.p.nanxiong, "county_school").await.get(&at).await.status, 404);
        let remark = format!("{at}/remark");
        let without = [("agrees", "differ"), ("text", ""), ("version", "0")];
        assert!(school.post(&remark, &without).await.refuses(Code::Missing));
        let first = [("agrees", "differ"), ("text", "希望仍由现在的院校牵头"), ("version", "0")];
        assert_eq!(school.post(&remark, &first).await.status, 303);
        assert!(!school.get("/").await.says("对拟定的结对提意见"));
        let later = [("agrees", "agree"), ("text", "已沟通"), ("version", "1")];
        assert_eq!(school.post(&remark, &first).await.status, 409, "a concurrent edit");
        assert_eq!(school.post(&remark, &later).await.status, 303);
        let county = world.agent(&s.p.county, "county").await;
        assert!(county.get(&at).await.says("已沟通"));
        let helper = world.agent(&lead, "lead").await;
        let page = helper.get(&at).await;
        assert!(page.status == 200 && !page.says("已沟通"), "a party sees its own word alone");
        assert_eq!(county.post(&remark, &later).await.status, 403);
        assert!(s.post(&world, &scenario, "consult/close", &[]).await.refuses(Code::Missing), "before its day");
        world.clock().advance(TimeDelta::days(30));
        s.office = world.agent(&s.p.office, "province").await;
        let school = world.agent(&s.p.xingning, "county_school").await;
        assert!(s.office.get("/").await.says("结束征求意见"));
        assert_eq!(school.post(&remark, &[("agrees", "agree"), ("text", ""), ("version", "2")]).await.status, 409);
        assert_eq!(s.post(&world, &scenario, "consult/close", &[]).await.status, 303);
        let done = s.post(&world, &scenario, "publish", &[("starts", "2027-01-15")]).await;
        assert_eq!(done.status, 303, "it was heard, so no reason is needed: {}", done.text());
    }

    async fn without_a_round_a_reason_is_needed_and_an_earlier_day_a_look(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        assert!(s.post(&world, &scenario, "publish", &[("starts", "2026-12-01")]).await.refuses(Code::Missing));
        let past = [("starts", "2026-01-01"), ("reason", "补记")];
        assert!(s.post(&world, &scenario, "publish", &past).await.refuses(Code::InPast));
        let seen = [past.as_slice(), &[("seen", "2026-01-01")]].concat();
        let done = s.post(&world, &scenario, "publish", &seen).await;
        assert_eq!(done.status, 303, "{}", done.text());
    }

    async fn a_publication_is_taken_back_with_all_that_it_did(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let (lead, _) = pair(&s.seen(&scenario).await, &s.p.xingning);
        let other = if lead == s.p.lead { s.p.other_lead.clone() } else { s.p.lead.clone() };
        let before = pairings::in_scope(&mut world.tx().await).await.unwrap();
        s.publishes_with(&world, &scenario, &other).await;
        let school = world.agent(&s.p.xingning, "county_school").await;
        let result = format!("/matching/results/{}", s.p.xingning);
        assert!(school.get(&result).await.says("为什么这样结对"));
        assert!(s.office.get(&scenario).await.says("撤销公布"));
        assert!(s.post(&world, &scenario, "take-back", &[("reason", "")]).await.refuses(Code::Missing));
        let done = s.post(&world, &scenario, "take-back", &[("reason", "名单有误")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let after = pairings::in_scope(&mut world.tx().await).await.unwrap();
        let days = |rows: &[pairings::PairingRow]| -> Vec<String> {
            rows.iter().map(|row| format!("{} {} {:?}", row.id, row.from_day, row.to_day)).collect()
        };
        assert_eq!(days(&after), days(&before));
        assert!(!school.get(&result).await.says("为什么这样结对"));
        assert_eq!(s.post(&world, &scenario, "take-back", &[("reason", "x")]).await.status, 409);
        assert!(s.office.get("/pairings?state=taken_back").await.says("已撤销"));
    }

    async fn a_publication_is_settled_after_ten_working_days(world: World, p: Province) {
        let mut s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let other = if pair(&s.seen(&scenario).await, &s.p.xingning).0 == s.p.lead { &s.p.other_lead } else { &s.p.lead };
        let other = other.clone();
        s.publishes_with(&world, &scenario, &other).await;
        world.clock().advance(TimeDelta::days(30));
        s.office = world.agent(&s.p.office, "province").await;
        assert!(s.post(&world, &scenario, "take-back", &[("reason", "x")]).await.refuses(Code::InPast));
    }

    async fn schools_enter_their_wishes_until_the_last_day(world: World, p: Province) {
        let s = scene(&world, p).await;
        let school = world.agent(&s.p.xingning, "county_school").await;
        let wish = [("other", s.p.other_lead.as_str()), ("wish", "2"), ("reason", "")];
        assert_eq!(school.post("/matching/mine", &wish).await.status, 409, "nobody asked yet");
        let called = s.office.post("/matching/wishes/call", &[("last_day", "2026-12-18")]).await;
        assert_eq!(called.status, 303, "{}", called.text());
        assert!(school.get("/").await.says("填报结对意愿"));
        assert_eq!(school.post("/matching/mine", &wish).await.status, 303);
        let county = [("other", s.p.zijin.as_str()), ("wish", "1"), ("reason", "")];
        assert!(school.post("/matching/mine", &county).await.refuses(Code::NotListed));
        let page = s.office.get("/matching/wishes").await;
        assert!(page.says("本校填报") && page.says("很希望"));
        let helper = world.agent(&s.p.lead, "lead").await;
        assert!(!helper.get("/matching/mine").await.says("很希望了"), "nobody sees what others wish");
        let scenario = s.begin("review").await;
        assert_eq!(s.seen(&scenario).await["stale"], false, "it was read with the facts");
        world.clock().advance(TimeDelta::days(40));
        let school = world.agent(&s.p.xingning, "county_school").await;
        assert_eq!(school.post("/matching/mine", &wish).await.status, 409);
    }

    async fn what_is_settled_and_what_is_excluded_do_not_replace_each_other(world: World, p: Province) {
        let s = scene(&world, p).await;
        let scenario = s.begin("review").await;
        let (lead, _) = pair(&s.seen(&scenario).await, &s.p.xingning);
        let choose = format!("schools/{}/choose", s.p.xingning);
        let field = |kind: &'static str| [("side", "lead"), ("kind", kind), ("partner", lead.as_str()), ("reason", "试")];
        assert_eq!(s.post(&world, &scenario, &choose, &field("lock")).await.status, 303);
        assert!(s.post(&world, &scenario, &choose, &field("forbid")).await.refuses(Code::Contradiction));
        let lift = format!("schools/{}/lift", s.p.xingning);
        let fields = [("side", "lead"), ("partner", lead.as_str())];
        assert_eq!(s.post(&world, &scenario, &lift, &fields).await.status, 303);
        assert_eq!(s.post(&world, &scenario, &choose, &field("forbid")).await.status, 303);
        assert!(s.post(&world, &scenario, &choose, &field("lock")).await.refuses(Code::NotFitting));
    }
}
