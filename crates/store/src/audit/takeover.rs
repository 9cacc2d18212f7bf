//! Rows that were there before the log bound them, and rows that a migration of the tables changed: taken over in one
//! transaction, with records that say so. Nothing else brings a row into the log that no action wrote.

use super::check::{self, Noted};
use super::rows::{self, Differing, enter_rows, must_agree, must_be_whole, name, short_of};
use super::spread::{RowDigest, Short, Spread};
use super::{ACCEPT, Written, differences, record};
use crate::catalog::Shape;
use crate::image::RowImage;
use crate::table::Kept;
use crate::tx::AuditRecord;
use crate::{Db, Tx, args, sql};
use jiedui_kernel::{Actor, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

sql! { FIRST_BOUND: free, "SELECT id FROM audit_leaf WHERE revision > 0 LIMIT 1" }
sql! { NEXT_ROWS_OF: free,
"SELECT key, digest FROM audit_row WHERE tbl = $1 AND key > $2 ORDER BY key LIMIT 2000" }

/// So many rows in one record.
const ROWS_A_RECORD: usize = 500;

/// Whether the log binds the rows.
pub(crate) async fn is_bound(tx: &mut Tx) -> Result<bool> {
    Ok(tx.maybe::<(String,)>(&FIRST_BOUND, Vec::new()).await?.is_some())
}

/// Before the tables are changed by a migration: what is bound must be whole, or the migration would make a changed row
/// look legitimate.
pub(crate) async fn before_migration(db: &Db) -> Result<()> {
    let mut tx = db.read(Arc::new(Actor::system("open"))).await?;
    must_agree(&mut tx, "升级").await
}

/// Takes over a directory whose log does not bind its rows yet. Its log must be whole.
pub(crate) async fn first(db: &Db) -> Result<()> {
    let actor = Arc::new(Actor::system("open"));
    // Asked without the writer's place first: at every start but one there is nothing to write.
    if is_bound(&mut db.read(Arc::clone(&actor)).await?).await? {
        return Ok(());
    }
    let mut tx = db.begin(actor).await?;
    if is_bound(&mut tx).await? {
        return Ok(());
    }
    let log = check::verify(&mut tx, &Noted::default()).await?;
    must_be_whole(&log, &rows::RowCheck::default(), "接管")?;
    take_over(&mut tx, "log.takeover", "the log binds these rows from now on").await?;
    tx.commit().await
}

/// After a migration of a directory that is bound.
pub(crate) async fn after_migration(db: &Db) -> Result<()> {
    let mut tx = db.begin(Arc::new(Actor::system("open"))).await?;
    take_over(&mut tx, "log.migrate", "a migration of the tables changed these rows").await?;
    tx.commit().await
}

/// Takes a row as it is now for true, with a reason, where it was changed outside the log. Says whether there is such a
/// row. The records before keep what the log said.
pub async fn accept(tx: &mut Tx, table: &str, key: &str, reason: &str) -> Result<bool> {
    let Some(shape) = tx.catalog.shape(table).map(Arc::clone) else { return Ok(false) };
    let (hash, mut found) = (tx.hash, None);
    let keep = |row: RowImage| {
        if row.key == key {
            found = Some(row);
        }
        Ok(())
    };
    tx.engine.each_row(shape.table.all, Vec::new(), &shape, hash, keep).await?;
    let known = tx.maybe::<record::LastRow>(&record::LAST_STATE, args![table, key]).await?;
    if found.is_none() && known.is_none() {
        return Ok(false);
    }
    let before = known.and_then(|(_, image)| record::values(image.as_deref())).unwrap_or_default();
    let after = found.as_ref().map(|row| row.values.clone()).unwrap_or_default();
    let keeps_values = shape.table.kept == Kept::Values;
    let line = Written {
        digest: found.as_ref().map(|row| row.digest(hash, shape.table.name)).transpose()?,
        changed: if keeps_values { differences(&before, &after) } else { BTreeMap::new() },
        ..Written::of(table, key)
    };
    let resource = found.as_ref().map(|row| row.resource(&shape)).unwrap_or_default();
    let body = serde_json::json!({ "reason": reason, "table": table, "key": key });
    tx.audit(AuditRecord { action: ACCEPT, resource: "log", resource_id: key }, &body).await?;
    record::take(tx, line, &resource, found.as_ref().filter(|_| keeps_values).map(|row| &row.values)).await?;
    Ok(true)
}

/// The rows of a table that differ from their last record.
async fn differing(tx: &mut Tx, shape: &Shape) -> Result<Differing> {
    let (hash, table) = (tx.hash, shape.table.name);
    let (mut known, mut there, mut after) = (Spread::new(), Spread::new(), String::new());
    loop {
        let rows = tx.all::<(String, String)>(&NEXT_ROWS_OF, args![table, &after]).await?;
        let Some((last, _)) = rows.last() else { break };
        after.clone_from(last);
        for (key, digest) in rows {
            known
                .enter(RowDigest { name: name(hash, table, &key), digest: Some(short_of(hash, &digest)) })?;
        }
    }
    enter_rows(tx, shape, &mut there).await?;
    let mut found = Differing::at_most(usize::MAX);
    for (known, there) in known.into_parts().zip(there.into_parts()) {
        found.compare(known?, there?)?;
    }
    Ok(found)
}

/// The keys of rows that are gone.
async fn gone_keys(tx: &mut Tx, table: &str, gone: &HashMap<Short, Short>) -> Result<Vec<String>> {
    let (mut keys, mut after) = (Vec::new(), String::new());
    while keys.len() < gone.len() {
        let rows = tx.all::<(String, String)>(&NEXT_ROWS_OF, args![table, &after]).await?;
        let Some((last, _)) = rows.last() else { break };
        after.clone_from(last);
        let hash = tx.hash;
        keys.extend(
            rows.into_iter().map(|(key, _)| key).filter(|key| gone.contains_key(&name(hash, table, key))),
        );
    }
    Ok(keys)
}

/// Records every row that differs from its last record. Says how many. What does not differ is never in memory whole.
async fn take_over(tx: &mut Tx, action: &str, why: &str) -> Result<u64> {
    let mut count = 0;
    let shapes: Vec<_> = tx.catalog.shapes().map(Arc::clone).collect();
    for shape in shapes {
        let table = shape.table.name;
        let Differing { changed, missing, .. } = differing(tx, &shape).await?;
        let (hash, mut lines) = (tx.hash, Vec::new());
        if !changed.is_empty() {
            let enter = |row: RowImage| {
                if changed.contains_key(&name(hash, table, &row.key)) {
                    let (digest, resource) = (row.digest(hash, table)?, row.resource(&shape));
                    let values = (shape.table.kept == Kept::Values).then_some(row.values);
                    lines.push((row.key, resource, Some(digest), values));
                }
                Ok(())
            };
            tx.engine.each_row(shape.table.all, Vec::new(), &shape, hash, enter).await?;
        }
        let gone = gone_keys(tx, table, &missing).await?;
        lines.extend(gone.into_iter().map(|key| (key, String::new(), None, None)));
        count += lines.len() as u64;
        for chunk in lines.chunks(ROWS_A_RECORD) {
            let body = serde_json::json!({ "why": why, "table": table, "rows": chunk.len() });
            tx.audit(AuditRecord { action, resource: "log", resource_id: table }, &body).await?;
            for (key, resource, digest, values) in chunk {
                let line = Written { digest: digest.clone(), ..Written::of(table, key) };
                record::take(tx, line, resource, values.as_ref()).await?;
            }
        }
    }
    Ok(count)
}
