//! An announcement's life on both engines.

mod feed;

use super::data;
use crate::both_engines;
use crate::identity::accounts::{self, NewAccount, passwords};
use crate::network::pairings::PairingRow;
use crate::testing::{Agent, PageResponse, Province, World, day};
use chrono::TimeDelta;
use jiedui_store::{Tx, named};

/// A stay of the pairing's lead college in a month, inserted without checks.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> String {
    let (id, now) = (tx.new_id(), tx.now());
    let (from, to) = (tx.today() + TimeDelta::days(30), tx.today() + TimeDelta::days(40));
    let (nobody, number): (Option<String>, Option<i64>) = (None, None);
    named!(data::INSERT {
        id: &id,
        pairing: &pairing.id,
        org: &pairing.lead,
        activity: "residency",
        from_day: from,
        to_day: to,
        person: nobody,
        visitors: "两人",
        place: "",
        quantity: number,
        purpose: "住校",
        now,
    })
    .write(tx)
    .await
    .unwrap();
    id
}

fn soon(days: i64) -> String {
    (day(crate::testing::TODAY) + TimeDelta::days(days)).to_string()
}

/// Announces as a browser would; the address of its page.
async fn announced(helper: &Agent, p: &Province, more: &[(&str, &str)]) -> String {
    let done = helper.post("/calendar/new", &[&[("pairing", &*p.running)], more].concat()).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.location
}

async fn visit(helper: &Agent, p: &Province, days: i64) -> String {
    let (head, day) = (head(helper).await, soon(days));
    announced(helper, p, &[("activity", "visit"), ("from", &day), ("person", &head)]).await
}

/// The first of the helper's people whom a visit can name.
async fn head(helper: &Agent) -> String {
    let form = helper.get("/calendar/new?activity=visit").await;
    form.attributes("select[name=person] option", "value")[1].clone()
}

/// Presses a button of an announcement's page.
async fn press(agent: &Agent, page: &str, act: &str, version: &str, more: &[(&str, &str)]) -> PageResponse {
    agent.post(&format!("{page}/{act}"), &[&[("version", version)], more].concat()).await
}

async fn feed_of(agent: &Agent) -> String {
    let made = agent.post("/calendar/address", &[]).await;
    made.attributes("a[href^='/calendar/feed/']", "href")[0].clone()
}

/// Somebody signed in whose account the test knows.
async fn new_account(world: &World, org: &str) -> (Agent, String) {
    let mut tx = world.tx().await;
    let password = &passwords::accept("Testing-2026-x", "rili", &world.app.random).unwrap();
    let (login, name, role) = ("rili", "日历", "county_school");
    let new = NewAccount { login, name, password: Some(password), must_change: false, org, role };
    let account = accounts::create(&mut tx, &new).await.unwrap();
    let person = accounts::Person { account: &account, login, name };
    let (token, csrf) = accounts::start_session(&mut tx, &person, org, "").await.unwrap();
    tx.commit().await.unwrap();
    (Agent::new(world.router.clone(), Some(token)).with_token(csrf), account)
}

/// The words that say what the desk wants of announcements.
async fn desk(agent: &Agent) -> Vec<String> {
    let tasks = agent.get("/?all=yes").await.all(".task h3");
    let own = ["将到校", "学校建议改期", "这次开展了吗", "今天可以登记"];
    tasks.into_iter().filter(|title| own.iter().any(|start| title.starts_with(start))).collect()
}

