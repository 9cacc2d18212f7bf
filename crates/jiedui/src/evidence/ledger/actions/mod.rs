//! What is done to entries: claimed, answered, adjudicated, corrected, accepted, withdrawn; with every check, for pages,
//! workbooks and the demonstration alike.

pub mod answer;
pub mod attached;
pub mod check;
pub mod claim;
pub mod copies;
pub mod correct;
pub mod in_file;
pub mod join;
pub mod led;
pub mod new_entry;
pub mod offers;
pub mod projects;
pub mod reply;
pub mod twins;

use super::data::{self, EntryRow};
use super::rules;
use crate::network::enterprises;
use crate::shared::confirmation::{self, Action, Effect, Record, State};
use crate::shared::contributions::{self, Source};
use crate::shared::imports::{self, Course};
use crate::shared::mechanism;
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use std::sync::Arc;

/// What an action of the caller, who saw this version, leads to.
pub fn apply(
    tx: &Tx,
    programme: &Arc<Programme>,
    entry: &EntryRow,
    version: i64,
    action: Action,
) -> Result<(State, Effect)> {
    let caller = rules::caller(tx.actor(), entry, programme, tx.today());
    let done = rules::confirmation(entry).apply(action, &caller);
    let (next, effect) = done.map_err(|refusal| refusal.against(version, entry.version))?;
    Ok((next.state, effect))
}

/// Whether it belongs to a table that is still being written, or taken back.
pub async fn is_half_written(tx: &mut Tx, entry: &str) -> Result<bool> {
    if !imports::any_under_way(tx).await? {
        return Ok(false);
    }
    let batch = confirmation::claimed_with(tx, entry).await?;
    Ok(imports::course_of(tx, &batch).await?.is_some_and(Course::is_under_way))
}

/// Takes an entry until the transaction ends: whoever changes it, and whoever takes its table back, wait for each other.
pub async fn hold(tx: &mut Tx, entry: &str) -> Result<()> {
    tx.lock(&data::HOLD, args![entry]).await
}

/// What belongs to one waits until the table is through, so that all of it can go, or stay.
async fn not_half_written(tx: &mut Tx, entry: &str) -> Result<()> {
    let batch = confirmation::claimed_with(tx, entry).await?;
    if batch.is_empty() {
        return Ok(());
    }
    // Before it is asked: otherwise the table might be taken back between the question and the change.
    hold(tx, entry).await?;
    if imports::course_of(tx, &batch).await?.is_some_and(Course::is_under_way) {
        let words = "这一条属于一份正在写入或撤回的表格，现在不能答复或改动；请等它结束以后再办。";
        return Err(Error::NotNow(words.to_owned()));
    }
    Ok(())
}

/// After a change of an entry: its history with the audit record, and what it adds to the indicators now.
async fn record(tx: &mut Tx, programme: &Arc<Programme>, record: Record<'_>) -> Result<()> {
    let entry = record.id.to_owned();
    confirmation::record(tx, record).await?;
    count(tx, programme, &entry).await
}

/// What an entry as it stands now adds to whatever is counted.
async fn count(tx: &mut Tx, programme: &Arc<Programme>, entry: &str) -> Result<()> {
    let Some(fact) = super::fact_of(tx, entry).await? else { return Ok(()) };
    mechanism::tell_entry(tx, programme, &fact)?;
    contributions::refresh(tx, programme, Source::Entry(&fact)).await?;
    if programme.counts_enterprises(&fact.activity) {
        let beside = enterprises::beside(tx, entry).await?;
        count_all(tx, programme, &beside).await?;
    }
    Ok(())
}

/// What an entry adds now that another one names the same enterprises, or no longer does.
pub async fn count_again(tx: &mut Tx, programme: &Arc<Programme>, entry: &str) -> Result<()> {
    match super::fact_of(tx, entry).await? {
        Some(fact) => contributions::refresh(tx, programme, Source::Entry(&fact)).await,
        None => Ok(()),
    }
}

async fn count_all(tx: &mut Tx, programme: &Arc<Programme>, entries: &[String]) -> Result<()> {
    for entry in entries {
        count_again(tx, programme, entry).await?;
    }
    Ok(())
}

/// To be called before an entry may move to other days: where it counted until now is looked at again too.
async fn leaves(tx: &mut Tx, programme: &Arc<Programme>, entry: &str) -> Result<()> {
    let Some(fact) = super::fact_of(tx, entry).await? else { return Ok(()) };
    mechanism::tell_entry(tx, programme, &fact)
}
