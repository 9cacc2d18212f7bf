//! A program's own server is told that something changed, signed, again where it did not arrive, and in the end no more.

use super::super::actions::hooks::{end, of_account, register};
use super::super::actions::send::Hooks;
use super::super::data::{self, HookRow};
use super::super::rules::hooks::{FAILED, GIVEN_UP, PAUSE, TOKENLESS, signature};
use super::token;
use crate::both_engines;
use crate::shared::jobs::rules::back_off;
use crate::shared::outside::Reachable;
use crate::testing::{Province, World, claim};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use jiedui_store::args;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const INSIDE: Reachable = Reachable { inside: true };

/// A server that keeps what it is sent, and answers as it is told to.
struct Receiver {
    address: SocketAddr,
    says: Arc<Mutex<u16>>,
    got: Arc<Mutex<Vec<String>>>,
}

async fn sent(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.unwrap();
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let length =
            text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
        let whole = text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length.unwrap_or(0));
        if whole || read == 0 {
            return text;
        }
    }
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (says, got) = (Arc::new(Mutex::new(204)), Arc::new(Mutex::new(Vec::new())));
        let (told, kept) = (Arc::clone(&says), Arc::clone(&got));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let text = sent(&mut stream).await;
                kept.lock().unwrap().push(text);
                let status: u16 = *told.lock().unwrap();
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { address, says, got }
    }

    fn says(&self, status: u16) {
        *self.says.lock().unwrap() = status;
    }

    fn got(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }
}

fn head(message: &str, name: &str) -> String {
    let line = message.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_default().trim().to_owned()
}

async fn row(world: &World, account: &str) -> HookRow {
    let mut all = world.tx().await.all::<HookRow>(&data::HOOKS_OF, args![account]).await.unwrap();
    all.retain(|one| one.name == "统计系统");
    all.remove(0)
}

async fn visit(world: &World, p: &Province, day: &str) {
    claim(world, &p.lead, &p.running, "visit", "书记", day, None).await;
}

