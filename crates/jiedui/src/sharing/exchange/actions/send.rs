//! Sending what was begun, batch by batch. Each carries a key by which the other side knows it again, so that one whose
//! answer was lost is sent again and taken once. Whatever may pass is left to the job, which tries again later; what was
//! answered is committed and never sent again.

use super::{Refusal, find, refuse};
use crate::shared::background::{JobKind, Task, Work};
use crate::shared::outside::{self, AnswerLimit, Answered, Question, Reachable, Unanswered};
use crate::shared::review::Action;
use crate::sharing::exchange::data::{self, BatchRow, RunRow, RunState};
use crate::sharing::exchange::rules::schema::schema;
use crate::sharing::exchange::rules::words::NO_REASON;
use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use jiedui_exchange::{Answer, MAX_BYTES, Refused, Schema, answer, read};
use jiedui_kernel::{Code, Error, Result};
use jiedui_programme::{Exchange, ExchangeForm, Way};
use jiedui_store::{AuditRecord, Found, Tx, args};
use jiedui_web::{App, Partner};
use std::sync::Arc;

pub const SEND: JobKind = JobKind {
    id: "exchange.send",
    name: "送出对接数据",
    right: ("exchange", "transfer"),
    work: Work::Repair(|task| Box::pin(send(task))),
};

/// The other side, where it was set up.
pub fn partner<'a>(app: &'a App, exchange: &Exchange) -> Result<&'a Partner> {
    app.outgoing.partners.get(&exchange.id).ok_or_else(|| {
        let words = "系统管理员还没有设置对方的地址。现在可以下载文件，用别的办法交给对方。";
        Error::field("", Code::Missing.says(words))
    })
}

/// What is asked of the other side beside the content.
pub(super) async fn ask(
    partner: &Partner,
    method: Method,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
) -> Result<Bytes> {
    let mut headers = headers;
    if !partner.secret.is_empty() {
        headers.push(("authorization", format!("Bearer {}", partner.secret)));
    }
    let trusted = outside::trusted();
    let way = outside::Way { reachable: Reachable { inside: partner.inside }, trusted: &trusted };
    let question = Question { method, address: &partner.address, headers, body };
    let limit = AnswerLimit { bytes: MAX_BYTES, time: partner.patience };
    judge(outside::ask(way, question, limit).await)
}

/// What was answered; not now where it may be otherwise a little later, and a mistake where it will not.
fn judge(answered: Result<Answered, Unanswered>) -> Result<Bytes> {
    let later = |words: &str| Err(Error::NotNow(words.to_owned()));
    let answer = match answered {
        Ok(answer) => answer,
        Err(none) => {
            tracing::warn!(asked = none.asked, cause = none.words, "an outside system did not answer");
            return later(if none.asked {
                "对方收到以后没有按时答完。可以再试；同一批数据对方只会收一次。"
            } else {
                "连不上对方的系统。请系统管理员核对地址和网络，稍后再试。"
            });
        }
    };
    let status = answer.status;
    match (status.is_success(), answer.body) {
        (true, Some(body)) => Ok(body),
        (true, None) => later("对方的答复太长或中途断开，没有收下。可以再试；仍不行请与对方核对。"),
        _ if status.is_server_error() || may_pass(status) => {
            tracing::warn!(%status, "an outside system cannot answer now");
            later("对方的系统暂时不能处理。可以稍后再试。")
        }
        _ => {
            tracing::warn!(%status, "an outside system refused");
            let words = format!(
                "对方的系统拒绝了这次请求（HTTP {}）。请与对方核对地址、密码和格式。",
                status.as_u16()
            );
            Err(Error::field("", Code::NotFitting.says(words)))
        }
    }
}

fn may_pass(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::CONFLICT
            | StatusCode::TOO_EARLY
            | StatusCode::TOO_MANY_REQUESTS
    )
}

