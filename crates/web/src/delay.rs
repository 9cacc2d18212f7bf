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
/// So long an address is held for each try: thirty in an hour, however they are spread. An office in which somebody types a
/// wrong password every now and then is never kept waiting for what happened hours ago.
const HELD_FOR_EACH: i64 = 120;
/// So many addresses are remembered at a time.
const REMEMBERED: usize = 10_000;

/// How long the next try waits after so many, of which some are free.
fn wait_after(tries: i64, free: i64) -> TimeDelta {
    let Ok(beyond) = usize::try_from(tries - free) else { return TimeDelta::zero() };
    STEPS.get(beyond).or(STEPS.last()).copied().unwrap_or_default()
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    /// When the last of them is forgotten.
    until: Instant,
    last: Instant,
}

impl Tries {
    /// How many are not forgotten yet.
    fn count(&self, now: Instant) -> i64 {
        (self.until - now).num_seconds().saturating_add(HELD_FOR_EACH - 1) / HELD_FOR_EACH
    }

    /// One that lies further ahead than any wait comes of a clock that was set back: it holds nobody.
    fn hold(&self, now: Instant) -> bool {
        let [.., longest] = STEPS;
        now < self.until && self.last <= now + longest
    }
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
            seen.retain(|_, tries| tries.hold(now));
        }
        let before = seen.get(&from).copied().filter(|tries| tries.hold(now));
        let waits = |tries: Tries| now < tries.last + wait_after(tries.count(now), FREE_OF_ADDRESS);
        if before.is_some_and(waits) {
            return false;
        }
        if before.is_some() || seen.len() < REMEMBERED {
            let held = before.map_or(now, |tries| tries.until);
            seen.insert(from, Tries { until: held + TimeDelta::seconds(HELD_FOR_EACH), last: now });
        }
        true
    }

    /// The try was right: it counts for nothing.
    pub fn was_right(&self, from: Option<IpAddr>) {
        let Some(from) = from.map(network) else { return };
        if let Some(tries) = self.lock().get_mut(&from) {
            tries.until -= TimeDelta::seconds(HELD_FOR_EACH);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

    /// Thirty an hour, and not thirty since an hour in which nobody tried: an office has no such hour by day.
    #[test]
    fn tries_of_an_address_are_forgotten_one_by_one() {
        let at = |seconds: i64| Instant::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let addresses = Addresses::default();
        let (office, guesser) = (Some("203.0.113.7".parse().unwrap()), Some("203.0.113.8".parse().unwrap()));
        assert!(
            (0..200).all(|number| addresses.may_try(office, at(number * 180))),
            "a wrong one now and then"
        );
        let looked_at = (0..36_000).filter(|second| addresses.may_try(guesser, at(*second))).count();
        assert!((300..=10 * 30 + 35).contains(&looked_at), "{looked_at} in ten hours");
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_no_address_waiting() {
        let (addresses, one) = (Addresses::default(), Some("203.0.113.7".parse().unwrap()));
        let (ahead, now) = (Instant::UNIX_EPOCH + TimeDelta::days(10), Instant::UNIX_EPOCH);
        assert!(
            (0..FREE_OF_ADDRESS).all(|_| addresses.may_try(one, ahead)) && !addresses.may_try(one, ahead)
        );
        assert!(addresses.may_try(one, now));
    }
}
