//! Workbooks without a description: matrices, explanations and live formulas, cell by cell. They are for reading and
//! recomputing; what users fill in by columns is a [`crate::Workbook`].

use super::formats::{Cells, FONT, Formats};
use super::layout::{A4, TEXT_SIZE, height_of, lines};
use super::{SPOOLED, put, put_text};
use crate::cell::Value;
use crate::error::Error;
use rust_xlsxwriter::{Color, Format, FormatAlign, Formula, Workbook as Book, Worksheet};

/// One sheet.
pub struct Page<'a> {
    pub name: String,
    /// Widths of the columns from the first on, in characters of the default font; the others keep Excel's own.
    pub widths: Vec<f64>,
    /// So many rows and columns stay in view.
    pub frozen: (u32, u16),
    /// Rows from the first on, each with its cells from the first on.
    pub rows: Box<dyn Iterator<Item = Vec<Slot>> + 'a>,
}

/// What stands in a cell, and how it looks.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Slot {
    #[default]
    Empty,
    Value(Value),
    Title(String),
    Heading(String),
    /// A sentence, wrapped to the width of its column.
    Prose(String),
    /// A number or text that a reader may change to see what follows from it.
    Entry(Value),
    /// A formula without its `=`, and its number, so that it shows before anything is computed.
    Formula(String, f64),
    /// The same where the result is a text.
    TextFormula(String, String),
}

impl Slot {
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading(text.into())
    }

    pub fn value(value: impl Into<Value>) -> Self {
        Self::Value(value.into())
    }
}

struct Looks {
    base: Formats,
    prose: Format,
    entry: Cells,
    title: Format,
}

impl Looks {
    fn new() -> Self {
        let plain = || Format::new().set_font_name(FONT).set_font_size(11);
        Self {
            base: Formats::new(),
            prose: plain().set_text_wrap().set_align(FormatAlign::Top),
            entry: Cells::new(|| plain().set_background_color(Color::RGB(0x00FF_F2CC))),
            title: plain().set_bold().set_font_size(16),
        }
    }
}

/// Writes the sheets in this order. Text is never taken for a formula; only [`Slot::Formula`] makes one.
///
/// # Errors
/// [`Error::Row`] where a row breaks one of Excel's limits, [`Error::Write`] where a sheet does (its name, for one).
pub fn write_pages(pages: Vec<Page<'_>>) -> Result<Vec<u8>, Error> {
    let (mut book, looks) = (Book::new(), Looks::new());
    for mut page in pages {
        let first: Vec<Vec<Slot>> = page.rows.by_ref().take(SPOOLED).collect();
        let sheet = match first.len() {
            SPOOLED => book.add_worksheet_with_constant_memory()?,
            _ => book.add_worksheet(),
        };
        sheet.set_name(&page.name)?;
        for (width, at) in page.widths.iter().zip(0_u16..) {
            sheet.set_column_width(at, *width)?;
        }
        sheet.set_freeze_panes(page.frozen.0, page.frozen.1)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_footer("&C第&P页 共&N页");
        if page.frozen.0 > 0 {
            sheet.set_repeat_rows(0, page.frozen.0 - 1)?;
        }
        for (slots, row) in first.into_iter().chain(page.rows).zip(0_u32..) {
            // Excel would fit the height to a wrapped sentence by itself; other programs do not.
            let prose = slots.iter().zip(&page.widths).filter_map(|(slot, width)| match slot {
                Slot::Prose(text) => Some(lines(text, *width, TEXT_SIZE)),
                _ => None,
            });
            if let Some(most) = prose.reduce(f64::max) {
                sheet.set_row_height(row, height_of(most, TEXT_SIZE))?;
            }
            for (slot, at) in slots.iter().zip(0_u16..) {
                put_slot(sheet, row, at, slot, &looks).map_err(|cause| Error::Row {
                    sheet: page.name.clone(),
                    row: row + 1,
                    cause: cause.to_string(),
                })?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

fn put_slot(sheet: &mut Worksheet, row: u32, at: u16, slot: &Slot, looks: &Looks) -> Result<(), Error> {
    let cells = &looks.base.plain;
    match slot {
        Slot::Empty => return Ok(()),
        Slot::Value(value) => return put(sheet, row, at, value, cells),
        Slot::Entry(value) => return put(sheet, row, at, value, &looks.entry),
        Slot::Title(text) => sheet.write_string_with_format(row, at, text, &looks.title)?,
        Slot::Heading(text) if super::is_risky(text) => return put_text(sheet, row, at, text, cells),
        Slot::Heading(text) => sheet.write_string_with_format(row, at, text, &looks.base.heading)?,
        Slot::Prose(text) => sheet.write_string_with_format(row, at, text, &looks.prose)?,
        Slot::Formula(text, number) => {
            let formula = Formula::new(format!("={text}")).set_result(number.to_string());
            sheet.write_formula_with_format(row, at, formula, &cells.number)?
        }
        Slot::TextFormula(text, result) => {
            let formula = Formula::new(format!("={text}")).set_result(result);
            sheet.write_formula_with_format(row, at, formula, &cells.number)?
        }
    };
    Ok(())
}
