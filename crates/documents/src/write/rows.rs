//! One sheet, written row by row as the rows come: what holds a hundred thousand of them is neither the caller nor this,
//! but the unnamed file that the sheet is spooled through.

use super::{fitting, layout, marked, put};
use crate::cell::Value;
use crate::error::Error;
use crate::spec::{Sheet, Workbook};
use crate::write::formats::Formats;
use rust_xlsxwriter::Workbook as Book;
use std::io::Write;

/// A workbook that is begun.
pub struct RowWriter {
    book: Book,
    formats: Formats,
    sheet: Sheet,
    /// The row to be written, from 0.
    next: u32,
}

impl RowWriter {
    /// Begins the only sheet of this description.
    ///
    /// # Errors
    /// [`Error::Spec`] where the description contradicts itself, has not one sheet, or the sheet is a form, whose cells
    /// have borders of their own.
    pub fn begin(spec: &Workbook) -> Result<Self, Error> {
        spec.check()?;
        let [sheet] = spec.sheets.as_slice() else {
            return Err(Error::Spec(format!("{} sheets, where one is written", spec.sheets.len())));
        };
        if sheet.is_form() {
            return Err(Error::Spec(format!("{} is a form", sheet.name)));
        }
        let (mut book, formats) = (marked(spec), Formats::new());
        let heading = layout::begin(book.add_worksheet_with_constant_memory()?, sheet, &formats)?;
        Ok(Self { book, formats, sheet: sheet.clone(), next: heading + 1 })
    }

    /// Writes the next row, its values in the order of the columns.
    ///
    /// # Errors
    /// [`Error::Row`] where the row is longer than the sheet or beyond Excel's rows or characters.
    pub fn row(&mut self, values: &[Value]) -> Result<(), Error> {
        fitting(&self.sheet, self.next + 1, values)?;
        let page = self.book.worksheet_from_index(0)?;
        let cells = self.formats.of(&self.sheet);
        for (value, at) in values.iter().zip(0_u16..) {
            put(page, self.next, at, value, cells).map_err(|cause| Error::Row {
                sheet: self.sheet.name.clone(),
                row: self.next + 1,
                cause: cause.to_string(),
            })?;
        }
        self.next += 1;
        Ok(())
    }

    /// Writes the whole file to where it goes.
    pub fn finish(mut self, to: impl Write + Send) -> Result<(), Error> {
        Ok(self.book.save_to_writer(to)?)
    }
}
