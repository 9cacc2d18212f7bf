//! A certificate, from the ledger to a stranger's hands.

use super::NewCertificate;
use super::rules::Shown;
use crate::both_engines;
use crate::network::registry;
use crate::testing::wire::Served;
use crate::testing::{Agent, PageResponse, Province, World, claim, day};
use jiedui_kernel::{Code, Period};
use jiedui_web::limits::Limits;
use std::time::Duration;

/// One of an organisation that has people, though nothing of their work counts yet: for the tests that ask every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let today = tx.today();
    let people = registry::people_at(&mut tx, org, today, today).await.unwrap();
    let Some(person) = people.first() else { return Vec::new() };
    let actor = crate::testing::actor(&mut tx, org, "lead").await;
    tx.act_as(actor);
    let programme = world.app.programme();
    let new = NewCertificate {
        person: person.id.clone(),
        days: Period::new(day("2026-01-01"), today).unwrap(),
        shows: Vec::new(),
    };
    let id = super::actions::give(&mut tx, &programme, &new, (person.name.whole(), Vec::new(), None))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    vec![("service_certificate", id)]
}

async fn confirm(agent: &Agent, entry: &str) {
    let version = agent.get_json(&format!("/entries/{entry}")).await.json()["version"].to_string();
    let done = agent
        .post(&format!("/entries/{entry}/answer"), &[("version", &version), ("verdict", "confirm")])
        .await;
    assert_eq!(done.status, 303, "{}", done.text());
}

/// The head of the lead college, whose visit the school confirmed.
async fn head(world: &World, p: &Province) -> String {
    let mut tx = world.tx().await;
    let people = registry::people_at(&mut tx, &p.lead, day("2026-11-10"), day("2026-11-10")).await.unwrap();
    people.iter().find(|at| at.name.whole() == "校长").unwrap().id.clone()
}

async fn issue(agent: &Agent, person: &str, shows: &[&str]) -> PageResponse {
    let mut fields = vec![("person", person), ("from", "2026-01-01"), ("to", "2026-11-24")];
    fields.extend(shows.iter().map(|one| ("shows", *one)));
    agent.post("/certificates/new", &fields).await
}

