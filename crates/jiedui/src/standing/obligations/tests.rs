//! Whose work moves a clock, and what a school and the office say about one.

use super::{compare, ensure, rebuild};
use crate::both_engines;
use crate::testing::{Agent, PageResponse, Province, World, claim, day};
use jiedui_kernel::Code;

/// What a clock says, as its page's data has it.
async fn read(
    agent: &Agent,
    p: &Province,
    (obligation, helper, period): (&str, &str, &str),
) -> serde_json::Value {
    let at = format!("/clocks/{obligation}/{helper}/{}/{period}", p.xingning);
    agent.get_json(&at).await.json()["clock"]["reading"].clone()
}

/// The value of the option that begins with a name.
fn choice(page: &PageResponse, field: &str, name: &str) -> String {
    let texts = page.all(&format!("select[name={field}] option"));
    let at = texts.iter().position(|text| text.trim().starts_with(name));
    let at = at.unwrap_or_else(|| panic!("{name} in {texts:?}"));
    page.attributes(&format!("select[name={field}] option"), "value")[at].clone()
}

async fn joint_visit(world: &World, p: &Province) -> String {
    let lead = world.agent(&p.lead, "lead").await;
    let head = choice(&lead.get("/entries/new/visit").await, "person", "校长");
    let fields =
        [("pairing", p.running.as_str()), ("from", "2026-11-12"), ("person", &head), ("joint", "yes")];
    let done = lead.post("/entries/new/visit", &fields).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".errors"));
    let mut tx = world.tx().await;
    let facts = crate::evidence::ledger::facts(&mut tx).await.unwrap();
    facts.into_iter().find(|fact| fact.helpers.len() > 1 && fact.period.to == day("2026-11-12")).unwrap().id
}

