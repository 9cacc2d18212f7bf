//! The cells of an xlsx, streamed row by row: a sheet is never laid out as a rectangle, because two cells in opposite
//! corners of it would fill the memory.

use super::collect::{Collector, Flow, Raw};
use super::guard::{self, damaged};
use super::locked;
use crate::error::Fault;
use calamine::{DataRef, Reader as _, SheetType, Xlsx, XlsxError};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) fn read(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), Fault> {
    guard::check(bytes)?;
    // The reader has overflows and index errors that a broken file reaches. Such a file is one refused upload, not
    // the end of the request; what the collector holds then is thrown away with it.
    catch_unwind(AssertUnwindSafe(|| read_sheets(bytes, collector))).unwrap_or_else(|_| Err(damaged()))
}

fn read_sheets(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), Fault> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|cause| match cause {
        XlsxError::Password => locked(),
        _ => damaged(),
    })?;
    let from_1904 = book.has_1904_epoch();
    let sheets: Vec<_> = book.sheets_metadata().to_vec();
    for sheet in sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        if !collector.begin(&sheet.name, from_1904) {
            continue;
        }
        let mut rows = Rows::default();
        let mut cells = match book.worksheet_cells_reader(&sheet.name) {
            Ok(cells) => cells,
            // Chart sheets and macro sheets have no cells.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(_) => return Err(damaged()),
        };
        loop {
            let next = cells.next_cell_with_formula_metadata().map_err(|_| damaged())?;
            let Some(cell) = next else { break };
            let Some(raw) = raw(cell.value, cell.formula.is_some()) else { continue };
            if rows.push(cell.pos, raw, collector)? == Flow::Stop {
                break;
            }
        }
        rows.flush(collector);
        collector.end();
    }
    Ok(())
}

/// Puts cells together to rows.
#[derive(Default)]
struct Rows {
    row: u32,
    cells: Vec<(u32, Raw)>,
}

impl Rows {
    /// Takes a cell; hands the row over when the next one begins. Rows that go back are refused: no program writes
    /// them, and taking them would mean holding the whole sheet.
    fn push(
        &mut self,
        (row, column): (u32, u32),
        raw: Raw,
        collector: &mut Collector<'_>,
    ) -> Result<Flow, Fault> {
        // The limits of the format: 1,048,576 rows, 16,384 columns.
        if row >= 1 << 20 || column >= 1 << 14 || row < self.row || self.cells.len() > 1 << 14 {
            return Err(damaged());
        }
        if row > self.row {
            if self.flush(collector) == Flow::Stop {
                return Ok(Flow::Stop);
            }
            self.row = row;
        }
        self.cells.push((column, raw));
        Ok(Flow::Go)
    }

    fn flush(&mut self, collector: &mut Collector<'_>) -> Flow {
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() { Flow::Go } else { collector.row(self.row + 1, cells) }
    }
}

pub(super) fn raw(value: DataRef<'_>, formula: bool) -> Option<Raw> {
    Some(match value {
        DataRef::Empty if formula => Raw::Uncomputed,
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Raw::Text(text),
        DataRef::SharedString(text) => Raw::text(text),
        DataRef::Int(number) => Raw::Number(number as f64),
        DataRef::Float(number) => Raw::Number(number),
        DataRef::Bool(yes) => Raw::Text(if yes { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(at) if at.is_duration() => Raw::Number(at.as_f64()),
        DataRef::DateTime(at) => Raw::Moment(at.as_f64()),
        DataRef::Error(cause) => Raw::Error(cause.to_string()),
    })
}
