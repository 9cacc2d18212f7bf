//! What is asked, and what cannot be answered.

use std::collections::BTreeMap;

/// The weight of whoever is not preferred, in permille.
pub const EVEN: i64 = 1_000;
/// A hundred times as much as others: beyond that a weight is a typo.
pub const MAX_WEIGHT: i64 = 100_000;
/// Ten trillion yuan in cents. With [`MAX_BASE`], [`MAX_WEIGHT`] and [`MAX_CLAIMANTS`] it keeps every product below 2¹²⁸.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000_000;
pub const MAX_BASE: i64 = 1_000_000_000_000;
pub const MAX_CLAIMANTS: usize = 100_000;

/// One of those among whom something is divided. Numbers are signed, as people enter them, so that a wrong sign is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimant {
    pub id: String,
    /// Its place in the official order, compared as text: where two are exactly equal, the one before comes first.
    pub division: String,
    /// What counts: pupils, teachers, or 1 for each. Whoever has none gets the floor and no more.
    pub base: i64,
    /// How much each unit of the base counts, in permille: [`EVEN`] without preference.
    pub weight: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Everyone gets the whole part of the entitlement, and what is left goes one by one to the largest remainders.
    LargestRemainder,
    /// Above the floor each next one goes to the greatest claim per place: `c / (2a + 1)` where `a` are held already.
    HighestAverages,
}

/// The same for every claimant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub floor: i64,
    pub cap: Option<i64>,
    pub method: Method,
}

/// Why nothing can be divided so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is nobody to divide among")]
    NoClaimants,
    #[error("{0} claimants are too many: {MAX_CLAIMANTS} at most")]
    TooManyClaimants(usize),
    #[error("{0} is named twice")]
    NamedTwice(String),
    #[error("{id} has a base of {base}: from 0 to {MAX_BASE}")]
    Base { id: String, base: i64 },
    #[error("{id} has a weight of {weight} permille: from 1 to {MAX_WEIGHT}")]
    Weight { id: String, weight: i64 },
    #[error("a total of {0}: from 0 to {MAX_AMOUNT}")]
    Total(i64),
    #[error("a floor of {0}: from 0 to {MAX_AMOUNT}")]
    Floor(i64),
    #[error("a cap of {cap} below the floor of {floor}, or beyond {MAX_AMOUNT}")]
    Cap { cap: i64, floor: i64 },
    #[error("no claimant has a base above zero")]
    NothingToGoBy,
    #[error("{total} is less than the floors need: {needed}")]
    LessThanFloors { total: i64, needed: i128 },
    #[error("{total} is more than the caps let anyone take: {room}")]
    MoreThanCaps { total: i64, room: i128 },
}

/// Everything that is wrong at once, in an order that does not depend on the order of the claimants.
pub(crate) fn refusals(total: i64, claimants: &[Claimant], rule: &Rule) -> Vec<Refusal> {
    let mut wrong = Vec::new();
    if claimants.is_empty() {
        wrong.push(Refusal::NoClaimants);
    }
    if claimants.len() > MAX_CLAIMANTS {
        wrong.push(Refusal::TooManyClaimants(claimants.len()));
    }
    wrong.extend(of_claimants(claimants));
    if !(0..=MAX_AMOUNT).contains(&total) {
        wrong.push(Refusal::Total(total));
    }
    if !(0..=MAX_AMOUNT).contains(&rule.floor) {
        wrong.push(Refusal::Floor(rule.floor));
    }
    if let Some(cap) = rule.cap.filter(|cap| !(rule.floor..=MAX_AMOUNT).contains(cap)) {
        wrong.push(Refusal::Cap { cap, floor: rule.floor });
    }
    // What follows compares sums, which mean nothing while a part of them is wrong.
    if wrong.is_empty() { out_of_room(total, claimants, rule) } else { wrong }
}

fn of_claimants(claimants: &[Claimant]) -> Vec<Refusal> {
    let mut by_id: BTreeMap<&str, Vec<&Claimant>> = BTreeMap::new();
    for claimant in claimants {
        by_id.entry(&claimant.id).or_default().push(claimant);
    }
    let mut wrong = Vec::new();
    for (id, named) in by_id {
        if named.len() > 1 {
            wrong.push(Refusal::NamedTwice(id.to_owned()));
        }
        for claimant in named {
            if !(0..=MAX_BASE).contains(&claimant.base) {
                wrong.push(Refusal::Base { id: id.to_owned(), base: claimant.base });
            }
            if !(1..=MAX_WEIGHT).contains(&claimant.weight) {
                wrong.push(Refusal::Weight { id: id.to_owned(), weight: claimant.weight });
            }
        }
    }
    wrong
}

fn out_of_room(total: i64, claimants: &[Claimant], rule: &Rule) -> Vec<Refusal> {
    let count = |base: fn(&Claimant) -> bool| claimants.iter().filter(|c| base(c)).count() as i128;
    let (with, without) = (count(|c| c.base > 0), count(|c| c.base == 0));
    if with == 0 {
        return vec![Refusal::NothingToGoBy];
    }
    let floor = i128::from(rule.floor);
    let needed = floor * (with + without);
    if needed > i128::from(total) {
        return vec![Refusal::LessThanFloors { total, needed }];
    }
    let room = rule.cap.map(|cap| i128::from(cap) * with + floor * without);
    let beyond = room.filter(|room| *room < i128::from(total));
    beyond.map(|room| Refusal::MoreThanCaps { total, room }).into_iter().collect()
}
