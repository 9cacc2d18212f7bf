//! What is wrong with a file that was sent in, as pages list it: sheet, row, column, value, reason and remedy.

use jiedui_documents::{CellError, MAX_ERRORS};
use jiedui_kernel::Code;
use serde::Serialize;

/// Problems listed on the page; the number of all is told.
pub const SHOWN: usize = 200;

/// A problem as the table shows it.
#[derive(Debug, Serialize)]
pub struct Problem {
    sheet: String,
    /// "" where the whole sheet is meant.
    row: String,
    letter: String,
    column: String,
    value: String,
    code: Code,
    reason: String,
    help: String,
}

impl From<&CellError> for Problem {
    fn from(error: &CellError) -> Self {
        Self {
            sheet: error.sheet.clone(),
            row: if error.row == 0 { String::new() } else { error.row.to_string() },
            letter: error.letter.clone(),
            column: error.column.clone(),
            value: error.value.clone(),
            code: error.code.clone(),
            reason: error.reason.clone(),
            help: error.help.clone(),
        }
    }
}

/// All of them, for the macro `problems`.
#[derive(Debug, Serialize)]
pub struct Problems {
    list: Vec<Problem>,
    total: usize,
    /// Whether reading stopped counting there.
    capped: bool,
    more: bool,
}

impl Problems {
    pub fn of(errors: &[CellError]) -> Self {
        let capped = errors.last().is_some_and(|last| last.sheet.is_empty());
        Self {
            list: errors.iter().take(SHOWN).map(Problem::from).collect(),
            total: if capped { MAX_ERRORS } else { errors.len() },
            capped,
            more: errors.len() > SHOWN,
        }
    }
}
