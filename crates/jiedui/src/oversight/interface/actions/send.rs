//! Telling the servers of programs' owners that something changed. Any number of servers may do so at once: one is claimed, and
//! the claim committed, before anybody is spoken to. Who stops in between is waited for; then it is told again, under the same id.
//! Several are spoken to at a time ([0112](../../../../../../docs/decisions/0112-a-slow-receiver-holds-up-nobody.md)): what is claimed is
//! not due, so that each gets its messages one after the other.

use super::super::api::changes;
use super::super::data::{self, HookRow};
use super::super::rules::hooks;
use super::hooks::{give_up, note_try};
use crate::shared::jobs::rules::back_off;
use crate::shared::outside::{self, AnswerLimit, Question, Reachable, Way};
use axum::http::{Method, StatusCode};
use jiedui_kernel::{Actor, Error, Result, caused};
use jiedui_store::{Tx, args};
use jiedui_web::App;
use jiedui_web::session::actor_at;
use jiedui_web::tokens;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_rustls::rustls::ClientConfig;

/// How often it is looked whether somebody is to be told.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long a server may take to answer, and how much of its answer is read.
const LIMIT: AnswerLimit = AnswerLimit { bytes: 4096, time: Duration::from_secs(15) };
/// Pages of changes that are looked through at a time.
const PAGES: usize = 5;
/// So many are spoken to at a time: who does not answer holds up nobody else while another place is free.
const AT_A_TIME: usize = 4;

/// Somebody who tells what changed.
#[derive(Clone)]
pub struct Hooks {
    app: Arc<App>,
    reachable: Reachable,
    trusted: Arc<ClientConfig>,
}

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("hooks"))
}

/// What came of a try.
enum Sent {
    Taken,
    /// The server asks to be told no more.
    Refused(String),
    Failed(String),
}

impl Hooks {
    pub fn new(app: &Arc<App>, reachable: Reachable) -> Self {
        Self { app: Arc::clone(app), reachable, trusted: outside::trusted() }
    }

