//! Spans of calendar days, both ends included.

use crate::Date;
use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

/// From `from` to `to`, both included. Never turned round: build it with [`Period::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

impl Period {
    /// `None` where the end lies before the beginning.
    pub fn new(from: Date, to: Date) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    pub fn day(day: Date) -> Self {
        Self { from: day, to: day }
    }

    /// The calendar year, 1 January to 31 December.
    pub fn year(year: i32) -> Option<Self> {
        Self::new(Date::from_ymd_opt(year, 1, 1)?, Date::from_ymd_opt(year, 12, 31)?)
    }

    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// What is left of this period when `hole` is taken out: none, one or two pieces.
    pub fn without(self, hole: Self) -> Vec<Self> {
        let Some(hole) = self.intersect(hole) else { return vec![self] };
        let before = hole.from.checked_sub_days(Days::new(1)).and_then(|end| Self::new(self.from, end));
        let after = hole.to.checked_add_days(Days::new(1)).and_then(|start| Self::new(start, self.to));
        before.into_iter().chain(after).collect()
    }

    /// The year of the last day: an activity belongs to the month and year in which it ends.
    pub fn closing_year(self) -> i32 {
        self.to.year()
    }
}

/// How many different days a set of periods covers; a day covered twice counts once.
pub fn union_days(periods: &[Period]) -> i64 {
    let mut sorted = periods.to_vec();
    sorted.sort_unstable();
    let mut total = 0;
    let mut reached: Option<Date> = None;
    for period in sorted {
        let from = match reached {
            Some(end) if end >= period.from => match end.checked_add_days(Days::new(1)) {
                Some(next) => next,
                None => break,
            },
            _ => period.from,
        };
        if let Some(fresh) = Period::new(from, period.to) {
            total += fresh.days();
            reached = Some(period.to);
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(from: &str, to: &str) -> Period {
        Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_day_covered_twice_counts_once() {
        assert_eq!(union_days(&[]), 0);
        assert_eq!(union_days(&[p("2026-03-01", "2026-03-10"), p("2026-03-05", "2026-03-12")]), 12);
        assert_eq!(union_days(&[p("2026-03-01", "2026-03-31"), p("2026-03-05", "2026-03-12")]), 31);
        assert_eq!(union_days(&[p("2026-03-10", "2026-03-10"), p("2026-03-01", "2026-03-01")]), 2);
    }

    #[test]
    fn a_hole_leaves_the_rest() {
        let stay = p("2026-03-01", "2026-03-15");
        assert_eq!(
            stay.without(p("2026-03-04", "2026-03-06")),
            [p("2026-03-01", "2026-03-03"), p("2026-03-07", "2026-03-15")]
        );
        assert_eq!(stay.without(p("2026-02-01", "2026-03-02")), [p("2026-03-03", "2026-03-15")]);
        assert!(stay.without(p("2026-03-01", "2026-03-15")).is_empty());
        assert_eq!(stay.without(p("2026-05-01", "2026-05-02")), [stay]);
        assert!(Period::new(stay.to, stay.from).is_none(), "a period turned round is refused");
    }
}