async fn send(task: &Task) -> Result<String> {
    let programme = task.app.programme();
    let mut tx = task.app.db.read(Arc::clone(&task.actor)).await?;
    let run = find(&mut tx, &task.args).await?;
    let batches = tx.all::<BatchRow>(&data::TO_SEND, args![&run.id]).await?;
    drop(tx);
    if run.state != RunState::UnderWay {
        return Ok("这一次已经结束，没有再送。".to_owned());
    }
    let exchange = super::exchange(&programme, &run.exchange, Way::Out)?;
    let partner = partner(&task.app, exchange)?;
    task.progress.begin("正在送出", Some(batches.len() as i64));
    for batch in &batches {
        let bytes =
            ask(partner, Method::POST, headers(exchange, &run, batch), batch.content.clone().into()).await?;
        let rows = usize::try_from(batch.total).unwrap_or(0);
        let answer = answer(&bytes, rows).map_err(|_| {
            let words = "对方的答复不是约定的格式，不能当作已经收下。可以再试；仍不行请与对方核对。";
            Error::NotNow(words.to_owned())
        })?;
        keep(task, exchange, batch, answer).await?;
        task.progress.add(1);
    }
    close(task).await
}

/// The key is the same for the same batch of the same transfer, and for no other.
fn headers(exchange: &Exchange, run: &RunRow, batch: &BatchRow) -> Vec<(&'static str, String)> {
    let mime = match exchange.form {
        ExchangeForm::Csv => "text/csv; charset=utf-8",
        ExchangeForm::Json => "application/json; charset=utf-8",
    };
    vec![
        ("content-type", mime.to_owned()),
        ("accept", "application/json".to_owned()),
        ("idempotency-key", format!("{}-{}-{}", run.digest, run.number, batch.place)),
    ]
}

/// Writes down what was answered to a batch, where nobody has.
async fn keep(task: &Task, exchange: &Exchange, batch: &BatchRow, answer: Answer) -> Result<()> {
    let schema = schema(&task.app.programme(), exchange)?;
    let (accepted, refusals) = (answer.accepted, told(&schema, batch, answer.refused));
    let mut tx = task.begin().await?;
    let run: Found<RunRow> = find(&mut tx, &task.args).await?;
    if note(&mut tx, &run, batch, (accepted, &refusals)).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// The rows that the other side refused, each with the school that stood there.
pub(super) fn told(schema: &Schema, batch: &BatchRow, refused: Vec<Refused>) -> Vec<Refusal> {
    // Only to name the schools: where the columns were changed meanwhile, the lines must do.
    let sent = read(schema, batch.content.as_bytes()).unwrap_or_default();
    let known_by = |line: usize| {
        line.checked_sub(1)
            .and_then(|at| sent.get(at))
            .map(|line| schema.key_words(&line.row))
            .unwrap_or_default()
    };
    let one = |one: Refused| Refusal {
        line: batch.in_front + one.line as i64,
        known_by: known_by(one.line),
        field: one.field,
        words: if one.words.is_empty() { NO_REASON.to_owned() } else { one.words },
    };
    refused.into_iter().map(one).collect()
}

/// Writes down what was answered to a batch, once; says whether it did.
pub(super) async fn note(
    tx: &mut Tx,
    run: &Found<RunRow>,
    batch: &BatchRow,
    (accepted, refusals): (usize, &[Refusal]),
) -> Result<bool> {
    let today = tx.today();
    if tx.change(run, &data::ANSWER, args![batch.place, accepted as i64, today]).await? == 0 {
        // Another worker has written it down already.
        return Ok(false);
    }
    refuse(tx, run, batch.place, refusals).await?;
    let record =
        AuditRecord { action: "exchange_run.answer", resource: "exchange_run", resource_id: &run.id };
    let body = serde_json::json!({
        "batch": batch.place, "accepted": accepted, "refused": refusals.len(),
    });
    tx.audit(record, &body).await?;
    Ok(true)
}

/// Every batch was answered.
async fn close(task: &Task) -> Result<String> {
    let programme = task.app.programme();
    let mut tx = task.begin().await?;
    let opened = super::open(&mut tx, &programme, &task.args).await?;
    let next = opened.demand(Action::Finish)?;
    super::end(&mut tx, &opened, next, opened.row.version).await?;
    let run = find(&mut tx, &task.args).await?;
    tx.commit().await?;
    Ok(format!("送完：对方收下 {} 行，没有收下或没有送出 {} 行。", run.accepted, run.refused))
}
