//! From raw rows to records: recognises the sheet, matches headings, checks every cell, and keeps account of what was
//! wrong and how much was taken in.

use super::check::value;
use super::record::{Heading, Headings, Record};
use super::{HEADING_ROWS, MAX_CHARS, MAX_ERRORS, MAX_ROWS, MAX_TEXT, Read, recognise};
use crate::cell::{Value, is_forbidden, letters, squeeze, trim};
use crate::error::{CellError, Fault};
use crate::spec::{Sheet, Workbook};
use crate::write::{CODES_SHEET, HELP_SHEET};
use std::collections::{BTreeMap, BTreeSet};

/// A cell as the file has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Text(String),
    Number(f64),
    /// A date or a time: an Excel serial number.
    Moment(f64),
    /// A formula that ended in an error, such as #N/A.
    Error(String),
    /// A formula without a result.
    Uncomputed,
}

impl Raw {
    /// As a heading.
    fn shown(self) -> String {
        match self {
            Self::Text(text) => trim(&text),
            Self::Number(number) | Self::Moment(number) => number.to_string(),
            Self::Error(text) => text,
            Self::Uncomputed => "公式".to_owned(),
        }
    }

    /// Keeps no more of a text than is needed to see that it is too long.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(match text.char_indices().nth(MAX_CHARS * 2) {
            Some((end, _)) => text[..end].to_owned(),
            None => text.to_owned(),
        })
    }
}

/// Whether the sheet is to be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Go,
    Stop,
}

/// The sheet in hand.
struct Table<'a> {
    /// Its name in the file; "" in CSV.
    name: String,
    /// Known by its name, or later by its headings.
    sheet: Option<&'a Sheet>,
    /// Column of the file → column of the sheet; `None` until the heading row was seen.
    columns: Option<BTreeMap<u32, usize>>,
    /// The same columns as the records of the sheet share them.
    headings: Headings,
    /// Rows passed over in search of the headings.
    passed: usize,
    rows: u32,
    from_1904: bool,
}

impl<'a> Table<'a> {
    fn new(name: &str, sheet: Option<&'a Sheet>, from_1904: bool) -> Self {
        Self {
            name: name.to_owned(),
            sheet,
            columns: None,
            headings: Headings::default(),
            passed: 0,
            rows: 0,
            from_1904,
        }
    }
}

