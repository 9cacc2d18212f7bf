//! How the records of a transaction bind the rows that it wrote.
//!
//! Every write answers with the rows as they are now. When the transaction commits, each record gets the digests of the
//! rows written since the record before it, and all get the transaction's revision. The revision is raised under a lock
//! that is held until the commit, so records have one order: that of the commits.
//!
//! `audit_row` says which record last wrote a row and what the row was then. Where a row that is about to be overwritten
//! is not what it was, somebody changed it outside the log; the record says so for ever, so that no later write makes
//! such a change look legitimate.

use super::StoredLeaf;
use crate::catalog::Shape;
use crate::image::{RowImage, Values};
use crate::statement::Statement;
use crate::table::Kept;
use crate::tx::{AuditRecord, Tx};
use crate::{args, line, named, rows, sql};
use jiedui_kernel::{Error, Result};
use jiedui_proof::HashKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

sql! { RAISE_REVISION: housekeeping("counts audited writes"),
"UPDATE revision SET n = n + 1 WHERE id = 1" }
sql! { REVISION: free, "SELECT n FROM revision WHERE id = 1" }
sql! { APPEND: free by name,
"INSERT INTO audit_leaf (id, at, account, name, org, org_name, action, resource, resource_id, body, written, revision, \
ordinal, hash) VALUES (:id, :at, :account, :name, :org, :org_name, :action, :resource, :resource_id, :body, :written, \
:revision, :ordinal, :hash)" }
sql! { LAST_STATE: free, "SELECT digest, image FROM audit_row WHERE tbl = $1 AND key = $2" }
rows! { BIND: housekeeping("says which record last wrote a row") audit_row (tbl, key, resource, leaf, digest, image)
"ON CONFLICT (tbl, key) DO UPDATE SET resource = excluded.resource, leaf = excluded.leaf, digest = excluded.digest, \
image = excluded.image" }
sql! { LAST_REVISION: free, "SELECT l.revision FROM audit_row r JOIN audit_leaf l ON l.id = r.leaf WHERE r.tbl = $1 AND r.key = $2" }
sql! { RELEASE: housekeeping("a row that is gone has no last record"),
"DELETE FROM audit_row WHERE tbl = $1 AND key = $2" }

/// A value before and after; `None` where there was none.
pub type Change = (Option<Value>, Option<Value>);

/// A row that a record wrote, as the record says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    #[serde(rename = "t")]
    pub table: String,
    #[serde(rename = "k")]
    pub key: String,
    /// The digest of the row afterwards; `None` where it was deleted.
    #[serde(rename = "d")]
    pub digest: Option<String>,
    /// What the action changed, by column. Not for a row that is new.
    #[serde(rename = "c", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changed: BTreeMap<String, Change>,
    /// What somebody had changed before, outside the log: what the log said, and what was found. The name is "" for a
    /// row that the log did not know.
    #[serde(rename = "x", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outside: BTreeMap<String, Change>,
}

impl Written {
    /// A row of which nothing is said yet.
    pub(super) fn of(table: &str, key: &str) -> Self {
        Self {
            table: table.to_owned(),
            key: key.to_owned(),
            digest: None,
            changed: BTreeMap::new(),
            outside: BTreeMap::new(),
        }
    }
}

/// A row that was written and waits for its record.
#[derive(Debug)]
pub(crate) struct Touched {
    shape: Arc<Shape>,
    key: String,
    /// The resource it belongs to, where its table says.
    resource: String,
    digest: String,
    /// As it is now, or for a deletion as it was. Empty for a table of which only digests are kept.
    values: Values,
    statement: &'static Statement,
}

impl Touched {
    pub(crate) fn new(
        statement: &'static Statement,
        shape: &Arc<Shape>,
        row: RowImage,
        hash: HashKind,
    ) -> Result<Self> {
        let (digest, resource) = (row.digest(hash, shape.table.name)?, row.resource(shape));
        let values = if shape.table.kept == Kept::Values { row.values } else { Values::new() };
        Ok(Self { shape: Arc::clone(shape), key: row.key, resource, digest, values, statement })
    }
}

/// A row that a transaction wrote which has not committed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenRow {
    pub table: &'static str,
    pub key: String,
    /// Whether the transaction itself made it.
    pub made: bool,
}

