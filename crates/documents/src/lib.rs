//! Workbooks in and out, and papers ([`paper`]). One [`Workbook`] describes sheets and columns; from it come the template that users fill in,
//! the exports, and the reading of what they send back, with errors in Chinese that name sheet, row and column.
//! Pure: bytes in, bytes out; no clock, no database (large exports spool through a temporary file, see `write`).
//!
//! What is read is hostile until shown otherwise: sizes are checked before anything is unpacked, and every limit is a
//! constant of this crate.

mod cell;
mod error;
mod mark;
#[cfg(feature = "paper")]
pub mod paper;
mod read;
mod spec;
mod write;

pub use cell::Value;
pub use error::{CellError, Error};
pub use read::grid::{Grid, GridRow, cell_name, read_grids};
pub use read::{
    MAX_CELLS, MAX_CHARS, MAX_ERRORS, MAX_ROWS, MAX_TEXT, MAX_UNPACKED, Note, NoteKind, Read, Record, read,
    read_all,
};
pub use spec::{Column, Kind, Sheet, Workbook};
pub use write::pages::{Page, Slot, write_pages};
pub use write::{CODES_SHEET, HELP_SHEET, RowWriter, template, write, write_csv};
