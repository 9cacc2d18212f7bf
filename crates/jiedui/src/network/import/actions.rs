//! What one file did, and the way back from it as a whole: the rows that its transaction wrote are known, and so is what they were
//! before. What it made goes only while nothing refers to it; what it changed is as it was only while it is as the file left it.

use super::Report;
use super::workbook::spec;
use crate::network::pairings::{self, PairingDone, PairingImage};
use crate::network::registry::{self, RegistryBefore, RegistryDone};
use crate::shared::imports;
use crate::shared::taken_back::{ImportKind, TakenBack};
use jiedui_documents::{CellError, Read};
use jiedui_kernel::{Date, Error, Result};
use jiedui_store::Tx;
use jiedui_web::context::RequestContext;
use jiedui_web::workbook::SentWorkbook;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

pub const IMPORT: ImportKind = ImportKind {
    id: "registry",
    name: "院校名录与结对",
    right: ("registry", "import"),
    take_back: |ctx, done| Box::pin(take_back(ctx, done)),
};

/// The tables in which a file writes, and the figures that follow from posts. What else its transaction wrote is somebody's work
/// that went with a school.
const OWN: [&str; 11] = [
    "org",
    "org_flag",
    "org_lineage",
    "person",
    "person_post",
    "pairing",
    "pairing_party",
    "step",
    "figure_row",
    "figure_change",
    "figure_person",
];

const SETTLED: &str = "表格里的并入或停办（同时办结或转出了需求、项目等，不能一并恢复）";

/// The tables of rows of which it is kept what they were.
const KEPT: [&str; 4] = ["org", "org_flag", "person_post", "pairing"];

/// The rows that a file may change, as they are before it.
pub struct Before {
    /// The data that the file was held against: what is newer it does not know of.
    revision: i64,
    registry: RegistryBefore,
    pairings: HashMap<String, PairingImage>,
}

#[derive(Serialize, Deserialize)]
struct Done {
    registry: RegistryDone,
    pairings: Vec<PairingDone>,
    /// Something that others had written went with a school that is no more.
    settled: bool,
}

/// To be asked before the file is written; `revision` is that of the data that it was held against.
pub async fn before(tx: &mut Tx, rows: &Result<Read, Vec<CellError>>, revision: i64) -> Result<Before> {
    let people = rows.as_ref().is_ok_and(|read| read.sheet(spec::PEOPLE).next().is_some());
    Ok(Before {
        revision,
        registry: registry::before_file(tx, people).await?,
        pairings: pairings::before_file(tx).await?,
    })
}

/// Keeps what a file did that was taken in and stays; the address at which that is taken back. None where it changed nothing.
pub async fn keep(
    tx: &mut Tx,
    before: Before,
    (book, report): (&SentWorkbook, &Report),
) -> Result<Option<String>> {
    if !report.wrote() {
        return Ok(None);
    }
    let written = tx.written();
    // What somebody else wrote meanwhile, the file has written over and the way back would take from them.
    for row in written.iter().filter(|row| !row.made && KEPT.contains(&row.table)) {
        if tx.last_revision(row).await? > before.revision {
            return Err(Error::Conflict(registry::AT_ONCE.to_owned()));
        }
    }
    let done = Done {
        registry: registry::done_by_file(tx, before.registry, &written).await?,
        pairings: pairings::done_by_file(tx, before.pairings, &written).await?,
        settled: written.iter().any(|row| !OWN.contains(&row.table)),
    };
    let mut shown = imports::Report::default();
    report.show(&mut shown);
    imports::keep_done(tx, &IMPORT, (book, &shown), &done).await.map(Some)
}

async fn take_back(ctx: &mut RequestContext, done: &str) -> Result<TakenBack> {
    // The same file may hold both.
    ctx.require("pairing", "import")?;
    let done: Done = serde_json::from_str(done).map_err(Error::internal)?;
    if done.settled {
        return Ok(TakenBack::Built(vec![SETTLED.to_owned()]));
    }
    let tx = &mut ctx.tx;
    let mut built = registry::changed_since(tx, &done.registry).await?;
    built.extend(pairings::changed_since(tx, &done.pairings).await?);
    built.extend(resting_on_flags(tx, &done).await?);
    // Where something stands in the way the whole transaction is dropped.
    if built.is_empty() {
        built = pairings::take_back(tx, &done.pairings).await?;
    }
    if built.is_empty() {
        built = registry::take_back(tx, &done.registry).await?;
    }
    if built.is_empty() {
        return Ok(TakenBack::Done(done.registry.rows() + done.pairings.len()));
    }
    Ok(TakenBack::Built(built))
}

/// Pairings of others that need a flag of the file's on their first day.
async fn resting_on_flags(tx: &mut Tx, done: &Done) -> Result<Vec<String>> {
    if done.registry.flags.is_empty() {
        return Ok(Vec::new());
    }
    let holds = |(from, to): (Date, Option<Date>), day: Date| from <= day && to.is_none_or(|to| day <= to);
    let mut built = Vec::new();
    for row in pairings::in_scope(tx).await? {
        let is_own = |one: &PairingDone| one.row.before.is_none() && one.row.after.id == row.id;
        if done.pairings.iter().any(is_own) {
            continue;
        }
        for change in &done.registry.flags {
            let (flag, old) = (&change.after, change.before.as_ref());
            let party = if flag.flag == "county_school" { &row.county_school } else { &row.lead };
            let loses = holds((flag.from_day, flag.to_day), row.from_day)
                && !old.is_some_and(|old| holds((old.from_day, old.to_day), row.from_day));
            if *party == flag.org && loses {
                let name = registry::flag_name(&flag.flag);
                built.push(format!("{}自 {} 起的结对要有“{name}”标记", row.county_name, row.from_day));
            }
        }
    }
    Ok(built)
}
