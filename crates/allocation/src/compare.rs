//! What a preference does: the same question with and without it.

use crate::question::{Claimant, EVEN, Refusal, Rule};
use crate::share::{Allocation, allocate};
use std::collections::BTreeMap;

/// What one claimant has in two allocations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub id: String,
    pub from: i64,
    pub to: i64,
}

impl Change {
    /// Above zero what the claimant gains, below zero what it costs the claimant.
    pub fn difference(&self) -> i64 {
        self.to - self.from
    }
}

/// An allocation by the rule, and one in which everyone's weight is [`EVEN`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub without: Allocation,
    pub with: Allocation,
}

impl Comparison {
    /// In the official order: what the preference brings each, or costs.
    pub fn changes(&self) -> Vec<Change> {
        changes(&self.without, &self.with)
    }

    /// How much changes hands because of it. What some gain is what the others lose.
    pub fn moved(&self) -> i64 {
        self.changes().iter().map(|change| change.difference().max(0)).sum()
    }
}

/// With the weights of the claimants and without.
pub fn compare(total: i64, claimants: &[Claimant], rule: &Rule) -> Result<Comparison, Vec<Refusal>> {
    let with = allocate(total, claimants, rule)?;
    let even: Vec<_> =
        claimants.iter().map(|claimant| Claimant { weight: EVEN, ..claimant.clone() }).collect();
    Ok(Comparison { without: allocate(total, &even, rule)?, with })
}

/// Two allocations side by side, in the order of the second. Whoever stands in one only has nothing in the other.
pub fn changes(from: &Allocation, to: &Allocation) -> Vec<Change> {
    let mut before: BTreeMap<&str, i64> =
        from.shares.iter().map(|share| (share.id.as_str(), share.given)).collect();
    let mut changes: Vec<Change> = Vec::with_capacity(to.shares.len());
    for share in &to.shares {
        let from = before.remove(share.id.as_str()).unwrap_or(0);
        changes.push(Change { id: share.id.clone(), from, to: share.given });
    }
    changes.extend(before.into_iter().map(|(id, from)| Change { id: id.to_owned(), from, to: 0 }));
    changes
}
