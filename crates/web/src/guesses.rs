//! Guesses of check codes by whoever is not signed in: after some wrong ones an address has to wait. Passwords and the codes of
//! a second step have waits of their own ([`crate::delay`]).

use crate::limits::Limits;
use jiedui_kernel::Instant;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many addresses are remembered at a time.
const REMEMBERED: usize = 10_000;

/// When an address guessed wrong for the first time of late, and how often since.
#[derive(Debug, Default)]
pub struct Guesses(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Guesses {
    /// Whether an address has to wait. One that is not counted never has.
    pub fn must_wait(&self, from: Option<IpAddr>, now: Instant, limits: &Limits) -> bool {
        let Some(from) = from.map(network) else { return false };
        let seen = self.lock();
        seen.get(&from).is_some_and(|(since, times)| *times >= limits.guesses && is_late(*since, now, limits))
    }

    /// Remembers a wrong guess.
    pub fn note(&self, from: Option<IpAddr>, now: Instant, limits: &Limits) {
        let Some(from) = from.map(network) else { return };
        let mut seen = self.lock();
        if seen.len() >= REMEMBERED {
            seen.retain(|_, (since, _)| is_late(*since, now, limits));
        }
        let known = seen.get(&from).copied();
        if known.is_some() || seen.len() < REMEMBERED {
            let late = known.filter(|(since, _)| is_late(*since, now, limits));
            let (since, times) = late.unwrap_or((now, 0));
            seen.insert(from, (since, times.saturating_add(1)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, (Instant, u32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_late(since: Instant, now: Instant, limits: &Limits) -> bool {
    let within = i64::try_from(limits.guess_time.as_secs()).unwrap_or(i64::MAX);
    (0..within).contains(&(now - since).num_seconds())
}

/// Whoever has one address of the sixth version has all that begin with the same half.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(long) => IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_waits_and_may_guess_again_after_a_while() {
        let limits = Limits { guesses: 2, ..Limits::default() };
        let at = |seconds: i64| Instant::UNIX_EPOCH + chrono::TimeDelta::seconds(seconds);
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        let guesses = Guesses::default();
        let (one, other) = (address("203.0.113.7"), address("203.0.113.8"));
        guesses.note(one, at(0), &limits);
        assert!(!guesses.must_wait(one, at(1), &limits));
        guesses.note(one, at(1), &limits);
        assert!(guesses.must_wait(one, at(2), &limits) && !guesses.must_wait(other, at(2), &limits));
        assert!(!guesses.must_wait(one, at(600), &limits), "the time is over");
        guesses.note(one, at(601), &limits);
        assert!(!guesses.must_wait(one, at(602), &limits), "counted from scratch");
        for _ in 0..9 {
            guesses.note(None, at(0), &limits);
        }
        assert!(!guesses.must_wait(None, at(1), &limits), "a proxy of this machine is not counted");
        guesses.note(address("2001:db8::1"), at(0), &limits);
        guesses.note(address("2001:db8::2"), at(0), &limits);
        assert!(guesses.must_wait(address("2001:db8::3"), at(1), &limits), "one network");
    }
}
