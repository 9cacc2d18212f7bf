//! What was done to an agreement, a plan, a project list or a need, in order: who, when, with which words, about which
//! revision of it.

pub mod copies;
mod data;

use crate::figure::when;
use jiedui_kernel::{Error, Result};
use jiedui_store::{AuditRecord, Table, Tx, args, named, table};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

pub use data::HistoryRow;

/// What is kept of histories.
pub const TABLES: &[Table] = &[table!(scoped "step" of "resource_id").grows()];

/// Something done by the caller, about a thing that was found in scope.
#[derive(Debug)]
pub struct HistoryEntry<'a> {
    /// `entry`, `output`, `agreement`, `school_plan`, `project_list`, `project`, `need`, `capacity`, `application`: also the
    /// first half of the leaf's action.
    pub resource: &'static str,
    pub id: &'a str,
    pub kind: &'static str,
    pub reason: &'a str,
    /// The revision of the thing that it is about.
    pub revision: i64,
    pub change: Value,
}

/// Writes a step, and its leaf in the log.
pub async fn record(tx: &mut Tx, step: &HistoryEntry<'_>) -> Result<()> {
    record_in_batch(tx, step, "").await
}

/// The organisation for which the caller acted on a thing before, under any account of the same person, where it is another
/// than the one for which it acts now.
pub async fn other_side(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    let actor = Arc::clone(tx.actor());
    if actor.account().is_empty() {
        return Ok(None);
    }
    let other = tx.maybe::<(String,)>(&data::OTHER_SIDE, args![id, actor.account(), &actor.org]).await?;
    Ok(other.map(|(org,)| org))
}

/// One person is on one side: whoever acted on a thing for one organisation cannot act on it for another. Every step asks this;
/// what goes on after a refusal, as with several at once, asks before it writes anything.
pub async fn one_side(tx: &mut Tx, id: &str) -> Result<()> {
    let actor = Arc::clone(tx.actor());
    other_side(tx, id).await?.map_or(Ok(()), |org| {
        let words = format!(
            "您已经以“{org}”的身份办理过这一项，不能再以“{}”的身份办理，没有改动。请由别的经办人办理。",
            actor.org_name
        );
        Err(Error::NotNow(words))
    })
}

/// The same for one of several that were done together, so that they can be taken back together.
pub async fn record_in_batch(tx: &mut Tx, step: &HistoryEntry<'_>, batch: &str) -> Result<()> {
    let actor = Arc::clone(tx.actor());
    one_side(tx, step.id).await?;
    let (id, now) = (tx.new_id(), tx.now());
    named!(data::INSERT {
        id,
        resource: step.resource,
        resource_id: step.id,
        at: now,
        account: actor.account(),
        name: actor.name(),
        org: &actor.org,
        org_name: &actor.org_name,
        kind: step.kind,
        reason: step.reason,
        revision: step.revision,
        change: with_token(tx, &step.change).to_string(),
        batch,
    })
    .write(tx)
    .await?;
    let body = serde_json::json!({ "reason": step.reason, "revision": step.revision, "change": step.change });
    let action = format!("{}.{}", step.resource, step.kind);
    tx.audit(AuditRecord { action: &action, resource: step.resource, resource_id: step.id }, &body).await
}

/// What a step changed, and the token by which a program took it.
fn with_token(tx: &Tx, change: &Value) -> Value {
    let mut change = change.clone();
    if let (Some(token), Some(said)) = (tx.by_token(), change.as_object_mut()) {
        said.insert("by_token".to_owned(), token.name.as_str().into());
    }
    change
}

/// The steps of a thing that was found in scope, oldest first.
pub async fn of(tx: &mut Tx, id: &str) -> Result<Vec<HistoryRow>> {
    tx.all(&data::OF, args![id]).await
}

/// Takes the steps of a thing with it that goes as if it had never been: what a file brought, and nobody built on. The audit log
/// keeps that both were there.
pub async fn forget(tx: &mut Tx, id: &str) -> Result<()> {
    tx.write(&data::FORGET, args![id]).await.map(drop)
}

/// How often each organisation visible to the caller did what, by month: organisation, thing, kind, month, times.
pub async fn recorded(
    tx: &mut Tx,
    months: &jiedui_kernel::Months,
) -> Result<Vec<(String, String, String, i64, i64)>> {
    tx.all(&data::RECORDED, months.bounds().into_iter().map(Into::into).collect()).await
}

/// Who saved a thing last, shown after a concurrent edit.
#[derive(Debug, Clone, Serialize)]
pub struct Saved {
    who: String,
    org: String,
    when: String,
}

/// The last step that changed what the thing says; a need that was moved up or down says what it said.
pub async fn saved_last(tx: &mut Tx, id: &str) -> Result<Option<Saved>> {
    let last = of(tx, id).await?.into_iter().rfind(|step| step.kind != "move" && !is_beside(&step.kind));
    Ok(last.map(|step| Saved { who: step.name, org: step.org_name, when: when(step.at) }))
}

/// One line of a thing's history, as `components.html` shows it.
#[derive(Debug, Serialize)]
pub struct TimelineItem {
    what: &'static str,
    who: String,
    org: String,
    when: String,
    note: String,
    /// What it changed, in the words of its form: label, before, after.
    changes: Vec<[String; 3]>,
}

/// What a step says that it changed, for people: the `told` of its change.
fn told(change: &Value) -> Vec<[String; 3]> {
    change.get("told").and_then(|told| serde_json::from_value(told.clone()).ok()).unwrap_or_default()
}

/// Who took a step; where a program did so in somebody's place, by which token.
fn who(step: &HistoryRow, change: &Value) -> String {
    // What no person did, the system did; which of its jobs it was, the log says.
    if step.org.is_empty() && step.name.is_ascii() {
        return "系统".to_owned();
    }
    let token = change.get("by_token").and_then(Value::as_str);
    token.map_or_else(|| step.name.clone(), |token| format!("{}，由程序用接口密钥“{token}”", step.name))
}

/// What is said or asked beside a thing, whatever it is: it changes nothing of it.
const BESIDE: [(&str, &str); 4] =
    [("urge", "催办"), ("reply", "回复"), ("attach", "附材料"), ("detach", "撤回材料")];

/// Whether a step changed nothing of the thing itself.
pub fn is_beside(kind: &str) -> bool {
    BESIDE.iter().any(|(id, _)| *id == kind)
}

/// The history as a page shows it, newest first; `words` gives each kind its name.
pub fn timeline(steps: &[HistoryRow], words: &[(&str, &'static str)]) -> Vec<TimelineItem> {
    let all = || words.iter().chain(&BESIDE);
    let name = |kind: &str| all().find(|(id, _)| *id == kind).map_or("处理", |(_, name)| *name);
    let line = |step: &HistoryRow| {
        let change: Value = serde_json::from_str(&step.change).unwrap_or_default();
        TimelineItem {
            what: name(&step.kind),
            who: who(step, &change),
            org: step.org_name.clone(),
            when: when(step.at),
            note: step.reason.clone(),
            changes: told(&change),
        }
    };
    steps.iter().rev().map(line).collect()
}
