//! The check of the rows against the log: each row must be what its last record says, and there must be no other rows.

use super::check::{LogCheck, Noted, verify_with};
use super::spread::{Lines, RowDigest, Short, Spread};
use super::{ACCEPT, ONE_LEAF, StoredLeaf, Written, differences, parse_hash, record};
use crate::catalog::Shape;
use crate::image::{RowImage, shown};
use crate::table::Table;
use crate::{Tx, args, sql};
use jiedui_kernel::{Error, Result};
use jiedui_proof::HashKind;
use serde::Serialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

sql! { LAST_RECORD: free, "SELECT leaf, digest, image FROM audit_row WHERE tbl = $1 AND key = $2" }
sql! { OF_RESOURCE: free, "SELECT tbl, key FROM audit_row WHERE resource = $1 ORDER BY tbl, key" }
sql! { WRITTEN: free,
"SELECT id, written FROM audit_leaf WHERE id > $1 AND written IS NOT NULL ORDER BY id LIMIT 200" }

/// Beyond this many, faults are counted and no longer looked into.
const LOOKED_INTO: usize = 500;

/// What a row is that differs from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is not what its last record says.
    Changed,
    /// Its last record says that it is there.
    Missing,
    /// No record knows it.
    Unrecorded,
    /// It was changed outside the log and later overwritten by an action, whose record says so.
    Overwritten,
}

/// A row that differs from the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFault {
    pub fault: Fault,
    pub table: String,
    pub key: String,
    /// Column, what the log says, what the database says. Empty where the log keeps digests only.
    pub columns: Vec<(String, String, String)>,
    /// The record that says otherwise.
    pub leaf: Option<String>,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            Fault::Changed => "与日志不一致",
            Fault::Missing => "日志里有，数据库里没有",
            Fault::Unrecorded => "数据库里有，日志里没有",
            Fault::Overwritten => "曾在日志之外被改动，后来又被正常操作覆盖",
        };
        write!(f, "表 {} 行 {}：{what}", self.table, self.key)?;
        for (column, log, database) in &self.columns {
            write!(f, "；列 {column}：日志为“{log}”，数据库为“{database}”")?;
        }
        match &self.leaf {
            Some(leaf) => write!(f, "（记录 {leaf}）"),
            None => Ok(()),
        }
    }
}

/// What the check of the rows found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RowCheck {
    pub tables: i64,
    pub rows: i64,
    pub faults: Vec<RowFault>,
    /// Faults that were found but are not listed.
    pub more: i64,
}

impl RowCheck {
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty() && self.more == 0
    }

    fn add(&mut self, fault: RowFault) {
        if self.faults.len() < LOOKED_INTO {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }
}

fn shortened(full: &[u8; 32]) -> Short {
    std::array::from_fn(|at| full[at])
}

/// A digest, which somebody may have replaced by any text.
pub(super) fn short_of(hash: HashKind, digest: &str) -> Short {
    shortened(&parse_hash(digest).unwrap_or_else(|_| jiedui_proof::row_hash(hash, digest.as_bytes())))
}

/// By what a row is told apart from all others.
pub(super) fn name(hash: HashKind, table: &str, key: &str) -> Short {
    shortened(&jiedui_proof::row_hash(hash, format!("{table}\n{key}").as_bytes()))
}

/// Rows that differ from the log, by name, with the digest that the log gives them.
pub(super) struct Differing {
    /// They are there; `None` where the log does not know them.
    pub(super) changed: HashMap<Short, Option<Short>>,
    /// They are not there.
    pub(super) missing: HashMap<Short, Short>,
    /// More than are kept.
    more: i64,
    most: usize,
}

impl Differing {
    /// Nothing yet, and no more than so many to be kept.
    pub(super) fn at_most(most: usize) -> Self {
        Self { changed: HashMap::new(), missing: HashMap::new(), more: 0, most }
    }

    fn has_room(&mut self) -> bool {
        let room = self.changed.len() + self.missing.len() < self.most;
        self.more += i64::from(!room);
        room
    }

