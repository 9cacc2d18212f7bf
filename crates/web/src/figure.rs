//! A number on a page. Every figure opens: it names where its rows or its definition stand (principle 4), and unknown
//! is shown as what it is (principle 5).

use jiedui_kernel::{Reported, Unit};
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// The printed number; none where the value is unknown.
    pub value: Option<String>,
    /// The word in place of a number: 未下达, 未填报, 不适用.
    pub word: Option<&'static str>,
    pub unit: &'static str,
    /// Where it opens.
    pub href: String,
    /// What it is, for readers and on focus.
    pub label: String,
    /// The exact value, for machines and for the test that adds up the rows.
    pub raw: Option<i64>,
    /// Whether the rows of the page it opens add up to `raw`.
    pub rows: bool,
    pub size: &'static str,
}

impl Figure {
    /// The number that stands on the page, where one does.
    pub fn shown(&self) -> Option<f64> {
        self.value.as_ref()?.parse().ok()
    }

    /// A figure whose opened page lists rows that add up to it.
    pub fn rows(value: i64, unit: Unit, href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { rows: true, ..Self::of(Reported::Value(value), unit, href, label) }
    }

    /// A figure that opens to its definition or to the thing it belongs to.
    pub fn of(value: Reported<i64>, unit: Unit, href: impl Into<String>, label: impl Into<String>) -> Self {
        let (href, label) = (href.into(), label.into());
        let word = value.label();
        let raw = value.value();
        let (value, unit) = raw.map(|number| unit.shown(number)).unzip();
        Self { value, word, unit: unit.unwrap_or_default(), href, label, raw, rows: false, size: "small" }
    }

    /// The same as one of a column: amounts of money have one unit there, however little one of them is.
    pub fn in_column(self, of: Unit) -> Self {
        let (value, unit) = self.raw.map(|number| of.shown_in_column(number)).unzip();
        Self { value, unit: unit.unwrap_or_default(), ..self }
    }

    /// Says that there are more than were counted.
    pub fn and_more(self, more: bool) -> Self {
        Self { value: self.value.map(|value| if more { format!("{value}+") } else { value }), ..self }
    }

    pub fn big(mut self) -> Self {
        self.size = "big";
        self
    }
}

/// A state with text, shape and colour: never colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StateMark {
    pub key: &'static str,
    pub label: &'static str,
    pub mark: &'static str,
}

impl StateMark {
    pub const fn new(key: &'static str, label: &'static str, mark: &'static str) -> Self {
        Self { key, label, mark }
    }
}

/// An organisation or thing that a page names and links to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    pub href: String,
    pub label: String,
}

impl Link {
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// Where one is in a list, and how many there are.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    pub page: i64,
    pub pages: i64,
    pub prev: Option<String>,
    pub next: Option<String>,
    pub total: Figure,
    /// There are more than were counted, and pages behind the last that is named; the address counts them all.
    pub more: Option<String>,
}

/// Rows on one page of a list.
pub const PAGE_SIZE: i64 = 25;
/// The word in an address that asks for all rows to be counted.
pub(crate) const COUNT: &str = "count";

impl Pager {
    pub(crate) fn new(path: &str, query: &crate::form::FormValues, total: i64, unit: Unit) -> Self {
        Self::counted(path, query, (total, false), unit)
    }

    /// `more`: there are rows behind those that were counted.
    pub(crate) fn counted(
        path: &str,
        query: &crate::form::FormValues,
        (total, more): (i64, bool),
        unit: Unit,
    ) -> Self {
        let pages = ((total + PAGE_SIZE - 1) / PAGE_SIZE).max(1);
        let page = if more { query.page() } else { query.page().min(pages) };
        let at = |number: i64| format!("{path}?{}", query.with("page", &number.to_string()));
        let label = "符合条件的全部记录";
        let href = format!("{path}?{}", query.with("page", ""));
        let figure = Figure::of(Reported::Value(total), unit, href, label).and_more(more);
        Self {
            page,
            pages,
            prev: (page > 1).then(|| at(page - 1)),
            next: (more || page < pages).then(|| at(page + 1)),
            total: figure,
            more: more.then(|| format!("{path}?{}", query.with(COUNT, "all"))),
        }
    }

    /// The same where only the first rows are sorted: there are more, and no page shows them.
    pub(crate) fn of_first(path: &str, query: &crate::form::FormValues, total: i64, unit: Unit) -> Self {
        let first = Self::counted(path, query, (total, false), unit);
        Self { total: first.total.and_more(true), ..first }
    }

    /// So many rows came: where a page is not full, none is behind it.
    pub(crate) fn ends_with(&mut self, rows: usize) {
        if self.more.is_some() && i64::try_from(rows).is_ok_and(|rows| rows < PAGE_SIZE) {
            self.next = None;
        }
    }

    pub fn offset(&self) -> i64 {
        (self.page - 1) * PAGE_SIZE
    }
}

/// An instant as pages show it: Asia/Shanghai, to the second.
pub fn when(at: jiedui_kernel::Instant) -> String {
    let day = jiedui_kernel::shanghai_date(at);
    let local = at + chrono::TimeDelta::hours(8);
    format!("{day}T{}+08:00", local.format("%H:%M:%S"))
}
