//! Somebody with a database tool: changes, deletes and adds rows without the program, for the tests that must notice.

use crate::catalog::{ColumnKind, Shape};
use crate::db::{Db, Pools};
use jiedui_kernel::{Error, Result};
use sqlx::{AssertSqlSafe, Executor as _};
use std::sync::Arc;

/// What was done to a table.
#[derive(Debug, Clone)]
pub struct Tampered {
    pub table: &'static str,
    /// The columns that got another value.
    pub columns: Vec<String>,
    /// Whether the log keeps what each column was, or the digest of the row alone.
    pub keeps_values: bool,
}

fn shapes(db: &Db) -> Vec<Arc<Shape>> {
    db.catalog().shapes().map(Arc::clone).collect()
}

/// The tables whose rows the log keeps.
pub fn kept_tables(db: &Db) -> Vec<&'static str> {
    shapes(db).iter().map(|shape| shape.table.name).collect()
}

/// Runs SQL as somebody with a database tool would: no foreign keys, no checks.
pub async fn run(db: &Db, text: &str) -> Result<u64> {
    match db.pools() {
        Pools::Sqlite { write, .. } => {
            let mut connection = write.acquire().await.map_err(Error::internal)?;
            let free = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON";
            connection.execute(free).await.map_err(Error::internal)?;
            let done = connection.execute(AssertSqlSafe(text.to_owned())).await;
            done.map(|done| done.rows_affected())
                .map_err(|cause| Error::internal(format_args!("{text}: {cause}")))
        }
        Pools::Postgres(pool) => {
            let mut connection = pool.acquire().await.map_err(Error::internal)?;
            connection.execute("SET session_replication_role = replica").await.map_err(Error::internal)?;
            let done = connection.execute(AssertSqlSafe(text.to_owned())).await;
            connection.execute("SET session_replication_role = DEFAULT").await.map_err(Error::internal)?;
            done.map(|done| done.rows_affected())
                .map_err(|cause| Error::internal(format_args!("{text}: {cause}")))
        }
    }
}

/// PostgreSQL has no switch for its checks.
pub async fn without_checks(db: &Db) -> Result<()> {
    if db.engine_name() == "postgres" {
        let drop = "DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint \
                    WHERE contype = 'c' AND conrelid <> 0 \
                    AND connamespace = 'public'::regnamespace LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); \
                    END LOOP; END $$";
        run(db, drop).await?;
    }
    Ok(())
}

/// Another value for a column, as SQL.
fn other(db: &Db, name: &str, kind: ColumnKind) -> String {
    let postgres = db.engine_name() == "postgres";
    match kind {
        ColumnKind::Text => format!("COALESCE({name}, '') || 'x'"),
        ColumnKind::Int => format!("COALESCE({name}, 0) + 1"),
        ColumnKind::Real => format!("COALESCE({name}, 0) + 0.5"),
        ColumnKind::Bool => format!("NOT COALESCE({name}, FALSE)"),
        ColumnKind::Date if postgres => format!("COALESCE({name}, DATE '2000-01-01') + 1"),
        ColumnKind::Date => format!("date(COALESCE({name}, '2000-01-01'), '+1 day')"),
        ColumnKind::Instant if postgres => "TIMESTAMPTZ '2001-01-01 00:00:00+00'".to_owned(),
        ColumnKind::Instant => "'2001-01-01T00:00:00+00:00'".to_owned(),
        ColumnKind::Bytes if postgres => "decode('00', 'hex')".to_owned(),
        ColumnKind::Bytes => "x'00'".to_owned(),
    }
}

/// One row of the table.
fn one_row(db: &Db, table: &str) -> String {
    match db.engine_name() {
        "postgres" => format!("ctid = (SELECT ctid FROM {table} LIMIT 1)"),
        _ => format!("rowid = (SELECT rowid FROM {table} LIMIT 1)"),
    }
}

/// Gives every column of one row of every table another value, keys aside (those are [`delete_one_everywhere`] and
/// [`add_one_everywhere`] in one). Tables without rows are left out of the answer.
pub async fn change_everywhere(db: &Db) -> Result<Vec<Tampered>> {
    let mut done = Vec::new();
    for shape in shapes(db) {
        let table = shape.table.name;
        let columns: Vec<_> =
            shape.columns.iter().filter(|column| !shape.key.contains(&column.name)).collect();
        if columns.is_empty() {
            continue;
        }
        let set = columns.iter().map(|c| format!("{} = {}", c.name, other(db, &c.name, c.kind)));
        let set = set.collect::<Vec<_>>().join(", ");
        if run(db, &format!("UPDATE {table} SET {set} WHERE {}", one_row(db, table))).await? > 0 {
            done.push(Tampered {
                table,
                columns: columns.iter().map(|column| column.name.clone()).collect(),
                keeps_values: shape.table.kept == crate::Kept::Values,
            });
        }
    }
    Ok(done)
}

/// Deletes one row of every table.
pub async fn delete_one_everywhere(db: &Db) -> Result<Vec<&'static str>> {
    let mut done = Vec::new();
    for shape in shapes(db) {
        let table = shape.table.name;
        if run(db, &format!("DELETE FROM {table} WHERE {}", one_row(db, table))).await? > 0 {
            done.push(table);
        }
    }
    Ok(done)
}

/// Adds a row to every table: a copy of one, with another key.
pub async fn add_one_everywhere(db: &Db) -> Result<Vec<&'static str>> {
    let mut done = Vec::new();
    for shape in shapes(db) {
        let table = shape.table.name;
        let all = shape
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .chain(shape.table.except.iter().map(|it| it.0));
        let names: Vec<&str> = all.collect();
        let values = names.iter().map(|name| {
            let column = shape.columns.iter().find(|column| column.name == *name);
            match column {
                Some(column) if shape.key.contains(&column.name) || column.kind == ColumnKind::Text => {
                    other(db, name, column.kind)
                }
                Some(column) if column.kind == ColumnKind::Int => format!("{name} + 1000003"),
                _ => (*name).to_owned(),
            }
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let text = format!(
            "INSERT INTO {table} ({}) SELECT {values} FROM {table} WHERE {}",
            names.join(", "),
            one_row(db, table)
        );
        if run(db, &text).await? > 0 {
            done.push(table);
        }
    }
    Ok(done)
}
