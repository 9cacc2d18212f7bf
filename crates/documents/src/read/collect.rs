//! From raw rows to records: recognises the sheet, matches headings, checks every cell, and keeps account of what was
//! wrong, what should be asked about and how much was taken in.

use super::check::value;
use super::guard::too_much_text;
use super::notes::{Note, NoteKind};
use super::raw::{Raw, RawRow, is_total};
use super::record::{Headings, Record};
use super::table::{Columns, Table, headless, unrecognised};
use super::{HEADING_ROWS, MAX_ERRORS, MAX_ROWS, MAX_TEXT, Read};
use crate::cell::{Value, is_forbidden, letters, squeeze};
use crate::error::{CellError, Fault};
use crate::mark::{Mark, mark_of};
use crate::spec::{Kind, Sheet, Workbook};
use crate::write::{CODES_SHEET, HELP_SHEET};
use std::collections::{BTreeMap, BTreeSet};

/// Whether the sheet is to be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Go,
    Stop,
}

pub(super) struct Collector<'a> {
    spec: &'a Workbook,
    file_name: &'a str,
    table: Option<Table<'a>>,
    /// The sheets already met, by name.
    met: Vec<&'a str>,
    /// Those that the file has by their own name: no other sheet of it is taken for them.
    named: Vec<&'a str>,
    text: usize,
    /// How many remarks of each kind there are.
    told: BTreeMap<NoteKind, usize>,
    read: Read,
    errors: Vec<CellError>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(spec: &'a Workbook, file_name: &'a str) -> Self {
        let (met, named, read, errors) = (Vec::new(), Vec::new(), Read::default(), Vec::new());
        Self { spec, file_name, table: None, met, named, text: 0, told: BTreeMap::new(), read, errors }
    }

    fn by_name(&self, name: &str) -> Option<&'a Sheet> {
        let wanted = squeeze(name);
        self.spec.sheets.iter().find(|sheet| squeeze(&sheet.name) == wanted)
    }

    /// Tells which sheets a workbook has, before the first of them begins.
    pub(super) fn announce<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        self.named = names.filter_map(|name| self.by_name(name)).map(|sheet| sheet.name.as_str()).collect();
    }

    /// Takes what the file says of the template that it was made from.
    pub(super) fn made_from(&mut self, mark: &str) {
        let Some(mark) = Mark::read(mark) else { return };
        let ours = mark_of(self.spec);
        if mark.id == ours.id && mark.digest != ours.digest {
            let text = "这个文件是用旧模板填写的，模板后来改过，请核对各列，或下载新模板填写".to_owned();
            self.note(Note { kind: NoteKind::OldTemplate, sheet: String::new(), row: 0, text });
        }
        self.read.template = Some(mark.id);
    }

    /// Begins a sheet of a workbook; false where it is one of ours that holds no data.
    pub(super) fn begin(&mut self, name: &str, hidden: bool, from_1904: bool) -> bool {
        let sheet = self.by_name(name);
        if sheet.is_none() && [CODES_SHEET, HELP_SHEET].map(squeeze).contains(&squeeze(name)) {
            return false;
        }
        let again = sheet.is_some_and(|sheet| self.met.contains(&sheet.name.as_str()));
        let mut table = Table::new(name, sheet.filter(|_| !again), from_1904);
        table.hidden = hidden;
        self.table = Some(table);
        true
    }

    /// Begins the one sheet of a CSV file, which its headings name.
    pub(super) fn begin_unnamed(&mut self) {
        self.table = Some(Table::new("", None, false));
    }

    /// Columns of the sheet in hand that nobody sees.
    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        if let Some(table) = &mut self.table {
            table.hide(first, last);
        }
    }

    /// Whether the sheet in hand is one of ours, by its name or its headings.
    pub(super) fn is_ours(&self) -> bool {
        self.table.as_ref().is_some_and(|table| table.sheet.is_some())
    }

    /// The row of the headings of the sheet in hand, once they were found.
    pub(super) fn heading_row(&self) -> Option<u32> {
        self.table.as_ref().filter(|table| table.columns.is_some()).map(|table| table.heading)
    }

    /// Whether a column of the sheet in hand is one of its description.
    pub(super) fn reads(&self, column: u32) -> bool {
        let columns = self.table.as_ref().and_then(|table| table.columns.as_ref());
        columns.is_some_and(|columns| columns.contains_key(&column))
    }

    /// Ends a sheet that is none of ours and cannot be read.
    pub(super) fn pass_over(&mut self) {
        self.read.ignored.extend(self.table.take().map(|table| table.name));
    }

    /// Ends the sheet in hand. If its headings were not found, that is a problem where the sheet is one of ours.
    pub(super) fn end(&mut self) {
        let Some(mut table) = self.table.take() else { return };
        if table.columns.is_some() {
            return;
        }
        match table.sheet {
            Some(sheet) if table.passed > 0 => {
                self.met.push(&sheet.name);
                match table.best.take() {
                    // The row that was meant: what is wrong with it is told by name.
                    Some((number, cells)) => drop(self.columns(&mut table, sheet, (number, &cells))),
                    None => self.fail(headless(sheet)),
                }
            }
            Some(sheet) if self.met.contains(&sheet.name.as_str()) => {}
            Some(sheet) => {
                self.met.push(&sheet.name);
                self.fail(CellError::sheet(&sheet.name, "没有列标题", "请从模板重新填写"));
            }
            None if table.passed == 0 && table.second.is_none() => {}
            None if table.name.is_empty() => self.fail(unrecognised(self.spec)),
            None => self.read.ignored.push(table.name),
        }
    }

    /// Takes a row.
    pub(super) fn row(&mut self, mut row: RawRow) -> Flow {
        row.cells.retain(|(_, raw)| !raw.is_blank());
        let Some(mut table) = self.table.take() else { return Flow::Stop };
        let flow = if row.cells.is_empty() {
            Flow::Go
        } else if let Some(sheet) = table.second {
            self.second(&table, sheet, &row)
        } else if let Some(sheet) = table.sheet.filter(|_| table.columns.is_some()) {
            self.data(&mut table, sheet, row)
        } else {
            self.headings(&mut table, row)
        };
        self.table = Some(table);
        flow
    }

    /// A row of a further sheet with headings of ours: there is data that is not read.
    fn second(&mut self, table: &Table<'a>, sheet: &Sheet, row: &RawRow) -> Flow {
        if is_line_below(sheet, &row.cells) {
            return Flow::Go;
        }
        let text = format!("“{}”表里也有“{}”的数据，没有读入", table.name, sheet.name);
        self.note(Note { kind: NoteKind::SecondSheet, sheet: table.name.clone(), row: 0, text });
        Flow::Stop
    }

    /// A row under the headings.
    fn data(&mut self, table: &mut Table<'a>, sheet: &'a Sheet, row: RawRow) -> Flow {
        if is_line_below(sheet, &row.cells) {
            return Flow::Go;
        }
        if is_total(&row.cells) {
            self.tell(table, NoteKind::TotalRow, row.number, |row| format!("{row}是合计，没有读入"));
            return Flow::Go;
        }
        table.rows += 1;
        if table.rows > MAX_ROWS {
            let reason = format!("数据超过 {MAX_ROWS} 行");
            self.fail(CellError::sheet(&sheet.name, reason, "请拆分成几个文件上传"));
            return Flow::Stop;
        }
        if let Some(range) = row.across.first() {
            let reason = format!("单元格 {range} 合并在一起，分不清各列的内容");
            let error = CellError::sheet(&sheet.name, reason, "请取消合并，逐格填写");
            self.fail(CellError { row: row.number, ..error });
            return if self.errors.len() > MAX_ERRORS { Flow::Stop } else { Flow::Go };
        }
        if table.hidden && table.rows == 1 {
            self.tell(table, NoteKind::HiddenSheet, 0, |sheet| {
                format!("{sheet}是隐藏的，里面的数据也读入了")
            });
        }
        if row.hidden {
            self.tell(table, NoteKind::HiddenRow, row.number, |row| format!("{row}是隐藏的，也读入了"));
        }
        for (column, range) in &row.down {
            if is_amount(table, sheet, &row.cells, *column) {
                let text = |row: &str| {
                    format!(
                        "{row}起的单元格 {range} 合并着一个数，每一行都按这个数读入；如果是几行合起来的数，请取消合并逐行填写"
                    )
                };
                self.tell(table, NoteKind::MergedNumber, row.number, text);
            } else {
                let text = |row: &str| format!("{row}起的单元格 {range} 是合并的，内容用于其中每一行");
                self.tell(table, NoteKind::MergedCells, row.number, text);
            }
        }
        let (number, before) = (row.number, self.errors.len());
        let flow = self.record(table, sheet, row);
        if self.errors.len() == before
            && !table.misheaded
            && let Some(record) = self.read.records.last().filter(|record| record.row == number)
            && let Some(earlier) = table.seen(record, &self.read.records)
        {
            let text = |row: &str| format!("{row}与第 {earlier} 行完全相同，两行都读入了");
            self.tell(table, NoteKind::SameRow, number, text);
        }
        flow
    }

    /// Takes the heading row, or passes over a line above it; stops the sheet where it is not one of ours.
    fn headings(&mut self, table: &mut Table<'a>, row: RawRow) -> Flow {
        let number = row.number;
        let cells: Vec<_> = row.cells.into_iter().map(|(column, raw)| (column, raw.shown())).collect();
        let headings: BTreeSet<String> = cells.iter().map(|(_, heading)| squeeze(heading)).collect();
        let sheet = table.sheet.or_else(|| self.recognise(table, &headings));
        let Some(sheet) = sheet.filter(|sheet| table.is_begun_by(sheet, &headings)) else {
            if table.sheet.is_none()
                && let Some(sheet) = self.doubled(table, &headings)
            {
                table.second = Some(sheet);
                return Flow::Go;
            }
            table.pass(number, cells, &headings);
            return if table.passed < HEADING_ROWS { Flow::Go } else { Flow::Stop };
        };
        self.met.push(&sheet.name);
        table.sheet = Some(sheet);
        table.heading = number;
        if sheet.above.is_empty() {
            for (title, shown) in std::mem::take(&mut table.titles) {
                let text = |row: &str| format!("{row}“{shown}”在列标题上面，没有读入");
                self.tell(table, NoteKind::TitleRow, title, text);
            }
        }
        // Where headings are wrong the rows are looked at all the same, in the columns that are known: a file is
        // corrected once.
        let columns = self.columns(table, sheet, (number, &cells));
        table.take_columns(sheet, columns);
        if self.errors.len() > MAX_ERRORS { Flow::Stop } else { Flow::Go }
    }

    /// Column of the file → column of the sheet, and every heading that is wrong or missing as an error.
    fn columns(
        &mut self,
        table: &mut Table<'_>,
        sheet: &Sheet,
        (number, cells): (u32, &[(u32, String)]),
    ) -> Columns {
        let (mut columns, before) = (Columns::new(), self.errors.len());
        for &(column, ref heading) in cells {
            let place =
                CellError { row: number, letter: letters(column), ..CellError::sheet(&sheet.name, "", "") };
            let (reason, help) = match sheet.by_heading(heading) {
                None => ("不是模板中的列", "请删除这一列，或改成模板中的标题"),
                Some(index) if columns.values().any(|other| *other == index) => {
                    ("这个标题出现了两次", "请只保留一列")
                }
                Some(index) => {
                    columns.insert(column, index);
                    continue;
                }
            };
            table.refused.insert(column);
            let error = CellError { reason: reason.to_owned(), help: help.to_owned(), ..place };
            self.fail(error.with_value(heading));
        }
        for (index, column) in sheet.columns.iter().enumerate() {
            if column.required && !columns.values().any(|other| *other == index) {
                let error = CellError::sheet(&sheet.name, "缺少这一列", "此列必填，请从模板重新填写");
                self.fail(CellError { row: number, column: column.heading.clone(), ..error });
            }
        }
        table.misheaded = self.errors.len() > before;
        columns
    }

    /// The sheet by its headings. In a workbook, where sheets have names, only one that was not met, that no other
    /// sheet is called by and that has all that is required, because people keep notes of their own beside our sheets.
    fn recognise(&self, table: &Table<'a>, headings: &BTreeSet<String>) -> Option<&'a Sheet> {
        let sheet = self.most_alike(headings)?;
        let fresh = |name: &str| !self.met.contains(&name) && !self.named.contains(&name);
        (table.name.is_empty() || (fresh(&sheet.name) && sheet.is_complete(headings))).then_some(sheet)
    }

    /// A sheet of ours that this one has the headings of, though another one is read for it.
    fn doubled(&self, table: &Table<'a>, headings: &BTreeSet<String>) -> Option<&'a Sheet> {
        let sheet = self.most_alike(headings)?;
        let other = self.met.contains(&sheet.name.as_str()) || self.named.contains(&sheet.name.as_str());
        (!table.name.is_empty() && other && sheet.is_complete(headings)).then_some(sheet)
    }

    /// The sheet with the most headings in common with these, among equals the one that the file is named after, then
    /// the first. `None` where there is nothing in common.
    fn most_alike(&self, headings: &BTreeSet<String>) -> Option<&'a Sheet> {
        let sheets = self.spec.sheets.iter();
        let best = sheets.clone().map(|sheet| sheet.shared(headings)).max().filter(|best| *best > 0)?;
        let mut equals = sheets.filter(|sheet| sheet.shared(headings) == best);
        let first = equals.clone().next();
        equals.find(|sheet| self.file_name.contains(&sheet.name)).or(first)
    }

    /// Takes a row of data.
    fn record(&mut self, table: &mut Table<'a>, sheet: &Sheet, row: RawRow) -> Flow {
        let (headings, before) = (Headings::clone(&table.headings), self.errors.len());
        let mut record = Record::new(&sheet.name, row.number, &headings, row.cells.len());
        let mut given = vec![false; sheet.columns.len()];
        for (at, raw) in row.cells {
            let place =
                CellError { row: row.number, letter: letters(at), ..CellError::sheet(&sheet.name, "", "") };
            let Some(index) = table.columns.as_ref().and_then(|columns| columns.get(&at)).copied() else {
                // What ended in an error where nothing is asked for is nothing.
                if !matches!(raw, Raw::Error(_) | Raw::Uncomputed) && !table.refused.contains(&at) {
                    let reason = "这一列没有标题，却填了内容".to_owned();
                    let help = "请补上标题或清空这一列".to_owned();
                    self.fail(CellError { reason, help, ..place });
                }
                continue;
            };
            given[index] = true;
            let column = &sheet.columns[index];
            if !column.hidden && table.hides(at) {
                let text = |table: &str| {
                    format!("{table} {} 列（{}）是隐藏的，里面的内容也读入了", letters(at), column.heading)
                };
                self.tell(table, NoteKind::HiddenColumn, 0, text);
            }
            let place = CellError { column: column.heading.clone(), ..place };
            match value(self.spec, column, raw, table.from_1904, &place) {
                Ok(value) => {
                    if let Value::Text(text) = &value {
                        self.text += text.len();
                    }
                    record.put(index, value);
                }
                Err(error) => self.fail(*error),
            }
        }
        for ((column, heading), given) in sheet.columns.iter().zip(headings.iter()).zip(given) {
            // That a column is absent was told with the headings.
            if column.required && !given && !heading.letter.is_empty() {
                let error = CellError::sheet(&sheet.name, "没有填写", "此列必填");
                let letter = heading.letter.clone();
                self.fail(CellError { row: row.number, letter, column: column.heading.clone(), ..error });
            }
        }
        if self.text > MAX_TEXT {
            self.fail(too_much_text(&sheet.name));
            return Flow::Stop;
        }
        record.close();
        let fine = self.errors.len() == before && !table.misheaded;
        if fine {
            self.read.records.push(record);
        } else {
            self.read.faulty.push(record);
        }
        if self.errors.len() > MAX_ERRORS { Flow::Stop } else { Flow::Go }
    }

    fn fail(&mut self, error: CellError) {
        // One more than is shown, to know that there are more.
        if self.errors.len() <= MAX_ERRORS {
            self.errors.push(error);
        }
    }

    /// Remarks on a row of the sheet in hand, or on the whole of it where `row` is 0; `text` is given its name.
    fn tell(&mut self, table: &Table<'_>, kind: NoteKind, row: u32, text: impl Fn(&str) -> String) {
        let sheet = table.shown_name();
        let place =
            if row == 0 { format!("“{sheet}”表") } else { format!("“{sheet}”表第 {row} 行") };
        self.note(Note { kind, sheet: sheet.to_owned(), row, text: text(&place) });
    }

    /// So many of each kind, and then that there are more: what matters is not crowded out by what does not.
    fn note(&mut self, note: Note) {
        let told = self.told.entry(note.kind).or_default();
        *told += 1;
        if *told <= MAX_ERRORS {
            self.read.notes.push(note);
        } else if *told == MAX_ERRORS + 1 {
            let text = format!("同样的提醒超过 {MAX_ERRORS} 处，其余没有列出");
            self.read.notes.push(Note { row: 0, text, ..note });
        }
    }

    /// What was read, with what was wrong; that alone where no row could be read.
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
        if self.read.records.is_empty() && !self.errors.is_empty() {
            return Err(self.errors);
        }
        Ok(Read { errors: self.errors, ..self.read })
    }
}

/// The forbidden character of a text, if there is one.
pub(super) fn forbidden(text: &str) -> Option<char> {
    text.chars().find(|c| is_forbidden(*c))
}

/// Whether what stands in this column is a number that could be summed up, and not one that names something.
fn is_amount(table: &Table<'_>, sheet: &Sheet, cells: &[(u32, Raw)], at: u32) -> bool {
    let index = table.columns.as_ref().and_then(|columns| columns.get(&at));
    let column = index.and_then(|index| sheet.columns.get(*index));
    let sums = column.is_some_and(|column| {
        matches!(column.kind, Kind::Integer | Kind::Text) && !column.code && !column.hidden
    });
    sums && cells.iter().any(|(column, raw)| *column == at && raw.counts())
}

/// Whether this row is one of the lines under the table: they are merged, so nothing else stands beside them.
fn is_line_below(sheet: &Sheet, cells: &[(u32, Raw)]) -> bool {
    matches!(cells, [(_, Raw::Text(text))] if sheet.is_line_below(text))
}
