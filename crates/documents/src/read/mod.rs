//! Reading what users send: xlsx or CSV, told apart by content, never by name. Everything that is wrong is collected,
//! so that a file is corrected once and not cell by cell.

mod check;
mod collect;
mod count;
pub(crate) mod grid;
mod guard;
mod text;
mod xlsx;

use crate::cell::Value;
use crate::error::{CellError, Fault};
use crate::spec::{Sheet, Workbook};
use collect::Collector;
use jiedui_kernel::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of data in one sheet, at most.
pub const MAX_ROWS: u32 = 50_000;
/// Characters in one cell, at most.
pub const MAX_CHARS: usize = 2_000;
/// Bytes of a file once unpacked, at most.
pub const MAX_UNPACKED: u64 = 200 * 1024 * 1024;
/// Cells of one file, at most, those without content included: a small file can hold millions of them.
pub const MAX_CELLS: usize = 4_000_000;
/// Bytes of text taken from one file, at most: a small file can repeat one long string in every cell.
pub const MAX_TEXT: usize = 64 * 1024 * 1024;
/// Problems listed of one file, at most; one more then says that there are others.
pub const MAX_ERRORS: usize = 1_000;
/// Rows with something in them among which the headings of a sheet with lines above are looked for.
pub(crate) const HEADING_ROWS: usize = 10;

/// What was read from a file without a problem.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Read {
    /// The rows of all sheets in the order of the file.
    pub records: Vec<Record>,
    /// Sheets of the file that hold something but are none of ours, to be shown to the user.
    pub ignored: Vec<String>,
}

impl Read {
    /// The rows of one sheet.
    pub fn sheet<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(move |record| record.sheet == name)
    }
}

/// One row of data. Its values have been checked against the kind of their column; required ones are there.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The name of the sheet as the description has it.
    pub sheet: String,
    /// The row, from 1 as in Excel.
    pub row: u32,
    /// Key of the column → its cell; only columns of the file with a value in this row.
    pub cells: BTreeMap<String, Cell>,
}

/// A cell with a value, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Text (for a choice, too), a date or a whole number.
    pub value: Value,
    /// The letters of the column in the file, such as "D".
    pub letter: String,
    /// The heading of the column as the description has it.
    pub heading: String,
}

impl Record {
    /// The text of a text or choice column; "" where the cell is empty.
    pub fn text(&self, key: &str) -> &str {
        match self.cells.get(key).map(|cell| &cell.value) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The day of a date column; `None` where the cell is empty.
    pub fn date(&self, key: &str) -> Option<Date> {
        match self.cells.get(key)?.value {
            Value::Date(date) => Some(date),
            _ => None,
        }
    }

    /// The number of an integer column; `None` where the cell is empty.
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.cells.get(key)?.value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// A further problem of this row, found by the caller: at the cell of that column or, where it is empty, at the row.
    pub fn error(&self, key: &str, reason: impl Into<String>, help: impl Into<String>) -> CellError {
        let error = CellError { row: self.row, ..CellError::sheet(&self.sheet, reason, help) };
        let Some(cell) = self.cells.get(key) else { return error };
        let shown = match &cell.value {
            Value::Text(text) => text.clone(),
            Value::Date(date) => date.to_string(),
            Value::Integer(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Empty => String::new(),
        };
        CellError { letter: cell.letter.clone(), column: cell.heading.clone(), ..error }.with_value(&shown)
    }
}

/// Reads a file against its description. `file_name` serves for messages and, in a CSV file whose headings fit more
/// than one sheet, to tell which one it is. A CSV file may be UTF-8, UTF-16 or GBK.
///
/// # Errors
/// All problems found, in the order of the file, at most [`MAX_ERRORS`] and a last one that says there are more.
pub fn read(spec: &Workbook, bytes: &[u8], file_name: &str) -> Result<Read, Vec<CellError>> {
    let mut collector = Collector::new(spec, file_name);
    let done = match sniff(bytes) {
        Content::Empty => fault(&format!("文件“{file_name}”是空的"), "请选择填写好的表格"),
        Content::Zip => xlsx::read(bytes, &mut collector),
        Content::Ole if holds_utf16(bytes, "EncryptedPackage") => Err(locked()),
        Content::Ole => fault(
            "这是旧版 Office 格式（如 .xls），系统不直接读取",
            "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传",
        ),
        Content::Other(what) => Err(not_a_table(&format!("文件“{file_name}”是{what}，不是表格"))),
        Content::Text => text::read(bytes, &mut collector),
    };
    collector.finish(done)
}

fn fault(reason: &str, help: &str) -> Result<(), Fault> {
    Err(Box::new(CellError::file(reason, help)))
}

fn not_a_table(reason: &str) -> Fault {
    Box::new(CellError::file(reason, "请上传 .xlsx 或 .csv 文件"))
}

fn locked() -> Fault {
    Box::new(CellError::file("这个 Excel 文件设了打开密码", "请先取消密码，再重新上传"))
}

enum Content {
    Empty,
    Zip,
    /// The container of old Office files, and of encrypted new ones.
    Ole,
    Other(&'static str),
    Text,
}

/// Tells what a file is from its first bytes.
fn sniff(bytes: &[u8]) -> Content {
    const KNOWN: [(&[u8], &str); 8] = [
        (b"\x89PNG\r\n", "PNG 图片"),
        (b"\xFF\xD8\xFF", "JPEG 图片"),
        (b"GIF8", "GIF 图片"),
        (b"%PDF-", " PDF 文件"),
        (b"Rar!\x1A", " RAR 压缩包"),
        (b"7z\xBC\xAF\x27\x1C", " 7z 压缩包"),
        (b"\x1F\x8B", " gzip 压缩包"),
        (b"{\\rtf", " RTF 文档"),
    ];
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Content::Empty;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Content::Zip;
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Content::Ole;
    }
    match KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, what)) => Content::Other(what),
        None => Content::Text,
    }
}

fn holds_utf16(bytes: &[u8], word: &str) -> bool {
    let word: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(word.len()).any(|window| window == word)
}

/// The one of these sheets that a heading row belongs to: the one with the most headings in common, among equals the
/// one that the file is named after, then the first. `None` where there is nothing in common.
fn recognise<'a>(sheets: &[&'a Sheet], headings: &BTreeSet<String>, file_name: &str) -> Option<&'a Sheet> {
    let best = sheets.iter().map(|sheet| sheet.shared(headings)).max().filter(|best| *best > 0)?;
    let mut equals = sheets.iter().copied().filter(|sheet| sheet.shared(headings) == best);
    let first = equals.clone().next();
    equals.find(|sheet| file_name.contains(&sheet.name)).or(first)
}
