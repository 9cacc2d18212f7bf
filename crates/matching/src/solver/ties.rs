//! Whether another assignment is worth as much: for each county school, with the lead or the nearby school it got taken
//! away.

use super::dual::{Bans, Exact, Prices, bound};
use super::problem::Problem;
use super::repair::Choice;
use super::search::Search;

/// The schools (by sorted place) that another assignment of the same worth would serve otherwise.
pub(super) fn ties(
    problem: &Problem,
    choice: &Choice,
    root: &Exact,
    forbidden: f64,
    max_nodes: usize,
) -> Vec<usize> {
    let prices = Prices([0, 1].map(|s| root.0[s].iter().map(|price| price.as_points()).collect()));
    (0..problem.schools.len())
        .filter(|&j| {
            let (l, n) = choice.pairs[j];
            [(0, l), (1, n)].into_iter().any(|(side, at)| {
                other(problem, choice, (root, &prices), (j, side, at as usize), forbidden, max_nodes)
            })
        })
        .collect()
}

/// Whether an assignment without this choice is worth as much. The prices of the root refute most at once.
fn other(
    problem: &Problem,
    choice: &Choice,
    root: (&Exact, &Prices),
    (school, side, at): (usize, usize, usize),
    forbidden: f64,
    max_nodes: usize,
) -> bool {
    let mut bans = Bans::none(problem);
    if side == 0 {
        bans.lead[school][at] = true;
    } else {
        bans.nearby[school][at] = true;
    }
    if bound(problem, &bans, root.0).is_none_or(|bound| bound < choice.worth) {
        return false;
    }
    let mut search =
        Search::new(problem, forbidden, None, choice.worth - 1, max_nodes).first_only().without(bans);
    search.seed(root.1, &[]);
    search.run();
    search.best.is_some_and(|best| best.worth == choice.worth)
}
