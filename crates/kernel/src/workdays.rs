//! Working days of the mainland calendar: weekends, public holidays, and weekend days worked in exchange.

use crate::Date;
use chrono::{Datelike, Days, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Holidays (not worked though a weekday) and make-up days (worked though a weekend). Years whose arrangement is not
/// published yet have plain weekends and what holidays are known, since the State Council publishes each year's only in
/// the autumn before: a count of their days is an estimate, and says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workdays {
    pub holidays: BTreeSet<Date>,
    pub makeup: BTreeSet<Date>,
    /// Years whose arrangement is published.
    #[serde(default)]
    pub published: BTreeSet<i32>,
}

impl Workdays {
    pub fn is_workday(&self, day: Date) -> bool {
        if self.makeup.contains(&day) {
            return true;
        }
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains(&day)
    }

    /// Whether the arrangement of every year between two days is published.
    pub fn are_known(&self, from: Date, to: Date) -> bool {
        (from.year()..=to.year()).all(|year| self.published.contains(&year))
    }

    /// The day on which the `count`-th working day after `day` falls; `day` itself does not count.
    pub fn after(&self, day: Date, count: u32) -> Date {
        let mut at = day;
        let mut left = count;
        while left > 0 {
            let Some(next) = at.checked_add_days(Days::new(1)) else { return at };
            at = next;
            if self.is_workday(at) {
                left -= 1;
            }
        }
        at
    }

    /// Working days after `from` up to and with `to`; 0 where `to` is not later.
    pub fn between(&self, from: Date, to: Date) -> i64 {
        let mut count = 0;
        let mut at = from;
        while at < to {
            let Some(next) = at.checked_add_days(Days::new(1)) else { return count };
            at = next;
            if self.is_workday(at) {
                count += 1;
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_and_makeup_days_move_the_count() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let mut calendar = Workdays::default();
        assert_eq!(calendar.after(day("2026-09-30"), 1), day("2026-10-01"));
        calendar.holidays.extend([day("2026-10-01"), day("2026-10-02")]);
        calendar.makeup.insert(day("2026-10-10"));
        assert_eq!(calendar.after(day("2026-09-30"), 1), day("2026-10-05"));
        assert!(calendar.is_workday(day("2026-10-10")));
        assert_eq!(calendar.between(day("2026-09-30"), day("2026-10-05")), 1);
        assert_eq!(calendar.between(day("2026-10-05"), day("2026-09-30")), 0);
        calendar.published.insert(2026);
        assert!(calendar.are_known(day("2026-01-01"), day("2026-12-31")));
        assert!(!calendar.are_known(day("2026-12-31"), day("2027-01-01")));
    }
}
