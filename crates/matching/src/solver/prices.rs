//! What a search goes by: prices on places, and pairs that are closed to it.

use super::problem::{Problem, School};
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

/// Prices in points: leads and nearby, by sorted place; last that of a change, where changes are limited.
#[derive(Debug, Clone, Default)]
pub(super) struct Prices(pub [Vec<f64>; 3]);

/// Prices in millionths, as they are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exact(pub [Vec<Price>; 3]);

/// A file holds no price beyond this; whatever prices are, they prove a bound.
const DEAREST: f64 = 1e12;

impl Prices {
    pub fn zero(problem: &Problem) -> Self {
        Self([0, 1, 2].map(|s| vec![0.0; problem.partners(s)]))
    }

    /// What a pair leaves after its prices, by places in the lists of its school.
    pub fn net(&self, school: &School, lead: u32, nearby: u32) -> f64 {
        let change = if school.changes(lead, nearby) { self.change() } else { 0.0 };
        f64::from(school.row(lead as usize)[nearby as usize])
            - self.0[0][school.leads[lead as usize] as usize]
            - self.0[1][school.nearby[nearby as usize] as usize]
            - change
    }

    /// The price of a change.
    pub fn change(&self) -> f64 {
        self.0[2].first().copied().unwrap_or(0.0)
    }

    pub fn exact(&self) -> Exact {
        Exact(
            [0, 1, 2].map(|s| {
                self.0[s].iter().map(|&price| Price::points(price.clamp(-DEAREST, DEAREST))).collect()
            }),
        )
    }
}

impl Exact {
    /// The price of a change.
    pub fn change(&self) -> i64 {
        self.0[2].first().map_or(0, |price| price.0)
    }

    /// The same in points.
    pub fn rough(&self) -> Prices {
        Prices([0, 1, 2].map(|s| self.0[s].iter().map(|price| price.as_points()).collect()))
    }
}
