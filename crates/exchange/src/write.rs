//! Files that go out: the same rows, the same bytes.

use crate::cell::theirs;
use crate::fault::{Fault, Wrong};
use crate::schema::{Column, Form, Kind, Row, Schema, Value};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Rows parted into what can be written and what cannot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sendable {
    /// In the order of their keys.
    pub rows: Vec<Row>,
    /// Of the others, why; lines count the rows that were given, from 1.
    pub faults: Vec<Fault>,
}

/// A part of a table that is sent by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Rows before it.
    pub before: usize,
    pub rows: usize,
    pub bytes: Vec<u8>,
}

/// A row that [`sendable`] would not have let through.
#[derive(Debug, thiserror::Error)]
#[error("a table cannot be written: {0}")]
pub struct Unwritable(String);

/// What of these rows can be written. A row without its key, with one that was there before, or with a value that the other
/// side has no code for stays here and says so.
pub fn sendable(schema: &Schema, rows: &[Row]) -> Sendable {
    let mut kept: BTreeMap<Vec<Value>, Row> = BTreeMap::new();
    let mut faults = Vec::new();
    for (row, line) in rows.iter().zip(1..) {
        let key = schema.key_words(row);
        let mut say = |field: &str, wrong: Wrong| {
            faults.push(Fault { line, key: key.clone(), field: field.to_owned(), wrong });
        };
        let mut fits = row.len() == schema.columns.len();
        if !fits {
            say("", Wrong::Width);
        }
        for (column, value) in schema.columns.iter().zip(row) {
            let wrong = match value {
                None if column.key => Some(Wrong::NoKey),
                None => None,
                Some(value) => theirs(&column.kind, value).err(),
            };
            if let Some(wrong) = wrong {
                say(&column.field, wrong);
                fits = false;
            }
        }
        let Some(known) = schema.key(row).filter(|_| fits) else { continue };
        match kept.entry(known) {
            Entry::Occupied(_) => say("", Wrong::RepeatedKey),
            Entry::Vacant(place) => {
                place.insert(row.clone());
            }
        }
    }
    Sendable { rows: kept.into_values().collect(), faults }
}

/// The file of these rows, as [`sendable`] gives them.
///
/// # Errors
/// Where a row is none that [`sendable`] lets through.
pub fn write(schema: &Schema, rows: &[Row]) -> Result<Vec<u8>, Unwritable> {
    match schema.form {
        Form::Csv => csv_of(schema, rows),
        Form::Json => json_of(schema, rows),
    }
}

/// The same rows in files of at most so many rows each.
///
/// # Errors
/// As [`write`].
pub fn batches(schema: &Schema, rows: &[Row], most: usize) -> Result<Vec<Batch>, Unwritable> {
    let most = most.max(1);
    let parts = rows.chunks(most).enumerate().map(|(at, part)| {
        let bytes = write(schema, part)?;
        Ok(Batch { before: at * most, rows: part.len(), bytes })
    });
    parts.collect()
}

fn texts(schema: &Schema, row: &Row) -> Result<Vec<Option<String>>, Unwritable> {
    let one = |(column, value): (&Column, &Option<Value>)| {
        let text = value.as_ref().map(|value| theirs(&column.kind, value)).transpose();
        text.map_err(|wrong| Unwritable(format!("{}: {wrong:?}", column.field)))
    };
    schema.columns.iter().zip(row).map(one).collect()
}

fn csv_of(schema: &Schema, rows: &[Row]) -> Result<Vec<u8>, Unwritable> {
    let fault = |cause: csv::Error| Unwritable(cause.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(schema.columns.iter().map(|column| &column.field)).map_err(fault)?;
    for row in rows {
        let texts = texts(schema, row)?;
        writer.write_record(texts.iter().map(|text| text.as_deref().unwrap_or_default())).map_err(fault)?;
    }
    writer.into_inner().map_err(|cause| Unwritable(cause.to_string()))
}

fn json_of(schema: &Schema, rows: &[Row]) -> Result<Vec<u8>, Unwritable> {
    let object = |row: &Row| {
        let mut object = serde_json::Map::new();
        for ((column, text), value) in schema.columns.iter().zip(texts(schema, row)?).zip(row) {
            // What has decimals is a text: numbers of JSON are read as floating point by most.
            let value = match (&column.kind, value, text) {
                (Kind::Number { shift: 0 }, Some(Value::Number(number)), _) => (*number).into(),
                (_, _, Some(text)) => text.into(),
                (_, _, None) => serde_json::Value::Null,
            };
            object.insert(column.field.clone(), value);
        }
        Ok(serde_json::Value::Object(object))
    };
    let all = rows.iter().map(object).collect::<Result<Vec<_>, Unwritable>>()?;
    serde_json::to_vec(&all).map_err(|cause| Unwritable(cause.to_string()))
}
