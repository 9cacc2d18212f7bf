//! The question as both methods read it: checked, in the official order, without signs.

use crate::question::{Claimant, MAX_AMOUNT, Refusal, Rule, refusals};

pub(crate) struct Claims<'a> {
    pub total: u128,
    pub floor: u128,
    /// Where the rule has none, what nobody can reach.
    pub cap: u128,
    /// By division, then id.
    pub claimants: Vec<&'a Claimant>,
    /// Base × weight of each, in permille of the base's unit.
    pub claims: Vec<u128>,
}

impl<'a> Claims<'a> {
    pub fn read(total: i64, claimants: &'a [Claimant], rule: &Rule) -> Result<Self, Vec<Refusal>> {
        let wrong = refusals(total, claimants, rule);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut claimants: Vec<&Claimant> = claimants.iter().collect();
        claimants.sort_unstable_by_key(|claimant| (&claimant.division, &claimant.id));
        let claims =
            claimants.iter().map(|c| c.base.unsigned_abs() as u128 * c.weight.unsigned_abs() as u128);
        Ok(Self {
            claims: claims.collect(),
            claimants,
            total: total.unsigned_abs().into(),
            floor: rule.floor.unsigned_abs().into(),
            cap: rule.cap.unwrap_or(MAX_AMOUNT + 1).unsigned_abs().into(),
        })
    }

    pub fn sum(&self) -> u128 {
        self.claims.iter().sum()
    }
}