    /// Compares one part of the log with the same part of the rows.
    pub(super) fn compare(&mut self, log: Lines, rows: Lines) -> Result<()> {
        let mut said: HashMap<Short, Short> = HashMap::new();
        for line in log {
            let RowDigest { name, digest } = line?;
            match digest {
                Some(digest) => drop(said.insert(name, digest)),
                None => drop(said.remove(&name)),
            }
        }
        for line in rows {
            let RowDigest { name, digest } = line?;
            let last = said.remove(&name);
            if last != digest && self.has_room() {
                self.changed.insert(name, last);
            }
        }
        for (name, digest) in said {
            if self.has_room() {
                self.missing.insert(name, digest);
            }
        }
        Ok(())
    }
}

/// Checks the log, then every row against it. Neither is ever in memory whole.
pub async fn verify(tx: &mut Tx, noted: &Noted) -> Result<(LogCheck, RowCheck)> {
    let hash = tx.hash;
    let mut said = Spread::new();
    let mut found = RowCheck::default();
    let mut overwritten = Vec::new();
    let log = verify_with(tx, noted, |leaf| {
        for line in leaf.rows() {
            let digest = line.digest.as_deref().map(|digest| short_of(hash, digest));
            said.enter(RowDigest { name: name(hash, &line.table, &line.key), digest })?;
            if leaf.action == ACCEPT {
                overwritten.retain(|fault: &RowFault| (&fault.table, &fault.key) != (&line.table, &line.key));
            }
            if !line.outside.is_empty() {
                overwritten.push(overwrite(leaf, &line));
            }
        }
        Ok(())
    })
    .await?;
    overwritten.into_iter().for_each(|fault| found.add(fault));
    let shapes: Vec<Arc<Shape>> = tx.catalog.shapes().map(Arc::clone).collect();
    let mut there = Spread::new();
    for shape in &shapes {
        found.rows += enter_rows(tx, shape, &mut there).await?;
        found.tables += 1;
    }
    let mut differing = Differing::at_most(LOOKED_INTO);
    for (log, rows) in said.into_parts().zip(there.into_parts()) {
        differing.compare(log?, rows?)?;
    }
    found.more += differing.more;
    if !differing.changed.is_empty() {
        for shape in &shapes {
            name_changed(tx, shape, &differing.changed, &mut found).await?;
        }
    }
    if !differing.missing.is_empty() {
        name_missing(tx, &differing.missing, &mut found).await?;
    }
    Ok((log, found))
}

fn overwrite(leaf: &StoredLeaf, line: &Written) -> RowFault {
    RowFault {
        fault: Fault::Overwritten,
        table: line.table.clone(),
        key: line.key.clone(),
        columns: columns(line.outside.iter().filter(|(name, _)| !name.is_empty())),
        leaf: Some(leaf.id.clone()),
    }
}

fn columns<'a>(
    changes: impl Iterator<Item = (&'a String, &'a (Option<Value>, Option<Value>))>,
) -> Vec<(String, String, String)> {
    let text = |value: &Option<Value>| value.as_ref().map_or_else(|| "（空）".to_owned(), shown);
    changes.map(|(name, (before, after))| (name.clone(), text(before), text(after))).collect()
}

/// Enters all rows of a table as they are; says how many.
pub(super) async fn enter_rows(tx: &mut Tx, shape: &Shape, there: &mut Spread) -> Result<i64> {
    let (hash, table) = (tx.hash, shape.table.name);
    let mut rows = 0;
    let enter = |row: RowImage| {
        rows += 1;
        let digest = short_of(hash, &row.digest(hash, table)?);
        there.enter(RowDigest { name: name(hash, table, &row.key), digest: Some(digest) })
    };
    tx.engine.each_row(shape.table.all, Vec::new(), shape, hash, enter).await?;
    Ok(rows)
}

