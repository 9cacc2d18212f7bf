//! From raw rows to records: recognises the sheet, matches headings, checks every cell, and keeps account of what was
//! wrong and how much was taken in.

use super::check::value;
use super::{Cell, MAX_CHARS, MAX_ERRORS, MAX_ROWS, MAX_TEXT, Read, Record, recognise};
use crate::cell::{Value, is_forbidden, letters, squeeze, trim};
use crate::error::{CellError, Fault};
use crate::spec::{Sheet, Workbook};
use crate::write::{CODES_SHEET, HELP_SHEET};
use std::collections::BTreeMap;

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
    rows: u32,
    from_1904: bool,
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
        self.table = Some(Table { name: name.to_owned(), sheet, columns: None, rows: 0, from_1904 });
        true
    }

    /// Begins the one sheet of a CSV file, which its headings name.
    pub(super) fn begin_unnamed(&mut self) {
        self.table =
            Some(Table { name: String::new(), sheet: None, columns: None, rows: 0, from_1904: false });
    }

    /// Ends the sheet in hand. One of ours without any row has not even headings, which is a problem of its own.
    pub(super) fn end(&mut self) {
        let Some(table) = self.table.take() else { return };
        if let (Some(sheet), None) = (table.sheet, &table.columns)
            && !self.met.contains(&sheet.name.as_str())
        {
            self.met.push(&sheet.name);
            self.fail(CellError::sheet(&sheet.name, "没有列标题", "请从模板重新填写"));
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
            Some((sheet, columns)) => {
                table.rows += 1;
                let over = table.rows > MAX_ROWS;
                if over {
                    let reason = format!("数据超过 {MAX_ROWS} 行");
                    self.fail(CellError::sheet(&sheet.name, reason, "请拆分成几个文件上传"));
                    Flow::Stop
                } else {
                    self.record(sheet, columns, table.from_1904, number, cells)
                }
            }
            None => self.headings(&mut table, number, cells),
        };
        self.table = Some(table);
        flow
    }

    /// Takes the heading row; stops the sheet where it is not one of ours or its headings are wrong.
    fn headings(&mut self, table: &mut Table<'a>, number: u32, cells: Vec<(u32, Raw)>) -> Flow {
        let shown = |raw: Raw| match raw {
            Raw::Text(text) => trim(&text),
            Raw::Number(number) | Raw::Moment(number) => number.to_string(),
            Raw::Error(text) => text,
            Raw::Uncomputed => "公式".to_owned(),
        };
        let cells: Vec<(u32, String)> = cells.into_iter().map(|(column, raw)| (column, shown(raw))).collect();
        let Some(sheet) = table.sheet.or_else(|| self.recognise(&table.name, &cells)) else {
            if table.name.is_empty() {
                self.fail(unrecognised(self.spec));
            } else {
                self.read.ignored.push(table.name.clone());
            }
            return Flow::Stop;
        };
        self.met.push(&sheet.name);
        table.sheet = Some(sheet);
        let before = self.errors.len();
        let mut columns = BTreeMap::new();
        for (column, heading) in cells {
            let place =
                CellError { row: number, letter: letters(column), ..CellError::sheet(&sheet.name, "", "") };
            match sheet.by_heading(&heading) {
                None => {
                    let error =
                        CellError { reason: "不是模板中的列".to_owned(), ..place }.with_value(&heading);
                    self.fail(CellError {
                        help: "请删除这一列，或改成模板中的标题".to_owned(), ..error
                    });
                }
                Some(index) if columns.values().any(|other| *other == index) => {
                    let error =
                        CellError { reason: "这个标题出现了两次".to_owned(), ..place }.with_value(&heading);
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
        table.columns = Some(columns);
        // Wrong headings would make every row wrong in the same way.
        if self.errors.len() > before { Flow::Stop } else { Flow::Go }
    }

    /// The sheet by its headings. In a workbook, where sheets have names, only one that was not met and has all that
    /// is required, because people keep notes of their own beside our sheets.
    fn recognise(&self, name: &str, cells: &[(u32, String)]) -> Option<&'a Sheet> {
        let headings: Vec<String> = cells.iter().map(|(_, heading)| heading.clone()).collect();
        let sheet = recognise(self.spec, &headings, self.file_name)?;
        let has = |wanted: usize| headings.iter().any(|heading| sheet.by_heading(heading) == Some(wanted));
        let complete = (0..sheet.columns.len()).all(|index| !sheet.columns[index].required || has(index));
        (name.is_empty() || (complete && !self.met.contains(&sheet.name.as_str()))).then_some(sheet)
    }

    fn record(
        &mut self,
        sheet: &Sheet,
        columns: &BTreeMap<u32, usize>,
        from_1904: bool,
        number: u32,
        cells: Vec<(u32, Raw)>,
    ) -> Flow {
        let mut record = Record { sheet: sheet.name.clone(), row: number, cells: BTreeMap::new() };
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
            let column = &sheet.columns[*column];
            let place = CellError { column: column.heading.clone(), ..place };
            match value(self.spec, column, raw, from_1904, &place) {
                Ok(value) => {
                    if let Value::Text(text) = &value {
                        self.text += text.len();
                    }
                    let cell = Cell { value, letter: place.letter, heading: place.column };
                    record.cells.insert(column.key.clone(), cell);
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

fn unrecognised(spec: &Workbook) -> CellError {
    let names: Vec<&str> = spec.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let headings = spec.sheets.first().map_or(&[][..], |sheet| &sheet.columns);
    let headings: Vec<&str> = headings.iter().take(3).map(|column| column.heading.as_str()).collect();
    let reason = format!("没有找到“{}”表", names.join("”“"));
    CellError::file(reason, format!("第一行应是列标题，如 {}；请从模板填写", headings.join("、")))
}
