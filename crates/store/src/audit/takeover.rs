//! Rows that were there before the log bound them, and rows that a migration of the tables changed: taken over in one
//! transaction, with records that say so. Nothing else brings a row into the log that no action wrote.

use super::check::{self, Noted};
use super::rows::{self, must_agree, must_be_whole};
use super::{ACCEPT, Written, differences, record};
use crate::image::RowImage;
use crate::table::Kept;
use crate::tx::AuditRecord;
use crate::{Db, Tx, args, sql};
use jiedui_kernel::{Actor, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

sql! { FIRST_BOUND: free, "SELECT id FROM audit_leaf WHERE revision > 0 LIMIT 1" }
sql! { ROWS_OF: free, "SELECT key, digest FROM audit_row WHERE tbl = $1" }

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

/// Records every row that differs from its last record. Says how many.
async fn take_over(tx: &mut Tx, action: &str, why: &str) -> Result<u64> {
    let mut count = 0;
    let shapes: Vec<_> = tx.catalog.shapes().map(Arc::clone).collect();
    for shape in shapes {
        let table = shape.table.name;
        let mut known: HashMap<String, String> =
            tx.all::<(String, String)>(&ROWS_OF, args![table]).await?.into_iter().collect();
        let (hash, mut lines) = (tx.hash, Vec::new());
        let enter = |row: RowImage| {
            let digest = row.digest(hash, table)?;
            if known.remove(&row.key).as_ref() != Some(&digest) {
                let resource = row.resource(&shape);
                let values = (shape.table.kept == Kept::Values).then_some(row.values);
                lines.push((row.key, resource, Some(digest), values));
            }
            Ok(())
        };
        tx.engine.each_row(shape.table.all, Vec::new(), &shape, hash, enter).await?;
        lines.extend(known.into_keys().map(|key| (key, String::new(), None, None)));
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
