//! A row as the audit log sees it: the same text on both engines, and its digest.

use crate::catalog::{Column, ColumnKind, Shape};
use jiedui_kernel::{Date, Error, Instant, Result, hex};
use jiedui_proof::HashKind;
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, ValueRef as _};
use std::collections::BTreeMap;

/// A value longer than this is kept as its hash: what it was can be read where it stands.
const LONGEST: usize = 512;

/// The values of a row by column. A column without a value is left out, so that a new column without values changes no
/// digest.
pub(crate) type Values = BTreeMap<String, Value>;

/// A row of a table that the log keeps.
#[derive(Debug, Clone)]
pub(crate) struct RowImage {
    pub(crate) key: String,
    pub(crate) values: Values,
}

impl RowImage {
    /// The resource that the row belongs to; "" where its table names none.
    pub(crate) fn resource(&self, shape: &Shape) -> String {
        shape.table.of.and_then(|(column, _)| self.values.get(column)).map(shown).unwrap_or_default()
    }

    /// The digest that binds the row: over the table's name and all values.
    pub(crate) fn digest(&self, hash: HashKind, table: &str) -> Result<String> {
        let mut bytes = table.as_bytes().to_vec();
        bytes.push(0);
        serde_json::to_writer(&mut bytes, &self.values).map_err(Error::internal)?;
        Ok(jiedui_proof::to_hex(&jiedui_proof::row_hash(hash, &bytes)))
    }
}

/// An engine's row of which images can be made.
pub(crate) trait Pictured {
    /// The value of a column: `None` where there is none. What does not fit the column's type, as somebody with a
    /// database tool can leave it in SQLite, is shown as it lies there.
    fn value(&self, column: &Column) -> Result<Option<Value>>;
}

pub(crate) fn picture<R: Pictured>(row: &R, shape: &Shape, hash: HashKind) -> Result<RowImage> {
    let mut values = Values::new();
    for column in &shape.columns {
        if let Some(value) = row.value(column)? {
            values.insert(column.name.clone(), short(value, column, hash));
        }
    }
    let key = shape.key.iter().map(|name| values.get(name).map(shown).unwrap_or_default());
    Ok(RowImage { key: key.collect::<Vec<_>>().join("|"), values })
}

/// A value as text, for keys and for people.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// All values of a row in the order of these columns, none of them shortened.
pub(crate) fn whole<'a, R: Pictured>(
    row: &R,
    columns: impl Iterator<Item = &'a Column>,
) -> Result<Vec<Option<Value>>> {
    columns.map(|column| row.value(column)).collect()
}

fn short(value: Value, column: &Column, hash: HashKind) -> Value {
    match value {
        Value::String(text) if column.sealed || text.len() > LONGEST => Value::String(format!(
            "#{}",
            jiedui_proof::to_hex(&jiedui_proof::row_hash(hash, text.as_bytes()))
        )),
        other => other,
    }
}

fn instant(at: Instant) -> String {
    // PostgreSQL keeps microseconds.
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

fn bytes(value: &[u8]) -> Value {
    Value::String(hex(value))
}

/// Both engines decode the same types; only the row's type differs.
macro_rules! decoded {
    ($row:expr, $column:expr) => {{
        let name = $column.name.as_str();
        match $column.kind {
            ColumnKind::Text => $row.try_get::<String, _>(name).map(Value::String),
            ColumnKind::Int => $row.try_get::<i64, _>(name).map(Value::from),
            ColumnKind::Real => $row.try_get::<f64, _>(name).map(|real| Value::String(format!("{real:?}"))),
            ColumnKind::Bool => $row.try_get::<bool, _>(name).map(Value::Bool),
            ColumnKind::Date => $row.try_get::<Date, _>(name).map(|day| Value::String(day.to_string())),
            ColumnKind::Instant => $row.try_get::<Instant, _>(name).map(|at| Value::String(instant(at))),
            ColumnKind::Bytes => $row.try_get::<Vec<u8>, _>(name).map(|value| bytes(&value)),
        }
    }};
}

impl Pictured for SqliteRow {
    fn value(&self, column: &Column) -> Result<Option<Value>> {
        let name = column.name.as_str();
        if self.try_get_raw(name).map_err(Error::internal)?.is_null() {
            return Ok(None);
        }
        let raw = || {
            let text = self.try_get_unchecked::<String, _>(name);
            text.or_else(|_| self.try_get_unchecked::<Vec<u8>, _>(name).map(|value| format!("{value:02x?}")))
                .map_or_else(|_| "?".to_owned(), |text| format!("?{text}"))
        };
        Ok(Some(decoded!(self, column).unwrap_or_else(|_| Value::String(raw()))))
    }
}

impl Pictured for PgRow {
    fn value(&self, column: &Column) -> Result<Option<Value>> {
        if self.try_get_raw(column.name.as_str()).map_err(Error::internal)?.is_null() {
            return Ok(None);
        }
        decoded!(self, column)
            .map(Some)
            .map_err(|cause| Error::internal(format_args!("column {}: {cause}", column.name)))
    }
}
