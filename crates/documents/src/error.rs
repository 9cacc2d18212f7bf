//! What can go wrong: a cell of a file that was sent in (Chinese, for the one who filled it in), or the making of one.

use jiedui_kernel::Code;
use std::fmt;

/// One problem of a file, with its place as Excel shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CellError {
    /// The name of the sheet; "" where the whole file is meant.
    pub sheet: String,
    /// The row, from 1 as in Excel; 0 where the whole sheet is meant.
    pub row: u32,
    /// The letters of the column, such as "D"; "" where the whole row is meant.
    pub letter: String,
    /// The heading of the column; "" where it has none.
    pub column: String,
    /// What stands in the cell, shortened, control characters shown as □; "" where it is empty.
    pub value: String,
    /// For programs and tests; what only the reading of the file finds is `faulty`.
    pub code: Code,
    /// What is wrong, to be read right after the value.
    pub reason: String,
    /// What to do about it; may be "".
    pub help: String,
}

impl CellError {
    /// A problem of the file as a whole.
    pub fn file(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: help.into(), ..Self::default() }
    }

    /// A problem of a sheet as a whole.
    pub fn sheet(sheet: &str, reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { sheet: sheet.to_owned(), ..Self::file(reason, help) }
    }

    /// A problem that has a code of its own.
    pub fn coded(self, code: &Code) -> Self {
        Self { code: code.clone(), ..self }
    }

    /// Gives the problem a value to show: shortened to 40 characters, control characters made visible.
    pub(crate) fn with_value(mut self, value: &str) -> Self {
        self.value =
            value.chars().take(40).map(|c| if crate::cell::is_forbidden(c) { '□' } else { c }).collect();
        if value.chars().nth(40).is_some() {
            self.value.push('…');
        }
        self
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.sheet.is_empty() {
            write!(f, "“{}”表", self.sheet)?;
            if self.row > 0 {
                write!(f, "第 {} 行", self.row)?;
            }
            match (self.letter.as_str(), self.column.as_str()) {
                ("", "") => {}
                ("", heading) => write!(f, "“{heading}”列")?,
                (letter, "") => write!(f, " {letter} 列")?,
                (letter, heading) => write!(f, " {letter} 列（{heading}）")?,
            }
            write!(f, "：")?;
        }
        if !self.value.is_empty() {
            write!(f, "“{}”", self.value)?;
        }
        write!(f, "{}", self.reason)?;
        if !self.help.is_empty() {
            write!(f, "，{}", self.help)?;
        }
        Ok(())
    }
}

impl std::error::Error for CellError {}

/// A problem on its way through the reading functions: boxed, because it is large and rare.
pub(crate) type Fault = Box<CellError>;

/// A workbook that cannot be made: a fault of the caller, for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The description contradicts itself or Excel's rules.
    #[error("workbook description: {0}")]
    Spec(String),
    /// Rows that do not fit the description or Excel's limits.
    #[error("sheet {sheet}, row {row}: {cause}")]
    Row { sheet: String, row: u32, cause: String },
    /// The writer refused.
    #[error("writing the workbook: {0}")]
    Write(String),
}

impl From<rust_xlsxwriter::XlsxError> for Error {
    fn from(cause: rust_xlsxwriter::XlsxError) -> Self {
        Self::Write(cause.to_string())
    }
}
