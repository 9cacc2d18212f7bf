//! Stays: a row for each party and term, with the days on site on the days of the term, and their number against what is
//! asked.

use crate::mark::Goal;
use crate::timeline::Span;
use jiedui_kernel::{Date, Reported};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Semesters {
    pub title: String,
    /// The terms drawn beside one another, in their order.
    pub terms: Vec<Term>,
    pub today: Option<Date>,
    pub rows: Vec<StayRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// 2026年秋季学期.
    pub label: String,
    pub from: Date,
    pub to: Date,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayRow {
    pub label: String,
    pub href: Option<String>,
    pub spans: Vec<Span>,
    /// Confirmed days, and what is asked of them.
    pub days: Reported<i64>,
    pub goal: Option<Goal>,
    /// The latest day on which one can begin and still have the days.
    pub latest: Option<Date>,
}

impl Semesters {
    pub fn new(title: impl Into<String>, terms: Vec<Term>) -> Self {
        Self { title: title.into(), terms, today: None, rows: Vec::new() }
    }

    #[must_use]
    pub fn today(mut self, today: Date) -> Self {
        self.today = Some(today);
        self
    }

    #[must_use]
    pub fn row(mut self, row: StayRow) -> Self {
        self.rows.push(row);
        self
    }
}

impl Term {
    pub fn new(label: impl Into<String>, from: Date, to: Date) -> Self {
        Self { label: label.into(), from, to }
    }
}

impl StayRow {
    pub fn new(label: impl Into<String>, days: Reported<i64>) -> Self {
        Self { label: label.into(), href: None, spans: Vec::new(), days, goal: None, latest: None }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }

    #[must_use]
    pub fn against(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    #[must_use]
    pub fn begins_by(mut self, day: Date) -> Self {
        self.latest = Some(day);
        self
    }
}
