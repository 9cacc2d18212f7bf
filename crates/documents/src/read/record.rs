//! A row of data as it is kept: a file has a million and a half cells and more, so a cell is sixteen bytes, the texts of
//! a row lie behind one another, and what is the same in each row stands once for the sheet.

use crate::cell::Value;
use crate::error::CellError;
use jiedui_kernel::Date;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

/// A column of a sheet, with its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heading {
    pub(super) key: String,
    pub(super) heading: String,
    /// The letters of the column, such as "D"; "" where the file does not have it.
    pub(super) letter: String,
}

pub(super) type Headings = Arc<[Heading]>;

/// A value, after its place among the columns of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Cell {
    /// From where to where in the texts of the row.
    Text(u16, u32, u32),
    Date(u16, Date),
    Integer(u16, i64),
}

/// One row of data. Its values have been checked against the kind of their column; required ones are there.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The name of the sheet as the description has it.
    pub sheet: String,
    /// The row, from 1 as in Excel.
    pub row: u32,
    headings: Headings,
    /// Only columns of the file with a value in this row.
    cells: Vec<Cell>,
    texts: String,
}

impl Record {
    pub(super) fn new(sheet: &str, row: u32, headings: &Headings, cells: usize) -> Self {
        let (cells, headings) = (Vec::with_capacity(cells), Arc::clone(headings));
        Self { sheet: sheet.to_owned(), row, headings, cells, texts: String::new() }
    }

    /// Takes the value of a column. A description has at most 200 columns, a cell at most some thousand characters.
    pub(super) fn put(&mut self, column: usize, value: Value) {
        let column = column as u16;
        match value {
            Value::Text(text) => {
                let from = self.texts.len() as u32;
                self.texts.push_str(&text);
                self.cells.push(Cell::Text(column, from, self.texts.len() as u32));
            }
            Value::Date(date) => self.cells.push(Cell::Date(column, date)),
            Value::Integer(number) => self.cells.push(Cell::Integer(column, number)),
            // Reading never gives a number with decimals.
            Value::Number(_) | Value::Empty => {}
        }
    }

    /// Gives back the room that was kept for more.
    pub(super) fn close(&mut self) {
        self.cells.shrink_to_fit();
        self.texts.shrink_to_fit();
    }

    /// The same for records that say the same.
    pub(super) fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.cells, &self.texts).hash(&mut hasher);
        hasher.finish()
    }

    /// Whether it has the same in the same columns.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.cells == other.cells && self.texts == other.texts && self.sheet == other.sheet
    }

    fn cell(&self, key: &str) -> Option<Cell> {
        let column = self.headings.iter().position(|heading| heading.key == key)?;
        let here = |cell: &&Cell| match **cell {
            Cell::Text(at, ..) | Cell::Date(at, _) | Cell::Integer(at, _) => usize::from(at) == column,
        };
        self.cells.iter().find(here).copied()
    }

    fn shown(&self, from: u32, to: u32) -> &str {
        self.texts.get(from as usize..to as usize).unwrap_or_default()
    }

    /// The text of a text or choice column; "" where the cell is empty.
    pub fn text(&self, key: &str) -> &str {
        match self.cell(key) {
            Some(Cell::Text(_, from, to)) => self.shown(from, to),
            _ => "",
        }
    }

    /// The day of a date column; `None` where the cell is empty.
    pub fn date(&self, key: &str) -> Option<Date> {
        match self.cell(key)? {
            Cell::Date(_, date) => Some(date),
            _ => None,
        }
    }

    /// The number of an integer column; `None` where the cell is empty.
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.cell(key)? {
            Cell::Integer(_, number) => Some(number),
            _ => None,
        }
    }

    /// Whether the file has this column at all: one that is absent leaves the values that are kept alone, one that is
    /// there and empty clears them.
    pub fn has(&self, key: &str) -> bool {
        !self.letter(key).is_empty()
    }

    /// The letters of a column in the file, such as "D"; "" where the file does not have it.
    pub fn letter(&self, key: &str) -> &str {
        self.headings.iter().find(|heading| heading.key == key).map_or("", |heading| &heading.letter)
    }

    /// A further problem of this row, found by the caller: at the cell of that column or, where it is empty, at the row.
    pub fn error(&self, key: &str, reason: impl Into<String>, help: impl Into<String>) -> CellError {
        let error = CellError { row: self.row, ..CellError::sheet(&self.sheet, reason, help) };
        let shown = match self.cell(key) {
            None => return error,
            Some(Cell::Text(_, from, to)) => self.shown(from, to).to_owned(),
            Some(Cell::Date(_, date)) => date.to_string(),
            Some(Cell::Integer(_, number)) => number.to_string(),
        };
        let heading = self.headings.iter().find(|heading| heading.key == key);
        let (letter, column) =
            heading.map(|heading| (heading.letter.clone(), heading.heading.clone())).unwrap_or_default();
        CellError { letter, column, ..error }.with_value(&shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_sixteen_bytes() {
        assert_eq!(size_of::<Cell>(), 16);
    }
}
