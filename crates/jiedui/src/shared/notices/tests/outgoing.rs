//! Letters and messages: to servers that take them, hang, refuse, forget to answer.

use super::servers::{MailHost, Says, falls_silent, messenger};
use super::told;
use crate::both_engines;
use crate::shared::notices::rules::letters::{MOST_ATTEMPTS, back_off};
use crate::shared::notices::{MailServer, NewLetter, Sender, Ways, queue};
use crate::site;
use crate::testing::{Agent, Province, World, programme};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Random};
use jiedui_web::{App, Outgoing};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

const AT: &str = "https://jiedui.example.com";

/// The same world, whose users can be reached.
pub fn reaching(mut world: World) -> World {
    let outgoing = Outgoing { address: AT.to_owned(), mail: true, inside: true, ..Outgoing::default() };
    let app = App::new(world.app.db.clone(), Random::System, programme(), false, site::site());
    world.app = Arc::new(app.with_outgoing(outgoing));
    world.router = jiedui_web::router(&world.app);
    world
}

pub fn sender(world: &World, at: SocketAddr) -> Sender {
    let mail = MailServer::read(&format!("smtp+plain://{at}"), None, "结对通 <office@example.com>").unwrap();
    let mail = Some(MailServer { limit: Duration::from_millis(700), ..mail });
    let reachable = crate::shared::outside::Reachable { inside: true };
    Sender::new(&world.app, Ways { mail, reachable })
}

/// An address of the agent, confirmed by the letter that the host took.
pub async fn with_address(world: &World, host: &MailHost, agent: &Agent, address: &str) {
    assert_eq!(agent.post("/my/mail", &[("address", address)]).await.status, 303);
    assert_eq!(sender(world, host.address).turn().await.unwrap(), 1);
    let letter = host.got().pop().unwrap();
    assert_eq!(letter.to, [address]);
    let body = letter.body();
    let link = body.lines().find_map(|line| line.strip_prefix(AT)).unwrap().to_owned();
    assert_eq!(agent.get(&link).await.status, 200);
    assert_eq!(agent.post(&link, &[]).await.status, 303);
}

async fn states(world: &World, p: &Province) -> Vec<String> {
    let rows = world.agent(&p.office, "sysadmin").await.get_json("/letters").await.json();
    let key = |row: &serde_json::Value| row["state"]["label"].as_str().unwrap().to_owned();
    rows["rows"].as_array().unwrap().iter().map(key).collect()
}

async fn digest(world: &World, account: &str) {
    let mut tx = world.tx().await;
    let new = NewLetter {
        account, org: None, kind: "digest", subject: "结对通提要", body: "新到", told: ""
    };
    assert!(queue(&mut tx, &new).await.unwrap());
    tx.commit().await.unwrap();
}

