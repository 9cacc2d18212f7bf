//! Twelve calendar months in Asia/Shanghai, as bounds for counting.

use crate::{Date, Instant};
use chrono::{Datelike as _, NaiveTime, TimeDelta};

/// How many months are looked at.
pub const MONTHS: usize = 12;

/// The month of a day and the eleven before it, or some days of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Months {
    /// First days, in order.
    firsts: Vec<Date>,
    /// What was before this day is not meant.
    since: Option<Date>,
    /// Nor is what is on this day or later.
    end: Date,
}

impl Months {
    pub fn up_to(today: Date) -> Self {
        let first = today.with_day(1).unwrap_or(today);
        let back = |months: u32| first.checked_sub_months(chrono::Months::new(months)).unwrap_or(first);
        let end = first.checked_add_months(chrono::Months::new(1)).unwrap_or(Date::MAX);
        Self { firsts: (0..12).rev().map(back).collect(), since: None, end }
    }

    /// The same months, of which only the days from this one on are meant.
    #[must_use]
    pub fn since(self, since: Option<Date>) -> Self {
        Self { since, ..self }
    }

    /// The same months, of which only the days before this one are meant.
    #[must_use]
    pub fn before(&self, end: Date) -> Self {
        Self { end, ..self.clone() }
    }

    /// `2026-11` for each, in order.
    pub fn keys(&self) -> Vec<String> {
        self.firsts.iter().map(|day| day.format("%Y-%m").to_string()).collect()
    }

    /// The instant at which each begins, in order, and the one at which the last ends. A month before the days that are meant
    /// begins where these do.
    pub fn bounds(&self) -> Vec<Instant> {
        let shanghai = TimeDelta::hours(8);
        let begin = |first: &Date| self.since.map_or(*first, |since| since.max(*first));
        let days = self.firsts.iter().map(begin).chain([self.end]);
        days.map(|day| day.and_time(NaiveTime::MIN).and_utc() - shanghai).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_end_with_the_present_one() {
        let months = Months::up_to("2026-01-31".parse().unwrap());
        let keys = months.keys();
        assert_eq!((keys.len(), keys[0].as_str(), keys[11].as_str()), (MONTHS, "2025-02", "2026-01"));
        let starts = months.bounds();
        assert_eq!(starts[0].to_rfc3339(), "2025-01-31T16:00:00+00:00", "midnight in Shanghai");
        assert_eq!(crate::shanghai_date(starts[11]).to_string(), "2026-01-01");
        assert_eq!(crate::shanghai_date(starts[12]).to_string(), "2026-02-01");
    }

    #[test]
    fn what_is_counted_already_is_left_out_and_falls_into_its_month() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let months =
            Months::up_to(day("2026-01-31")).before(day("2026-01-30")).since(Some(day("2025-12-10")));
        let days: Vec<String> =
            months.bounds().into_iter().map(|at| crate::shanghai_date(at).to_string()).collect();
        assert_eq!(days[0], "2025-12-10");
        assert_eq!(&days[9..], ["2025-12-10", "2025-12-10", "2026-01-01", "2026-01-30"]);
        assert_eq!(months.keys()[10], "2025-12", "the months are the same");
    }
}
