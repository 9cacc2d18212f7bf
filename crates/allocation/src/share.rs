//! The answer: who gets what, and what made it so.

use crate::claims::Claims;
use crate::entitlement::Entitlements;
use crate::fraction::Fraction;
use crate::question::{Claimant, Method, Refusal, Rule};
use crate::{averages, remainders};
use std::collections::BTreeSet;

/// Whether one of the bounds decided the entitlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    None,
    Floor,
    Cap,
}

/// From the entitlement to what is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    Exact,
    Up,
    Down,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub id: String,
    pub base: i64,
    /// In permille.
    pub weight: i64,
    /// By base and weight alone: the total in proportion, before floor and cap.
    pub quota: Fraction,
    /// Within floor and cap, what these take or give being spread over the others.
    pub entitled: Fraction,
    pub bound: Bound,
    pub rounding: Rounding,
    /// Its place among the remainders, the largest being 1: those up to [`Allocation::left`] got one more. None by the
    /// other method, and for whoever has no remainder.
    pub place: Option<usize>,
    /// Exactly equal to others at the point where no more were left, so that the official order decided.
    pub tied: bool,
    pub given: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    pub total: i64,
    pub rule: Rule,
    /// In the official order.
    pub shares: Vec<Share>,
    /// How many were given by remainder.
    pub left: usize,
    /// By highest averages: the weighted base on which one place rests. Everyone's weighted base divided by it, rounded to
    /// the nearest and held within floor and cap, is what was given; an exact half is decided by the official order.
    /// None where nobody has more than the floor.
    pub divisor: Option<Fraction>,
}

/// What a method has to tell, by claimant.
pub(crate) struct Rounded {
    pub given: Vec<u128>,
    pub places: Vec<Option<usize>>,
    pub left: usize,
    pub tied: BTreeSet<usize>,
    pub divisor: Option<Fraction>,
}

/// Divides `total`. Refused with everything that is wrong at once.
pub fn allocate(total: i64, claimants: &[Claimant], rule: &Rule) -> Result<Allocation, Vec<Refusal>> {
    let asked = Claims::read(total, claimants, rule)?;
    let entitled = Entitlements::of(&asked);
    let rounded = match rule.method {
        Method::LargestRemainder => remainders::round(&asked, &entitled),
        Method::HighestAverages => averages::round(&asked, &entitled),
    };
    let sum = asked.sum();
    let share = |(of, claimant): (usize, &&Claimant)| {
        let (exact, given) = (entitled.exact(&asked, of), Fraction::whole(rounded.given[of]));
        Share {
            id: claimant.id.clone(),
            base: claimant.base,
            weight: claimant.weight,
            quota: Fraction::new(asked.claims[of] * asked.total, sum),
            entitled: exact,
            bound: entitled.bounds[of],
            rounding: if given > exact {
                Rounding::Up
            } else if given < exact {
                Rounding::Down
            } else {
                Rounding::Exact
            },
            place: rounded.places[of],
            tied: rounded.tied.contains(&of),
            // At most the total, which came as this type.
            given: rounded.given[of] as i64,
        }
    };
    let shares = asked.claimants.iter().enumerate().map(share).collect();
    Ok(Allocation { total, rule: rule.clone(), shares, left: rounded.left, divisor: rounded.divisor })
}
