//! The limits of an xlsx. A file says nothing about itself that is believed: what its directory states is added up
//! before anything is unpacked, what really comes out is counted while it comes, empty cells and rows included.

use super::{MAX_CELLS, MAX_UNPACKED};
use crate::error::{CellError, Fault};
use std::cell::Cell;
use std::io::{self, Read};

/// Parts in one archive, at most; Excel writes a few dozen.
pub(super) const MAX_PARTS: usize = 2_000;
/// Cells and rows together, at most: the cells that a file may hold, and as many rows as the format has.
pub(super) const BUDGET: usize = MAX_CELLS + (1 << 20);
/// Tags for each cell or row, at most; a text inside its cell has three that open.
const TAGS_EACH: usize = 8;

/// Why a part is read no further.
#[derive(Debug)]
pub(super) enum Stop {
    /// It is not what it should be. Only where the part is needed does that make the file unreadable.
    Damaged,
    /// More comes out of it than is taken.
    TooLarge,
    /// It holds more cells and rows than is taken.
    TooMany,
    /// Something else that refuses the file.
    Fault(Fault),
}

pub(super) type Outcome<T> = Result<T, Stop>;

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Stop {
    /// As it is told, for a sheet with this name.
    pub(super) fn fault(self, sheet: &str) -> Fault {
        match self {
            Self::Damaged => damaged(),
            Self::TooLarge => too_large(),
            Self::TooMany => too_many_cells(sheet),
            Self::Fault(fault) => fault,
        }
    }
}

/// What may still come out of one file.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    bytes: Cell<u64>,
    cells: Cell<usize>,
    tags: Cell<usize>,
}

impl Budget {
    pub(super) fn new(most: u64) -> Self {
        Self { most, bytes: Cell::new(0), cells: Cell::new(0), tags: Cell::new(0) }
    }

    /// As it was when nothing had come out yet.
    pub(super) fn again(&self) -> Self {
        Self::new(self.most)
    }

    /// One cell or row more.
    pub(super) fn cell(&self) -> Outcome<()> {
        self.cells.set(self.cells.get() + 1);
        if self.cells.get() > BUDGET { Err(Stop::TooMany) } else { Ok(()) }
    }

    /// One tag more, of whatever kind.
    pub(super) fn tag(&self) -> Outcome<()> {
        self.tags.set(self.tags.get() + 1);
        if self.tags.get() > BUDGET * TAGS_EACH { Err(Stop::TooMany) } else { Ok(()) }
    }

    /// Why reading failed: the file is too large, or it is broken.
    pub(super) fn cause(&self) -> Stop {
        if self.bytes.get() > self.most { Stop::TooLarge } else { Stop::Damaged }
    }
}

/// A part that is unpacked within the budget.
pub(super) struct Counted<'b, R> {
    pub(super) inner: R,
    pub(super) budget: &'b Budget,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(into)?;
        let bytes = self.budget.bytes.get().saturating_add(length as u64);
        self.budget.bytes.set(bytes);
        if bytes > self.budget.most {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(length)
    }
}

pub(super) fn damaged() -> Fault {
    Box::new(CellError::file("文件已损坏或不完整，无法打开", "请在 Excel 或 WPS 中重新另存为 .xlsx 后再上传"))
}

/// A sheet with more cells than any table of ours: mostly formats that were applied to whole columns.
pub(super) fn too_many_cells(sheet: &str) -> Fault {
    let reason = format!("单元格和行超过 {} 万个（空的也计算在内）", MAX_CELLS / 10_000);
    let help = "请删除数据以外的空行、空列和格式，或把数据复制到模板中再上传";
    Box::new(CellError::sheet(sheet, reason, help))
}

pub(super) fn too_large() -> Fault {
    let most = MAX_UNPACKED / 1024 / 1024;
    let reason = format!("文件解压后超过 {most} MB，内容过大");
    Box::new(CellError::file(reason, "请拆分成几个文件上传"))
}

/// No program that makes workbooks writes one; with it, a few bytes can be made to stand for gigabytes.
pub(super) fn declares_types() -> Fault {
    Box::new(CellError::file(
        "文件里有 DOCTYPE 声明，不予读取",
        "请在 Excel 或 WPS 中重新另存为 .xlsx 后再上传",
    ))
}

/// More text than is taken from one file.
pub(super) fn too_much_text(sheet: &str) -> CellError {
    CellError::sheet(sheet, "文字过多", "请拆分成几个文件上传")
}

#[cfg(test)]
mod tests {
    use super::super::book::Book;
    use super::*;
    use crate::{Column, Kind, Sheet, Workbook, read};
    use std::io::{Cursor, Write as _};
    use zip::write::SimpleFileOptions;

    const BOOK: &str = "<workbook><sheets><sheet name=\"甲\" r:id=\"r1\"/><sheet name=\"乙\" r:id=\"r2\"/></sheets></workbook>";
    const RELATIONS: &str = "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/>\
        <Relationship Id=\"r2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>";
    const HEADED: &str = "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>名称</t></is></c></row></sheetData></worksheet>";

    fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn spec() -> Workbook {
        let sheet = |name: &str| Sheet::new(name, vec![Column::new("name", "名称", Kind::Text)]);
        Workbook { sheets: vec![sheet("甲"), sheet("乙")], ..Workbook::default() }
    }

    /// Opens the book and goes through its first sheet, as far as these bytes allow.
    fn reason(bytes: &[u8], most: u64) -> String {
        struct Nothing;
        impl super::super::sheet::Taker for Nothing {
            fn row(&mut self, _row: super::super::raw::RawRow) -> Outcome<super::super::collect::Flow> {
                Ok(super::super::collect::Flow::Go)
            }
        }
        let done =
            Book::open(bytes, most).and_then(|book| book.rows("xl/worksheets/sheet1.xml", &mut Nothing));
        done.map_or_else(|stop| stop.fault("").reason, |()| "ok".to_owned())
    }

    fn padded() -> Vec<u8> {
        let sheet = format!("{}{HEADED}", " ".repeat(5_000));
        archive(&[("xl/workbook.xml", BOOK), ("xl/worksheets/sheet1.xml", &sheet)])
    }

    #[test]
    fn a_bomb_is_seen_in_the_directory() {
        let bytes = padded();
        assert!(bytes.len() < 1_000, "the archive itself is small");
        let whole = 5_000 + (HEADED.len() + BOOK.len()) as u64;
        assert_eq!(reason(&bytes, whole), "ok");
        assert_eq!(reason(&bytes, whole - 1), "文件解压后超过 200 MB，内容过大");
    }

    #[test]
    fn a_directory_that_lies_does_not_help() {
        let mut bytes = padded();
        let size = (5_000 + HEADED.len() as u32).to_le_bytes();
        // Wherever the size is written, in the directory and before the part, say 50.
        let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == size).collect();
        assert!(places.len() >= 2);
        places.iter().for_each(|at| bytes[*at..*at + 4].copy_from_slice(&50_u32.to_le_bytes()));
        assert_ne!(reason(&bytes, 4_000), "ok");
    }

    #[test]
    fn empty_cells_and_rows_count() {
        for (tag, around) in [("<c/>", ("<row>", "</row>")), ("<row/>", ("", ""))] {
            let filled = tag.repeat(BUDGET + 1);
            let second = format!("<worksheet><sheetData>{}{filled}{}</sheetData>", around.0, around.1);
            let bytes = archive(&[
                ("xl/workbook.xml", BOOK),
                ("xl/_rels/workbook.xml.rels", RELATIONS),
                ("xl/worksheets/sheet1.xml", HEADED),
                ("xl/worksheets/sheet2.xml", &second),
            ]);
            assert!(bytes.len() < 400_000, "the archive itself is small");
            let error = read(&spec(), &bytes, "x.xlsx").unwrap_err().remove(0);
            assert_eq!(
                (error.sheet.as_str(), error.reason.as_str()),
                ("乙", "单元格和行超过 400 万个（空的也计算在内）")
            );
        }
        let fine = "<row><c/></row>".repeat(100_000) + "</sheetData>";
        let fine = HEADED.replace("</sheetData>", &fine);
        let bytes = archive(&[("xl/workbook.xml", BOOK), ("xl/worksheets/sheet1.xml", &fine)]);
        assert_eq!(reason(&bytes, 200 << 20), "ok");
    }

    #[test]
    fn other_tags_have_a_budget_too() {
        let budget = Budget::new(1);
        budget.tags.set(BUDGET * TAGS_EACH - 1);
        assert!(budget.tag().is_ok());
        assert!(matches!(budget.tag(), Err(Stop::TooMany)));
    }

    /// Each sheet is looked for among what the workbook names: more than there can be parts are not even listed.
    #[test]
    fn more_sheets_than_parts_are_refused() {
        let sheets = "<sheet name=\"x\" r:id=\"y\"/>".repeat(MAX_PARTS + 1);
        let book = format!("<workbook><sheets>{sheets}</sheets></workbook>");
        let many = archive(&[("xl/workbook.xml", &book)]);
        assert_eq!(reason(&many, 200 << 20), "文件解压后超过 200 MB，内容过大");
        let links = "<Relationship Id=\"r1\" Target=\"x.xml\"/>".repeat(MAX_PARTS + 1);
        let links = format!("<Relationships>{links}</Relationships>");
        let many = archive(&[
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", &links),
            ("xl/worksheets/sheet1.xml", HEADED),
        ]);
        assert_eq!(reason(&many, 200 << 20), "文件解压后超过 200 MB，内容过大");
    }

    #[test]
    fn other_archives_are_named() {
        assert_eq!(
            reason(&archive(&[("word/document.xml", "x")]), 9_999),
            "这是压缩包或其他文档，不是 Excel 表格"
        );
    }
}