/// Says what is wrong with those rows of a table that differ: they are read once more.
async fn name_changed(
    tx: &mut Tx,
    shape: &Shape,
    differing: &HashMap<Short, Option<Short>>,
    found: &mut RowCheck,
) -> Result<()> {
    let (hash, table) = (tx.hash, shape.table.name);
    let mut rows = Vec::new();
    let pick = |row: RowImage| {
        if let Some(said) = differing.get(&name(hash, table, &row.key)) {
            rows.push((row, *said));
        }
        Ok(())
    };
    tx.engine.each_row(shape.table.all, Vec::new(), shape, hash, pick).await?;
    for (row, said) in rows {
        let fault = changed(tx, shape, &row, said).await?;
        found.add(fault);
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LastRecord {
    leaf: String,
    digest: String,
    image: Option<String>,
}

/// What is wrong with a row; `said` is the digest that the log gives it.
async fn changed(tx: &mut Tx, shape: &Shape, row: &RowImage, said: Option<Short>) -> Result<RowFault> {
    let (table, hash) = (shape.table.name, tx.hash);
    let mut fault = RowFault {
        fault: Fault::Unrecorded,
        table: table.to_owned(),
        key: row.key.clone(),
        columns: Vec::new(),
        leaf: None,
    };
    let Some(said) = said else { return Ok(fault) };
    fault.fault = Fault::Changed;
    let last = tx.maybe::<LastRecord>(&LAST_RECORD, args![table, &row.key]).await?;
    // The image is believed only where it has the digest that the record says.
    let last = last.filter(|last| short_of(hash, &last.digest) == said);
    let before = last.as_ref().and_then(|last| record::values(last.image.as_deref()));
    let before = before.map(|values| RowImage { key: row.key.clone(), values });
    fault.leaf = last.map(|last| last.leaf);
    if let Some(before) =
        before.filter(|image| image.digest(hash, table).is_ok_and(|it| short_of(hash, &it) == said))
    {
        fault.columns = columns(differences(&before.values, &row.values).iter());
    }
    Ok(fault)
}

/// Names the rows that the log says are there.
async fn name_missing(tx: &mut Tx, missing: &HashMap<Short, Short>, found: &mut RowCheck) -> Result<()> {
    let mut last: HashMap<Short, RowFault> = HashMap::new();
    let mut after = String::new();
    loop {
        let batch = tx.all::<(String, String)>(&WRITTEN, args![&after]).await?;
        let Some((end, _)) = batch.last() else { break };
        after.clone_from(end);
        for (leaf, written) in batch {
            for line in serde_json::from_str::<Vec<Written>>(&written).unwrap_or_default() {
                let name = name(tx.hash, &line.table, &line.key);
                let said = line.digest.as_deref().map(|digest| short_of(tx.hash, digest));
                if said.is_some() && missing.get(&name).copied() == said {
                    last.insert(name, absent(line.table, line.key, Some(leaf.clone())));
                }
            }
        }
    }
    let mut faults: Vec<RowFault> = last.into_values().collect();
    faults.sort_unstable_by(|a, b| (&a.table, &a.key).cmp(&(&b.table, &b.key)));
    faults.into_iter().for_each(|fault| found.add(fault));
    Ok(())
}

fn absent(table: String, key: String, leaf: Option<String>) -> RowFault {
    RowFault { fault: Fault::Missing, table, key, columns: Vec::new(), leaf }
}

/// How the rows of one resource stand to the log.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResourceCheck {
    pub rows: i64,
    pub faults: Vec<RowFault>,
    /// The newest record that wrote one of the rows.
    pub leaf: Option<String>,
}

/// Compares the rows of one resource with their last records. It believes `audit_row` where to look and the record what
/// to find there; only [`verify`] also shows that no newer record was taken away.
pub async fn of_resource(tx: &mut Tx, tables: &[Table], id: &str) -> Result<ResourceCheck> {
    let mut check = ResourceCheck::default();
    let mut there = HashSet::new();
    let mut records: HashMap<String, Option<StoredLeaf>> = HashMap::new();
    let mut newest: Option<(i64, String)> = None;
    for table in tables {
        let (Some((_, text)), Some(shape)) = (table.of, tx.catalog.shape(table.name).map(Arc::clone)) else {
            continue;
        };
        let mut rows = Vec::new();
        let hash = tx.hash;
        let keep = |row| {
            rows.push(row);
            Ok(())
        };
        tx.engine.each_row(text, args![id], &shape, hash, keep).await?;
        for row in rows {
            check.rows += 1;
            there.insert((table.name.to_owned(), row.key.clone()));
            let leaf = record_of(tx, table.name, &row.key, &mut records).await?;
            let said = leaf.as_ref().and_then(|leaf| said_by(leaf, table.name, &row.key));
            if said != Some(row.digest(hash, table.name)?) {
                let said = said.map(|digest| short_of(hash, &digest));
                check.faults.push(changed(tx, &shape, &row, said).await?);
            }
            if let Some(leaf) = leaf.filter(|leaf| newest.as_ref().is_none_or(|(at, _)| *at < leaf.revision))
            {
                newest = Some((leaf.revision, leaf.id));
            }
        }
    }
    for (table, key) in tx.all::<(String, String)>(&OF_RESOURCE, args![id]).await? {
        let own = tables.iter().any(|one| one.name == table);
        if own && !there.contains(&(table.clone(), key.clone())) {
            check.faults.push(absent(table, key, None));
        }
    }
    check.leaf = newest.map(|(_, leaf)| leaf);
    Ok(check)
}

/// The record that last wrote a row; `None` where there is none, or where its content is not what was hashed.
async fn record_of(
    tx: &mut Tx,
    table: &str,
    key: &str,
    records: &mut HashMap<String, Option<StoredLeaf>>,
) -> Result<Option<StoredLeaf>> {
    let Some(last) = tx.maybe::<LastRecord>(&LAST_RECORD, args![table, key]).await? else { return Ok(None) };
    if let Some(known) = records.get(&last.leaf) {
        return Ok(known.clone());
    }
    let leaf = tx.maybe::<StoredLeaf>(&ONE_LEAF, args![&last.leaf]).await?;
    let hashed = leaf.as_ref().map(|leaf| leaf.is_as_hashed(tx.hash)).transpose()?;
    let leaf = leaf.filter(|_| hashed == Some(true));
    records.insert(last.leaf, leaf.clone());
    Ok(leaf)
}

fn said_by(leaf: &StoredLeaf, table: &str, key: &str) -> Option<String> {
    leaf.rows().into_iter().find(|line| line.table == table && line.key == key).and_then(|line| line.digest)
}

/// All that is wrong with log and rows, a line each.
pub async fn faults(tx: &mut Tx) -> Result<Vec<String>> {
    let (log, rows) = verify(tx, &Noted::default()).await?;
    Ok(describe(&log, &rows))
}

/// For callers that want one text: all that is wrong, a line each.
pub fn describe(log: &LogCheck, rows: &RowCheck) -> Vec<String> {
    let more = (rows.more > 0).then(|| format!("另有 {} 处不一致没有列出", rows.more));
    log.faults.iter().cloned().chain(rows.faults.iter().map(ToString::to_string)).chain(more).collect()
}

/// That log and rows agree, before something is done that would make a difference look legitimate; `doing` says what was not
/// done otherwise.
pub async fn must_agree(tx: &mut Tx, doing: &str) -> Result<()> {
    let (log, rows) = verify(tx, &Noted::default()).await?;
    must_be_whole(&log, &rows, doing)
}

pub(crate) fn must_be_whole(log: &LogCheck, rows: &RowCheck, doing: &str) -> Result<()> {
    match describe(log, rows).as_slice() {
        [] => Ok(()),
        [first, rest @ ..] => Err(Error::CannotStart(format!(
            "数据与审计日志不一致，没有{doing}：{first}{}。请先用 jiedui audit verify 查看全部不一致之处。",
            if rest.is_empty() { String::new() } else { format!("，另有 {} 处", rest.len()) }
        ))),
    }
}
