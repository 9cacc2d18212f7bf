//! How long somebody waits after wrong tries: not at all after the first few, then longer each time, never longer than the
//! last step. Nothing is ever shut for good by wrong tries, since whoever tries need not be the holder.

use crate::guesses::network;
use chrono::TimeDelta;
use jiedui_kernel::Instant;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many tries are answered without any wait.
pub const FREE_TRIES: i64 = 5;
/// How long the next try waits after the last free one, and after each one more: four times as long each.
pub const STEPS: [TimeDelta; 4] =
    [TimeDelta::seconds(15), TimeDelta::seconds(60), TimeDelta::seconds(240), TimeDelta::seconds(900)];
/// After so long without a try it is counted from the beginning.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

/// Many people sit behind one address.
const FREE_OF_ADDRESS: i64 = 30;
const ADDRESS_FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
/// So many addresses are remembered at a time.
const REMEMBERED: usize = 10_000;

/// How long the next try waits after so many, of which some are free.
fn wait_after(tries: i64, free: i64) -> TimeDelta {
    let Ok(beyond) = usize::try_from(tries - free) else { return TimeDelta::zero() };
    STEPS.get(beyond).or(STEPS.last()).copied().unwrap_or_default()
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: i64,
    last: Instant,
}

/// Tries to sign in by address. They are counted before anything is checked, so that tries side by side are all counted.
#[derive(Debug, Default)]
pub struct Addresses(Mutex<HashMap<IpAddr, Tries>>);

impl Addresses {
    /// Counts a try, and says whether it is answered now. One that has to wait is not counted, and neither is one whose
    /// address is not.
    pub fn may_try(&self, from: Option<IpAddr>, now: Instant) -> bool {
        let Some(from) = from.map(network) else { return true };
        let mut seen = self.lock();
        if seen.len() >= REMEMBERED {
            seen.retain(|_, tries| is_late(tries, now));
        }
        let before = seen.get(&from).copied().filter(|tries| is_late(tries, now));
        let count = before.map_or(0, |tries| tries.count);
        if before.is_some_and(|tries| now < tries.last + wait_after(count, FREE_OF_ADDRESS)) {
            return false;
        }
        if before.is_some() || seen.len() < REMEMBERED {
            seen.insert(from, Tries { count: count.saturating_add(1), last: now });
        }
        true
    }

    /// The try was right: it counts for nothing.
    pub fn was_right(&self, from: Option<IpAddr>) {
        let Some(from) = from.map(network) else { return };
        if let Some(tries) = self.lock().get_mut(&from) {
            tries.count = (tries.count - 1).max(0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_late(tries: &Tries, now: Instant) -> bool {
    now < tries.last + ADDRESS_FORGOTTEN_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_longest() {
        assert_eq!(wait_after(4, FREE_TRIES), TimeDelta::zero());
        assert_eq!(wait_after(5, FREE_TRIES), TimeDelta::seconds(15));
        assert_eq!(wait_after(8, FREE_TRIES), TimeDelta::minutes(15));
        assert_eq!(wait_after(1_000_000, FREE_TRIES), TimeDelta::minutes(15));
        assert!(STEPS.is_sorted());
    }

    #[test]
    fn an_address_waits_after_many_tries_and_a_right_one_counts_for_nothing() {
        let at = |seconds: i64| Instant::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        let (addresses, one, other) = (Addresses::default(), address("203.0.113.7"), address("203.0.113.8"));
        for _ in 0..FREE_OF_ADDRESS {
            assert!(addresses.may_try(one, at(0)));
        }
        assert!(!addresses.may_try(one, at(14)) && addresses.may_try(other, at(14)));
        assert!(addresses.may_try(one, at(15)), "the first wait is over");
        assert!(!addresses.may_try(one, at(60)) && addresses.may_try(one, at(75)), "the second is longer");
        assert!(addresses.may_try(one, at(75 + 3600)), "forgotten");
        for _ in 0..2 * FREE_OF_ADDRESS {
            assert!(addresses.may_try(other, at(20)));
            addresses.was_right(other);
        }
        for _ in 0..2 * FREE_OF_ADDRESS {
            assert!(addresses.may_try(None, at(0)), "a proxy of this machine is not counted");
        }
    }
}
