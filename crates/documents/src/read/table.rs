//! The sheet in hand: what is known of it so far.

use super::HEADING_ROWS;
use super::record::{Heading, Headings, Record};
use crate::cell::letters;
use crate::error::CellError;
use crate::spec::{Sheet, Workbook};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Column of the file → column of the sheet.
pub(super) type Columns = BTreeMap<u32, usize>;

/// Ranges of hidden columns that are kept of one sheet: there are no more columns.
const MAX_HIDDEN: usize = 1 << 14;

pub(super) struct Table<'a> {
    /// Its name in the file; "" in CSV.
    pub(super) name: String,
    /// Known by its name, or later by its headings.
    pub(super) sheet: Option<&'a Sheet>,
    /// The sheet of ours whose headings it has, where another sheet of the file is read for that.
    pub(super) second: Option<&'a Sheet>,
    /// `None` until the heading row was seen.
    pub(super) columns: Option<Columns>,
    /// Something is wrong with the headings, so that none of the rows can be taken as it is; and the columns with a
    /// heading that was refused, of which no row is blamed again.
    pub(super) misheaded: bool,
    pub(super) refused: BTreeSet<u32>,
    /// The same columns as the records of the sheet share them.
    pub(super) headings: Headings,
    /// The row of the headings.
    pub(super) heading: u32,
    /// Rows passed over in search of the headings, and what the first of them say.
    pub(super) passed: usize,
    pub(super) titles: Vec<(u32, String)>,
    /// The one of them that has most in common with the headings of the sheet.
    pub(super) best: Option<(u32, Vec<(u32, String)>)>,
    shared: usize,
    pub(super) rows: u32,
    pub(super) from_1904: bool,
    pub(super) hidden: bool,
    hidden_columns: Vec<(u32, u32)>,
    /// Those among the columns of the sheet of which that was not told yet.
    untold: BTreeSet<u32>,
    /// Digest of a row → where the first such row lies among the records.
    rows_seen: HashMap<u64, usize>,
}

impl<'a> Table<'a> {
    pub(super) fn new(name: &str, sheet: Option<&'a Sheet>, from_1904: bool) -> Self {
        Self {
            name: name.to_owned(),
            sheet,
            second: None,
            columns: None,
            misheaded: false,
            refused: BTreeSet::new(),
            headings: Headings::default(),
            heading: 0,
            passed: 0,
            titles: Vec::new(),
            best: None,
            shared: 0,
            rows: 0,
            from_1904,
            hidden: false,
            hidden_columns: Vec::new(),
            untold: BTreeSet::new(),
            rows_seen: HashMap::new(),
        }
    }

    /// Its name for who reads about it: as the file has it, or in CSV as the description does.
    pub(super) fn shown_name(&self) -> &str {
        match self.sheet {
            Some(sheet) if self.name.is_empty() => &sheet.name,
            _ => &self.name,
        }
    }

    /// Whether these are the headings of the sheet. A plain list begins with them, so that its first row is meant to be
    /// them if it has any; behind other rows, they have to be known better.
    pub(super) fn is_begun_by(&self, sheet: &Sheet, headings: &BTreeSet<String>) -> bool {
        let first = self.passed == 0 && sheet.above.is_empty();
        sheet.is_headed_by(headings) || (first && sheet.shared(headings) > 0)
    }

    /// Passes over a row above the headings.
    pub(super) fn pass(&mut self, number: u32, cells: Vec<(u32, String)>, headings: &BTreeSet<String>) {
        self.passed += 1;
        let words: Vec<&str> = cells.iter().map(|(_, text)| text.as_str()).collect();
        self.titles.push((number, words.join(" ").chars().take(40).collect()));
        // Above a form there is always something, which is not meant to be its headings.
        let shared =
            self.sheet.filter(|sheet| sheet.above.is_empty()).map_or(0, |sheet| sheet.shared(headings));
        if shared > self.shared {
            self.shared = shared;
            self.best = Some((number, cells));
        }
    }

    pub(super) fn take_columns(&mut self, sheet: &Sheet, columns: Columns) {
        let place =
            |index: usize| columns.iter().find(|(_, other)| **other == index).map(|(at, _)| letters(*at));
        let of = sheet.columns.iter().enumerate();
        self.headings = of
            .map(|(index, column)| Heading {
                key: column.key.clone(),
                heading: column.heading.clone(),
                letter: place(index).unwrap_or_default(),
            })
            .collect();
        // Once for each column, not for each cell: a hostile file has as many ranges as it has columns.
        let hidden =
            |at: &&u32| self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(*at));
        self.untold = columns.keys().filter(hidden).copied().collect();
        self.columns = Some(columns);
    }

    pub(super) fn hide(&mut self, first: u32, last: u32) {
        if self.hidden_columns.len() < MAX_HIDDEN {
            self.hidden_columns.push((first, last));
        }
    }

    /// Whether a column is hidden; said once only.
    pub(super) fn hides(&mut self, column: u32) -> bool {
        self.untold.remove(&column)
    }

    /// The row that says the same as this record, which is the last; remembers it where there is none.
    pub(super) fn seen(&mut self, record: &Record, records: &[Record]) -> Option<u32> {
        let place = *self.rows_seen.entry(record.digest()).or_insert(records.len() - 1);
        records
            .get(place)
            .filter(|other| other.row != record.row && other.says_the_same(record))
            .map(|other| other.row)
    }
}

/// The first headings of a sheet, to show which row is meant.
fn first_headings(sheet: &Sheet) -> String {
    let headings: Vec<&str> = sheet.columns.iter().take(3).map(|column| column.heading.as_str()).collect();
    headings.join("、")
}

pub(super) fn headless(sheet: &Sheet) -> CellError {
    let help = format!("请补上模板中的标题行（{} 等），或从模板重新填写", first_headings(sheet));
    CellError::sheet(&sheet.name, format!("前 {HEADING_ROWS} 行中没有找到列标题"), help)
}

pub(super) fn unrecognised(spec: &Workbook) -> CellError {
    let names: Vec<&str> = spec.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let first = spec.sheets.first();
    let place = match first {
        Some(sheet) if !sheet.above.is_empty() => format!("前 {HEADING_ROWS} 行中应有一行列标题"),
        _ => "第一行应是列标题".to_owned(),
    };
    let reason = format!("没有找到“{}”表", names.join("”“"));
    let headings = first.map(first_headings).unwrap_or_default();
    CellError::file(reason, format!("{place}，如 {headings}；请从模板填写"))
}
