//! The one history of what is claimed and confirmed: its words, its audit record.

use super::data;
use super::state::{Action, Effect};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};
use jiedui_web::history::{self, HistoryEntry};

/// An action as history and audit log keep it, without what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionKind {
    pub text: &'static str,
    pub label: &'static str,
}

impl Action {
    pub const fn kind(self) -> ActionKind {
        let (text, label) = match self {
            Self::Claim => ("claim", "登记"),
            Self::Confirm => ("confirm", "确认"),
            Self::Part => ("part", "部分确认"),
            Self::Dispute => ("dispute", "提出异议"),
            Self::TakeBack => ("take_back", "撤销答复"),
            Self::Adjudicate(_) => ("adjudicate", "上级核定"),
            Self::Correct(_) => ("correct", "更正"),
            Self::Accept => ("accept", "接受对方意见"),
            Self::Advance(_) => ("stage", "进入新阶段"),
            Self::Withdraw => ("withdraw", "撤回"),
        };
        ActionKind { text, label }
    }
}

/// The words of a history as `history::timeline` asks for them.
pub fn words() -> [(&'static str, &'static str); Action::ALL.len()] {
    Action::ALL.map(|action| (action.kind().text, action.kind().label))
}

/// Something that `Confirmation::apply` allowed and that was written into the row.
#[derive(Debug)]
pub struct Record<'a> {
    /// `entry` or `output`: also the first half of the audit record's action.
    pub resource: &'static str,
    pub id: &'a str,
    /// The version before it.
    pub version: i64,
    pub effect: Effect,
    pub reason: &'a str,
    /// What is answered together shares it, so that it can be taken back together; "" otherwise.
    pub batch: &'a str,
    pub change: serde_json::Value,
}

/// Writes an action into the history, with its audit record. The states before and after stand in it, so that the
/// history can be folded and compared with the row.
pub async fn record(tx: &mut Tx, record: Record<'_>) -> Result<()> {
    let Effect { action, from, to, .. } = record.effect;
    let mut change = serde_json::json!({ "state": { "before": from, "after": to } });
    if let (Some(all), serde_json::Value::Object(more)) = (change.as_object_mut(), record.change) {
        all.extend(more);
    }
    let step = HistoryEntry {
        resource: record.resource,
        id: record.id,
        kind: action.kind().text,
        reason: record.reason,
        revision: record.version,
        change,
    };
    history::record_in_batch(tx, &step, record.batch).await
}

/// What the unit of the caller did in one batch and nothing has happened to since: ids. Whoever did it may have left.
pub async fn actions_of_batch(tx: &mut Tx, resource: &'static str, batch: &str) -> Result<Vec<String>> {
    let org = tx.actor().org.clone();
    let rows = tx.all::<(String,)>(&data::BATCH, args![batch, org, resource]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The batch in which a thing was claimed; "" where it was claimed by itself.
pub async fn claimed_with(tx: &mut Tx, id: &str) -> Result<String> {
    let found = tx.maybe::<(String,)>(&data::CLAIMED_WITH, args![id]).await?;
    Ok(found.map_or_else(String::new, |(batch,)| batch))
}

/// What the unit of the caller did in one batch and something has happened to since: ids.
pub async fn touched_of_batch(tx: &mut Tx, resource: &'static str, batch: &str) -> Result<Vec<String>> {
    let org = tx.actor().org.clone();
    let rows = tx.all::<(String,)>(&data::BATCH_TOUCHED, args![batch, org, resource]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
