//! The shape of the tables as the database itself has it: what a row's image is made of. Read when the database is
//! opened, so that it cannot differ from the migrations.

use crate::db::Pools;
use crate::table::{Kept, Table, all_tables};
use jiedui_kernel::{Error, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The columns of every table, in the order of the table, with their place in the key (from 1; 0 where they have none).
const SQLITE: &str = "SELECT m.name, p.name, p.type, CAST(p.pk AS BIGINT) FROM sqlite_master m \
JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY m.name, p.cid";
const POSTGRES: &str = "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT), format_type(a.atttypid, a.atttypmod), \
CAST(COALESCE(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0) AS BIGINT) FROM pg_class c \
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY c.relname, a.attnum";

/// How a column's values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    Text,
    Int,
    Real,
    Bool,
    Date,
    Instant,
    Bytes,
}

#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: ColumnKind,
    pub(crate) sealed: bool,
}

/// A table whose rows the log keeps.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) table: Table,
    /// Without those outside the log.
    pub(crate) columns: Vec<Column>,
    /// Its key, in order.
    pub(crate) key: Vec<String>,
}

/// The tables whose rows the log keeps, by name.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    shapes: BTreeMap<&'static str, Arc<Shape>>,
}

impl Catalog {
    pub(crate) async fn read(pools: &Pools) -> Result<Self> {
        let rows: Vec<(String, String, String, i64)> = match pools {
            Pools::Sqlite { read, .. } => sqlx::query_as(SQLITE).fetch_all(read).await,
            Pools::Postgres { pool, .. } => sqlx::query_as(POSTGRES).fetch_all(pool).await,
        }
        .map_err(|cause| Error::internal(format_args!("catalog: {cause}")))?;
        let mut catalog = Self::default();
        for table in all_tables() {
            let columns: Vec<_> = rows.iter().filter(|(of, ..)| *of == table.name).collect();
            if !matches!(table.kept, Kept::Outside(_)) && !columns.is_empty() {
                catalog.shapes.insert(table.name, Arc::new(shape(table, &columns)?));
            }
        }
        Ok(catalog)
    }

    /// `None` for a table outside the log.
    pub(crate) fn shape(&self, table: &str) -> Option<&Arc<Shape>> {
        self.shapes.get(table)
    }

    pub(crate) fn shapes(&self) -> impl Iterator<Item = &Arc<Shape>> {
        self.shapes.values()
    }
}

fn shape(table: Table, rows: &[&(String, String, String, i64)]) -> Result<Shape> {
    let mut key: Vec<(i64, &String)> =
        rows.iter().filter(|(.., place)| *place > 0).map(|(_, name, _, place)| (*place, name)).collect();
    key.sort_unstable();
    if key.is_empty() {
        return Err(Error::internal(format_args!("table {} has no primary key", table.name)));
    }
    let columns = rows
        .iter()
        .filter(|(_, name, ..)| !table.except.iter().any(|(column, _)| column == name))
        .map(|(_, name, declared, _)| {
            Ok(Column {
                name: name.clone(),
                kind: kind(declared).ok_or_else(|| {
                    Error::internal(format_args!("{}.{name}: unknown column type {declared}", table.name))
                })?,
                sealed: table.sealed.contains(&name.as_str()),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Shape { table, columns, key: key.into_iter().map(|(_, name)| name.clone()).collect() })
}

fn kind(declared: &str) -> Option<ColumnKind> {
    match declared.to_ascii_lowercase().as_str() {
        "text" => Some(ColumnKind::Text),
        "bigint" => Some(ColumnKind::Int),
        "double precision" => Some(ColumnKind::Real),
        "boolean" => Some(ColumnKind::Bool),
        "date" => Some(ColumnKind::Date),
        "timestamptz" | "timestamp with time zone" => Some(ColumnKind::Instant),
        "bytea" => Some(ColumnKind::Bytes),
        _ => None,
    }
}
