//! A version is written, looked at with what it moves, and then activated or given up. There is one at a time: a further
//! change goes on from it.

use super::super::data::{self, VersionRow};
use super::super::rules::{self, Files, State};
use super::prepared;
use super::rehearse::REHEARSE;
use super::take_up::{self, CHOSEN};
use crate::shared::jobs::{self, NewJob};
use jiedui_kernel::{Code, Error, Result};
use jiedui_programme::{Programme, run_examples};
use jiedui_store::{AuditRecord, Tx, args, named, settings};

const CHANGED: &str = "这一版刚被别人处理过，请刷新后再看。";

/// Keeps a version in place of the one that was being prepared, and has it rehearsed. `about` says what is changed.
pub async fn prepare(tx: &mut Tx, files: &Files, programme: &Programme, about: &str) -> Result<String> {
    let base = take_up::in_use(tx).await?.unwrap_or_default();
    if base == programme.digest {
        return Err(Error::field("", Code::Unchanged.says("与现用的方案完全相同，没有可以启用的变化。")));
    }
    let mut lines = Vec::new();
    if let Some(open) = prepared(tx).await? {
        lines.extend(rules::lines(&open.about));
        decide(tx, &open, State::Dropped).await?;
    }
    lines.push(about.to_owned());
    take_up::keep_files(tx, &programme.digest, files).await?;
    let (id, now) = (tx.new_id(), tx.now());
    let new = NewJob { kind: REHEARSE.id, title: REHEARSE.name, args: id.clone(), input: None };
    let job = jobs::queue(tx, &new).await?;
    named!(data::ADD {
        id: &id,
        digest: &programme.digest,
        base,
        about: lines.join("\n"),
        state: State::Prepared,
        by: tx.actor().name().to_owned(),
        now,
        decided_by: "",
        decided_at: None::<jiedui_kernel::Instant>,
        job,
    })
    .write(tx)
    .await?;
    let record = AuditRecord { action: "programme.prepare", resource: "programme_version", resource_id: &id };
    tx.audit(record, &serde_json::json!({ "programme": programme.digest, "changes": lines })).await?;
    Ok(id)
}

async fn decide(tx: &mut Tx, row: &VersionRow, state: State) -> Result<()> {
    let (by, now) = (tx.actor().name().to_owned(), Some(tx.now()));
    data::DECIDE.at(row.id.as_str(), row.version, args![state, by, now]).write(tx, CHANGED).await
}

/// Gives a prepared version up.
pub async fn drop_version(tx: &mut Tx, row: &VersionRow) -> Result<()> {
    if !rules::is_open(row.state) {
        return Err(Error::Conflict(CHANGED.to_owned()));
    }
    decide(tx, row, State::Dropped).await?;
    let record =
        AuditRecord { action: "programme.drop", resource: "programme_version", resource_id: &row.id };
    tx.audit(record, &serde_json::json!({ "programme": row.digest })).await
}

/// Puts a prepared version in use: it was rehearsed, nothing in it would take away the ground of data, its examples hold,
/// and what it was built on is still in use.
pub async fn activate(tx: &mut Tx, row: &VersionRow, programme: &Programme) -> Result<()> {
    if !rules::is_open(row.state) {
        return Err(Error::Conflict(CHANGED.to_owned()));
    }
    let base = take_up::in_use(tx).await?.unwrap_or_default();
    if base != row.base {
        let words = "现用的方案在这期间换过了，这一版是按原来的写的。请放弃后重新准备。";
        return Err(Error::field("", Code::Changed.says(words)));
    }
    if row.replayed_at.is_none() {
        return Err(Error::field(
            "",
            Code::Incomplete.says("演算还没有完成，请等结果出来、看过以后再启用。"),
        ));
    }
    if !run_examples(programme).is_empty() {
        return Err(Error::field(
            "",
            Code::Contradiction.says("方案里有例子的结果与写明的不符，请改好再启用。"),
        ));
    }
    let changes = match take_up::compare(tx, Some(&base), programme).await {
        Err(Error::CannotStart(words)) => return Err(Error::field("", Code::Contradiction.says(words))),
        other => other?,
    };
    tx.write(&data::END_ACTIVE, Vec::new()).await?;
    decide(tx, row, State::Active).await?;
    take_up::put_in_use(tx, programme, &changes).await?;
    settings::write(tx, CHOSEN, &programme.digest).await
}
