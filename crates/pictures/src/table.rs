//! The table behind a picture: the same data, for those who would rather read.

use crate::mark::{Mark, is_local};
use jiedui_kernel::Unit;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub headings: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// A path on this site.
    pub href: Option<String>,
    /// Printed to the right, as numbers are.
    pub number: bool,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, number: false }
    }

    pub(crate) fn link(text: impl Into<String>, href: Option<&String>) -> Self {
        Self { href: href.filter(|href| is_local(href)).cloned(), ..Self::text(text) }
    }

    pub(crate) fn number(text: impl Into<String>, href: Option<&String>) -> Self {
        Self { number: true, ..Self::link(text, href) }
    }

    pub(crate) fn value(mark: &Mark, unit: Unit) -> Self {
        Self::number(mark.said(unit), mark.href.as_ref())
    }
}

impl Table {
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { headings: headings.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    /// A column in which no row says anything is left out.
    pub(crate) fn without_empty_columns(mut self) -> Self {
        let says = |rows: &[Vec<Cell>], at: usize| {
            rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.text.is_empty()))
        };
        for at in (0..self.headings.len()).rev() {
            if !says(&self.rows, at) {
                self.headings.remove(at);
                self.rows.iter_mut().filter(|row| at < row.len()).for_each(|row| drop(row.remove(at)));
            }
        }
        self
    }
}
