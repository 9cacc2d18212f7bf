//! What stands around the rows of a sheet: headings, and for an official form title, lines above and under the table,
//! and how it is printed. A sheet may be written row by row, so everything here goes from top to bottom.

use super::formats::{Formats, TITLE_SIZE};
use crate::cell::shown_width;
use crate::error::Error;
use crate::read::MAX_ROWS;
use crate::spec::Sheet;
use rust_xlsxwriter::{Format, Worksheet};

pub(super) const TEXT_SIZE: f64 = 11.0;
/// Empty rows that the template of a form draws: with title and headings, one A4 page. Who needs more inserts them.
const ROWS_TO_FILL: u32 = 20;
/// A4, as Excel numbers it.
pub(super) const A4: u8 = 9;

/// Begins a sheet: name, lines above, columns with their frozen headings, print setup. Gives the row of the headings.
pub(super) fn begin(page: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<u32, Error> {
    page.set_name(&sheet.name)?;
    for (text, row) in sheet.above.iter().zip(0_u32..) {
        let (format, size) = if row == 0 { (&formats.title, TITLE_SIZE) } else { (&formats.line, TEXT_SIZE) };
        line(page, sheet, row, text, format, size)?;
    }
    let heading = heading_row(sheet);
    columns(page, sheet, heading, formats)?;
    page.set_freeze_panes(heading + 1, 0)?;
    page.set_repeat_rows(0, heading)?;
    if sheet.is_form() {
        page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        page.set_print_center_horizontally(true).set_footer("&C第&P页 共&N页");
    }
    Ok(heading)
}

/// The row of the headings, from 0. The description allows so few lines above them that the cast is exact.
fn heading_row(sheet: &Sheet) -> u32 {
    sheet.above.len() as u32
}

/// Width and format of every column, and its heading in this row.
fn columns(page: &mut Worksheet, sheet: &Sheet, row: u32, formats: &Formats) -> Result<(), Error> {
    let mut height = 24.0_f64;
    for (column, at) in sheet.columns.iter().zip(0_u16..) {
        page.set_column_width(at, column.width)?;
        page.set_column_format(at, formats.plain.of(&column.kind))?;
        if column.hidden {
            page.set_column_hidden(at)?;
        }
        let format = if column.required { &formats.required } else { &formats.heading };
        if sheet.is_form() {
            let lines = lines(&column.heading, column.width, TEXT_SIZE);
            height = height.max(height_of(lines, TEXT_SIZE));
            page.write_string_with_format(row, at, &column.heading, &format.clone().set_text_wrap())?;
        } else {
            page.write_string_with_format(row, at, &column.heading, format)?;
        }
    }
    page.set_row_height(row, height)?;
    Ok(())
}

/// Draws the rows of a template that are to be filled in and the lines under them. Gives the last row that takes data.
pub(super) fn rows_to_fill(page: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<u32, Error> {
    let heading = heading_row(sheet);
    if !sheet.is_form() {
        return Ok(heading + MAX_ROWS);
    }
    let last = heading + ROWS_TO_FILL;
    for row in heading + 1..=last {
        for (column, at) in sheet.columns.iter().zip(0_u16..) {
            page.write_blank(row, at, formats.of(sheet).of(&column.kind))?;
        }
    }
    below(page, sheet, last + 1, formats)?;
    // What is checked ends where the lines begin, or nobody could sign; rows inserted between are checked, too.
    Ok(if sheet.below.is_empty() { heading + MAX_ROWS } else { last })
}

/// Writes the lines under the table, from this row on.
pub(super) fn below(page: &mut Worksheet, sheet: &Sheet, row: u32, formats: &Formats) -> Result<(), Error> {
    for (text, row) in sheet.below.iter().zip(row..) {
        line(page, sheet, row, text, &formats.line, TEXT_SIZE)?;
    }
    Ok(())
}

/// Writes a line over all columns. Excel does not fit the height of merged cells to their text, so it is set here.
fn line(
    page: &mut Worksheet,
    sheet: &Sheet,
    row: u32,
    text: &str,
    format: &Format,
    size: f64,
) -> Result<(), Error> {
    let shown = sheet.columns.iter().filter(|column| !column.hidden);
    let width = shown.map(|column| column.width).sum();
    // At most 200 columns are allowed, so the cast is exact.
    match sheet.columns.len() as u16 - 1 {
        // One cell cannot be merged.
        0 => page.write_string_with_format(row, 0, text, format)?,
        last => page.merge_range(row, 0, row, last, text, format)?,
    };
    page.set_row_height(row, height_of(lines(text, width, size), size))?;
    Ok(())
}

/// How many lines a text fills at this width, in characters of the default font.
pub(super) fn lines(text: &str, width: f64, size: f64) -> f64 {
    let usable = (width * TEXT_SIZE / size - 1.0).max(2.0);
    text.lines().map(|line| (shown_width(line) / usable).ceil().max(1.0)).sum()
}

/// The height of a row of so many lines, in points, within what Excel allows.
pub(super) fn height_of(lines: f64, size: f64) -> f64 {
    (lines * size * 1.4 + 5.0).min(409.0)
}