/// The rows that were written so far, each once, by table and key.
pub(crate) fn written(records: &[Pending], touched: &[Touched]) -> Vec<WrittenRow> {
    let mut rows: BTreeMap<(&'static str, &str), bool> = BTreeMap::new();
    for row in records.iter().flat_map(|record| &record.touched).chain(touched) {
        rows.entry((row.shape.table.name, row.key.as_str())).or_insert_with(|| row.statement.only_adds());
    }
    let row =
        |((table, key), made): ((&'static str, &str), bool)| WrittenRow { table, key: key.to_owned(), made };
    rows.into_iter().map(row).collect()
}

/// The revision in which a transaction that has committed last wrote a row; 0 where the log knows of none.
pub(crate) async fn last_revision(tx: &mut Tx, row: &WrittenRow) -> Result<i64> {
    tx.number(&LAST_REVISION, args![row.table, &row.key]).await
}

/// A record of a transaction that has not committed.
#[derive(Debug)]
pub(crate) struct Pending {
    leaf: StoredLeaf,
    touched: Vec<Touched>,
    /// Rows that no statement of this transaction wrote, taken over as they are.
    taken: Vec<Written>,
}

impl Pending {
    pub(crate) fn new(tx: &mut Tx, record: AuditRecord<'_>, body: &impl Serialize) -> Result<Self> {
        let actor = Arc::clone(&tx.actor);
        let leaf = StoredLeaf {
            id: tx.new_id(),
            at: tx.now,
            account: actor.account().to_owned(),
            name: actor.name().to_owned(),
            org: actor.org.clone(),
            org_name: actor.org_name.clone(),
            action: record.action.to_owned(),
            resource: record.resource.to_owned(),
            resource_id: record.resource_id.to_owned(),
            body: told(tx, body)?,
            written: None,
            revision: 0,
            ordinal: 0,
            hash: String::new(),
            position: None,
        };
        Ok(Self { leaf, touched: std::mem::take(&mut tx.touched), taken: Vec::new() })
    }
}

/// What a record says. What a program did by somebody's token carries the name of the token, whoever writes the record.
fn told(tx: &Tx, body: &impl Serialize) -> Result<String> {
    let Some(token) = tx.by_token() else { return serde_json::to_string(body).map_err(Error::internal) };
    let mut said = serde_json::to_value(body).map_err(Error::internal)?;
    if let Value::Object(said) = &mut said {
        said.insert("by_token".to_owned(), serde_json::to_value(token).map_err(Error::internal)?);
    }
    Ok(said.to_string())
}

/// What the log knows of a row at this point of the transaction.
#[derive(Debug, Clone)]
struct LastState {
    /// Of a row that this transaction wrote.
    resource: String,
    digest: String,
    /// `None` for a table of which only digests are kept.
    values: Option<Values>,
}

/// The rows of the transaction by table and key; `None` for one that is not there.
type Rows = HashMap<(&'static str, String), Option<LastState>>;

/// Writes the records of a transaction that is about to commit, and binds the rows to them.
pub(crate) async fn write_records(tx: &mut Tx) -> Result<()> {
    let mut records = std::mem::take(&mut tx.records);
    let Some(last) = records.last_mut() else { return Ok(()) };
    // Written after the last record: it is part of the same action.
    last.touched.append(&mut tx.touched);
    let mut rows = Rows::new();
    for record in &mut records {
        let mut written = bind(tx, std::mem::take(&mut record.touched), &record.leaf.id, &mut rows).await?;
        written.append(&mut record.taken);
        if !written.is_empty() {
            record.leaf.written = Some(serde_json::to_string(&written).map_err(Error::internal)?);
        }
    }
    // Last of all, because on PostgreSQL this row is where writers queue.
    tx.write(&RAISE_REVISION, Vec::new()).await?;
    let revision = tx.number(&REVISION, Vec::new()).await?;
    for (ordinal, record) in (0_i64..).zip(records) {
        append(tx, StoredLeaf { revision, ordinal, ..record.leaf }).await?;
    }
    Ok(())
}

/// Enters a row in the newest record as it is: for rows that were there before the log bound them.
pub(super) async fn take(tx: &mut Tx, line: Written, resource: &str, values: Option<&Values>) -> Result<()> {
    let Some(record) = tx.records.last_mut() else { return Ok(()) };
    let leaf = record.leaf.id.clone();
    record.taken.push(line.clone());
    match line.digest {
        Some(digest) => {
            let image = values.map(serde_json::to_string).transpose().map_err(Error::internal)?;
            let (tbl, key) = (line.table, line.key);
            tx.add_rows(&BIND, vec![line!(BIND { tbl, key, resource, leaf, digest, image })]).await.map(drop)
        }
        None => tx.write(&RELEASE, args![line.table, line.key]).await.map(drop),
    }
}

async fn append(tx: &mut Tx, leaf: StoredLeaf) -> Result<()> {
    let hash = jiedui_proof::to_hex(&jiedui_proof::leaf_hash(tx.hash, &leaf.bytes()?));
    named!(APPEND {
        id: leaf.id,
        at: leaf.at,
        account: leaf.account,
        name: leaf.name,
        org: leaf.org,
        org_name: leaf.org_name,
        action: leaf.action,
        resource: leaf.resource,
        resource_id: leaf.resource_id,
        body: leaf.body,
        written: leaf.written,
        revision: leaf.revision,
        ordinal: leaf.ordinal,
        hash,
    })
    .write(tx)
    .await
    .map(drop)
}

/// The rows of one record, each once, by table and key.
async fn bind(tx: &mut Tx, touched: Vec<Touched>, leaf: &str, rows: &mut Rows) -> Result<Vec<Written>> {
    let mut written: BTreeMap<(&'static str, String), Written> = BTreeMap::new();
    for row in touched {
        let place = (row.shape.table.name, row.key.clone());
        let known = match rows.remove(&place) {
            Some(known) => known,
            None if row.statement.only_adds() => None,
            None => known(tx, &row).await?,
        };
        let line = written.entry(place.clone()).or_insert_with(|| Written::of(place.0, &place.1));
        rows.insert(place, enter(line, row, known));
    }
    let mut bound = Vec::with_capacity(written.len());
    for (table, key) in written.keys() {
        match rows.get(&(*table, key.clone())).and_then(Option::as_ref) {
            Some(now) => {
                let image =
                    now.values.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
                let (resource, digest) = (&now.resource, &now.digest);
                bound.push(line!(BIND { tbl: *table, key, resource, leaf, digest, image }));
            }
            None => drop(tx.write(&RELEASE, args![*table, key]).await?),
        }
    }
    tx.add_rows(&BIND, bound).await?;
    Ok(written.into_values().collect())
}

/// What `audit_row` keeps of a row: its digest, and its image where values are kept.
pub(super) type LastRow = (String, Option<String>);

async fn known(tx: &mut Tx, row: &Touched) -> Result<Option<LastState>> {
    let found = tx.maybe::<LastRow>(&LAST_STATE, args![row.shape.table.name, &row.key]).await?;
    let state = |(digest, image): LastRow| LastState {
        resource: String::new(),
        digest,
        values: values(image.as_deref()),
    };
    Ok(found.map(state))
}

/// The values of an image. One that is no JSON any more was changed by somebody: then the log knows the digest alone.
pub(super) fn values(image: Option<&str>) -> Option<Values> {
    serde_json::from_str(image?).ok()
}

/// Enters a write in its record's line; returns what the log knows of the row from then on.
fn enter(line: &mut Written, row: Touched, known: Option<LastState>) -> Option<LastState> {
    let gone = row.statement.takes_away();
    match (&known, row.shape.table.kept) {
        (Some(LastState { values: Some(before), .. }), Kept::Values) => {
            let set = row.statement.set_columns();
            for (column, change) in differences(before, &row.values) {
                if !gone && set.contains(&column.as_str()) {
                    let first = line.changed.remove(&column).map_or(change.0, |earlier| earlier.0);
                    line.changed.insert(column, (first, change.1));
                } else {
                    line.outside.insert(column, change);
                }
            }
        }
        // A deletion names the row as it was: the log must have known it so.
        (Some(LastState { digest, .. }), _) if gone && *digest != row.digest => {
            line.outside
                .insert(String::new(), (Some(Value::from(digest.as_str())), Some(row.digest.clone().into())));
        }
        // An insertion that may also update finds the row or makes it.
        (None, _) if !row.statement.adds() => {
            line.outside.insert(String::new(), (None, Some(row.digest.clone().into())));
        }
        _ => {}
    }
    line.digest = (!gone).then(|| row.digest.clone());
    (!gone).then(|| LastState {
        resource: row.resource,
        digest: row.digest,
        values: (row.shape.table.kept == Kept::Values).then_some(row.values),
    })
}

/// The columns in which two images differ.
pub(crate) fn differences(before: &Values, after: &Values) -> BTreeMap<String, Change> {
    before
        .keys()
        .chain(after.keys())
        .filter(|column| before.get(*column) != after.get(*column))
        .map(|column| (column.clone(), (before.get(column).cloned(), after.get(column).cloned())))
        .collect()
}
