//! Which years there are, when one may be closed, what is still open of it, and what closing keeps.

use crate::evidence::profiles;
use crate::reporting::questions::Answer;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Period, Unit};
use jiedui_programme::Programme;
use jiedui_web::figure::{Link, StateMark};
use serde::{Deserialize, Serialize};

/// Years of the programme up to this one, the newest first.
pub fn years(programme: &Programme, today: Date) -> Vec<i32> {
    (profiles::rules::first_year(programme)..=today.year()).rev().collect()
}

/// The days of a year.
pub fn days(year: i32) -> Period {
    Period::year(year).unwrap_or(Period::day(Date::default()))
}

/// Whether its last day is past.
pub fn is_over(year: i32, today: Date) -> bool {
    days(year).to < today
}

/// Two semesters begin in every year, one after the winter holidays and one after those of summer.
pub const SEMESTERS: i64 = 2;

/// Whether it belongs to the year itself or prepares the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Closing,
    Next,
}

/// One thing that is done before a year is put away, or before the next begins.
#[derive(Debug, Clone)]
pub struct Step {
    pub part: Part,
    pub name: String,
    pub who: &'static str,
    /// What is still to be done, of how much.
    pub left: i64,
    pub of: i64,
    pub unit: Unit,
    /// Where it is done.
    pub href: String,
    /// The first of what is left, by name.
    pub rest: Vec<Link>,
}

impl Step {
    pub fn is_open(&self) -> bool {
        self.left > 0
    }

    pub fn mark(&self) -> StateMark {
        match (self.left, self.of) {
            (0, 0) => StateMark::new("none", "没有要办的", "–"),
            (0, _) => StateMark::new("done", "已办好", "●"),
            _ => StateMark::new("active", "没有办完", "◐"),
        }
    }
}

/// What was still open when a year was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenStep {
    pub name: String,
    pub left: i64,
    pub unit: Unit,
    /// The first of it, by name.
    #[serde(default)]
    pub rest: Vec<String>,
}

impl OpenStep {
    pub fn of(step: Step) -> Self {
        let rest = step.rest.into_iter().map(|link| link.label).collect();
        Self { name: step.name, left: step.left, unit: step.unit, rest }
    }

    /// Who or what it is, as far as it is named.
    pub fn names(&self) -> String {
        let more = i64::try_from(self.rest.len()).is_ok_and(|named| named < self.left);
        let end = if more && !self.rest.is_empty() { "等" } else { "" };
        format!("{}{end}", self.rest.join("、"))
    }
}

/// What is kept of a year: its figures by school, and what was still open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    pub year: i32,
    pub closed_on: Date,
    pub open: Vec<OpenStep>,
    pub answer: Answer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_over_on_new_years_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(!is_over(2025, day("2025-12-31")));
        assert!(is_over(2025, day("2026-01-01")));
        assert_eq!(days(2024).days(), 366);
    }

    #[test]
    fn nothing_to_do_is_not_done() {
        let step = |left, of| Step {
            part: Part::Closing,
            name: String::new(),
            who: "",
            left,
            of,
            unit: Unit::Schools,
            href: String::new(),
            rest: Vec::new(),
        };
        let labels = [(0, 0), (0, 3), (2, 3)].map(|(left, of)| step(left, of).mark().label);
        assert_eq!(labels, ["没有要办的", "已办好", "没有办完"]);
        assert!(step(2, 3).is_open() && !step(0, 3).is_open());
    }
}
