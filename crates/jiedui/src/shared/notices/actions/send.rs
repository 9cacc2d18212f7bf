//! Sending what is queued. Any number of servers may do so at once: a letter is claimed, and the claim committed, before
//! anything is sent. Whoever stops in between leaves a letter of which nobody knows whether it was sent; it is not sent
//! again, because nobody should get the same letter twice and everything in it stands on the desk.

use super::super::data::{self, LetterRow};
use super::super::rules::letters::{self, LEASE, Outcome, State};
use super::super::rules::{self, may_send};
use super::smtp::{Letter, MailServer, Sent};
use super::{address, messenger, smtp};
use crate::shared::outside::{self, Reachable};
use jiedui_kernel::{Actor, Instant, Result};
use jiedui_store::{Tx, args};
use jiedui_web::App;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::ClientConfig;

/// How often it is looked whether something is to be sent.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often it is looked for what is too old.
const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// How long a message to a group may take.
const GROUP_LIMIT: Duration = Duration::from_secs(15);

/// By which ways people are reached, as whoever runs the system set it up.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    pub mail: Option<MailServer>,
    pub reachable: Reachable,
}

/// Somebody who sends what is queued, one after the other.
pub struct Sender {
    app: Arc<App>,
    ways: Ways,
    trusted: Arc<ClientConfig>,
}

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("notices"))
}

impl Sender {
    pub fn new(app: &Arc<App>, ways: Ways) -> Self {
        Self { app: Arc::clone(app), ways, trusted: outside::trusted() }
    }

    /// Sends for as long as it is let.
    pub async fn run(self) {
        let mut forgotten: Option<tokio::time::Instant> = None;
        loop {
            if let Err(cause) = self.turn().await {
                tracing::warn!(%cause, "letters will be sent later");
            }
            if forgotten.is_none_or(|at| at.elapsed() >= FORGET_EVERY) {
                forgotten = Some(tokio::time::Instant::now());
                if let Err(cause) = self.forget().await {
                    tracing::warn!(%cause, "old notices are still there");
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Sends what is due, as far as it may be sent at this hour; how many were tried.
    pub async fn turn(&self) -> Result<usize> {
        let (now, programme) = (self.app.db.clock().now(), self.app.programme());
        let by_day = may_send(&programme.calendar.workdays, programme.notices, now);
        let due = self.app.db.read(system()).await?.all::<LetterRow>(&data::DUE, args![now, by_day]).await?;
        let mut tried = 0;
        for letter in due {
            if letter.state == State::Sending {
                let words = "发送时中断，不确定是否发出，没有重发。".to_owned();
                self.end(&letter, letter.attempt, (Outcome::Lost, words)).await?;
            } else if self.claim(&letter, now).await? {
                tried += 1;
                let sent = self.deliver(&letter).await?;
                self.end(&letter, letter.attempt + 1, sent).await?;
            }
        }
        Ok(tried)
    }

    /// Whether it is this sender's to send.
    async fn claim(&self, letter: &LetterRow, now: Instant) -> Result<bool> {
        let state = letter.state.apply(Outcome::Claimed, letter.attempt)?;
        let mut tx = self.app.db.begin(system()).await?;
        let values = args![&letter.id, letter.attempt, state.id(), now + LEASE];
        let claimed = tx.write(&data::CLAIM, values).await? > 0;
        tx.commit().await?;
        Ok(claimed)
    }

    /// No database is held while others are spoken to.
    async fn deliver(&self, letter: &LetterRow) -> Result<Sent> {
        let never = |words: &str| Ok((Outcome::Never, words.to_owned()));
        if let Some(org) = &letter.org {
            let row = messenger::of(&mut self.app.db.read(system()).await?, org).await?;
            return match row.filter(|row| row.account == letter.account) {
                Some(row) => {
                    let how = (self.ways.reachable, &self.trusted);
                    Ok(messenger::send(how, &row, &letter.body, GROUP_LIMIT).await)
                }
                None => never("群消息已经断开。"),
            };
        }
        let Some(server) = &self.ways.mail else { return never("没有设置邮件服务器。") };
        let address = address::of(&mut self.app.db.read(system()).await?, &letter.account).await?;
        let wanted = |confirmed: bool| confirmed || letter.kind == "code";
        let Some(address) =
            address.filter(|row| wanted(row.confirmed_at.is_some()) && row.refused_at.is_none())
        else {
            return never("邮箱已经删除或没有确认。");
        };
        let written = Letter {
            id: letter.id.clone(),
            to: address.address.clone(),
            subject: letter.subject.clone(),
            body: letter.body.clone(),
            settings: format!("{}/my/notices", self.app.outgoing.address),
            at: letter.made_at,
        };
        let sent = smtp::send(server, &written).await;
        if sent.0 == Outcome::NoSuchAddress {
            let mut tx = self.app.db.begin(system()).await?;
            address::refuse(&mut tx, &letter.account, &address.address).await?;
            tx.commit().await?;
        }
        Ok(sent)
    }

    async fn end(&self, letter: &LetterRow, attempt: i64, (outcome, fault): Sent) -> Result<()> {
        let state = State::Sending.apply(outcome, attempt)?;
        let mut tx = self.app.db.begin(system()).await?;
        let now = tx.now();
        if state == State::Waiting {
            let due = now + letters::back_off(attempt);
            tx.write(&data::WAIT, args![&letter.id, attempt, state.id(), due, &fault]).await?;
        } else {
            tx.write(&data::END, args![&letter.id, attempt, state.id(), &fault, now]).await?;
        }
        tx.commit().await?;
        if !fault.is_empty() {
            tracing::warn!(letter = letter.id, attempt, state = state.id(), fault, "a letter was not sent");
        }
        Ok(())
    }

    async fn forget(&self) -> Result<()> {
        let mut tx = self.app.db.begin(system()).await?;
        let (told, sent) = (tx.now() - rules::KEPT, tx.now() - letters::KEPT);
        forget(&mut tx, told, sent).await?;
        tx.commit().await
    }
}

async fn forget(tx: &mut Tx, told: Instant, sent: Instant) -> Result<()> {
    tx.write(&data::FORGET_READ, args![told]).await?;
    tx.write(&data::FORGET, args![told]).await?;
    tx.write(&data::FORGET_LETTERS, args![sent]).await.map(drop)
}