both_engines! {
    /// The school sees who comes and asks for another day; the helper proposes again, and at last agrees.
    async fn the_school_sees_who_comes_and_may_propose_another_day(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let page = visit(&lead, &p, 6).await;
        assert!(desk(&school).await[0].starts_with("将到校：主要负责同志调研对接"), "the desk says who comes");
        for view in ["", "&view=week"] {
            assert!(school.get(&format!("/calendar?day={}{view}", soon(6))).await.says("主要负责同志调研对接"));
        }
        let other = |days| [("from", soon(days)), ("to", soon(days)), ("reason", "那天考试".to_owned())];
        let sent = other(8);
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, &**value)).collect();
        assert_eq!(press(&school, &page, "propose", "1", &sent).await.status, 303);
        assert!(desk(&lead).await[0].starts_with("学校建议改期"));
        assert!(lead.get(&page).await.says("那天考试"));
        assert_eq!(press(&school, &page, "propose", "1", &sent).await.status, 409, "the version is an old one");
        let head = head(&lead).await;
        let again = [("from", &*soon(9)), ("person", &*head)];
        assert_eq!(press(&lead, &page, "edit", "2", &again).await.status, 303, "it proposes again");
        assert!(desk(&lead).await.is_empty(), "the first proposal is answered by it");
        assert_eq!(press(&school, &page, "propose", "3", &sent).await.status, 303);
        assert_eq!(press(&lead, &page, "answer", "4", &[]).await.status, 422, "one or the other");
        assert_eq!(press(&lead, &page, "answer", "4", &[("verdict", "accept")]).await.status, 303);
        let view = lead.get_json(&page).await.json();
        assert_eq!((view["line"]["from"].as_str(), view["proposed"].is_null()), (Some(&*soon(8)), true));
        assert_eq!(press(&lead, &page, "answer", "5", &[("verdict", "decline")]).await.status, 409, "nothing waits");
        assert_eq!(press(&lead, &page, "hold", "5", &[]).await.status, 409, "not before its day");
        let steps = lead.get(&page).await.all(".timeline-what");
        assert_eq!(steps, ["同意改期", "建议改期", "修改或改期", "建议改期", "预告"], "everything is in its history");
    }

    /// A leader is named, the day is today: what the ledger gets is what was announced, once, and it waits like any other.
    async fn one_press_makes_the_entry(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let page = visit(&lead, &p, 0).await;
        assert!(desk(&lead).await[0].starts_with("今天可以登记"));
        let done = press(&lead, &page, "hold", "1", &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert!(done.location.starts_with("/entries/"), "{}", done.location);
        assert!(school.get("/entries?waiting=me").await.says(&soon(0)), "it waits for the school");
        assert_eq!(press(&lead, &page, "hold", "1", &[]).await.status, 409, "pressed twice: one entry, not two");
        assert_eq!(press(&lead, &page, "hold", "2", &[]).await.status, 409);
        assert!(desk(&lead).await.is_empty());
        assert_eq!(lead.get(&page).await.attributes("dl.facts a", "href"), std::slice::from_ref(&done.location));
        // Taken back: the announcement says so, can be entered again, and asks nobody.
        assert_eq!(press(&lead, &done.location, "withdraw", "1", &[]).await.status, 303);
        assert!(lead.get(&page).await.says("登记已撤回"));
        world.clock().advance(TimeDelta::days(1));
        let lead = world.agent(&p.lead, "lead").await;
        assert!(desk(&lead).await.is_empty());
        let again = press(&lead, &page, "hold", "2", &[]).await;
        assert_eq!(again.status, 303, "{}", again.text());
        assert_ne!(again.location, done.location);
    }

    /// Two press at the same time: one entry.
    async fn two_presses_at_once_make_one_entry(world: World) {
        let p = Province::build(&world).await;
        let (one, other) = (world.agent(&p.lead, "lead").await, world.agent(&p.lead, "lead").await);
        let page = visit(&one, &p, 0).await;
        let (first, second) = tokio::join!(press(&one, &page, "hold", "1", &[]), press(&other, &page, "hold", "1", &[]));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let entries = one.get_json("/entries?activity=visit").await.json();
        let today = |row: &&serde_json::Value| row["from"] == *soon(0);
        assert_eq!(entries["rows"].as_array().unwrap().iter().filter(today).count(), 1);
    }

    /// What is missing or refused opens the ordinary form, filled in; what it makes belongs to the announcement.
    async fn what_is_missing_opens_the_ordinary_form(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let (head, today) = (head(&lead).await, soon(0));
        let page = announced(&lead, &p, &[("activity", "visit"), ("from", &today)]).await;
        let form = press(&lead, &page, "hold", "1", &[]).await;
        assert_eq!(form.status, 422, "nobody is named");
        assert_eq!(form.attributes("input[name=from]", "value"), [&*today]);
        assert_eq!(form.attributes("main form.form", "action"), [format!("{page}/record")]);
        assert_eq!(lead.get(&format!("{page}/record")).await.attributes("input[name=version]", "value"), ["1"]);
        let yesterday = soon(-1);
        let sent = [("pairing", &*p.running), ("from", &*yesterday), ("person", &*head)];
        let made = press(&lead, &page, "record", "1", &sent).await;
        assert_eq!(made.status, 303, "{}", made.text());
        assert_eq!(lead.get(&page).await.attributes("dl.facts a", "href"), std::slice::from_ref(&made.location));
        // What was entered by another way is found, not made again.
        let second = announced(&lead, &p, &[("activity", "teacher-training"), ("from", &today), ("to", &today)]).await;
        let sent = [("pairing", &*p.running), ("from", &*today), ("to", &*today), ("quantity", "12")];
        let entry = lead.post("/entries/new/teacher-training", &sent).await.location;
        let linked = press(&lead, &second, "hold", "1", &[]).await;
        assert_eq!((linked.status.as_u16(), linked.location), (303, entry));
    }

    /// After the last day it is asked once; moved, held or not, it is not asked again.
    async fn what_did_not_happen_is_asked_about_once(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let (page, moved) = (visit(&lead, &p, 1).await, visit(&lead, &p, 2).await);
        world.clock().advance(TimeDelta::days(4));
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(desk(&lead).await.len(), 2);
        assert!(desk(&school).await.is_empty(), "what is past does not come");
        let late = [("from", &*soon(9)), ("reason", "晚了")];
        assert_eq!(press(&school, &page, "propose", "1", &late).await.status, 409, "late");
        assert_eq!(press(&lead, &page, "cancel", "1", &[("reason", "晚了")]).await.status, 409, "it is past");
        assert_eq!(press(&lead, &page, "not-held", "1", &[("reason", "台风")]).await.status, 303);
        assert_eq!(press(&lead, &moved, "edit", "1", &[("from", &soon(9))]).await.status, 303);
        assert!(desk(&lead).await.is_empty(), "never again");
        assert!(lead.get(&page).await.says("未开展"));
        assert_eq!(press(&lead, &page, "hold", "2", &[]).await.status, 409, "said once");
        assert_eq!(press(&lead, &moved, "not-held", "2", &[]).await.status, 409, "it is ahead again");
    }

    /// It is announced once, ahead, within the pairing, and called off with a reason; right away it is taken back.
    async fn announced_once_and_called_off_with_a_reason(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let page = visit(&lead, &p, 5).await;
        let sent = |day: String| [("activity", "visit".to_owned()), ("pairing", p.running.clone()), ("from", day)];
        for (day, word) in [(soon(5), "已经预告过"), (soon(-1), "还没有发生"), (soon(500), "太远"), (String::new(), "请选择")] {
            let sent = sent(day);
            let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, &**value)).collect();
            let answer = lead.post("/calendar/new", &sent).await;
            assert_eq!(answer.status, 422);
            assert!(answer.says(word), "{word}: {}", answer.text());
        }
        assert_eq!(lead.post("/calendar/new", &[("activity", "joint-enrolment")]).await.status, 422, "no visit");
        let tenth = soon(10);
        let same = [("activity", "visit"), ("pairing", &*p.running), ("from", &*tenth)];
        let (one, other) = tokio::join!(lead.post("/calendar/new", &same), lead.post("/calendar/new", &same));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "at once");
        assert_eq!(press(&lead, &page, "cancel", "1", &[]).await.status, 422, "why?");
        assert_eq!(press(&lead, &page, "cancel", "1", &[("reason", "改为线上")]).await.status, 303);
        assert_eq!(press(&lead, &page, "cancel", "2", &[("reason", "改为线上")]).await.status, 409);
        let listed = lead.get(&format!("/calendar?day={}", soon(5))).await.attributes(".calendar a", "href");
        assert!(!listed.contains(&page) && listed.len() == 1, "no longer listed: {listed:?}");
        let taken_back = visit(&lead, &p, 5).await;
        assert_eq!(lead.post(&format!("{taken_back}/cancel?version=1"), &[]).await.status, 303, "free again, and undone");
        assert!(lead.get(&taken_back).await.says("已取消"));
    }

    /// Others see nothing of it, onlookers change nothing, and an old version overwrites nothing.
    async fn only_its_two_sides_move_it(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let page = visit(&lead, &p, 5).await;
        let nearby = world.agent(&p.nearby, "nearby").await;
        assert_eq!(nearby.get(&page).await.status, 200, "the other helper reads it");
        for act in ["cancel", "hold", "not-held", "answer"] {
            let given = [("reason", "代办"), ("verdict", "accept")];
            assert_eq!(press(&nearby, &page, act, "1", &given).await.status, 403, "{act}");
        }
        assert_eq!(nearby.get(&format!("{page}/edit")).await.status, 403);
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert_eq!(stranger.get(&page).await.status, 404);
        assert!(!stranger.get(&format!("/calendar?day={}", soon(5))).await.says("主要负责同志调研对接"));
        let bureau = world.agent(&p.county, "county").await;
        assert!(bureau.get(&format!("/calendar?day={}", soon(5))).await.says("主要负责同志调研对接"));
        assert_eq!(press(&lead, &page, "edit", "1", &[("from", &soon(6)), ("place", "实训楼")]).await.status, 303);
        let stale = press(&lead, &page, "edit", "1", &[("from", &soon(7)), ("place", "礼堂")]).await;
        assert_eq!(stale.status, 409);
        assert!(stale.says("实训楼") && stale.text().contains("礼堂"), "both stand side by side");
        assert_eq!(stale.attributes("input[name=version]", "value"), ["2"]);
    }

    /// What was typed and not sent is there again, and gone once sent.
    async fn what_was_typed_is_kept(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let typed = [("activity", "visit"), ("place", "实训楼")];
        lead.post("/drafts/announcement-visit", &typed).await;
        let place = |page: PageResponse| page.attributes("input[name=place]", "value");
        assert_eq!(place(lead.get("/calendar/new?activity=visit").await), ["实训楼"]);
        visit(&lead, &p, 3).await;
        assert_eq!(place(lead.get("/calendar/new?activity=visit").await), [""]);
    }

    /// An address opens without signing in, shows its holder's scope without names, says what was called off, and is gone
    /// once renewed, dropped, or its holder lost the right or the account.
    async fn a_calendar_program_reads_the_address(world: World) {
        let p = Province::build(&world).await;
        let lead = world.agent(&p.lead, "lead").await;
        let page = visit(&lead, &p, 2).await;
        let reader = world.stranger();
        let address = feed_of(&lead).await;
        let feed = reader.get(&address).await;
        assert_eq!((feed.status.as_u16(), &*feed.content_type), (200, "text/calendar; charset=utf-8"));
        let text = |answer: &PageResponse| answer.text().replace("\r\n ", "");
        assert!(text(&feed).contains("主要负责同志调研对接") && text(&feed).contains("SEQUENCE:0"), "{}", feed.text());
        assert_eq!(reader.get(&address).await.bytes, feed.bytes, "the same until something changes");
        press(&lead, &page, "cancel", "1", &[("reason", "改为线上")]).await;
        let called_off = text(&reader.get(&address).await);
        assert!(called_off.contains("STATUS:CANCELLED") && called_off.contains("SEQUENCE:1"), "{called_off}");
        assert!(!called_off.contains("改为线上"));
        let other = world.agent(&p.nanxiong, "county_school").await;
        let theirs = text(&reader.get(&feed_of(&other).await).await);
        assert!(theirs.contains("常驻帮扶") && !theirs.contains("主要负责同志"), "another's scope: {theirs}");
        let renewed = feed_of(&lead).await;
        assert_eq!(reader.get(&address).await.status, 404, "renewed");
        assert_eq!(reader.get(&renewed).await.status, 200);
        lead.post("/calendar/address/drop", &[]).await;
        assert_eq!(reader.get(&renewed).await.status, 404, "dropped");
        let (school, account) = new_account(&world, &p.xingning).await;
        let address = feed_of(&school).await;
        let status = async || reader.get(&address).await.status.as_u16();
        assert_eq!(status().await, 200);
        let them = || accounts::Account { id: &account, login: "rili" };
        let mut tx = world.tx().await;
        accounts::disable(&mut tx, them()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(status().await, 404, "the account is closed");
        let mut tx = world.tx().await;
        accounts::enable(&mut tx, them()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(status().await, 200);
        let mut tx = world.tx().await;
        accounts::remove_role(&mut tx, them(), &p.xingning, "county_school").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(status().await, 404, "the role is gone");
        for wrong in ["/calendar/feed/", "/calendar/feed/0", "/calendar/feed/%00"] {
            assert!(reader.get(wrong).await.status.as_u16() >= 400);
        }
    }
}
