//! Pairings as the rules see them, and the lasting relation of a helper with a county school that they make up.

use crate::model::PairingRole;
use jiedui_kernel::{Date, Period};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One helper of a pairing: a pairing with a lead and a nearby school is two of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingFact {
    pub helper: String,
    pub party: PairingRole,
    pub county_school: String,
    pub from: Date,
    /// The last day; `None` while it runs.
    pub to: Option<Date>,
    /// The date on the agreement.
    pub signed: Option<Date>,
    /// The day on which the three parties had agreed to the collaboration plan.
    pub planned: Option<Date>,
}

/// From when to when a helper and a county school are paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Term {
    pub from: Date,
    pub to: Option<Date>,
}

/// All terms of one helper with one county school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    pub helper: String,
    pub county_school: String,
    pub terms: Vec<Term>,
}

impl Term {
    /// The part of the term inside `period`.
    pub fn within(self, period: Period) -> Option<Period> {
        Period::new(self.from.max(period.from), self.to.map_or(period.to, |to| to.min(period.to)))
    }
}

/// The relations of the helpers that are a party among `parties`, in the order of helper and county school. All
/// pairings of the same two schools are one relation, so that a renewed or rewritten pairing does not start the clocks
/// from scratch, and neither does a change from nearby to lead.
pub fn relations(pairings: &[PairingFact], parties: &[PairingRole]) -> Vec<Relation> {
    let mut found: BTreeMap<(&str, &str), Vec<Term>> = BTreeMap::new();
    for pairing in pairings.iter().filter(|pairing| parties.contains(&pairing.party)) {
        let key = (pairing.helper.as_str(), pairing.county_school.as_str());
        found.entry(key).or_default().push(Term { from: pairing.from, to: pairing.to });
    }
    found
        .into_iter()
        .map(|((helper, county_school), terms)| Relation {
            helper: helper.to_owned(),
            county_school: county_school.to_owned(),
            terms,
        })
        .collect()
}
