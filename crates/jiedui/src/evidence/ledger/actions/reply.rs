//! What the sides of an entry say to each other under it. It is a line of the history, which both have anyway: it answers
//! nothing, and nothing of the entry changes.

use super::super::data::EntryRow;
use super::super::rules;
use crate::shared::notices::{self, Kind, News};
use jiedui_kernel::{Code, Error, Mistake, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx};
use jiedui_web::history::{self, HistoryEntry};

/// The kind under which the history keeps it.
pub const KIND: &str = "reply";
/// The longest, in characters: what takes more is a correction or a dispute.
pub const LONGEST: usize = 300;

/// So many of one side under one entry: whoever needs more takes up the telephone, or corrects the entry.
pub const MOST: usize = 20;

/// Whether an organisation is one of the two between which the entry stands.
pub fn may(org: &str, entry: &EntryRow) -> bool {
    [&entry.claimant, &entry.answerer].into_iter().any(|side| side == org)
}

pub async fn reply(tx: &mut Tx, programme: &Programme, entry: &Found<EntryRow>, text: &str) -> Result<()> {
    let org = tx.actor().org.clone();
    if !may(&org, entry) {
        return Err(Error::Forbidden("只有登记单位和确认单位可以在这里互相回复。".to_owned()));
    }
    let length = text.chars().count();
    if length == 0 {
        return Err(Error::field("reply", Code::Missing.says("请写一句要告诉对方的话。")));
    }
    if length > LONGEST {
        return Err(Error::field("reply", Mistake::too_long("回复", LONGEST, length)));
    }
    let before = history::of(tx, &entry.id).await?;
    if before.iter().filter(|step| step.kind == KIND && step.org == org).count() >= MOST {
        let words =
            format!("一条记录下每个单位最多回复 {MOST} 次，已经满了；请电话联系，或者更正、提出异议。");
        return Err(Error::field("reply", Code::TooMany.says(words)));
    }
    let change = serde_json::json!({});
    let step = HistoryEntry {
        resource: "entry",
        id: &entry.id,
        kind: KIND,
        reason: text,
        revision: entry.version,
        change,
    };
    history::record(tx, &step).await?;
    let other = if org == entry.claimant { &entry.answerer } else { &entry.claimant };
    let words = format!("回复了：{}", rules::title(programme, entry));
    let news =
        News { kind: Kind::Replied, resource: "entry", id: &entry.id, words: &words, said: text, batch: "" };
    notices::tell(tx, other, news).await
}
