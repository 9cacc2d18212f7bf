//! Randomness as an argument: the system's source in the product, a seeded one in tests and in the demonstration.

use crate::{Instant, hex};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// Counts the identifiers of this process: those of one millisecond keep the order in which they were made.
static MADE: AtomicU32 = AtomicU32::new(0);

#[derive(Clone, Debug)]
pub enum Random {
    System,
    /// SplitMix64 from a seed: repeatable, not secret.
    Seeded(Arc<Mutex<u64>>),
}

impl Random {
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(seed)))
    }

    /// Fills the buffer. A machine without a random source cannot run the product safely, so that is a panic.
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's random source is read")]
    pub fn fill(&self, buffer: &mut [u8]) {
        match self {
            Self::System => getrandom::fill(buffer).expect("the system's random source must answer"),
            Self::Seeded(state) => {
                for chunk in buffer.chunks_mut(8) {
                    let word = next(state).to_le_bytes();
                    chunk.copy_from_slice(&word[..chunk.len()]);
                }
            }
        }
    }

    /// A number below `bound` (0 where the bound is 0).
    pub fn below(&self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes).checked_rem(bound).unwrap_or(0)
    }

    /// A new identifier whose text order is the order of time (UUID version 7).
    pub fn id(&self, now: Instant) -> String {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        // RFC 9562, 6.2, method 1: a counter in the bits behind the version (12) and behind the variant (6 and 8).
        let [a, b, c, d] = MADE.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let (high, low) = (a << 2 | b >> 6, b << 2 | c >> 6);
        bytes[..4].copy_from_slice(&[high, low, c & 0x3f, d]);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().simple().to_string()
    }

    /// 256 random bits in hexadecimal: sessions, CSRF tokens.
    pub fn token(&self) -> String {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        hex(bytes)
    }
}

fn next(state: &Mutex<u64>) -> u64 {
    let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    #[test]
    fn the_same_seed_gives_the_same_sequence_and_ids_sort_by_time() {
        let (a, b) = (Random::seeded(7), Random::seeded(7));
        let day = "2026-01-01".parse().unwrap();
        let clock = Clock::fixed(day);
        assert_eq!(a.token(), b.token());
        let ids: Vec<String> = (0..1000).map(|_| a.id(clock.now())).collect();
        assert!(ids.is_sorted(), "those of one millisecond keep their order");
        let first = a.id(clock.now());
        clock.advance(chrono::TimeDelta::seconds(1));
        assert!(a.id(clock.now()) > first);
        assert_ne!(a.token(), a.token());
    }
}
