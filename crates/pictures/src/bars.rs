//! Bars: each value against its target, or against what a standard asks.

use crate::mark::{Goal, Mark};
use jiedui_kernel::{Reported, Unit};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    pub title: String,
    pub unit: Unit,
    /// Each bar is as long as its own goal allows, where bars measure unlike things; otherwise all share one scale.
    pub apart: bool,
    pub rows: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What is certain: the confirmed value, where there are two.
    pub mark: Mark,
    /// What was claimed, of which the mark is a part.
    pub claimed: Option<i64>,
    pub goal: Option<Goal>,
    /// The unit, where it is not that of the others.
    pub unit: Option<Unit>,
}

impl Bars {
    pub fn new(title: impl Into<String>, unit: Unit) -> Self {
        Self { title: title.into(), unit, apart: false, rows: Vec::new() }
    }

    /// For bars that measure unlike things.
    #[must_use]
    pub fn each_by_its_goal(mut self) -> Self {
        self.apart = true;
        self
    }

    #[must_use]
    pub fn bar(mut self, bar: Bar) -> Self {
        self.rows.push(bar);
        self
    }
}

impl Bar {
    pub fn new(label: impl Into<String>, value: Reported<i64>) -> Self {
        Self { mark: Mark::new(label, value), claimed: None, goal: None, unit: None }
    }

    pub fn of(label: impl Into<String>, value: i64) -> Self {
        Self::new(label, Reported::Value(value))
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.mark = self.mark.opens(href);
        self
    }

    #[must_use]
    pub fn claimed(mut self, value: i64) -> Self {
        self.claimed = Some(value);
        self
    }

    #[must_use]
    pub fn against(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    #[must_use]
    pub fn in_unit(mut self, unit: Unit) -> Self {
        self.unit = Some(unit);
        self
    }
}
