//! Tables that are exchanged with outside systems whose interfaces are not published: a [`Schema`] says which columns there
//! are, under which names, with which units and codes, and by which of them a row is known again.
//!
//! - [`sendable()`] parts rows that can be written from those that cannot, each of these with its reason.
//! - [`write()`] makes CSV or JSON: the same rows give the same bytes, whatever their order.
//! - [`read()`] takes a whole file or nothing, and says everything that is wrong with it, by line and field.
//! - [`answer()`] reads what the other side says to a batch.
//!
//! Numbers are whole ones in our unit; what the other side writes with decimals is moved by powers of ten and never
//! rounded. No I/O, no clock, no floating point. What comes in is hostile until shown otherwise: there is a limit on bytes,
//! rows, characters and on the faults that are listed.

mod answer;
mod cell;
mod decimal;
mod fault;
mod read;
mod schema;
mod write;

pub use answer::{Answer, Garbled, Refused, answer};
pub use decimal::{MAX_SHIFT, print, scan};
pub use fault::{Fault, Wrong};
pub use read::{NumberedRow, read};
pub use schema::{Column, Form, Kind, Row, Schema, Value};
pub use write::{Batch, Sendable, Unwritable, batches, sendable, write};

/// Bytes of a file or an answer, at most.
pub const MAX_BYTES: usize = 1 << 20;
/// Rows of one file, at most.
pub const MAX_ROWS: usize = 5_000;
/// Characters of one text, at most.
pub const MAX_CHARS: usize = 200;
/// Faults listed of one file, at most; one more then says that there are others.
pub const MAX_FAULTS: usize = 1_000;
