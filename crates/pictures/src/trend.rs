//! A curve over months or any other steps, with last year beside it and the path to the target.

use crate::mark::Mark;
use jiedui_kernel::{Reported, Unit};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    pub title: String,
    pub unit: Unit,
    /// What stands below: 1月 … 12月.
    pub ticks: Vec<String>,
    pub series: Vec<Series>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// 2026年, 2025年, 达到目标的进度.
    pub name: String,
    pub look: Look,
    /// One for each tick; fewer where the year is not over. What is not a value leaves a gap.
    pub points: Vec<Mark>,
}

/// How a curve is drawn, so that they are told apart without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Solid, with a round mark at each value: what it is about.
    Main,
    /// Dashed, with squares: last year, or what it is compared with.
    Before,
    /// Dotted, without marks: the path to the target.
    Path,
}

impl Trend {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        ticks: impl IntoIterator<Item = S>,
    ) -> Self {
        let ticks = ticks.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, ticks, series: Vec::new() }
    }

    /// By the twelve months of a year.
    pub fn by_month(title: impl Into<String>, unit: Unit) -> Self {
        Self::new(title, unit, (1..=12).map(|month| format!("{month}月")))
    }

    #[must_use]
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }
}

impl Series {
    pub fn new(name: impl Into<String>, look: Look, points: Vec<Mark>) -> Self {
        Self { name: name.into(), look, points }
    }

    /// The straight path from nothing to the target at the last of `steps`.
    pub fn path_to(name: impl Into<String>, target: i64, steps: usize) -> Self {
        let of = i128::try_from(steps.max(1)).unwrap_or(1);
        let at = |step: usize| {
            let part = i128::from(target) * i128::try_from(step).unwrap_or(0) / of;
            Mark::new("", Reported::Value(i64::try_from(part).unwrap_or(target)))
        };
        Self::new(name, Look::Path, (1..=steps).map(at).collect())
    }
}
