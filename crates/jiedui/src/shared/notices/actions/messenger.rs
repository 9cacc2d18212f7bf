//! The robot of a unit's group: connected by somebody of the unit, and told what stands on that desk. One request to an
//! address that somebody typed, by `shared/outside`, which is careful where it goes.

use super::super::data::{self, MessengerRow};
use super::super::rules::address::Shape;
use super::super::rules::letters::{FAULT, Outcome};
use super::smtp::Sent;
use crate::shared::outside::{self, AnswerLimit, Question, Reachable};
use axum::http::{Method, StatusCode};
use jiedui_kernel::{Code, Error, Result, caused};
use jiedui_store::{AuditRecord, Tx, args};
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::ClientConfig;

/// Bytes of an answer that are read.
const ANSWER: usize = 16 * 1024;

pub async fn of(tx: &mut Tx, org: &str) -> Result<Option<MessengerRow>> {
    tx.maybe(&data::MESSENGER, args![org]).await
}

pub async fn all(tx: &mut Tx) -> Result<Vec<MessengerRow>> {
    tx.all(&data::MESSENGERS, Vec::new()).await
}

/// Connects the group of the caller's unit.
pub async fn connect(tx: &mut Tx, reachable: Reachable, shape: &str, typed: &str) -> Result<()> {
    let unknown = || Error::field("shape", Code::NotListed.says("请选择是哪一种办公软件。"));
    let shape = Shape::of(shape).ok_or_else(unknown)?;
    let address = reachable.address(typed)?;
    let (org, account) = (tx.actor().org.clone(), tx.actor().account().to_owned());
    tx.write(&data::SET_MESSENGER, args![&org, &account, shape.id(), address]).await?;
    record(tx, "notice.connect", &org, &serde_json::json!({ "shape": shape.id() })).await
}

pub async fn disconnect(tx: &mut Tx) -> Result<()> {
    let org = tx.actor().org.clone();
    if of(tx, &org).await?.is_none() {
        return Ok(());
    }
    tx.write_one(&data::REMOVE_MESSENGER, args![&org]).await?;
    record(tx, "notice.disconnect", &org, &serde_json::json!({})).await
}

async fn record(tx: &mut Tx, action: &str, org: &str, body: &serde_json::Value) -> Result<()> {
    tx.audit(AuditRecord { action, resource: "messenger", resource_id: org }, body).await
}

/// Tells a group one text, within a time.
pub async fn send(
    (reachable, trusted): (Reachable, &Arc<ClientConfig>),
    row: &MessengerRow,
    text: &str,
    time: Duration,
) -> Sent {
    // Asked again: what is allowed may have changed since it was typed.
    let Ok(address) = reachable.address(&row.address) else {
        return (
            Outcome::Never,
            "这个地址不在允许的范围内。请本单位重新填写，或请系统管理员放开内网地址。".to_owned(),
        );
    };
    let question = Question {
        method: Method::POST,
        address: &address,
        headers: vec![("content-type", "application/json; charset=utf-8".to_owned())],
        body: row.shape.message(text).to_string().into_bytes(),
    };
    let limit = AnswerLimit { bytes: ANSWER, time };
    let (outcome, words) = match outside::ask(outside::Way { reachable, trusted }, question, limit).await {
        Ok(answer) => judge(row.shape, answer.status, &answer.body.unwrap_or_default()),
        // It may have been told already.
        Err(none) if none.asked => {
            (Outcome::NoAnswer, caused("对方收到以后没有按时答完，可能已经发出。", none.words))
        }
        Err(none) => (Outcome::NotNow, caused("连不上对方的服务器，请核对地址和网络。", none.words)),
    };
    (outcome, words.chars().take(FAULT).collect())
}

fn judge(shape: Shape, status: StatusCode, answer: &[u8]) -> Sent {
    let told = |words: &str| caused(words, format_args!("{status} {}", String::from_utf8_lossy(answer)));
    match status {
        StatusCode::OK if shape.took(answer) => (Outcome::Taken, String::new()),
        StatusCode::TOO_MANY_REQUESTS => (Outcome::NotNow, told("对方嫌发得太勤，稍后再发。")),
        status if status.is_server_error() => (Outcome::NotNow, told("对方的服务器出错，稍后再发。")),
        // Also where it points elsewhere: nobody typed that address.
        _ => (Outcome::Never, told("对方没有收下，请核对是哪一种办公软件和地址。")),
    }
}
