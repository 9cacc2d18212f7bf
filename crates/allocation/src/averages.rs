//! Highest averages by Webster's divisors: seats in the order of `claim / (2a + 1)`, ties by the official order. That order
//! does not depend on how many are given, so whoever has a seat keeps it where more are divided.
//!
//! Money is given in cents, too many to hand out one by one. Rounding everyone's `λ × claim` gives all seats before one
//! point of that order and none behind it; from there a few more are given or taken back.

use crate::claims::Claims;
use crate::entitlement::Entitlements;
use crate::fraction::Fraction;
use crate::share::{Bound, Rounded};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

pub(crate) fn round(asked: &Claims, entitled: &Entitlements) -> Rounded {
    let mut given = nearest(asked, entitled);
    let mut sum = given.iter().sum::<u128>();
    let seats = |number: &dyn Fn(usize) -> Option<u128>| -> Vec<Seat> {
        (0..asked.claims.len()).filter_map(|of| number(of).map(|number| asked.seat(of, number))).collect()
    };
    let mut ahead = BinaryHeap::from(seats(&|of| asked.next(of, given[of])));
    while sum < asked.total {
        let Some(seat) = ahead.pop() else { break };
        given[seat.of] += 1;
        sum += 1;
        ahead.extend(asked.next(seat.of, given[seat.of]).map(|number| asked.seat(seat.of, number)));
    }
    let mut behind: BinaryHeap<Reverse<Seat>> =
        seats(&|of| asked.last(given[of])).into_iter().map(Reverse).collect();
    while sum > asked.total {
        let Some(Reverse(seat)) = behind.pop() else { break };
        given[seat.of] -= 1;
        sum -= 1;
        behind.extend(asked.last(given[seat.of]).map(|number| Reverse(asked.seat(seat.of, number))));
    }
    let lasts = seats(&|of| asked.last(given[of]));
    let nexts = seats(&|of| asked.next(of, given[of]));
    let edge = lasts.iter().min().zip(nexts.iter().max()).filter(|(last, next)| last.average(next).is_eq());
    let tied = edge.map(|(edge, _)| {
        let level = lasts.iter().chain(&nexts).filter(|seat| seat.average(edge).is_eq());
        level.map(|seat| seat.of).collect()
    });
    // The claim is in permille of the base, and half a seat is what the last one rests on.
    let divisor = lasts.iter().min().map(|last| Fraction::new(2 * last.claim, (2 * last.number - 1) * 1_000));
    let places = vec![None; given.len()];
    Rounded { given, places, left: 0, tied: tied.unwrap_or_default(), divisor }
}

/// Everyone's `λ × claim` to the nearest, exact halves down, within the bounds.
fn nearest(asked: &Claims, entitled: &Entitlements) -> Vec<u128> {
    let rounded = |of: usize| match entitled.bounds[of] {
        Bound::Floor => asked.floor,
        Bound::Cap => asked.cap,
        Bound::None => {
            let (exact, all) = (asked.claims[of] * entitled.amount, entitled.claims);
            let up = u128::from(exact % all > all / 2);
            (exact / all + up).clamp(asked.floor, asked.cap)
        }
    };
    (0..asked.claims.len()).map(rounded).collect()
}

impl Claims<'_> {
    /// The number of the seat that a claimant would get next.
    fn next(&self, of: usize, held: u128) -> Option<u128> {
        (self.claims[of] > 0 && held < self.cap).then_some(held + 1)
    }

    /// The number of the seat that a claimant would lose first: none of those of the floor.
    fn last(&self, held: u128) -> Option<u128> {
        (held > self.floor).then_some(held)
    }

    fn seat(&self, of: usize, number: u128) -> Seat {
        Seat { claim: self.claims[of], number, of }
    }
}

/// The `number`th seat of a claimant, counted from 1; the greater of two is given first.
#[derive(PartialEq, Eq)]
struct Seat {
    claim: u128,
    number: u128,
    of: usize,
}

impl Seat {
    fn average(&self, other: &Self) -> Ordering {
        (self.claim * (2 * other.number - 1)).cmp(&(other.claim * (2 * self.number - 1)))
    }
}

impl Ord for Seat {
    fn cmp(&self, other: &Self) -> Ordering {
        self.average(other).then(other.of.cmp(&self.of)).then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Seat {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
