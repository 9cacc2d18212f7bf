//! Chance from a fixed seed: the same dice make the same province.

use chrono::Days;
use jiedui_kernel::{Date, Period, Random};

#[derive(Clone)]
pub struct SeededRng(Random);

impl SeededRng {
    /// Each part of the province has a stream of its own, so that a change to one leaves the others as they were.
    pub fn new(stream: u64) -> Self {
        Self(Random::seeded(20_240_726 + stream))
    }

    /// A stream that depends on words alone: what else is thrown, and how often, leaves it as it was.
    pub fn about(stream: u64, words: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in words.iter().flat_map(|word| word.bytes().chain([0])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(Random::seeded(hash ^ stream))
    }

    pub fn below(&self, bound: usize) -> usize {
        usize::try_from(self.0.below(bound as u64)).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.0.below(span)).unwrap_or(0)
    }

    pub fn chance(&self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// One of some words; "" where there are none.
    pub fn word(&self, words: &[&'static str]) -> &'static str {
        self.pick(words).copied().unwrap_or("")
    }

    pub fn day(&self, period: Period) -> Date {
        plus(period.from, self.between(0, period.days() - 1))
    }
}

/// A day so many days later, or earlier.
pub fn plus(day: Date, days: i64) -> Date {
    let count = Days::new(days.unsigned_abs());
    let moved = if days < 0 { day.checked_sub_days(count) } else { day.checked_add_days(count) };
    moved.unwrap_or(day)
}
