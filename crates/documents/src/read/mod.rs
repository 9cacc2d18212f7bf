//! Reading what users send: xlsx or CSV, told apart by content, never by name. Everything that is wrong is collected,
//! so that a file is corrected once and not cell by cell.

mod book;
mod check;
mod collect;
mod decode;
pub(crate) mod grid;
mod guard;
mod merges;
mod notes;
mod package;
mod raw;
mod record;
mod sheet;
mod table;
mod text;
mod xlsx;
mod xml;

use crate::error::{CellError, Fault};
use crate::spec::Workbook;
use collect::Collector;
pub use notes::{Note, NoteKind};
pub use record::Record;

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

/// What was read from a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Read {
    /// The rows of all sheets in the order of the file in which nothing is wrong.
    pub records: Vec<Record>,
    /// The others, without what could not be read of them: rows that build on them are not blamed for it.
    pub faulty: Vec<Record>,
    /// What is wrong with those; nothing of the file may be taken in where there is something.
    pub errors: Vec<CellError>,
    /// Sheets of the file that hold something but are none of ours, to be shown to the user.
    pub ignored: Vec<String>,
    /// What a person should know of before the file is taken in, in the order of the file.
    pub notes: Vec<Note>,
    /// The template that the file was made from, where it says so.
    pub template: Option<String>,
}

impl Read {
    /// The rows of one sheet.
    pub fn sheet<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(move |record| record.sheet == name)
    }
}

/// Reads a file against its description, where nobody looks further at one that is wrong somewhere.
///
/// # Errors
/// All problems found, in the order of the file, at most [`MAX_ERRORS`] and a last one that says there are more.
pub fn read(spec: &Workbook, bytes: &[u8], file_name: &str) -> Result<Read, Vec<CellError>> {
    let read = read_all(spec, bytes, file_name)?;
    if read.errors.is_empty() { Ok(read) } else { Err(read.errors) }
}

/// Reads a file against its description, as much of it as can be: who checks it further tells what is wrong there in the
/// same round. `file_name` serves for messages and, in a CSV file whose headings fit more than one sheet, to tell which
/// one it is. A CSV file may be UTF-8, UTF-16 or GBK.
///
/// # Errors
/// All problems found, where no row could be read.
pub fn read_all(spec: &Workbook, bytes: &[u8], file_name: &str) -> Result<Read, Vec<CellError>> {
    let mut collector = Collector::new(spec, file_name);
    let done = match sniff(bytes) {
        Content::Empty => fault(&format!("文件“{file_name}”是空的"), "请选择填写好的表格"),
        Content::Zip => xlsx::read(bytes, &mut collector),
        Content::Ole if holds_utf16(bytes, "EncryptedPackage") => Err(locked()),
        Content::Ole => fault(old_format(file_name), "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传"),
        Content::Other(what) => Err(not_a_table(&format!("文件“{file_name}”是{what}，不是表格"))),
        Content::Text => text::read(bytes, &mut collector),
    };
    collector.finish(done)
}

fn fault(reason: &str, help: &str) -> Result<(), Fault> {
    Err(Box::new(CellError::file(reason, help)))
}

/// The old container holds workbooks of Excel and of WPS alike, so that the name tells them apart.
fn old_format(file_name: &str) -> &'static str {
    let ending = file_name.rsplit('.').next().unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "xls" => "这是旧版 Excel 的 .xls 格式，系统不直接读取",
        "et" => "这是 WPS 表格自己的 .et 格式，系统不直接读取",
        _ => "这是旧版 Office 格式（如 .xls、.et），系统不直接读取",
    }
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
