//! Whether another assignment is worth as much: for each county school, with the lead or the nearby school it got taken
//! away.

use super::dual::bound;
use super::prices::{Bans, Exact, Prices};
use super::problem::Problem;
use super::repair::{self, Choice};
use super::search::Search;
use std::collections::BTreeSet;

/// What every question about a tie starts from.
pub(super) struct KnownPrices<'a> {
    pub problem: &'a Problem,
    pub choice: &'a Choice,
    pub root: &'a Exact,
    pub forbidden: f64,
    pub max_nodes: usize,
}

/// The schools (by sorted place) that another assignment of the same worth would serve otherwise.
pub(super) fn ties(known: &KnownPrices) -> BTreeSet<usize> {
    let prices = known.root.rough();
    let mut tied = BTreeSet::new();
    for (j, &(l, n)) in known.choice.pairs.iter().enumerate() {
        for (side, at) in [(0, l as usize), (1, n as usize)] {
            if tied.contains(&j) {
                break;
            }
            // One other assignment tells of every school that it serves otherwise.
            if let Some(other) = other(known, &prices, (j, side, at)) {
                let pairs = other.pairs.iter().zip(&known.choice.pairs).enumerate();
                tied.extend(pairs.filter(|(_, (a, b))| a != b).map(|(school, _)| school));
            }
        }
    }
    tied
}

/// An assignment without this choice that is worth as much. The prices of the root refute most at once, and where
/// there is one, letting the sides take turns mostly finds it; the rest is searched.
fn other(known: &KnownPrices, prices: &Prices, (school, side, at): (usize, usize, usize)) -> Option<Choice> {
    let (problem, worth) = (known.problem, known.choice.worth);
    let mut bans = Bans::none(problem);
    if side == 0 {
        bans.lead[school][at] = true;
    } else {
        bans.nearby[school][at] = true;
    }
    if bound(problem, &bans, known.root, None).is_none_or(|bound| bound < worth) {
        return None;
    }
    let start: Vec<_> = known.choice.pairs.iter().copied().map(Some).collect();
    let near =
        repair::from_partial(problem, prices, &start, Some(&bans), None).filter(|found| found.worth == worth);
    near.or_else(|| {
        let (forbidden, nodes) = (known.forbidden, known.max_nodes);
        let mut search = Search::new(problem, forbidden, None, worth - 1, nodes).first_only().without(bans);
        search.seed(prices, &[]);
        search.run();
        search.best.filter(|best| best.worth == worth)
    })
}