both_engines! {
    /// Nothing before the other side confirmed; then the paper; then what a stranger may read.
    async fn a_certificate_says_what_both_sides_recorded(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let person = head(&world, &p).await;
        let early = issue(&lead, &person, &[]).await;
        assert!(early.status == 422 && early.refuses(Code::NotListed), "nothing is confirmed: {}", early.text());
        confirm(&school, &p.visit).await;
        let form = lead.get(&format!("/certificates/new?person={person}&from=2026-01-01&to=2026-11-24")).await;
        assert!(form.says("兴宁甲校") && form.says("将写进证明的工作"));
        let none = lead.post("/certificates/new", &[("person", &person), ("from", "2026-01-01"), ("to", "2026-02-01")]).await;
        assert!(none.status == 422 && none.refuses(Code::Missing));
        let future = lead.post("/certificates/new", &[("person", &person), ("from", "2026-01-01"), ("to", "2027-02-01")]).await;
        assert!(future.status == 422 && future.refuses(Code::OutOfRange));
        let made = issue(&lead, &person, &["name", "work"]).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let page = lead.get(&made.location).await;
        assert!(page.says("兴宁甲校") && page.says("校长"));
        let paper = lead.get(&format!("{}/paper", made.location)).await;
        assert!(paper.says("兹证明：校长（广州技师学院甲）"), "{}", paper.text());
        assert!(paper.says("2026 年第 2 号"), "{}", paper.text());
        assert!(!paper.says("根据《"), "no policy is in force");
        let file = lead.get(&format!("{}/paper/word", made.location)).await;
        let name: String = form_urlencoded::byte_serialize("协作经历证明-校长-2026-11-24.docx".as_bytes()).collect();
        assert!(file.disposition.ends_with(&name), "{}", file.disposition);
        let log = world.agent(&p.office, "auditor").await.get("/audit").await.text();
        assert!(!log.contains("协作经历证明-校长"), "the log names no person");
        assert_eq!(school.get(&made.location).await.status, 404, "what is a person's is the school's that gave it");
        assert_eq!(world.agent(&p.city, "city").await.get(&made.location).await.status, 403);

        let check = page.attributes("a[href^='/check/']", "href")[0].clone();
        let seen = world.stranger().get(&check).await;
        assert!(seen.says("有效") && seen.says("校长") && seen.says("兴宁甲校"));
        assert!(seen.attributes("a", "href").iter().all(|href| !href.starts_with("/entries")), "nothing to follow");
        assert!(world.stranger().get("/check/AAAA-BBBB-CCCC-DDDD-EEEE").await.says("没有这个核验码"));
    }

    /// Whoever guesses codes has to wait; others have not.
    async fn guessing_codes_is_slow(world: World) {
        let limits = Limits { guesses: 2, spare_loopback: false, drain_time: Duration::from_millis(100), ..Limits::default() };
        let (server, nobody) = (Served::start(&world, limits).await, world.stranger());
        for code in ["AAAA-BBBB-CCCC-DDDD-EEEE", "AAAA-BBBB-CCCC-DDDD-FFFF"] {
            assert!(server.get(&format!("/check/{code}"), &nobody).await.starts_with("HTTP/1.1 200 "));
        }
        let third = server.get("/check/AAAA-BBBB-CCCC-DDDD-GGGG", &nobody).await;
        assert!(third.starts_with("HTTP/1.1 429 ") && third.contains("请十分钟后再试"), "{third}");
        assert!(server.get("/check", &nobody).await.starts_with("HTTP/1.1 200 "));
        server.stop().await;
    }

    /// A stranger learns what its teacher agreed to; of a paper that was taken back, that it was.
    async fn a_stranger_reads_what_was_agreed_to(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let person = head(&world, &p).await;
        confirm(&school, &p.visit).await;
        let made = issue(&lead, &person, &[]).await;
        let page = lead.get(&made.location).await;
        let check = page.attributes("a[href^='/check/']", "href")[0].clone();
        let typed = check.trim_start_matches("/check/").to_lowercase().replace('-', " ");
        let mut browser = world.stranger();
        browser.csrf = browser.get("/check").await.attributes("input[name=_csrf]", "value").remove(0);
        let asked = browser.post("/check", &[("code", &typed)]).await;
        assert_eq!(asked.status, 303);
        let seen = world.stranger().get(&asked.location).await;
        assert!(seen.says("有效") && seen.says("广州技师学院甲"));
        assert!(!seen.says("校长") && !seen.says("兴宁甲校"), "{}", seen.text());

        let visit = format!("/entries/{}", p.visit);
        let version = school.get_json(&visit).await.json()["version"].to_string();
        let back = school.post(&format!("{visit}/answer"), &[("version", &version), ("verdict", "take_back")]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        assert!(world.stranger().get(&check).await.says("其中有的记录作了更正"));
        assert!(lead.get(&made.location).await.says("有的记录在台账里作了更正"));

        let version = lead.get_json(&made.location).await.json()["version"].to_string();
        let act = format!("{}/withdraw", made.location);
        let silent = lead.post(&act, &[("version", &version)]).await;
        assert!(silent.status == 422 && silent.refuses(Code::Missing));
        assert_eq!(lead.post(&act, &[("version", &version), ("reason", "记录有误")]).await.status, 303);
        assert_eq!(lead.post(&act, &[("version", &version), ("reason", "再来")]).await.status, 403);
        let seen = world.stranger().get(&check).await;
        assert!(seen.says("已作废") && !seen.says("记录有误"), "why is nobody's business");
        assert!(lead.get(&format!("{}/paper", made.location)).await.says("不能使用"), "nobody prints it as if it held");
        let again = issue(&lead, &person, &[Shown::Name.id()]).await;
        assert_eq!(again.status, 422, "nothing is confirmed any more");
    }

    /// T4.7: a policy speaks of the work it is about, done while it was in force, and of nothing else on the paper.
    async fn only_what_a_policy_is_about_counts_by_it(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let stay = |from: &'static str, to: &'static str| claim(&world, &p.lead, &p.running, "residency", "主任甲", from, Some(to));
        let before = stay("2026-09-01", "2026-09-20").await;
        let after = stay("2026-10-10", "2026-10-25").await;
        for entry in [&p.visit, &before, &after] {
            confirm(&school, entry).await;
        }
        let policy = [("title", "示例政策文件"), ("stage", "in-force"), ("since", "2026-10-01")];
        let made = world.agent(&p.office, "province").await.post("/outputs/new/title-policy", &policy).await;
        assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));

        let visited = issue(&lead, &head(&world, &p).await, &[]).await;
        let paper = lead.get(&format!("{}/paper", visited.location)).await;
        assert!(paper.says("兹证明") && !paper.says("示例政策文件"), "a visit is not enterprise practice");
        let mut tx = world.tx().await;
        let people = registry::people_at(&mut tx, &p.lead, day("2026-10-10"), day("2026-10-10")).await.unwrap();
        drop(tx);
        let stayed = people.iter().find(|at| at.name.whole() == "主任甲").unwrap().id.clone();
        let made = issue(&lead, &stayed, &["work"]).await;
        let page = lead.get(&made.location).await;
        let rows = page.all("td[data-label=工作]");
        assert_eq!(rows.iter().map(|text| text.contains('●')).collect::<Vec<_>>(), [false, true], "{rows:?}");
        let paper = lead.get(&format!("{}/paper", made.location)).await;
        assert!(paper.says("根据《示例政策文件》，其中标●的"), "{}", paper.text());
    }
}
