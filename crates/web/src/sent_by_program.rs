//! What a program sends twice is done once: each change carries a key that its sender chose, and the same key gets the answer that
//! it got first. With other content it is a mistake of the sender, and refused: a program does not go back in a browser.

use crate::data;
use crate::head::RequestHead;
use crate::received::ReceivedRequest;
use crate::refusal::{Refusal, Unsaid};
use crate::session::ANSWER_DAYS;
use crate::{App, tokens::Asking};
use chrono::TimeDelta;
use jiedui_kernel::{Actor, Error, Result, hex};
use jiedui_store::{Tx, args};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// Longer than what anybody makes at random.
const LONGEST_KEY: usize = 100;

/// The key of a change, where one is given that can be one.
pub(crate) fn key_of(head: &RequestHead) -> Option<&str> {
    let key = head.text("idempotency-key")?.trim().trim_matches('"');
    let fits = (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then_some(key)
}

/// One sending of one change.
#[derive(Debug)]
pub(crate) struct KeyedSending {
    id: String,
    content: String,
}

impl KeyedSending {
    pub(crate) fn of(asking: &Asking, key: &str, request: &ReceivedRequest) -> Self {
        let sent = Value::Object(request.form.sent.clone()).to_string();
        Self { id: digest([&asking.token.id, key]), content: digest([&request.parts.path, &sent]) }
    }

    /// What it was answered first; `None` where it comes for the first time, or for the first time since long.
    pub(crate) async fn before(&self, app: &App) -> Result<Option<Value>, Refusal> {
        let mut tx = app.db.read(Arc::new(Actor::system("sent"))).await?;
        let since = tx.now() - TimeDelta::days(ANSWER_DAYS);
        let first = tx.maybe::<(String, String)>(&data::ANSWERED, args![&self.id, since]).await?;
        let Some((content, answer)) = first else { return Ok(None) };
        if content != self.content {
            return Err(Refusal::Unsaid(Unsaid::OtherContent));
        }
        Ok(Some(serde_json::from_str(&answer).map_err(Error::internal)?))
    }

    /// Notes the answer, in the transaction of what it did. The same key at the same moment meets the key of the table: one of the
    /// two is a conflict.
    pub(crate) async fn note(&self, tx: &mut Tx, answer: &Value) -> Result<()> {
        if !tx.has_records() {
            return Ok(());
        }
        let now = tx.now();
        tx.write(&data::FORGET_ANSWERS, args![now - TimeDelta::days(ANSWER_DAYS)]).await?;
        let noted = args![&self.id, &self.content, answer.to_string(), now];
        tx.write(&data::NOTE_ANSWER, noted).await.map(drop)
    }
}

fn digest(parts: [&str; 2]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    hex(digest.finalize())
}
