//! Time as an argument. Dates and month ends are those of Asia/Shanghai; instants are UTC.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// A calendar day in Asia/Shanghai.
pub type Date = NaiveDate;
/// A point in time, UTC.
pub type Instant = DateTime<Utc>;

/// China has had one zone and no summer time since 1991.
const SHANGHAI_SECONDS_EAST: i32 = 8 * 3600;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock moved by a whole number of days, so that `--today` holds all day long; the days may become more
    /// while it runs. Of a demonstration alone.
    Shifted(Arc<AtomicI64>),
    /// A clock that stands still until it is set: for tests.
    Fixed(Arc<Mutex<Instant>>),
}

impl Clock {
    /// A clock that stands at noon (Shanghai) of `day`.
    pub fn fixed(day: Date) -> Self {
        Self::Fixed(Arc::new(Mutex::new(noon(day))))
    }

    /// The machine's clock, which may be moved on.
    pub fn movable() -> Self {
        Self::Shifted(Arc::default())
    }

    /// The same, moved so that today is `day`.
    pub fn starting(day: Date) -> Self {
        let today = shanghai_date(machine_now());
        Self::Shifted(Arc::new(AtomicI64::new((day - today).num_days())))
    }

    pub fn now(&self) -> Instant {
        match self {
            Self::System => machine_now(),
            Self::Shifted(days) => machine_now() + TimeDelta::days(days.load(Ordering::Relaxed)),
            Self::Fixed(at) => *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        }
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> Date {
        shanghai_date(self.now())
    }

    /// Whether its day can be moved on. Never where it is the machine's own.
    pub fn can_move(&self) -> bool {
        !matches!(self, Self::System)
    }

    /// Moves its day on by so many; says whether it can be.
    pub fn move_on(&self, days: u32) -> bool {
        match self {
            Self::System => {}
            Self::Shifted(by) => {
                by.fetch_add(i64::from(days), Ordering::Relaxed);
            }
            Self::Fixed(_) => self.advance(TimeDelta::days(i64::from(days))),
        }
        self.can_move()
    }

    /// Moves a fixed clock on; does nothing to the others.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Fixed(at) = self {
            *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
        }
    }
}

/// The day in Asia/Shanghai on which an instant falls.
pub fn shanghai_date(at: Instant) -> Date {
    match FixedOffset::east_opt(SHANGHAI_SECONDS_EAST) {
        Some(zone) => at.with_timezone(&zone).date_naive(),
        None => at.date_naive(),
    }
}

/// The clock on a wall in Asia/Shanghai at an instant.
pub fn shanghai_time(at: Instant) -> NaiveDateTime {
    match FixedOffset::east_opt(SHANGHAI_SECONDS_EAST) {
        Some(zone) => at.with_timezone(&zone).naive_local(),
        None => at.naive_utc(),
    }
}

fn noon(day: Date) -> Instant {
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(4)
}

#[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
fn machine_now() -> Instant {
    // Whole microseconds: what both databases keep, so that a value read back equals the value written.
    let now = Utc::now();
    DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_shanghai() {
        let before = "2026-11-24T15:59:59Z".parse::<Instant>().unwrap();
        let after = "2026-11-24T16:00:00Z".parse::<Instant>().unwrap();
        assert_eq!(shanghai_date(before).to_string(), "2026-11-24");
        assert_eq!(shanghai_date(after).to_string(), "2026-11-25");
    }

    #[test]
    fn a_shifted_clock_shows_the_day_asked_for() {
        let day = Date::from_ymd_opt(2025, 2, 28).unwrap();
        assert_eq!(Clock::starting(day).today(), day);
        assert_eq!(Clock::fixed(day).today(), day);
    }

    #[test]
    fn the_day_of_a_demonstration_goes_on_and_that_of_the_machine_does_not() {
        let day = Date::from_ymd_opt(2025, 2, 28).unwrap();
        for clock in [Clock::starting(day), Clock::fixed(day)] {
            let other = clock.clone();
            assert!(other.move_on(1));
            assert_eq!(clock.today().to_string(), "2025-03-01", "one clock, whoever holds it");
        }
        assert!(Clock::movable().can_move());
        assert!(!Clock::System.can_move() && !Clock::System.move_on(1));
    }
}
