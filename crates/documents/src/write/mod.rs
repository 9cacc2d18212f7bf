//! Workbooks out: the template that users fill in, and exports as xlsx or CSV.
//!
//! A sheet of more than a few thousand rows is spooled through an unnamed temporary file, the one thing in this crate
//! that is not memory: 50,000 rows of ten texts would else hold 160 MB instead of 14.

mod formats;
mod layout;
pub(crate) mod pages;
mod rows;

use crate::cell::{Value, date_serial};
use crate::error::Error;
use crate::mark::{PROPERTY, mark_of};
use crate::spec::{Column, Kind, Sheet, Workbook};
use formats::{Cells, FONT, Formats};
use rust_xlsxwriter::{DataValidation, DocProperties, Formula, Note, Workbook as Book, Worksheet};
use std::collections::BTreeMap;

pub use rows::RowWriter;

/// The sheet of a template that holds the code lists; reading passes over it.
pub const CODES_SHEET: &str = "代码表";
/// The sheet of a template that says how to fill it in; reading passes over it.
pub const HELP_SHEET: &str = "填写说明";

/// Whether a spreadsheet would take this text for a formula when it stands in a CSV file. Apostrophes before it do not
/// count, so that our own mark can be put on and taken off again.
pub(crate) fn is_risky(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// From this many rows on, a sheet is spooled. Exports people read stay below; they never touch a disk.
const SPOOLED: usize = 10_000;

/// An empty workbook to fill in: frozen headings (required ones coloured, with a note), lists to choose from, and a
/// sheet each for the codes and for how to fill it in.
///
/// # Errors
/// [`Error::Spec`] where the description contradicts itself, [`Error::Write`] where it breaks a rule of Excel.
pub fn template(spec: &Workbook) -> Result<Vec<u8>, Error> {
    spec.check()?;
    let (mut book, formats) = (marked(spec), Formats::new());
    let ranges = code_ranges(spec);
    for sheet in &spec.sheets {
        let page = book.add_worksheet();
        let heading = layout::begin(page, sheet, &formats)?;
        let last = layout::rows_to_fill(page, sheet, &formats)?;
        for (column, at) in sheet.columns.iter().zip(0_u16..) {
            page.insert_note(heading, at, &note(column))?;
            if let Kind::Choice(list) = &column.kind
                && let Some(range) = ranges.get(list.as_str())
            {
                page.add_data_validation(heading + 1, at, last, at, &choice(list, range)?)?;
            }
        }
    }
    write_help(&mut book, spec, &formats)?;
    if !ranges.is_empty() {
        write_codes(&mut book, spec, &formats)?;
    }
    Ok(book.save_to_buffer()?)
}

/// An empty file that says which template it is, so that it is known again when it comes back.
fn marked(spec: &Workbook) -> Book {
    let mut book = Book::new();
    book.set_properties(&DocProperties::new().set_custom_property(PROPERTY, mark_of(spec).written()));
    book
}

fn form(column: &Column) -> String {
    match &column.kind {
        Kind::Text if column.code => "文字，单元格为文本格式，开头的 0 照写".to_owned(),
        Kind::Text => "文字".to_owned(),
        Kind::Date => "日期，如 2024-07-26".to_owned(),
        Kind::Integer if column.unit.is_empty() => "整数，只填数字".to_owned(),
        Kind::Integer => format!("整数，只填数字，单位为{}", column.unit),
        Kind::Choice(list) => format!("从代码表“{list}”中选择"),
    }
}

/// The note on a heading. It is a note and not part of the heading, so that the heading reads back as it is.
fn note(column: &Column) -> Note {
    let need = if column.required { "必填" } else { "选填" };
    let text = [need, &form(column), &column.help].join("\n");
    Note::new(text.trim_end()).add_author_prefix(false).set_font_name(FONT).set_width(220).set_height(90)
}

/// Name of a list → the cells of the codes sheet that hold it; empty lists have none.
fn code_ranges(spec: &Workbook) -> BTreeMap<&str, String> {
    let filled = spec.lists.iter().filter(|(_, values)| !values.is_empty());
    filled
        .zip(0_u32..)
        .map(|((name, values), at)| {
            let letter = crate::cell::letters(at);
            (name.as_str(), format!("='{CODES_SHEET}'!${letter}$2:${letter}${}", values.len() + 1))
        })
        .collect()
}

fn choice(list: &str, range: &str) -> Result<DataValidation, Error> {
    // Excel allows 32 characters in the title and 255 in the message.
    let list: String = list.chars().take(60).collect();
    Ok(DataValidation::new()
        .allow_list_formula(Formula::new(range))
        .set_error_title("不在代码表中")?
        .set_error_message(format!("请从下拉列表中选择，可选值见“{CODES_SHEET}”表的“{list}”列。"))?)
}

fn write_codes(book: &mut Book, spec: &Workbook, formats: &Formats) -> Result<(), Error> {
    let page = book.add_worksheet();
    page.set_name(CODES_SHEET)?;
    let filled = spec.lists.iter().filter(|(_, values)| !values.is_empty());
    for ((name, values), at) in filled.zip(0_u16..) {
        page.set_column_width(at, 24)?;
        page.write_string_with_format(0, at, name, &formats.heading)?;
        for (value, row) in values.iter().zip(1_u32..) {
            put_text(page, row, at, value, &formats.plain)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_help(book: &mut Book, spec: &Workbook, formats: &Formats) -> Result<(), Error> {
    let page = book.add_worksheet();
    page.set_name(HELP_SHEET)?;
    let headings = [("表", 18), ("列", 24), ("是否必填", 10), ("格式", 30), ("说明", 60)];
    for ((heading, width), at) in headings.into_iter().zip(0_u16..) {
        page.set_column_width(at, width)?;
        page.write_string_with_format(0, at, heading, &formats.heading)?;
    }
    let columns =
        spec.sheets.iter().flat_map(|sheet| sheet.columns.iter().map(move |column| (sheet, column)));
    // Nobody fills in what nobody sees.
    let shown = columns.filter(|(_, column)| !column.hidden);
    for ((sheet, column), row) in shown.zip(1_u32..) {
        let need = if column.required { "必填" } else { "选填" };
        let form = form(column);
        for (text, at) in [&sheet.name, &column.heading, need, &form, &column.help].into_iter().zip(0_u16..) {
            page.write_string_with_format(row, at, text, &formats.wrapped)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

fn put_text(page: &mut Worksheet, row: u32, at: u16, text: &str, cells: &Cells) -> Result<(), Error> {
    let format = if is_risky(text) { &cells.quoted } else { &cells.text };
    page.write_string_with_format(row, at, text, format)?;
    Ok(())
}

fn put(page: &mut Worksheet, row: u32, at: u16, value: &Value, cells: &Cells) -> Result<(), Error> {
    match value {
        Value::Empty => {}
        Value::Text(text) => put_text(page, row, at, text, cells)?,
        Value::Date(date) => match date_serial(*date) {
            Some(serial) => {
                page.write_number_with_format(row, at, serial, &cells.date)?;
            }
            // Before March 1900 Excel's calendar is wrong.
            None => put_text(page, row, at, &date.to_string(), cells)?,
        },
        // A cell keeps 15 digits; longer numbers are better as text than wrong.
        Value::Integer(number) if number.unsigned_abs() >= 1_000_000_000_000_000 => {
            put_text(page, row, at, &number.to_string(), cells)?;
        }
        Value::Integer(number) => {
            page.write_number_with_format(row, at, *number as f64, &cells.number)?;
        }
        Value::Number(number) => {
            page.write_number_with_format(row, at, *number, &cells.number)?;
        }
    }
    Ok(())
}

fn put_row(
    page: &mut Worksheet,
    row: u32,
    sheet: &Sheet,
    mut values: Vec<Value>,
    formats: &Formats,
) -> Result<(), Error> {
    let cells = formats.of(sheet);
    if sheet.is_form() {
        values.resize(sheet.columns.len(), Value::Empty);
    }
    for ((value, column), at) in values.iter().zip(&sheet.columns).zip(0_u16..) {
        if sheet.is_form() && *value == Value::Empty {
            // An empty cell has its borders, too.
            page.write_blank(row, at, cells.of(&column.kind))?;
        }
        put(page, row, at, value, cells)?;
    }
    Ok(())
}

/// Refuses a row with more values than the sheet has columns.
fn fitting(sheet: &Sheet, row: u32, values: &[Value]) -> Result<(), Error> {
    if values.len() > sheet.columns.len() {
        let cause = format!("{} values for {} columns", values.len(), sheet.columns.len());
        return Err(Error::Row { sheet: sheet.name.clone(), row, cause });
    }
    Ok(())
}

/// An export as xlsx: for every sheet of the description, in its order, the rows to write, each with its values in the
/// order of the columns. Text is always written as text, never as a formula.
///
/// # Errors
/// [`Error::Row`] where a row is longer than its sheet or beyond Excel's 1,048,576 rows or 32,767 characters;
/// [`Error::Spec`] where the description contradicts itself or rows and sheets are not equally many.
pub fn write<R>(spec: &Workbook, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, Error>
where
    R: IntoIterator<Item = Vec<Value>>,
{
    spec.check()?;
    let (mut book, formats) = (marked(spec), Formats::new());
    let mut rows = rows.into_iter();
    for sheet in &spec.sheets {
        let Some(rows) = rows.next() else {
            return Err(Error::Spec(format!("no rows are given for sheet {}", sheet.name)));
        };
        let mut rows = rows.into_iter();
        let first: Vec<Vec<Value>> = rows.by_ref().take(SPOOLED).collect();
        let page = match first.len() {
            SPOOLED => book.add_worksheet_with_constant_memory()?,
            _ => book.add_worksheet(),
        };
        let mut next = layout::begin(page, sheet, &formats)? + 1;
        for values in first.into_iter().chain(rows) {
            fitting(sheet, next + 1, &values)?;
            put_row(page, next, sheet, values, &formats).map_err(|cause| Error::Row {
                sheet: sheet.name.clone(),
                row: next + 1,
                cause: cause.to_string(),
            })?;
            next += 1;
        }
        layout::below(page, sheet, next, &formats)?;
    }
    if rows.next().is_some() {
        return Err(Error::Spec("there are more lists of rows than sheets".to_owned()));
    }
    Ok(book.save_to_buffer()?)
}

/// An export of one sheet as CSV: UTF-8 with its mark, so that Excel reads it right, lines ending in CR LF. Text that a
/// spreadsheet would take for a formula gets an apostrophe before it, which [`crate::read`] takes off again.
///
/// # Errors
/// [`Error::Row`] where a row is longer than the sheet.
pub fn write_csv(sheet: &Sheet, rows: impl IntoIterator<Item = Vec<Value>>) -> Result<Vec<u8>, Error> {
    let fault = |cause: csv::Error| Error::Write(cause.to_string());
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    writer.write_record(sheet.columns.iter().map(|column| &column.heading)).map_err(fault)?;
    for (mut values, row) in rows.into_iter().zip(2_u32..) {
        fitting(sheet, row, &values)?;
        values.resize(sheet.columns.len(), Value::Empty);
        writer.write_record(values.into_iter().map(plain)).map_err(fault)?;
    }
    writer.into_inner().map_err(|cause| Error::Write(cause.to_string()))
}

fn plain(value: Value) -> String {
    match value {
        Value::Empty => String::new(),
        // One apostrophe is taken off again, so one of the text's own needs another.
        Value::Text(text) if is_risky(&text) || text.starts_with('\'') => format!("'{text}"),
        Value::Text(text) => text,
        Value::Date(date) => date.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
    }
}