    /// Tells for as long as it is let. It looks again while others are still spoken to.
    pub async fn run(self) {
        let mut under_way = JoinSet::new();
        loop {
            if let Err(cause) = self.look(&mut under_way).await {
                later(&cause);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Tells whoever is due, and waits until all were told; how many were spoken to.
    pub async fn turn(&self) -> Result<usize> {
        let mut under_way = JoinSet::new();
        let spoken = self.look(&mut under_way).await?;
        wait(&mut under_way, 0).await;
        Ok(spoken)
    }

    /// Begins to speak to whoever is due, each as soon as a place is free; to how many. What is new is looked up for one after the
    /// other: while others are spoken to no database is held, and pages need the few connections there are.
    async fn look(&self, under_way: &mut JoinSet<()>) -> Result<usize> {
        let now = self.app.db.clock().now();
        let mut tx = self.app.db.read(system()).await?;
        let revision = tx.revision().await?;
        let due = tx.all::<HookRow>(&data::HOOKS_DUE, args![now, revision]).await?;
        drop(tx);
        let mut spoken = 0;
        for hook in due {
            wait(under_way, AT_A_TIME - 1).await;
            if !self.claim(&hook).await? {
                continue;
            }
            let Some(news) = self.to_tell(&hook).await? else { continue };
            let hooks = self.clone();
            under_way.spawn(async move {
                if let Err(cause) = hooks.tell(&hook, &news).await {
                    later(&cause);
                }
            });
            spoken += 1;
        }
        Ok(spoken)
    }

    /// Whether it is ours to tell.
    async fn claim(&self, hook: &HookRow) -> Result<bool> {
        let mut tx = self.app.db.begin(system()).await?;
        let now = tx.now();
        let values = args![&hook.id, hook.attempt, now + hooks::LEASE, now];
        let claimed = tx.write(&data::CLAIM_HOOK, values).await? > 0;
        tx.write(&data::FORGET_TRIES, args![now - hooks::KEPT]).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// What is new for the holder, with the rights and the scope of now, or why the account is no longer told. What stands for
    /// somebody has an end: it holds no longer than a token by which what is new can be read.
    async fn news(&self, hook: &HookRow) -> Result<Result<changes::News, &'static str>> {
        let mut tx = self.app.db.read(system()).await?;
        let actor = actor_at(&self.app, &mut tx, &hook.account, &hook.org).await?;
        let Some(actor) = actor.filter(|actor| self.app.can(actor, "hook", "notify")) else {
            return Ok(Err(hooks::LOST));
        };
        if tokens::open_ones(&mut tx, &hook.account).await? == 0 {
            return Ok(Err(hooks::TOKENLESS));
        }
        tx.act_as(actor);
        let mut news = changes::news(&self.app, &mut tx, &hook.told).await?;
        for _ in 1..PAGES {
            if !news.more {
                break;
            }
            let before = news.resources;
            news = changes::news(&self.app, &mut tx, &news.next).await?;
            news.resources.extend(before);
        }
        Ok(Ok(news))
    }

    /// What there is to tell; none where nothing is new, or nobody may be told any more.
    async fn to_tell(&self, hook: &HookRow) -> Result<Option<changes::News>> {
        let found = match self.news(hook).await? {
            Ok(news) if !news.resources.is_empty() => return Ok(Some(news)),
            found => found,
        };
        let mut tx = self.app.db.begin(system()).await?;
        match found {
            Ok(news) => settled(&mut tx, (hook, hook.attempt + 1), &news).await?,
            Err(why) => give_up(&mut tx, hook, why).await?,
        }
        tx.commit().await.map(|()| None)
    }

    /// Speaks to one and notes what came of it. No database is held meanwhile.
    async fn tell(&self, hook: &HookRow, news: &changes::News) -> Result<()> {
        let attempt = hook.attempt + 1;
        let sent = self.send(hook, news).await?;
        let mut tx = self.app.db.begin(system()).await?;
        let now = tx.now();
        match sent {
            Sent::Taken => {
                note_try(&mut tx, (&hook.id, attempt), news.seen, "").await?;
                settled(&mut tx, (hook, attempt), news).await?;
            }
            Sent::Refused(fault) => {
                note_try(&mut tx, (&hook.id, attempt), news.seen, &fault).await?;
                give_up(&mut tx, hook, hooks::REFUSED).await?;
            }
            Sent::Failed(fault) => {
                note_try(&mut tx, (&hook.id, attempt), news.seen, &fault).await?;
                if hook.failing_since.is_some_and(|since| now - since >= hooks::GIVEN_UP) {
                    give_up(&mut tx, hook, hooks::FAILED).await?;
                } else {
                    let values = args![&hook.id, attempt, now + back_off(attempt), now];
                    tx.write(&data::HOOK_WAITS, values).await?;
                }
            }
        }
        tx.commit().await
    }

    async fn send(&self, hook: &HookRow, news: &changes::News) -> Result<Sent> {
        // Asked again: what is allowed may have changed since it was typed.
        let Ok(address) = self.reachable.address(&hook.address) else {
            return Ok(Sent::Failed("这个地址不在允许的范围内。".to_owned()));
        };
        let (id, at) = (format!("msg_{}_{}", hook.id, news.seen), self.app.db.clock().now().timestamp());
        let told = json!({ "type": "changes", "revision": news.seen, "resources": news.resources });
        let body = told.to_string();
        let signature = hooks::signature(hook.secret.as_bytes(), &id, at, &body)?;
        let question = Question {
            method: Method::POST,
            address: &address,
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("webhook-id", id),
                ("webhook-timestamp", at.to_string()),
                ("webhook-signature", signature),
            ],
            body: body.into_bytes(),
        };
        let way = Way { reachable: self.reachable, trusted: &self.trusted };
        Ok(match outside::ask(way, question, LIMIT).await {
            Ok(answer) if answer.status.is_success() => Sent::Taken,
            Ok(answer) if answer.status == StatusCode::GONE => {
                Sent::Refused(short("对方说不再接收。", answer.status))
            }
            // Also where it points elsewhere: nobody typed that address.
            Ok(answer) => Sent::Failed(short("对方没有收下。", answer.status)),
            Err(none) if none.asked => Sent::Failed(short("对方收到以后没有按时答完。", none.words)),
            Err(none) => {
                let words = "没有连上：请核对地址、证书，以及它是不是互联网上的地址。";
                Sent::Failed(short(words, none.words))
            }
        })
    }
}

/// Waits until no more than so many are spoken to. One that broke down has said so; its hook is due again when the claim is over.
async fn wait(under_way: &mut JoinSet<()>, left: usize) {
    while under_way.len() > left {
        under_way.join_next().await;
    }
}

fn later(cause: &Error) {
    tracing::warn!(%cause, "programs will be told later");
}

fn short(words: &str, cause: impl std::fmt::Display) -> String {
    caused(words, cause).chars().take(hooks::FAULT).collect()
}

/// It was told, or there was nothing to tell: what comes now waits a while, so that it is told together.
async fn settled(tx: &mut Tx, (hook, attempt): (&HookRow, i64), news: &changes::News) -> Result<()> {
    let due = tx.now() + hooks::pause(news.more, !news.resources.is_empty());
    tx.write(&data::HOOK_TOLD, args![&hook.id, attempt, &news.next, news.seen, due]).await.map(drop)
}
