//! The periods in which something is owed.

use crate::model::{Every, Programme};
use chrono::Datelike;
use jiedui_kernel::{Date, Period};
use serde::{Deserialize, Serialize};

/// A calendar year or a semester.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPeriod {
    /// `2026`, or the id of the semester.
    pub id: String,
    /// 2026年, or the name of the semester.
    pub name: String,
    pub period: Period,
}

/// The periods that have begun by `today`, the earliest first. Years begin with the year of the first semester: the
/// programme says nothing of the time before. Decision "First part-year": visits by calendar year, residency by
/// semester.
pub fn periods(programme: &Programme, every: Every, today: Date) -> Vec<NamedPeriod> {
    let semesters = &programme.calendar.semesters;
    let mut found: Vec<NamedPeriod> = match every {
        Every::CalendarYear => {
            let first = semesters.iter().map(|semester| semester.from.year()).min();
            let years = first.into_iter().flat_map(|first| first..=today.year());
            years
                .filter_map(|year| {
                    let period = Period::year(year)?;
                    Some(NamedPeriod { id: year.to_string(), name: format!("{year}年"), period })
                })
                .collect()
        }
        Every::Semester => semesters
            .iter()
            .filter_map(|semester| {
                let period = Period::new(semester.from, semester.to)?;
                Some(NamedPeriod { id: semester.id.clone(), name: semester.name.clone(), period })
            })
            .collect(),
    };
    found.retain(|named| named.period.from <= today);
    found.sort_by_key(|named| named.period);
    found
}
