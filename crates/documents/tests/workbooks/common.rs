//! The description that the tests share, and short ways to make files.

use jiedui_documents::{CellError, Column, Kind, Read, Sheet, Workbook, read};
use rust_xlsxwriter::{Workbook as Book, Worksheet};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Two sheets: schools with every kind of column, and staff.
pub fn spec() -> Workbook {
    let types = ["技工学校", "高级技工学校", "技师学院"].map(str::to_owned).to_vec();
    Workbook {
        sheets: vec![
            Sheet::new(
                "院校",
                vec![
                    Column::new("name", "院校名称", Kind::Text).required().help("与公章一致"),
                    Column::new("type", "院校类型", Kind::Choice("院校类型".to_owned())).required(),
                    Column::new("students", "在校生数", Kind::Integer),
                    Column::new("held", "举办日期", Kind::Date),
                    Column::new("note", "备注", Kind::Text).width(40.0),
                ],
            ),
            Sheet::new(
                "教师",
                vec![
                    Column::new("person", "姓名", Kind::Text).required(),
                    Column::new("since", "任职日期", Kind::Date).required(),
                    Column::new("note", "备注", Kind::Text),
                ],
            ),
        ],
        lists: BTreeMap::from([("院校类型".to_owned(), types)]),
    }
}

pub const HEADINGS: [&str; 5] = ["院校名称", "院校类型", "在校生数", "举办日期", "备注"];

/// A workbook with one sheet, filled by hand.
pub fn book(name: &str, fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Book::new();
    let page = book.add_worksheet();
    page.set_name(name).unwrap();
    fill(page);
    book.save_to_buffer().unwrap()
}

/// A workbook with the sheet 院校, its headings, and these rows of text.
pub fn schools(rows: &[&[&str]]) -> Vec<u8> {
    book("院校", |page| {
        page.write_row(0, 0, HEADINGS).unwrap();
        for (row, values) in (1..).zip(rows) {
            page.write_row(row, 0, values.iter().copied()).unwrap();
        }
    })
}

pub fn read_ok(bytes: &[u8], file_name: &str) -> Read {
    read(&spec(), bytes, file_name).unwrap_or_else(|errors| panic!("{}", lines(&errors).join("\n")))
}

pub fn errors(bytes: &[u8], file_name: &str) -> Vec<String> {
    match read(&spec(), bytes, file_name) {
        Ok(read) => panic!("no error in {read:?}"),
        Err(errors) => lines(&errors),
    }
}

fn lines(errors: &[CellError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

/// The same archive with one of its parts changed.
pub fn with_part(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let found = part.name().unwrap().into_owned();
        let mut content = String::new();
        part.read_to_string(&mut content).unwrap();
        let content = if found == name { change(content) } else { content };
        writer.start_file(found, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One part of an xlsx, as text.
pub fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}
