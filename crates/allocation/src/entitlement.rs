//! What each is entitled to before rounding: `λ × claim`, held between floor and cap, where the one `λ` is found exactly.

use crate::claims::Claims;
use crate::fraction::Fraction;
use crate::share::Bound;
use std::cmp::Ordering;

/// Everyone's entitlement. Those between the bounds have `claim × amount / claims`, a fraction with one denominator for all,
/// so that remainders are compared as whole numbers.
pub(crate) struct Entitlements {
    pub bounds: Vec<Bound>,
    /// What is divided among those between the bounds, and their claims together; 1 where there are none.
    pub amount: u128,
    pub claims: u128,
}

impl Entitlements {
    pub fn of(asked: &Claims) -> Self {
        let mut events = events(asked);
        events.sort_unstable_by(Event::compare);
        let mut bounds = vec![Bound::Floor; asked.claims.len()];
        let mut settled = asked.floor * asked.claims.len() as u128;
        let mut claims = 0;
        for event in events {
            // What all have together where λ has grown to this event: enough ends the walk.
            if event.held * claims >= (asked.total - settled) * event.claim {
                break;
            }
            match event.to {
                Bound::Cap => {
                    settled += asked.cap;
                    claims -= event.claim;
                }
                _ => {
                    settled -= asked.floor;
                    claims += event.claim;
                }
            }
            bounds[event.of] = event.to;
        }
        // A floor of nothing holds nobody up: whoever has no claim is entitled to exactly that.
        if asked.floor == 0 {
            bounds.iter_mut().filter(|bound| **bound == Bound::Floor).for_each(|bound| *bound = Bound::None);
        }
        Self { bounds, amount: asked.total - settled, claims: claims.max(1) }
    }

    pub fn exact(&self, asked: &Claims, of: usize) -> Fraction {
        match self.bounds[of] {
            Bound::Floor => Fraction::whole(asked.floor),
            Bound::Cap => Fraction::whole(asked.cap),
            Bound::None => Fraction::new(asked.claims[of] * self.amount, self.claims),
        }
    }
}

/// Where a claimant leaves the floor or reaches the cap while λ grows: at `held / claim`.
struct Event {
    held: u128,
    claim: u128,
    to: Bound,
    of: usize,
}

impl Event {
    /// Where both come at once, the floor is left before the cap is reached.
    fn compare(&self, other: &Self) -> Ordering {
        let at = (self.held * other.claim).cmp(&(other.held * self.claim));
        let caps = (self.to == Bound::Cap).cmp(&(other.to == Bound::Cap));
        at.then(caps).then(self.of.cmp(&other.of))
    }
}

fn events(asked: &Claims) -> Vec<Event> {
    let claiming = asked.claims.iter().enumerate().filter(|(_, claim)| **claim > 0);
    let both = claiming.flat_map(|(of, claim)| {
        [(asked.floor, Bound::None), (asked.cap, Bound::Cap)].map(|(held, to)| Event {
            held,
            claim: *claim,
            to,
            of,
        })
    });
    both.collect()
}