both_engines! {
    /// One enters it for both; the other's clock stands still until it names its own principal, and a deputy does not move it.
    async fn in_joint_work_each_helper_names_its_own_people(world: World, p: Province) {
        let (lead, nearby) = (world.agent(&p.lead, "lead").await, world.agent(&p.nearby, "nearby").await);
        let id = joint_visit(&world, &p).await;
        let claimed = async |helper: &str| read(&lead, &p, ("principal-visit", helper, "2026")).await["claimed"].as_i64();
        assert_eq!(claimed(&p.lead).await, Some(2), "its own of the 10th and this");
        assert_eq!(claimed(&p.nearby).await, Some(0), "nobody of the other helper is named");
        assert!(nearby.get("/").await.says("写明合办中本单位的人"), "its desk asks");
        let page = nearby.get(&format!("/entries/{id}")).await;
        let at = format!("/entries/{id}/join");
        assert_eq!(nearby.post(&at, &[("part-person", "")]).await.status, 422);
        let own = choice(&page, "part-person", "书记");
        assert_eq!(lead.post(&at, &[("part-person", &own)]).await.status, 403, "only of one's own part");
        assert_eq!(nearby.post(&at, &[("part-person", &own)]).await.status, 303);
        assert_eq!((claimed(&p.lead).await, claimed(&p.nearby).await), (Some(2), Some(1)));
        assert_eq!(nearby.post(&at, &[("part-person", &own)]).await.status, 403, "once");
        assert!(!nearby.get("/").await.says("写明合办中本单位的人"));
    }

    /// What a former partner can no longer say takes no room among what its desk asks for.
    async fn what_can_no_longer_be_joined_is_not_asked_for(world: World, p: Province) {
        joint_visit(&world, &p).await;
        let mut tx = world.tx().await;
        crate::network::pairings::end_of_school(&mut tx, &p.xingning, day("2026-11-16"), "试").await.unwrap();
        tx.commit().await.unwrap();
        let asked = async || {
            let (mut tx, programme) = (world.tx().await, world.app.programme());
            crate::evidence::ledger::unjoined(&mut tx, &programme, &p.nearby).await.unwrap().len()
        };
        assert_eq!(asked().await, 1);
        world.clock().advance(chrono::TimeDelta::days(100));
        assert_eq!(asked().await, 0);
    }

    /// Both press at the same instant: one part is written.
    async fn a_part_is_said_once(world: World, p: Province) {
        let id = joint_visit(&world, &p).await;
        let (one, other) = (world.agent(&p.nearby, "nearby").await, world.agent(&p.nearby, "nearby").await);
        let deputy = choice(&one.get(&format!("/entries/{id}")).await, "part-person", "副校长");
        let (at, fields) = (format!("/entries/{id}/join"), [("part-person", deputy.as_str())]);
        let (a, b) = world.at_once(one.post(&at, &fields), other.post(&at, &fields)).await;
        assert!(a.status == 303 || b.status == 303);
        let lost = if a.status == 303 { &b } else { &a };
        assert!(matches!(lost.status.as_u16(), 403 | 409), "{}", lost.status);
        let reading = read(&one, &p, ("principal-visit", &p.nearby, "2026")).await;
        assert_eq!(reading["claimed"], 0, "a deputy is recorded and does not count");
    }

    /// A deputy was entered for the day: the principal of the same day is taken, and a second principal is not.
    async fn a_principal_counts_beside_a_deputy(world: World, p: Province) {
        claim(&world, &p.lead, &p.running, "visit", "副校长", "2026-10-20", None).await;
        let lead = world.agent(&p.lead, "lead").await;
        let page = lead.get("/entries/new/visit").await;
        let send = async |person: &str| {
            let fields = [("pairing", p.running.as_str()), ("from", "2026-10-20"), ("person", person)];
            lead.post("/entries/new/visit", &fields).await.status.as_u16()
        };
        assert_eq!(send(&choice(&page, "person", "副校长")).await, 422, "the same again");
        assert_eq!(send(&choice(&page, "person", "校长")).await, 303);
        assert_eq!(send(&choice(&page, "person", "书记")).await, 422, "both principals together are one visit");
        assert_eq!(read(&lead, &p, ("principal-visit", &p.lead, "2026")).await["claimed"], 2);
    }

    /// The office exempts one clock with a reason, which everybody concerned reads; it may take that back.
    async fn an_exemption_has_a_giver_and_a_reason(world: World, p: Province) {
        let (office, lead) = (world.agent(&p.office, "province").await, world.agent(&p.lead, "lead").await);
        let at = format!("/clocks/principal-visit/{}/{}/2026", p.lead, p.xingning);
        let (exempt, restore) = (format!("{at}/exempt"), format!("{at}/restore"));
        assert_eq!(office.post(&exempt, &[("reason", "")]).await.status, 422);
        assert_eq!(lead.post(&exempt, &[("reason", "我方不便")]).await.status, 403);
        let second = world.agent(&p.office, "province").await;
        let fields = [("reason", "台风封路，经会议同意")];
        let (a, b) = world.at_once(office.post(&exempt, &fields), second.post(&exempt, &fields)).await;
        assert!((a.status == 303) != (b.status == 303), "once: {} {}", a.status, b.status);
        let page = lead.get(&at).await;
        assert!(page.says("不适用") && page.says("台风封路，经会议同意"));
        assert_eq!(office.post(&restore, &[]).await.status, 303);
        assert_eq!(office.post(&restore, &[]).await.status, 404);
        assert!(!lead.get(&at).await.says("台风封路"));
    }

    /// A county school's own days of a semester move its clocks, with the reason beside them.
    async fn a_school_dates_its_own_semester(world: World, p: Province) {
        let (school, lead) = (world.agent(&p.xingning, "county_school").await, world.agent(&p.lead, "lead").await);
        let before = read(&lead, &p, ("resident", &p.lead, "2026-2027-1")).await;
        assert_eq!(before["period"]["to"], "2027-01-31");
        let days = |from, to, reason| [("semester", "2026-2027-1"), ("from", from), ("to", to), ("reason", reason)];
        let wrong = school.post("/clocks/semesters", &days("2026-09-07", "2027-02-10", "推迟开学")).await;
        assert!(wrong.status == 422 && wrong.refuses(Code::Overlap));
        assert_eq!(school.post("/clocks/semesters", &days("2026-09-07", "2027-01-15", "")).await.status, 422);
        assert_eq!(school.post("/clocks/semesters", &days("2026-09-07", "2027-01-15", "推迟开学")).await.status, 303);
        let after = read(&lead, &p, ("resident", &p.lead, "2026-2027-1")).await;
        assert_eq!((&after["period"]["from"], &after["period"]["to"]), (&"2026-09-07".into(), &"2027-01-15".into()));
        let page = lead.get(&format!("/clocks/resident/{}/{}/2026-2027-1", p.lead, p.xingning)).await;
        assert!(page.says("推迟开学"));
        assert_eq!(lead.get("/clocks/semesters").await.status, 403);
    }

    /// After the last dated semester the list says that the next has no dates, and names no duty as missed.
    async fn an_undated_semester_is_listed(world: World, p: Province) {
        world.clock().advance(chrono::TimeDelta::days(330));
        let lead = world.agent(&p.lead, "lead").await;
        let reading = read(&lead, &p, ("resident", &p.lead, "undated")).await;
        assert_eq!(reading["state"], "undated");
        assert!(lead.get("/clocks?obligation=resident").await.says("学期未定"));
    }

    /// A post that is taken back for the past is told at what relied on it, on the page and on the desk.
    async fn a_post_taken_back_is_told_where_it_was_relied_on(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let page = format!("/entries/{}", p.visit);
        assert!(!lead.get(&page).await.says("登记时所依据的任职已变动"));
        let rows = crate::network::registry::people(&mut world.tx().await, &p.lead).await.unwrap();
        let post = rows.iter().find(|at| at.name.whole() == "校长").unwrap().id.clone();
        let end = async |day: &str| {
            lead.post(&format!("/registry/{}/people/end", p.lead), &[("row", &post), ("day", day), ("sure", "yes")]).await.status.as_u16()
        };
        assert_eq!(end("2026-11-10").await, 303, "the day of the visit is still in it");
        assert!(!lead.get(&page).await.says("登记时所依据的任职已变动"));
        assert_eq!(end("2026-11-09").await, 303);
        assert!(lead.get(&page).await.says("登记时所依据的任职已变动"));
        assert!(lead.get("/").await.says("核对任职"));
        assert!(world.agent(&p.xingning, "county_school").await.get(&page).await.says("登记时所依据的任职已变动"));
    }
}

