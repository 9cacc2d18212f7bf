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

/// An archive of these parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The least that an xlsx consists of, with these sheets: name, what else is said of it, and what stands in its rows.
pub fn parts(sheets: &[(&str, &str, &str)]) -> Vec<(String, String)> {
    let link = |at: usize, kind: &str, target: &str| {
        format!("<Relationship Id=\"r{at}\" Type=\"{RELATED}/{kind}\" Target=\"{target}\"/>")
    };
    let links: String =
        (0..sheets.len()).map(|at| link(at, "worksheet", &format!("/xl/worksheets/sheet{at}.xml"))).collect();
    let tabs: String = sheets
        .iter()
        .enumerate()
        .map(|(at, (name, more, _))| {
            format!("<sheet name=\"{name}\" sheetId=\"{at}\" {more} r:id=\"r{at}\"/>")
        })
        .collect();
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
        (
            "_rels/.rels".to_owned(),
            format!("<Relationships>{}</Relationships>", link(1, "officeDocument", "xl/workbook.xml")),
        ),
        ("xl/workbook.xml".to_owned(), format!("<workbook><sheets>{tabs}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{links}</Relationships>")),
    ];
    for (at, (_, _, rows)) in sheets.iter().enumerate() {
        let xml = match rows.contains("<sheetData>") {
            true => format!("<worksheet>{rows}</worksheet>"),
            false => format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
        };
        parts.push((format!("xl/worksheets/sheet{at}.xml"), xml));
    }
    parts
}

pub fn packed(parts: &[(String, String)]) -> Vec<u8> {
    let parts: Vec<_> = parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect();
    archive(&parts)
}

/// A row of cells: what is no cell already is a text.
pub fn row(cells: &[&str]) -> String {
    let cell = |text: &&str| match text.starts_with("<c") {
        true => (*text).to_owned(),
        false => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    format!("<row>{}</row>", cells.iter().map(cell).collect::<String>())
}

/// The sheet 院校 with its headings and these rows.
pub fn typed_schools(rows: &str) -> Vec<u8> {
    packed(&parts(&[("院校", "", &(row(&HEADINGS) + rows))]))
}

/// The kinds of remarks, with their rows.
pub fn kinds(read: &Read) -> Vec<(&'static str, u32)> {
    read.notes.iter().map(|note| (note.kind.as_str(), note.row)).collect()
}
