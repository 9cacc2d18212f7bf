//! Answers of the other side: confirm, confirm in part, dispute; many at once; taking an answer back; adjudicating what
//! nobody answered in time.

use super::super::data::{self, EntryRow};
use super::super::rules::{self, Answered, EntryAnswer};
use super::apply;
use crate::shared::confirmation::{self, Action, Record, Ruling};
use crate::shared::notices::{self, Kind, News};
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args};
use jiedui_web::history;
use std::sync::Arc;

/// Writes an answer of the caller.
async fn put(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    (entry, version): (&Found<EntryRow>, i64),
    (action, answered): (Action, Answered),
    (reason, batch): (&str, &str),
) -> Result<()> {
    let (state, effect) = apply(tx, programme, entry, version, action)?;
    super::not_half_written(tx, &entry.id).await?;
    let answers = action != Action::TakeBack;
    let name = format!("{} {}", tx.actor().org_name, tx.actor().name());
    let values = args![
        state.text(),
        answered.confirmed,
        answered.disputed.map(|period| period.from),
        answered.disputed.map(|period| period.to),
        answers.then_some(tx.now()),
        if answers { name } else { String::new() },
    ];
    data::ANSWER.at(entry, version, values).write(tx, confirmation::CHANGED).await?;
    let change = serde_json::json!({ "confirmed": answered.confirmed, "disputed_days": answered.disputed });
    let record = Record { resource: "entry", id: &entry.id, version, effect, reason, batch, change };
    super::record(tx, programme, record).await?;
    tell(tx, programme, entry, (action, reason, batch)).await
}

/// Tells the side that claimed it what became of it; where a bureau decided, also the side that did not answer.
async fn tell(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    (action, reason, batch): (Action, &str, &str),
) -> Result<()> {
    let verb = match action {
        Action::Confirm => "确认了",
        Action::Part => "部分确认了",
        Action::Dispute => "提出异议：",
        Action::Adjudicate(_) => "核定了",
        _ => return Ok(()),
    };
    let words = format!("{verb}{}", rules::title(programme, entry));
    let news =
        News { kind: Kind::Answered, resource: "entry", id: &entry.id, words: &words, said: reason, batch };
    notices::tell(tx, &entry.claimant, news).await?;
    if matches!(action, Action::Adjudicate(_)) {
        notices::tell(tx, &entry.answerer, news).await?;
    }
    Ok(())
}

/// The answer of the caller, with every check: what the page and the demonstration have in common.
pub async fn respond(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    version: i64,
    verdict: &EntryAnswer,
    reason: &str,
) -> Result<()> {
    let activity = programme.activity(&entry.activity).ok_or(Error::NotFound)?;
    // Whose answer it is comes before what it says.
    apply(tx, programme, entry, version, verdict.action())?;
    let answered = rules::answered(entry, activity, verdict)?;
    put(tx, programme, (entry, version), (verdict.action(), answered), (reason, "")).await
}

/// The decision of a bureau on what its side left unanswered for too long, with every check.
pub async fn adjudicate(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    version: i64,
    ruling: Ruling,
    reason: &str,
) -> Result<()> {
    let answered = match ruling {
        Ruling::Confirm => rules::whole(entry),
        Ruling::Dispute => Answered::NOTHING,
    };
    put(tx, programme, (entry, version), (Action::Adjudicate(ruling), answered), (reason, "")).await
}

/// Takes the caller's answer back: it waits again.
pub async fn take_back(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    version: i64,
) -> Result<()> {
    put(tx, programme, (entry, version), (Action::TakeBack, Answered::NOTHING), ("", "")).await
}

/// Whether it was done; somebody else's action in between, or a lack of right, is no failure of a whole batch.
fn done(result: Result<()>) -> Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(Error::Conflict(_) | Error::NotNow(_) | Error::Forbidden(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// What became of one of several that were confirmed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InBatch {
    Done,
    /// It was handled in between, is to be read first or is not the caller's to confirm.
    Passed,
    /// The same person acted on it for another organisation: what it is.
    OwnSide(String),
}

/// Confirms an entry as part of a batch.
pub async fn confirm_in_batch(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    (id, version): (&str, i64),
    batch: &str,
) -> Result<InBatch> {
    let entry = tx.find::<EntryRow>(&data::SHOW, args![id]).await?;
    // What was objected to is read before it is answered.
    if entry.corrected_after_objection() {
        return Ok(InBatch::Passed);
    }
    // Asked before anything is written: the others go on, and the row would stay confirmed without its step.
    if history::other_side(tx, &entry.id).await?.is_some() {
        let name = format!("{} {}", rules::title(programme, &entry), entry.from_day);
        return Ok(InBatch::OwnSide(name));
    }
    let all = (Action::Confirm, rules::whole(&entry));
    let confirmed = done(put(tx, programme, (&entry, version), all, ("", batch)).await)?;
    Ok(if confirmed { InBatch::Done } else { InBatch::Passed })
}

/// Takes back what the caller confirmed together, as far as nothing has happened to it since; how many that were.
pub async fn undo(tx: &mut Tx, programme: &Arc<Programme>, batch: &str) -> Result<usize> {
    let ids = match batch {
        "" => Vec::new(),
        batch => confirmation::actions_of_batch(tx, "entry", batch).await?,
    };
    if ids.is_empty() {
        return Err(Error::NotFound);
    }
    let mut count = 0;
    for id in ids {
        // As with confirming: since then somebody may have said whose account the other one is.
        if history::other_side(tx, &id).await?.is_some() {
            continue;
        }
        let entry = tx.find::<EntryRow>(&data::SHOW, args![&id]).await?;
        if done(take_back(tx, programme, &entry, entry.version).await)? {
            count += 1;
        }
    }
    Ok(count)
}
