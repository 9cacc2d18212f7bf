//! The periods in which something is owed.

use crate::facts::SchoolSemester;
use crate::model::{Every, Programme};
use chrono::Datelike;
use jiedui_kernel::{Date, Period};
use serde::{Deserialize, Serialize};

/// The id of the time for which nobody has dated a semester yet.
pub const UNDATED: &str = "undated";

/// A calendar year or a semester.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPeriod {
    /// `2026`, or the id of the semester.
    pub id: String,
    /// 2026年, or the name of the semester.
    pub name: String,
    pub period: Period,
    /// False for the days behind the last semester that has dates: they are shown, so that nothing that is owed vanishes.
    pub dated: bool,
}

/// The periods that have begun by `today`, the earliest first. Years begin with the year of the first semester: the
/// programme says nothing of the time before. Decision "First part-year": visits by calendar year, residency by
/// semester.
pub fn periods(programme: &Programme, every: Every, today: Date) -> Vec<NamedPeriod> {
    periods_at(programme, every, &[], today)
}

/// The same at a county school that has dated semesters of its own.
pub fn periods_at(
    programme: &Programme,
    every: Every,
    own: &[&SchoolSemester],
    today: Date,
) -> Vec<NamedPeriod> {
    let mut found = match every {
        Every::CalendarYear => years(programme, today),
        Every::Semester => semesters(programme, own, today),
    };
    found.retain(|named| named.period.from <= today);
    found.sort_by_key(|named| named.period);
    found
}

fn years(programme: &Programme, today: Date) -> Vec<NamedPeriod> {
    let first = programme.calendar.semesters.iter().map(|semester| semester.from.year()).min();
    let years = first.into_iter().flat_map(|first| first..=today.year());
    let named = |year| {
        let (id, name) = (format!("{year}"), format!("{year}年"));
        Some(NamedPeriod { id, name, period: Period::year(year)?, dated: true })
    };
    years.filter_map(named).collect()
}

fn semesters(programme: &Programme, own: &[&SchoolSemester], today: Date) -> Vec<NamedPeriod> {
    let named = |id: &str, name: &str, period: Option<Period>, dated| {
        Some(NamedPeriod { id: id.to_owned(), name: name.to_owned(), period: period?, dated })
    };
    let mut found: Vec<NamedPeriod> = programme
        .calendar
        .semesters
        .iter()
        .filter_map(|semester| {
            let dates = own.iter().find(|own| own.semester == semester.id);
            let (from, to) = dates.map_or((semester.from, semester.to), |own| (own.from, own.to));
            named(&semester.id, &semester.name, Period::new(from, to), true)
        })
        .collect();
    let last = found.iter().map(|named| named.period.to).max();
    let open = last.and_then(|last| last.succ_opt()).filter(|from| *from <= today);
    found.extend(open.and_then(|from| {
        let name = format!("{from}以后（学期起止未定）");
        named(UNDATED, &name, Period::new(from, today), false)
    }));
    found
}
