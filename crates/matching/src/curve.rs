//! What changes gain: the best pairing with none, one, two … county schools changed, up to the best of all.

use crate::instance::Instance;
use crate::solution::{Price, Solution, Status, Warm};
use crate::solver::{Options, solve};

/// The best with at most so many changes: an answer to [`Instance::at_most`] of that number, with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub at_most: i64,
    pub solution: Solution,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// The answer without a limit on changes, to [`Instance::at_most`] of none.
    pub free: Solution,
    /// From no change at all to the first that is worth as much as without a limit. Those at the beginning may be
    /// infeasible, and say which county schools cannot stay. Empty where even without a limit nothing is possible.
    pub steps: Vec<Step>,
}

/// The whole curve. Whatever limit the instance itself has is left out of account; what a change costs is not. Each step
/// starts where the one before ended, and those from the number of changes of the free answer on need no search.
pub fn curve(instance: &Instance, options: &Options) -> Curve {
    let unlimited = instance.at_most(None);
    let free = solve(&unlimited, options);
    let mut steps: Vec<Step> = Vec::new();
    if !matches!(free.status, Status::Optimal | Status::Feasible) {
        return Curve { free, steps };
    }
    let enough = unlimited.changed(&free.assignment).len() as i64;
    let mut options = options.clone();
    for at_most in 0..=enough {
        let question = instance.at_most(Some(at_most));
        let solution = if at_most == enough { unbound(&free, &question) } else { solve(&question, &options) };
        if solution.objective.is_some() {
            options.warm = Some(Warm::of(&question, &solution));
        }
        let done = solution.objective.is_some() && solution.objective == free.objective;
        steps.push(Step { at_most, solution });
        if done {
            break;
        }
    }
    Curve { free, steps }
}

/// The free answer as one to a question whose limit it keeps: the price of a change is nothing.
fn unbound(free: &Solution, question: &Instance) -> Solution {
    let mut solution = free.clone();
    question.sha256().clone_into(&mut solution.instance_sha256);
    solution.certificate.change_price = Some(Price::default());
    solution
}
