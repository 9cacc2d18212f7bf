//! Largest remainders: the whole part of the entitlement for everyone, what is left to the largest rests.

use crate::claims::Claims;
use crate::entitlement::Entitlements;
use crate::share::{Bound, Rounded};

pub(crate) fn round(asked: &Claims, entitled: &Entitlements) -> Rounded {
    let mut given = Vec::with_capacity(asked.claims.len());
    let mut rests = Vec::new();
    for (of, bound) in entitled.bounds.iter().enumerate() {
        let exact = asked.claims[of] * entitled.amount;
        given.push(match bound {
            Bound::Floor => asked.floor,
            Bound::Cap => asked.cap,
            Bound::None => exact / entitled.claims,
        });
        let rest = exact % entitled.claims;
        if *bound == Bound::None && rest > 0 {
            rests.push((rest, of));
        }
    }
    rests.sort_unstable_by(|(rest, of), (other, after)| other.cmp(rest).then(of.cmp(after)));
    // Each rest is less than one and together they are what is left, so there are more of them than of these.
    let left = (asked.total - given.iter().sum::<u128>()) as usize;
    let mut places = vec![None; given.len()];
    for (at, (_, of)) in rests.iter().enumerate() {
        given[*of] += u128::from(at < left);
        places[*of] = Some(at + 1);
    }
    let edge = (left > 0).then(|| rests[left - 1].0);
    let edge = edge.filter(|edge| rests.get(left).is_some_and(|(next, _)| next == edge));
    let tied = rests.iter().filter(|(rest, _)| Some(*rest) == edge).map(|(_, of)| *of).collect();
    Rounded { given, places, left, tied, divisor: None }
}
