//! A table of many entries, written by a job, in slices (`shared/imports/slices`), and taken back by one.

use super::super::actions::{claim, correct};
use super::row;
use super::sheet::{Names, names, spec};
use crate::shared::background::{JobKind, Task, Work, Working};
use crate::shared::imports::{self, Begun, Report, Rows, Sent};
use crate::shared::jobs::{self, NewJob};
use crate::shared::taken_back::ImportKind;
use jiedui_documents::{CellError, Record};
use jiedui_kernel::{Error, Result};
use jiedui_programme::{Activity, Programme};
use jiedui_store::Tx;
use jiedui_web::context::RequestContext;
use jiedui_web::workbook::SentWorkbook;
use std::sync::Arc;

pub const IMPORT: JobKind = JobKind {
    id: "entry.import",
    name: "从表格登记台账",
    right: ("entry", "claim"),
    work: Work::Slices(|task| Box::pin(write(task))),
};

/// Has a table that was looked at written; the id of the job.
pub async fn queue(
    ctx: &mut RequestContext,
    (kind, activity, subject): (&ImportKind, &Activity, &str),
    (sent, report): (&Sent, &Report),
    rows: usize,
) -> Result<String> {
    let id = ctx.tx.new_id();
    let book = sent.book();
    let job = NewJob {
        kind: IMPORT.id,
        title: IMPORT.name,
        args: args(&id, &activity.id)?,
        input: Some((book.name.as_str(), sent.bytes())),
    };
    let job = jobs::queue(&mut ctx.tx, &job).await?;
    // All of it is claimed in one batch, which is called after the import.
    let done = (&id, i64::try_from(rows).map_err(Error::internal)?);
    let begun = Begun { id: &id, subject, job: &job, rows };
    imports::begin(&mut ctx.tx, kind, (book, report), &begun, &done).await?;
    Ok(job)
}

/// Has what a table claimed withdrawn; the id of the job.
pub async fn queue_back(ctx: &mut RequestContext, id: &str) -> Result<String> {
    let job =
        NewJob { kind: IMPORT.id, title: "撤销从表格登记的台账", args: args(id, "")?, input: None };
    jobs::queue(&mut ctx.tx, &job).await
}

/// The import, and the activity that its rows claim.
fn args(import: &str, activity: &str) -> Result<String> {
    serde_json::to_string(&(import, activity)).map_err(Error::internal)
}

/// A table as it was accepted, read again.
struct Table {
    activity: Activity,
    names: Names,
    records: Vec<Record>,
}

struct TableRows {
    programme: Arc<Programme>,
    /// The batch in which all of it is claimed.
    batch: String,
    /// Or why it can no longer be read as when it was accepted.
    table: Result<Table, String>,
}

impl Rows for TableRows {
    fn number(&self, at: usize) -> u32 {
        let record = self.table.as_ref().ok().and_then(|table| table.records.get(at));
        record.map_or(0, |record| record.row)
    }

    fn write<'a>(&'a mut self, tx: &'a mut Tx, at: usize) -> Working<'a, ()> {
        Box::pin(async move {
            let table = self.table.as_ref().map_err(|words| Error::NotNow(words.clone()))?;
            let record = table.records.get(at).ok_or(Error::NotFound)?;
            let new = row::entry(&table.activity, &table.names, record)?;
            claim::claim_in_batch(tx, &self.programme, &table.activity, &new, &self.batch).await.map(drop)
        })
    }

    fn take_back<'a>(&'a mut self, tx: &'a mut Tx, done: &'a str, most: usize) -> Working<'a, usize> {
        Box::pin(async move {
            let (batch, _): (String, i64) = serde_json::from_str(done).map_err(Error::internal)?;
            correct::withdraw_some(tx, &self.programme, &batch, most).await
        })
    }
}

async fn write(task: &Task) -> Result<String> {
    let (id, activity): (String, String) = serde_json::from_str(&task.args).map_err(Error::internal)?;
    let programme = task.app.programme();
    let table = match read(task, &programme, &activity).await {
        Ok(table) => Ok(table),
        // Its first row is refused with these words; on the way back nobody reads it.
        Err(fault) if imports::refuses(&fault) => Err(imports::in_words(&fault)),
        Err(fault) => return Err(fault),
    };
    let mut rows = TableRows { programme, batch: id.clone(), table };
    imports::run(task, &id, &mut rows).await
}

async fn read(task: &Task, programme: &Programme, activity: &str) -> Result<Table> {
    let activity = programme.activity(activity).cloned().ok_or(Error::NotFound)?;
    let mut tx = task.app.db.read(Arc::clone(&task.actor)).await?;
    let names = names(&mut tx, programme, &activity).await?;
    // Nothing of the database is held while the file is read.
    drop(tx);
    let (description, (name, bytes)) = (spec(&activity, &names), task.input.clone());
    let work = move || SentWorkbook::with_notes(&description, &bytes, &name);
    let book = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
    let found = book.rows.map_err(|errors| Error::NotNow(in_words(&errors)))?;
    if !found.errors.is_empty() {
        return Err(Error::NotNow(in_words(&found.errors)));
    }
    Ok(Table { activity, names, records: found.records })
}

/// The first of what is wrong with a file that could be read when it was accepted.
fn in_words(errors: &[CellError]) -> String {
    errors.first().map_or_else(|| "这份表格读不出来".to_owned(), ToString::to_string)
}
