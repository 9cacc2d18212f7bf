//! Queueing and cancelling, and the work itself.

pub mod work;

use super::data::{self, JobRow};
use super::rules::{Action, ENDED, KEPT, MOST_OF_ONE, State};
use crate::shared::background::{JobKind, PART, Work};
use crate::shared::imports;
use crate::shared::mechanism;
use jiedui_kernel::{Code, Error, Instant, Result};
use jiedui_store::{AuditRecord, Tx, args, line, named};
use serde::Serialize;
use std::sync::Arc;

/// What is to be done.
pub struct NewJob<'a> {
    pub kind: &'static str,
    /// What the page calls it; no business content, because the system administrator reads it.
    pub title: &'a str,
    pub args: String,
    /// The file that comes with it: its name and its content.
    pub input: Option<(&'a str, &'a [u8])>,
}

/// The kind of this name, of whichever mechanism.
pub fn kind(id: &str) -> Result<&'static JobKind> {
    let found = mechanism::all().flat_map(|one| one.jobs).find(|kind| kind.id == id);
    found.ok_or_else(|| Error::internal(format_args!("no kind of job is called {id}")))
}

/// Queues it for the caller, in the transaction of whatever else is done.
pub async fn queue(tx: &mut Tx, new: &NewJob<'_>) -> Result<String> {
    let actor = Arc::clone(tx.actor());
    if tx.number(&data::UNDER_WAY, args![actor.account()]).await? >= MOST_OF_ONE {
        let words = format!("您已有 {MOST_OF_ONE} 项后台任务在排队或处理，请等其中一项结束后再试。");
        return Err(Error::field("", Code::TooMany.says(words)));
    }
    let (id, now) = (tx.new_id(), tx.now());
    let (input, bytes) = new.input.unwrap_or_default();
    named!(data::QUEUE {
        id: &id,
        kind: kind(new.kind)?.id,
        title: new.title,
        account: actor.account(),
        name: actor.name(),
        org: &actor.org,
        org_name: &actor.org_name,
        args: &new.args,
        input,
        state: State::Queued.id(),
        now,
    })
    .write(tx)
    .await?;
    keep_parts(tx, &id, 0, bytes).await?;
    record(tx, "job.queue", &id, &serde_json::json!({ "kind": new.kind, "args": new.args })).await?;
    Ok(id)
}

async fn keep_parts(tx: &mut Tx, job: &str, attempt: i64, bytes: &[u8]) -> Result<()> {
    for (part, place) in bytes.chunks(PART).zip(0_i64..) {
        let part = part.to_vec();
        tx.add_rows(&data::PARTS, vec![line!(data::PARTS { job, attempt, place, bytes: part })]).await?;
    }
    Ok(())
}

async fn record(tx: &mut Tx, action: &str, id: &str, body: &impl Serialize) -> Result<()> {
    tx.audit(AuditRecord { action, resource: "job", resource_id: id }, body).await
}

/// How many jobs are in each state, by its name.
pub async fn numbers(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    tx.all(&data::NUMBERS, Vec::new()).await
}

/// How a job ended.
#[derive(Debug, Default)]
struct End {
    words: String,
    file: String,
    bytes: i64,
}

/// Ends it at the version at which it was read: whoever is late changes nothing.
async fn end(tx: &mut Tx, job: &JobRow, action: Action, end: End) -> Result<()> {
    let state = job.state.apply(action)?;
    let now = tx.now();
    let expires: Option<Instant> = (!end.file.is_empty()).then(|| now + KEPT);
    let body = serde_json::json!({ "result": end.words, "file": end.file, "bytes": end.bytes });
    let values = args![state.id(), end.words, end.file, end.bytes, now, expires];
    data::END.at(job.id.as_str(), job.version, values).write(tx, ENDED).await?;
    record(tx, record_name(action), &job.id, &body).await?;
    if action == Action::Fail { imports::stopped(tx, &job.id).await } else { Ok(()) }
}

fn record_name(action: Action) -> &'static str {
    match action {
        Action::Claim => "job.claim",
        Action::Finish => "job.finish",
        Action::Fail => "job.fail",
        Action::Retry => "job.retry",
        Action::Cancel => "job.cancel",
    }
}

/// Cancels one that waits or is being worked on; its worker finds out when it next says that it is at work. One that writes a
/// file in slices goes on until it has taken back what it wrote. Says what becomes of it.
pub async fn cancel(tx: &mut Tx, job: &JobRow) -> Result<String> {
    job.state.apply(Action::Cancel)?;
    let work = kind(&job.kind)?.work;
    if matches!(work, Work::Slices(_)) {
        return imports::turn_back(tx, &job.id).await.map(str::to_owned);
    }
    let left = work.left();
    let words = format!("由{}取消，{left}。", tx.actor().name());
    end(tx, job, Action::Cancel, End { words, ..End::default() }).await?;
    Ok(format!("已取消，{left}。"))
}
