//! Stacked bars: what a whole is made of. Parts are told apart by hatches, in the order of the legend.

use crate::mark::Mark;
use jiedui_kernel::Unit;

/// So many parts have a hatch of their own; those beyond take the last one.
pub const PARTS: usize = 6;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    pub title: String,
    pub unit: Unit,
    /// The names of the parts: 确认, 待确认; 省级, 市级, 自筹.
    pub parts: Vec<String>,
    pub rows: Vec<StackRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackRow {
    pub label: String,
    pub href: Option<String>,
    /// One for each part, in its order.
    pub values: Vec<Mark>,
}

impl Stack {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        parts: impl IntoIterator<Item = S>,
    ) -> Self {
        let parts = parts.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, parts, rows: Vec::new() }
    }

    #[must_use]
    pub fn row(mut self, row: StackRow) -> Self {
        self.rows.push(row);
        self
    }
}

impl StackRow {
    /// Values in the order of the parts; the labels of the marks are those of the parts.
    pub fn new(label: impl Into<String>, values: Vec<Mark>) -> Self {
        Self { label: label.into(), href: None, values }
    }

    /// Where the whole row opens.
    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}