/// What the list says of the visits of a year, by helper.
async fn listed(agent: &Agent, p: &Province, period: &str) -> Vec<(String, i64)> {
    let page = agent.get_json(&format!("/clocks?obligation=principal-visit&period={period}")).await.json();
    let rows = page["rows"].as_array().unwrap();
    let row = |row: &serde_json::Value| {
        let reading = &row["reading"];
        (reading["helper"].as_str().unwrap().to_owned(), reading["claimed"].as_i64().unwrap())
    };
    rows.iter().filter(|row| row["reading"]["county_school"] == p.xingning).map(row).collect()
}

async fn off(world: &World) -> usize {
    let mut tx = world.tx().await;
    compare(&mut tx, &world.app.programme()).await.unwrap().len()
}

both_engines! {
    /// A visit that is moved to another year leaves one clock and comes to another; the list reads kept work, and the
    /// check says where that was changed by hand.
    async fn kept_work_follows_the_entries(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let of_lead = |listed: &[(String, i64)]| listed.iter().filter(|one| one.0 == p.lead).map(|one| one.1).sum::<i64>();
        let before = (of_lead(&listed(&lead, &p, "2026").await), of_lead(&listed(&lead, &p, "2025").await));
        let page = lead.get(&format!("/entries/{}/correct", p.visit)).await;
        let head = choice(&page, "person", "校长");
        let fields =
            [("pairing", p.running.as_str()), ("from", "2025-11-10"), ("person", head.as_str()), ("version", "1")];
        let done = lead.post(&format!("/entries/{}/correct", p.visit), &fields).await;
        assert_eq!(done.status, 303, "{:?}", done.all(".errors"));
        assert_eq!(of_lead(&listed(&lead, &p, "2026").await), before.0 - 1);
        assert_eq!(of_lead(&listed(&lead, &p, "2025").await), before.1 + 1);
        assert_eq!(off(&world).await, 0);
        let mut tx = world.tx().await;
        tx.write(&crate::testing::SPOIL_CLOCKS, Vec::new()).await.unwrap();
        rebuild(&mut tx, &world.app.programme(), false).await.unwrap();
        tx.commit().await.unwrap();
        assert!(of_lead(&listed(&lead, &p, "2025").await) > before.1 + 1, "the list adds no entries up");
        let mut tx = world.tx().await;
        let told = crate::standing::indicators::kept_faults(&mut tx, &world.app.programme()).await.unwrap();
        assert!(told.iter().any(|one| one.contains("clock_work") && one.contains("principal-visit")), "{told:?}");
        drop(tx);
        let mut tx = world.tx().await;
        rebuild(&mut tx, &world.app.programme(), true).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(off(&world).await, 0);
    }

    /// When a pairing ends the paired days are others: whoever reads computes by itself until the clock is kept again.
    async fn an_ended_pairing_moves_its_clocks_at_once(world: World, p: Province) {
        let programme = world.app.programme();
        ensure(&world.app.db, &programme).await.unwrap();
        assert_eq!(ensure(&world.app.db, &programme).await.unwrap(), 0, "nothing is stale");
        let mut tx = world.tx().await;
        crate::network::pairings::end_of_school(&mut tx, &p.xingning, day("2026-11-10"), "试").await.unwrap();
        tx.commit().await.unwrap();
        let lead = world.agent(&p.lead, "lead").await;
        let shown = read(&lead, &p, ("principal-visit", &p.lead, "2026")).await["claimed"].as_i64();
        let in_list: i64 = listed(&lead, &p, "2026").await.iter().filter(|one| one.0 == p.lead).map(|one| one.1).sum();
        assert_eq!((shown, in_list), (Some(0), 0), "the visit of the 10th is behind its last day");
        assert!(ensure(&world.app.db, &programme).await.unwrap() > 0);
        assert_eq!(off(&world).await, 0);
    }
}