pub(super) struct Collector<'a> {
    spec: &'a Workbook,
    file_name: &'a str,
    table: Option<Table<'a>>,
    /// The sheets already met, by name.
    met: Vec<&'a str>,
    text: usize,
    read: Read,
    errors: Vec<CellError>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(spec: &'a Workbook, file_name: &'a str) -> Self {
        let (table, met, read, errors) = (None, Vec::new(), Read::default(), Vec::new());
        Self { spec, file_name, table, met, text: 0, read, errors }
    }

    /// Begins a sheet of a workbook; false where it is one of ours that holds no data.
    pub(super) fn begin(&mut self, name: &str, from_1904: bool) -> bool {
        let wanted = squeeze(name);
        let sheet = self.spec.sheets.iter().find(|sheet| squeeze(&sheet.name) == wanted);
        if sheet.is_none() && [CODES_SHEET, HELP_SHEET].map(squeeze).contains(&wanted) {
            return false;
        }
        self.table = Some(Table::new(name, sheet, from_1904));
        true
    }

    /// Begins the one sheet of a CSV file, which its headings name.
    pub(super) fn begin_unnamed(&mut self) {
        self.table = Some(Table::new("", None, false));
    }

    /// Whether something may stand above the headings of a sheet that is still to come.
    pub(super) fn may_have_lines_above(&self) -> bool {
        let mut sheets = self.spec.sheets.iter();
        sheets.any(|sheet| !sheet.above.is_empty() && !self.met.contains(&sheet.name.as_str()))
    }

    /// Ends the sheet in hand. If its headings were not found, that is a problem where the sheet is one of ours.
    pub(super) fn end(&mut self) {
        let Some(table) = self.table.take() else { return };
        if table.columns.is_some() {
            return;
        }
        match table.sheet {
            Some(sheet) if table.passed > 0 => {
                self.met.push(&sheet.name);
                self.fail(headless(sheet));
            }
            Some(sheet) if self.met.contains(&sheet.name.as_str()) => {}
            Some(sheet) => {
                self.met.push(&sheet.name);
                self.fail(CellError::sheet(&sheet.name, "没有列标题", "请从模板重新填写"));
            }
            None if table.passed == 0 => {}
            None if table.name.is_empty() => self.fail(unrecognised(self.spec)),
            None => self.read.ignored.push(table.name),
        }
    }

    /// Takes a row, `number` from 1 as in Excel, its cells with their column from 0.
    pub(super) fn row(&mut self, number: u32, cells: Vec<(u32, Raw)>) -> Flow {
        let blank = |raw: &Raw| matches!(raw, Raw::Text(text) if trim(text).is_empty());
        let cells: Vec<_> = cells.into_iter().filter(|(_, raw)| !blank(raw)).collect();
        let Some(mut table) = self.table.take() else { return Flow::Stop };
        if cells.is_empty() {
            self.table = Some(table);
            return Flow::Go;
        }
        let flow = match table.sheet.zip(table.columns.as_ref()) {
            Some((sheet, _)) if is_line_below(sheet, &cells) => Flow::Go,
            Some((sheet, columns)) => {
                table.rows += 1;
                let over = table.rows > MAX_ROWS;
                if over {
                    let reason = format!("数据超过 {MAX_ROWS} 行");
                    self.fail(CellError::sheet(&sheet.name, reason, "请拆分成几个文件上传"));
                    Flow::Stop
                } else {
                    self.record(sheet, columns, (&table.headings, table.from_1904), number, cells)
                }
            }
            None => self.headings(&mut table, number, cells),
        };
        self.table = Some(table);
        flow
    }

    /// Takes the heading row, or passes over a line above it; stops the sheet where it is not one of ours or its
    /// headings are wrong.
    fn headings(&mut self, table: &mut Table<'a>, number: u32, cells: Vec<(u32, Raw)>) -> Flow {
        let cells: Vec<_> = cells.into_iter().map(|(column, raw)| (column, raw.shown())).collect();
        let headings: BTreeSet<String> = cells.iter().map(|(_, heading)| squeeze(heading)).collect();
        let sheet = table.sheet.or_else(|| self.recognise(table, &headings));
        let Some(sheet) = sheet.filter(|sheet| sheet.above.is_empty() || sheet.is_headed_by(&headings))
        else {
            table.passed += 1;
            let may_follow = table.sheet.is_some() || self.may_have_lines_above();
            return if may_follow && table.passed < HEADING_ROWS { Flow::Go } else { Flow::Stop };
        };
        self.met.push(&sheet.name);
        table.sheet = Some(sheet);
        let before = self.errors.len();
        let columns = self.columns(sheet, number, &cells);
        table.headings = headings_of(sheet, &columns);
        table.columns = Some(columns);
        // Wrong headings would make every row wrong in the same way.
        if self.errors.len() > before { Flow::Stop } else { Flow::Go }
    }

    /// Column of the file → column of the sheet, and every heading that is wrong or missing as an error.
    fn columns(&mut self, sheet: &Sheet, number: u32, cells: &[(u32, String)]) -> BTreeMap<u32, usize> {
        let mut columns = BTreeMap::new();
        for &(column, ref heading) in cells {
            let place =
                CellError { row: number, letter: letters(column), ..CellError::sheet(&sheet.name, "", "") };
            match sheet.by_heading(heading) {
                None => {
                    let error =
                        CellError { reason: "不是模板中的列".to_owned(), ..place }.with_value(heading);
                    self.fail(CellError {
                        help: "请删除这一列，或改成模板中的标题".to_owned(), ..error
                    });
                }
                Some(index) if columns.values().any(|other| *other == index) => {
                    let error =
                        CellError { reason: "这个标题出现了两次".to_owned(), ..place }.with_value(heading);
                    self.fail(CellError { help: "请只保留一列".to_owned(), ..error });
                }
                Some(index) => {
                    columns.insert(column, index);
                }
            }
        }
        for (index, column) in sheet.columns.iter().enumerate() {
            if column.required && !columns.values().any(|other| *other == index) {
                let error = CellError::sheet(&sheet.name, "缺少这一列", "此列必填，请从模板重新填写");
                self.fail(CellError { row: number, column: column.heading.clone(), ..error });
            }
        }
        columns
    }

    /// The sheet by its headings, which from the second row on must be one with lines above them. In a workbook, where
    /// sheets have names, only one that was not met and has all that is required, because people keep notes of their
    /// own beside our sheets.
    fn recognise(&self, table: &Table<'a>, headings: &BTreeSet<String>) -> Option<&'a Sheet> {
        let fits = |sheet: &&Sheet| table.passed == 0 || !sheet.above.is_empty();
        let sheets: Vec<&Sheet> = self.spec.sheets.iter().filter(fits).collect();
        let sheet = recognise(&sheets, headings, self.file_name)?;
        let fresh = !self.met.contains(&sheet.name.as_str());
        (table.name.is_empty() || (fresh && sheet.is_complete(headings))).then_some(sheet)
    }

    fn record(
        &mut self,
        sheet: &Sheet,
        columns: &BTreeMap<u32, usize>,
        (headings, from_1904): (&Headings, bool),
        number: u32,
        cells: Vec<(u32, Raw)>,
    ) -> Flow {
        let mut record = Record::new(&sheet.name, number, headings, cells.len());
        let mut given = vec![false; sheet.columns.len()];
        for (column, raw) in cells {
            let place =
                CellError { row: number, letter: letters(column), ..CellError::sheet(&sheet.name, "", "") };
            let Some(column) = columns.get(&column) else {
                let reason = "这一列没有标题，却填了内容".to_owned();
                self.fail(CellError {
                    reason, help: "请补上标题或清空这一列".to_owned(), ..place
                });
                continue;
            };
            given[*column] = true;
            let index = *column;
            let column = &sheet.columns[index];
            let place = CellError { column: column.heading.clone(), ..place };
            match value(self.spec, column, raw, from_1904, &place) {
                Ok(value) => {
                    if let Value::Text(text) = &value {
                        self.text += text.len();
                    }
                    record.put(index, value);
                }
                Err(error) => self.fail(*error),
            }
        }
        let letter =
            |index: usize| columns.iter().find(|(_, other)| **other == index).map(|(at, _)| letters(*at));
        for (index, column) in sheet.columns.iter().enumerate() {
            if column.required && !given[index] {
                let error = CellError::sheet(&sheet.name, "没有填写", "此列必填");
                let letter = letter(index).unwrap_or_default();
                self.fail(CellError { row: number, letter, column: column.heading.clone(), ..error });
            }
        }
        if self.text > MAX_TEXT {
            self.fail(CellError::sheet(&sheet.name, "文字过多", "请拆分成几个文件上传"));
            return Flow::Stop;
        }
        record.close();
        self.read.records.push(record);
        if self.errors.len() > MAX_ERRORS { Flow::Stop } else { Flow::Go }
    }

    fn fail(&mut self, error: CellError) {
        // One more than is shown, to know that there are more.
        if self.errors.len() <= MAX_ERRORS {
            self.errors.push(error);
        }
    }

    /// What was read, or all that was wrong.
    pub(super) fn finish(mut self, done: Result<(), Fault>) -> Result<Read, Vec<CellError>> {
        match done {
            // What came before a break in the file is not worth telling.
            Err(error) => return Err(vec![*error]),
            Ok(()) if self.errors.is_empty() && self.met.is_empty() => {
                return Err(vec![unrecognised(self.spec)]);
            }
            Ok(()) => {}
        }
        if self.errors.len() > MAX_ERRORS {
            self.errors.truncate(MAX_ERRORS);
            let reason = format!("问题超过 {MAX_ERRORS} 处，其余没有列出");
            self.errors.push(CellError::file(reason, "请先改正以上问题"));
        }
        if self.errors.is_empty() { Ok(self.read) } else { Err(self.errors) }
    }
}