both_engines! {
    /// A letter with a link goes to the address, and nothing else does until the link was opened by its holder.
    async fn an_address_is_used_when_it_was_confirmed(world: World, p: Province) {
        let (world, host) = (reaching(world), MailHost::start().await);
        let lead = world.agent(&p.lead, "lead").await;
        for bad in ["", "a", "a@b.cn\r\nBcc: c@d.cn"] {
            assert!(lead.post("/my/mail", &[("address", bad)]).await.refuses(Code::Characters), "{bad}");
        }
        assert_eq!(lead.post("/my/mail", &[("address", "lead@example.com")]).await.status, 303);
        let account = world.person(&p.lead, "lead").await.account().to_owned();
        digest(&world, &account).await;
        assert_eq!(sender(&world, host.address).turn().await.unwrap(), 2);
        let got = host.got();
        assert_eq!(got.len(), 1, "the code alone");
        assert!(got[0].text.contains("Auto-Submitted: auto-generated") && got[0].text.contains("Message-ID: <"));
        let body = got[0].body();
        let link = body.lines().find_map(|line| line.strip_prefix(AT)).unwrap();
        let other = world.agent(&p.nearby, "nearby").await;
        assert_eq!(other.get(link).await.status, 404, "whoever else has the link");
        assert_eq!(lead.get_json("/my/notices").await.json()["reached"], "unconfirmed");
        assert_eq!(lead.post(link, &[]).await.status, 303);
        assert_eq!(lead.get_json("/my/notices").await.json()["reached"], "on");
        for _ in 0..2 {
            assert_eq!(lead.post("/my/mail", &[("address", "lead@example.com")]).await.status, 303);
        }
        assert!(lead.post("/my/mail", &[("address", "x@example.com")]).await.refuses(Code::TooMany), "no bombs");
        assert_eq!(lead.post("/my/mail/remove", &[]).await.status, 303);
        assert_eq!(lead.get_json("/my/notices").await.json()["reached"], "no_address");
    }

    /// A server that hangs, or is not there, is asked again with growing waits, and in the end no more; then whoever runs
    /// the system is told.
    async fn a_server_that_hangs_is_asked_again_and_given_up(world: World, p: Province) {
        let (world, host) = (reaching(world), MailHost::start().await);
        let lead = world.agent(&p.lead, "lead").await;
        with_address(&world, &host, &lead, "lead@example.com").await;
        let account = world.person(&p.lead, "lead").await.account().to_owned();
        digest(&world, &account).await;
        let (hangs, asked) = falls_silent(&[]).await;
        assert_eq!(sender(&world, hangs).turn().await.unwrap(), 1);
        assert_eq!(sender(&world, hangs).turn().await.unwrap(), 0, "it waits");
        let nowhere = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap()
        };
        for attempt in 1..MOST_ATTEMPTS {
            world.clock().advance(back_off(attempt) - TimeDelta::seconds(1));
            assert_eq!(sender(&world, nowhere).turn().await.unwrap(), 0, "{attempt}");
            world.clock().advance(TimeDelta::seconds(1));
            assert_eq!(sender(&world, nowhere).turn().await.unwrap(), 1, "{attempt}");
        }
        assert_eq!(*asked.lock().unwrap(), 1);
        assert_eq!(states(&world, &p).await, ["没有发出", "已发送"]);
        let admin = world.agent(&p.office, "sysadmin").await;
        assert!(admin.get("/").await.text().contains("邮件没有发出"));
        assert!(!admin.get("/letters").await.text().contains("新到"), "not what it says");
        world.clock().advance(TimeDelta::days(1));
        assert_eq!(sender(&world, host.address).turn().await.unwrap(), 0, "given up is given up");
    }

    /// Handed over and not answered: nobody gets it twice.
    async fn what_may_have_been_taken_is_not_sent_again(world: World, p: Province) {
        let (world, host) = (reaching(world), MailHost::start().await);
        let lead = world.agent(&p.lead, "lead").await;
        with_address(&world, &host, &lead, "lead@example.com").await;
        let account = world.person(&p.lead, "lead").await.account().to_owned();
        digest(&world, &account).await;
        const UNTIL_DATA: &[&str] =
            &["220 hello\r\n", "250 hello\r\n", "250 sender\r\n", "250 recipient\r\n", "354 go on\r\n"];
        let (silent, asked) = falls_silent(UNTIL_DATA).await;
        assert_eq!(sender(&world, silent).turn().await.unwrap(), 1);
        world.clock().advance(TimeDelta::hours(2));
        assert_eq!(sender(&world, host.address).turn().await.unwrap(), 0);
        assert_eq!((states(&world, &p).await[0].as_str(), *asked.lock().unwrap()), ("不确定是否发出", 1));
        assert_eq!(host.got().len(), 1, "the code of before");
        let mut tx = world.tx().await;
        let again = NewLetter { account: &account, org: None, kind: "digest", subject: "x", body: "x", told: "" };
        assert!(!queue(&mut tx, &again).await.unwrap(), "one of a day");
    }

    /// 5xx to the address: it is switched off and its holder is told in the system. What is about the server is not.
    async fn an_address_that_bounces_is_switched_off(world: World, p: Province) {
        let (world, host) = (reaching(world), MailHost::start().await);
        let lead = world.agent(&p.lead, "lead").await;
        with_address(&world, &host, &lead, "lead@example.com").await;
        let account = world.person(&p.lead, "lead").await.account().to_owned();
        for (says, day) in [(Says::Later, 0), (Says::NotForYou, 1), (Says::NoSuchAddress, 2)] {
            host.says(says);
            if day > 0 {
                world.clock().advance(TimeDelta::days(1));
            }
            digest(&world, &account).await;
            assert!(sender(&world, host.address).turn().await.unwrap() >= 1);
            let lead = world.agent(&p.lead, "lead").await;
            let reached = if says == Says::NoSuchAddress { "refused" } else { "on" };
            assert_eq!(lead.get_json("/my/notices").await.json()["reached"], reached, "{says:?}");
        }
        let lead = world.agent(&p.lead, "lead").await;
        let row = told(&lead).await.remove(0);
        assert!(row["words"].as_str().unwrap().contains("拒收") && row["href"] == "/my/notices");
        host.says(Says::Yes);
        world.clock().advance(TimeDelta::days(1));
        digest(&world, &account).await;
        sender(&world, host.address).turn().await.unwrap();
        assert_eq!(host.got().len(), 1, "nothing goes there any more");
    }

    /// At night letters wait; a code does not, because somebody waits for it.
    async fn at_night_nothing_is_sent_but_a_code(world: World, p: Province) {
        let (world, host) = (reaching(world), MailHost::start().await);
        let lead = world.agent(&p.lead, "lead").await;
        with_address(&world, &host, &lead, "lead@example.com").await;
        let account = world.person(&p.lead, "lead").await.account().to_owned();
        digest(&world, &account).await;
        world.clock().advance(TimeDelta::hours(10));
        assert_eq!(sender(&world, host.address).turn().await.unwrap(), 0);
        let school = world.agent(&p.xingning, "county_school").await;
        assert_eq!(school.post("/my/mail", &[("address", "school@example.com")]).await.status, 303);
        assert_eq!(sender(&world, host.address).turn().await.unwrap(), 1);
        world.clock().advance(TimeDelta::hours(11));
        assert_eq!(sender(&world, host.address).turn().await.unwrap(), 1, "in the morning");
    }

    /// A group is told in the way of its messenger; an answer that points elsewhere leads nowhere.
    async fn a_group_is_told(world: World, p: Province) {
        const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"errcode\":0}";
        const NO: &str = "HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"errcode\":310000}";
        const GO: &str = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        let (world, host) = (reaching(world), MailHost::start().await);
        let account = world.person(&p.lead, "lead").await.account().to_owned();
        let wanted = [(OK, "已发送"), (NO, "没有发出"), (GO, "没有发出")];
        for (day, (answer, state)) in wanted.into_iter().enumerate() {
            if day > 0 {
                world.clock().advance(TimeDelta::days(1));
            }
            let lead = world.agent(&p.lead, "lead").await;
            let (at, got) = messenger(answer).await;
            let webhook = format!("http://{at}/robot?key=secret");
            let form = [("shape", "wecom"), ("webhook", webhook.as_str())];
            assert_eq!(lead.post("/my/messenger", &form).await.status, 303);
            assert!(!lead.get("/my/notices").await.text().contains("secret"), "it is not shown again");
            let mut tx = world.tx().await;
            let org = Some(p.lead.as_str());
            let new = NewLetter { account: &account, org, kind: "group", subject: "提要", body: "新到的事项", told: "" };
            assert!(queue(&mut tx, &new).await.unwrap());
            tx.commit().await.unwrap();
            assert_eq!(sender(&world, host.address).turn().await.unwrap(), 1);
            let got = got.lock().unwrap().clone();
            assert!(got[0].starts_with("POST /robot?key=secret") && got[0].contains("新到的事项"), "{got:?}");
            assert_eq!(states(&world, &p).await[0], state, "{answer}");
        }
        let lead = world.agent(&p.lead, "lead").await;
        let bad = [("shape", "x"), ("webhook", "https://example.com/x")];
        assert!(lead.post("/my/messenger", &bad).await.refuses(Code::NotListed));
        assert_eq!(lead.post("/my/messenger/remove", &[]).await.status, 303);
        assert_eq!(world.agent(&p.office, "leader").await.post("/my/messenger", &[]).await.status, 403);
    }
}
