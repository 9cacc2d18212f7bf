//! What a search goes by: prices on places, and pairs that are closed to it.

use super::problem::Problem;
use crate::solution::Price;

/// What must not be chosen, for each school: by place in its lists. Branching fills it.
#[derive(Debug, Clone)]
pub(super) struct Bans {
    pub lead: Vec<Vec<bool>>,
    pub nearby: Vec<Vec<bool>>,
}

impl Bans {
    pub fn none(problem: &Problem) -> Self {
        Self {
            lead: problem.schools.iter().map(|school| vec![false; school.leads.len()]).collect(),
            nearby: problem.schools.iter().map(|school| vec![false; school.nearby.len()]).collect(),
        }
    }
}

/// Prices in points, leads and nearby, by sorted place.
#[derive(Debug, Clone, Default)]
pub(super) struct Prices(pub [Vec<f64>; 2]);

/// Prices in millionths, as they are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exact(pub [Vec<Price>; 2]);

impl Prices {
    pub fn zero(problem: &Problem) -> Self {
        Self([vec![0.0; problem.partners(0)], vec![0.0; problem.partners(1)]])
    }

    pub fn exact(&self) -> Exact {
        Exact([0, 1].map(|s| self.0[s].iter().map(|&price| Price::points(price)).collect()))
    }
}