/// The forbidden character of a text, if there is one.
pub(super) fn forbidden(text: &str) -> Option<char> {
    text.chars().find(|c| is_forbidden(*c))
}

/// The columns of a sheet as its records share them, each with its place in this file.
fn headings_of(sheet: &Sheet, columns: &BTreeMap<u32, usize>) -> Headings {
    let place = |index: usize| columns.iter().find(|(_, other)| **other == index).map(|(at, _)| letters(*at));
    let of = sheet.columns.iter().enumerate();
    of.map(|(index, column)| Heading {
        key: column.key.clone(),
        heading: column.heading.clone(),
        letter: place(index).unwrap_or_default(),
    })
    .collect()
}

/// Whether this row is one of the lines under the table: they are merged, so nothing else stands beside them.
fn is_line_below(sheet: &Sheet, cells: &[(u32, Raw)]) -> bool {
    matches!(cells, [(_, Raw::Text(text))] if sheet.is_line_below(text))
}

/// The first headings of a sheet, to show which row is meant.
fn first_headings(sheet: &Sheet) -> String {
    let headings: Vec<&str> = sheet.columns.iter().take(3).map(|column| column.heading.as_str()).collect();
    headings.join("、")
}

fn headless(sheet: &Sheet) -> CellError {
    let help = format!("请补上模板中的标题行（{} 等），或从模板重新填写", first_headings(sheet));
    CellError::sheet(&sheet.name, format!("前 {HEADING_ROWS} 行中没有找到列标题"), help)
}

fn unrecognised(spec: &Workbook) -> CellError {
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
