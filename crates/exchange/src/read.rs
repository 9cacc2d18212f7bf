//! Files that come in: taken whole or not at all, and everything that is wrong is told in one round.

use crate::cell::ours;
use crate::fault::{Fault, Wrong};
use crate::schema::{Column, Form, Kind, Row, Schema, Value};
use crate::{MAX_BYTES, MAX_FAULTS, MAX_ROWS};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// One row, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedRow {
    pub line: usize,
    pub row: Row,
}

/// The rows of a file, in its order.
///
/// # Errors
/// All faults of it, by line and field, at most [`MAX_FAULTS`] and a last one that says there are more.
pub fn read(schema: &Schema, bytes: &[u8]) -> Result<Vec<NumberedRow>, Vec<Fault>> {
    let alone = |wrong: Wrong| Err(vec![Fault::file(wrong)]);
    if bytes.len() > MAX_BYTES {
        return alone(Wrong::TooLarge);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return alone(Wrong::Encoding) };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.trim().is_empty() {
        return alone(Wrong::Empty);
    }
    let mut taken = Taken::new(schema);
    match schema.form {
        Form::Csv => of_csv(text, &mut taken),
        Form::Json => of_json(text, &mut taken),
    }
    taken.finish()
}

/// What was read so far.
struct Taken<'a> {
    schema: &'a Schema,
    lines: Vec<NumberedRow>,
    keys: BTreeSet<Vec<Value>>,
    faults: Vec<Fault>,
}

impl<'a> Taken<'a> {
    fn new(schema: &'a Schema) -> Self {
        Self { schema, lines: Vec::new(), keys: BTreeSet::new(), faults: Vec::new() }
    }

    fn say(&mut self, line: usize, field: &str, wrong: Wrong) {
        let fault = Fault { line, key: String::new(), field: field.to_owned(), wrong };
        self.faults.push(fault);
    }

    /// Whether more is listed than anybody mends at once.
    fn is_full(&self) -> bool {
        self.faults.len() > MAX_FAULTS || self.lines.len() > MAX_ROWS
    }

    /// One row: a value for each column of the schema, or what is wrong with it.
    fn row(&mut self, line: usize, cells: Vec<Result<Option<Value>, Wrong>>) {
        let schema = self.schema;
        let told: Row = cells.iter().map(|cell| cell.clone().ok().flatten()).collect();
        let (key, before) = (schema.key_words(&told), self.faults.len());
        for (column, cell) in schema.columns.iter().zip(cells) {
            let wrong = match cell {
                Ok(None) if column.key => Wrong::NoKey,
                Ok(_) => continue,
                Err(wrong) => wrong,
            };
            self.faults.push(Fault { line, key: key.clone(), field: column.field.clone(), wrong });
        }
        if self.faults.len() > before {
            return;
        }
        if schema.key(&told).is_some_and(|known| !self.keys.insert(known)) {
            self.faults.push(Fault { line, key, field: String::new(), wrong: Wrong::RepeatedKey });
            return;
        }
        self.lines.push(NumberedRow { line, row: told });
    }

    fn finish(mut self) -> Result<Vec<NumberedRow>, Vec<Fault>> {
        if self.lines.len() > MAX_ROWS {
            self.faults.insert(0, Fault::file(Wrong::TooManyRows));
        }
        if self.lines.is_empty() && self.faults.is_empty() {
            self.faults.push(Fault::file(Wrong::Empty));
        }
        if self.faults.len() > MAX_FAULTS {
            self.faults.truncate(MAX_FAULTS);
            self.faults.push(Fault::file(Wrong::More));
        }
        if self.faults.is_empty() { Ok(self.lines) } else { Err(self.faults) }
    }
}

fn of_csv(text: &str, taken: &mut Taken<'_>) {
    let schema = taken.schema;
    // One kind of line end, and one after the last record: the count of lines relies on it.
    let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let Some((line, heading)) = next(&mut reader, taken) else { return };
    let Some(places) = headings(&heading, line, taken) else { return };
    while let Some((line, record)) = next(&mut reader, taken) {
        if record.len() == heading.len() {
            let cell = |(column, place): (&Column, &usize)| {
                ours(&column.kind, record.get(*place).unwrap_or_default())
            };
            taken.row(line, schema.columns.iter().zip(&places).map(cell).collect());
        } else {
            taken.say(line, "", Wrong::Width);
        }
        if taken.is_full() {
            return;
        }
    }
}

/// The next record and the line on which it begins; none at the end, and where the rest cannot be read.
fn next(reader: &mut csv::Reader<&[u8]>, taken: &mut Taken<'_>) -> Option<(usize, csv::StringRecord)> {
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => {
            // Empty lines before it are passed over; line breaks inside quotes belong to it.
            let inside: u64 = record.iter().map(|field| field.matches('\n').count() as u64).sum();
            let line = reader.position().line().saturating_sub(1 + inside);
            Some((usize::try_from(line).unwrap_or(usize::MAX), record))
        }
        Ok(false) => None,
        Err(_) => {
            taken.faults.push(Fault::file(Wrong::Shape));
            None
        }
    }
}

/// Where each column of the schema stands; none where the heading is not that of the schema.
fn headings(record: &csv::StringRecord, line: usize, taken: &mut Taken<'_>) -> Option<Vec<usize>> {
    let names: Vec<&str> = record.iter().map(str::trim).collect();
    let schema = taken.schema;
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            taken.say(line, name, Wrong::RepeatedColumn);
        } else if !schema.columns.iter().any(|column| column.field == *name) {
            taken.say(line, name, Wrong::UnknownColumn);
        }
        if taken.is_full() {
            return None;
        }
    }
    let mut places = Vec::new();
    for column in &schema.columns {
        match names.iter().position(|name| *name == column.field) {
            Some(place) => places.push(place),
            None => taken.say(line, &column.field, Wrong::MissingColumn),
        }
    }
    taken.faults.is_empty().then_some(places)
}

fn of_json(text: &str, taken: &mut Taken<'_>) {
    let schema = taken.schema;
    let Ok(Json::Array(all)) = serde_json::from_str(text) else {
        taken.faults.push(Fault::file(Wrong::Shape));
        return;
    };
    for (one, line) in all.iter().zip(1..) {
        let Some(object) = one.as_object() else {
            taken.say(line, "", Wrong::Shape);
            continue;
        };
        let known = |name: &str| schema.columns.iter().any(|column| column.field == name);
        for name in object.keys().filter(|name| !known(name)) {
            taken.say(line, name, Wrong::UnknownColumn);
        }
        let cell = |column: &Column| match object.get(&column.field) {
            None => Err(Wrong::MissingColumn),
            Some(value) => of_value(&column.kind, value),
        };
        taken.row(line, schema.columns.iter().map(cell).collect());
        if taken.is_full() {
            return;
        }
    }
}

fn of_value(kind: &Kind, value: &Json) -> Result<Option<Value>, Wrong> {
    match (kind, value) {
        (_, Json::Null) => Ok(None),
        (_, Json::String(text)) => ours(kind, text),
        // A number with decimals has lost some of them when it is read: it has to be a text.
        (Kind::Number { .. }, Json::Number(number)) => match number.as_i64() {
            Some(whole) => ours(kind, &whole.to_string()),
            None => Err(Wrong::NoNumber),
        },
        _ => Err(Wrong::OtherKind),
    }
}
