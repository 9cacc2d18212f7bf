//! Rows by columns, each value written on a ground that grows denser with it.

use crate::mark::Mark;
use jiedui_kernel::Unit;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heat {
    pub title: String,
    pub unit: Unit,
    pub columns: Vec<String>,
    pub rows: Vec<HeatRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatRow {
    pub label: String,
    pub href: Option<String>,
    /// One for each column.
    pub cells: Vec<Mark>,
}

impl Heat {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        columns: impl IntoIterator<Item = S>,
    ) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, columns, rows: Vec::new() }
    }

    #[must_use]
    pub fn row(mut self, row: HeatRow) -> Self {
        self.rows.push(row);
        self
    }
}

impl HeatRow {
    pub fn new(label: impl Into<String>, cells: Vec<Mark>) -> Self {
        Self { label: label.into(), href: None, cells }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}
