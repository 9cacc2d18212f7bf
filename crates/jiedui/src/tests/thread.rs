//! The thread: claimed, confirmed, and what moves.

use crate::both_engines;
use crate::testing::{Province, claim};
use jiedui_kernel::Code;

both_engines! {
    /// A visit counts as claimed at once, and as confirmed only when the county school says so; then the clock and the
    /// figure move.
    async fn a_confirmed_visit_moves_the_clock_and_the_figure(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let province = world.agent(&p.office, "province").await;
        let clock = format!("/clocks/principal-visit/{}/{}/2026", p.lead, p.xingning);
        let sums = |page: &crate::testing::PageResponse| page.attributes(".entry-sum .figure", "data-raw");
        assert_eq!(sums(&province.get("/indicators/visits?year=2026").await), ["3", "0"]);

        let page = school.get(&format!("/entries/{}", p.visit)).await;
        assert!(page.says("确认这一条"));
        let done = school.post(&format!("/entries/{}/answer", p.visit), &[("verdict", "confirm"), ("version", "1")]).await;
        assert_eq!(done.status, 303);
        assert_eq!(sums(&province.get("/indicators/visits?year=2026").await), ["3", "1"]);
        let reading = lead.get_json(&clock).await.json();
        assert_eq!(reading["clock"]["confirmed"]["raw"], 1);
        assert_eq!(reading["clock"]["state"]["key"], "at_risk", "one more is owed, and the year is nearly over");

        claim(&world, &p.lead, &p.running, "visit", "书记", "2026-11-20", None).await;
        assert_eq!(lead.get_json(&clock).await.json()["clock"]["state"]["key"], "waiting", "done, not yet confirmed");
        let desk = school.get("/").await;
        let key = desk.attributes("td.pick input", "value");
        assert_eq!(key.len(), 1);
        let done = school.post("/entries/confirm", &[("id", &key[0])]).await;
        assert_eq!(done.status, 303);
        assert_eq!(lead.get_json(&clock).await.json()["clock"]["state"]["key"], "met");
    }
}

both_engines! {
    /// Two confirm at once: one gets a clear conflict, and nothing is lost.
    async fn two_people_confirming_at_once(world: World, p: Province) {
        let (one, two) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.xingning, "county_school").await);
        let path = format!("/entries/{}/answer", p.visit);
        let confirm = [("verdict", "confirm"), ("version", "1")];
        let dispute = [("verdict", "dispute"), ("version", "1"), ("reason", "没有来过")];
        let (a, b) = tokio::join!(one.post(&path, &confirm), two.post(&path, &dispute));
        let mut both = [a.status.as_u16(), b.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [303, 409]);
        let loser = if a.status == 409 { a } else { b };
        assert!(loser.says("没有写入") || loser.says("已经答复过"));
        let history = one.get(&format!("/entries/{}", p.visit)).await.all(".timeline-what");
        assert_eq!(history.len(), 2, "a claim and one answer: {history:?}");
    }
}

both_engines! {
    /// 12 of 15: confirmed 12, the rest disputed until the claimant accepts or corrects.
    async fn part_confirmation_of_a_stay(world: World, p: Province) {
        let stay = claim(&world, &p.lead, &p.running, "residency", "主任甲", "2026-10-01", Some("2026-10-15")).await;
        let school = world.agent(&p.xingning, "county_school").await;
        let lead = world.agent(&p.lead, "lead").await;
        let path = format!("/entries/{stay}/answer");
        let without_reason = [("verdict", "part"), ("version", "1"), ("disputed_from", "2026-10-04"), ("disputed_to", "2026-10-06")];
        assert_eq!(school.post(&path, &without_reason).await.status, 422, "a reason is asked for");
        let turned = [("verdict", "part"), ("version", "1"), ("disputed_from", "2026-10-06"), ("disputed_to", "2026-10-04"), ("reason", "不在校")];
        assert!(school.post(&path, &turned).await.refuses(Code::Reversed));
        let outside = [("verdict", "part"), ("version", "1"), ("disputed_from", "2026-10-14"), ("disputed_to", "2026-10-20"), ("reason", "不在校")];
        assert!(school.post(&path, &outside).await.refuses(Code::NotInPeriod));
        let part = [("verdict", "part"), ("version", "1"), ("disputed_from", "2026-10-04"), ("disputed_to", "2026-10-06"), ("reason", "不在校")];
        assert_eq!(school.post(&path, &part).await.status, 303);
        let entry = lead.get_json(&format!("/entries/{stay}")).await.json();
        assert_eq!((entry["claimed"]["raw"].as_i64(), entry["confirmed"]["raw"].as_i64()), (Some(15), Some(12)));
        assert!(lead.get("/").await.says("处理部分确认"), "the claimant's desk shows it");
        let accepted = lead.post(&format!("/entries/{stay}/accept"), &[("version", "2")]).await;
        assert_eq!(accepted.status, 303);
        let entry = lead.get_json(&format!("/entries/{stay}")).await.json();
        assert_eq!(entry["state"]["key"], "confirmed");
        assert_eq!(entry["claimed"]["raw"], 12);
        let clock = format!("/clocks/resident/{}/{}/2026-2027-1", p.lead, p.xingning);
        assert_eq!(lead.get_json(&clock).await.json()["clock"]["confirmed"]["raw"], 12);
    }
}
