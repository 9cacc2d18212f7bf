//! Twelve calendar months in Asia/Shanghai, as bounds for counting.

use crate::{Date, Instant};
use chrono::{Datelike as _, NaiveTime, TimeDelta};

/// How many months are looked at.
pub const MONTHS: usize = 12;

/// The month of a day and the eleven before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Months {
    /// First days, in order.
    firsts: Vec<Date>,
}

impl Months {
    pub fn up_to(today: Date) -> Self {
        let first = today.with_day(1).unwrap_or(today);
        let back = |months: u32| first.checked_sub_months(chrono::Months::new(months)).unwrap_or(first);
        Self { firsts: (0..12).rev().map(back).collect() }
    }

    /// `2026-11` for each, in order.
    pub fn keys(&self) -> Vec<String> {
        self.firsts.iter().map(|day| day.format("%Y-%m").to_string()).collect()
    }

    /// The instant at which each begins, in order.
    pub fn starts(&self) -> Vec<Instant> {
        let shanghai = TimeDelta::hours(8);
        self.firsts.iter().map(|day| day.and_time(NaiveTime::MIN).and_utc() - shanghai).collect()
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
        let starts = months.starts();
        assert_eq!(starts[0].to_rfc3339(), "2025-01-31T16:00:00+00:00", "midnight in Shanghai");
        assert_eq!(crate::shanghai_date(starts[11]).to_string(), "2026-01-01");
    }
}