both_engines! {
    async fn a_server_is_told_that_something_changed_and_not_what(world: World, p: Province) {
        let (browser, holder) = (world.agent(&p.lead, "lead").await, world.person(&p.lead, "lead").await);
        let typed = [("name", "统计系统"), ("address", "https://example.com/hook")];
        assert_eq!(browser.post("/my/hooks", &typed).await.status, 409, "a token comes first");
        token(&browser, "30").await;
        for bad in ["http://example.com/x", "https://10.0.0.8/x", "https://localhost/x", ""] {
            let refused = browser.post("/my/hooks", &[("name", "统计系统"), ("address", bad)]).await;
            assert!(refused.refuses(Code::Characters), "{bad}");
        }
        let server = Receiver::start().await;
        let mut tx = world.app.db.begin(Arc::clone(&holder)).await.unwrap();
        register(&mut tx, INSIDE, "统计系统", &format!("http://{}/x", server.address)).await.unwrap();
        tx.commit().await.unwrap();
        // One that ended since stands behind it.
        world.clock().advance(TimeDelta::seconds(1));
        let mut tx = world.app.db.begin(Arc::clone(&holder)).await.unwrap();
        register(&mut tx, Reachable::default(), "另一个", "https://example.com/hook").await.unwrap();
        let mut all = of_account(&mut tx, holder.account()).await.unwrap();
        all.retain(|one| one.name == "另一个");
        end(&mut tx, &all[0].id).await.unwrap();
        tx.commit().await.unwrap();
        let hooks = Hooks::new(&world.app, INSIDE);
        visit(&world, &p, "2026-11-20").await;
        assert_eq!(hooks.turn().await.unwrap(), 1);
        let message = server.got().remove(0);
        let (_, body) = message.split_once("\r\n\r\n").unwrap();
        let hook = row(&world, holder.account()).await;
        let at = head(&message, "webhook-timestamp").parse().unwrap();
        let signed = signature(hook.secret.as_bytes(), &head(&message, "webhook-id"), at, body).unwrap();
        assert_eq!(head(&message, "webhook-signature"), signed);
        let told: Value = serde_json::from_str(body).unwrap();
        assert_eq!((told.as_object().unwrap().len(), &told["type"]), (3, &json!("changes")), "{told}");
        assert!(told["resources"].as_array().unwrap().contains(&json!("entry")), "{told}");
        world.clock().advance(PAUSE);
        assert_eq!(hooks.turn().await.unwrap(), 0, "nothing is new");
        let foreign = world.agent(&p.nanxiong, "county_school").await;
        token(&foreign, "30").await;
        world.clock().advance(PAUSE);
        assert_eq!(hooks.turn().await.unwrap(), 0, "what is new is no business of the holder");
        let open = browser.get_json("/my/tokens").await.json()["rows"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(browser.post("/my/tokens/end", &[("token", open.as_str())]).await.status, 303);
        visit(&world, &p, "2026-11-19").await;
        world.clock().advance(PAUSE);
        assert_eq!(hooks.turn().await.unwrap(), 0, "nobody can read what is new");
        assert_eq!(row(&world, holder.account()).await.ended_why, TOKENLESS);
    }

    async fn what_did_not_arrive_is_tried_again_and_in_the_end_no_more(world: World, p: Province) {
        let (browser, holder) = (world.agent(&p.lead, "lead").await, world.person(&p.lead, "lead").await);
        token(&browser, "30").await;
        let server = Receiver::start().await;
        let mut tx = world.app.db.begin(Arc::clone(&holder)).await.unwrap();
        register(&mut tx, INSIDE, "统计系统", &format!("http://{}/x", server.address)).await.unwrap();
        tx.commit().await.unwrap();
        let hooks = Hooks::new(&world.app, INSIDE);
        visit(&world, &p, "2026-11-20").await;
        server.says(500);
        assert_eq!(hooks.turn().await.unwrap(), 1);
        assert_eq!(hooks.turn().await.unwrap(), 0, "it waits");
        server.says(204);
        world.clock().advance(back_off(1));
        assert_eq!(hooks.turn().await.unwrap(), 1);
        assert!(row(&world, holder.account()).await.failing_since.is_none());
        let tries = browser.get_json("/my/hooks").await.json()["tries"].clone();
        let faults: Vec<bool> =
            tries.as_array().unwrap().iter().map(|one| one["fault"] != "").collect();
        assert_eq!(faults, [false, true], "the newest first");
        visit(&world, &p, "2026-11-19").await;
        server.says(500);
        world.clock().advance(PAUSE);
        assert_eq!(hooks.turn().await.unwrap(), 1);
        world.clock().advance(GIVEN_UP);
        assert_eq!(hooks.turn().await.unwrap(), 1);
        assert_eq!(row(&world, holder.account()).await.ended_why, FAILED);
        world.clock().advance(GIVEN_UP);
        assert_eq!(hooks.turn().await.unwrap(), 0, "given up is given up");
        let told = world.agent(&p.lead, "lead").await.get("/notices").await;
        assert!(told.says("变更通知"), "{}", told.text());
    }

    /// It takes the connection and never says a word: the others are told meanwhile, and it is not told twice at a time.
    async fn a_server_that_does_not_answer_holds_up_nobody(world: World, p: Province) {
        let (browser, holder) = (world.agent(&p.lead, "lead").await, world.person(&p.lead, "lead").await);
        token(&browser, "30").await;
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let prompt = Receiver::start().await;
        // The silent one is due first.
        for (name, address) in [("统计系统", silent.local_addr().unwrap()), ("另一个", prompt.address)] {
            let mut tx = world.app.db.begin(Arc::clone(&holder)).await.unwrap();
            register(&mut tx, INSIDE, name, &format!("http://{address}/x")).await.unwrap();
            tx.commit().await.unwrap();
            world.clock().advance(TimeDelta::seconds(1));
        }
        visit(&world, &p, "2026-11-20").await;
        let hooks = Hooks::new(&world.app, INSIDE);
        let turn = tokio::spawn(async move { hooks.turn().await });
        for _ in 0..3_000 {
            if !prompt.got().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(prompt.got().len(), 1, "the other one is told");
        let held = row(&world, holder.account()).await;
        assert!(held.attempt == 1 && held.failing_since.is_none(), "it is still spoken to: {held:?}");
        let another = Hooks::new(&world.app, INSIDE);
        assert_eq!(another.turn().await.unwrap(), 0, "each gets one message after the other");
        drop(silent);
        assert_eq!(turn.await.unwrap().unwrap(), 2);
        assert!(row(&world, holder.account()).await.failing_since.is_some());
        assert_eq!(prompt.got().len(), 1);
    }
}
