//! What refers to a table, as the database itself has it.

use crate::db::{Db, Pools};
use jiedui_kernel::{Error, Result};
use std::collections::BTreeSet;

const SQLITE: &str = "SELECT m.name, f.\"from\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
WHERE m.type = 'table' AND f.\"table\" = $1 ORDER BY 1, 2";
const POSTGRES: &str = "SELECT CAST(t.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_constraint c \
JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid \
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
WHERE c.contype = 'f' AND CAST(r.relname AS TEXT) = $1 \
AND r.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1, 2";

/// The tables and columns that refer to a table by a foreign key.
pub async fn references(db: &Db, table: &str) -> Result<Vec<(String, String)>> {
    let found: Result<Vec<(String, String)>, sqlx::Error> = match db.pools() {
        Pools::Sqlite { read, .. } => sqlx::query_as(SQLITE).bind(table).fetch_all(read).await,
        Pools::Postgres { pool, .. } => sqlx::query_as(POSTGRES).bind(table).fetch_all(pool).await,
    };
    found.map_err(|cause| Error::internal(format_args!("what refers to {table}: {cause}")))
}

/// The tables and columns in which a statement of [`referring!`](crate::referring!) looks.
pub fn asked(text: &str) -> BTreeSet<(String, String)> {
    let pair = |rest: &str| {
        let words = rest.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_'));
        let mut words = words.filter(|word| !word.is_empty());
        Some((words.next()?.to_owned(), words.nth(1)?.to_owned()))
    };
    text.split("FROM ").skip(1).filter_map(pair).collect()
}
