//! How firmly each pair stands against the weights that the scores come from: the nearest weight at which it has to go, and
//! who comes instead.
//!
//! One weight moves, all others stay. What a pairing is worth is then a straight line over that weight, and the best of all
//! pairings is the upper edge of these lines: a pairing that is best at two weights is best at every weight between. So it
//! is enough to go from one best pairing to the next, each found and proven by solving, and nothing between is missed. A pair
//! that is not in the next best pairing is asked about by itself: the question is solved once more with this pair settled,
//! and it goes where that is worth less. Where it is worth as much the pair may stay, and is followed further.
//!
//! Scores are whole points, so a line bends by up to half a point for each county school and score. A better pairing that is
//! better by no more than that, and only between two weights that were solved, is not found; what is told was solved at the
//! weight that is named and at the last one before it.

use crate::instance::{Assigned, Fixed, Instance};
use crate::solution::{Solution, Status, Warm};
use crate::solver::{Options, solve};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A weight: what it is, and how far it may be moved in whole steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightRange {
    pub weight: i64,
    pub range: RangeInclusive<i64>,
}

/// The nearest weight at which a pair goes: with it no best pairing has the pair, with the step before one has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    /// The place of the weight among the lines.
    pub line: usize,
    pub to: i64,
    /// The pair of the county school in a best pairing there.
    pub instead: Assigned,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stability {
    /// By county school, in the order of the instance; none where no weight by itself parts the pair.
    pub goes: Vec<Option<Going>>,
    /// Lines that could not be followed to their end, with the last weight that was proven: beyond it nothing is told.
    pub open: Vec<(usize, i64)>,
    /// Questions that were solved for it.
    pub solved: usize,
}

/// How firmly each pair of a proven answer stands. `at` makes the question of a line at a weight: the rule by which scores
/// come of weights is the asker's. `told` hears how far from the present weights it has got. None where the answer is not
/// proven to be the best.
pub fn stability(
    asked: &Instance,
    answer: &Solution,
    lines: &[WeightRange],
    options: &Options,
    at: impl Fn(usize, i64) -> Option<Instance>,
    mut told: impl FnMut(i64),
) -> Option<Stability> {
    if answer.status != Status::Optimal {
        return None;
    }
    let found = Stability { goes: vec![None; answer.assignment.len()], ..Stability::default() };
    let mut search =
        Search { lines, options, at, pairs: &answer.assignment, found, walks: BTreeMap::new(), begun: 0 };
    let start = Arc::new(Point { weight: 0, instance: asked.clone(), solution: answer.clone() });
    for (line, of) in lines.iter().enumerate() {
        for step in [-1, 1] {
            let end = if step < 0 { *of.range.start() } else { *of.range.end() };
            let (here, best) = (of.weight, Arc::clone(&start));
            let group = (0..answer.assignment.len()).collect();
            search.follow(Walk { line, step, end, here, best, ahead: Vec::new(), group });
        }
    }
    while let Some(((far, _), walk)) = search.walks.pop_first() {
        told(far);
        search.advance(walk);
    }
    Some(search.found)
}

/// A question at a weight, with its answer.
struct Point {
    weight: i64,
    instance: Instance,
    solution: Solution,
}

/// The way along one line in one direction, for those county schools whose pairs are in the best pairing that is followed.
struct Walk {
    line: usize,
    step: i64,
    end: i64,
    /// How far the pairing is known to be best.
    here: i64,
    best: Arc<Point>,
    /// Solved farther on, the nearest last: another pairing is better there.
    ahead: Vec<Arc<Point>>,
    group: Vec<usize>,
}

impl Walk {
    /// Whether the next step is the one at which another pairing is better.
    fn ends_at(&self) -> Option<&Arc<Point>> {
        self.ahead.last().filter(|next| next.weight == self.here + self.step)
    }
}

struct Search<'a, At> {
    lines: &'a [WeightRange],
    options: &'a Options,
    at: At,
    pairs: &'a [Assigned],
    found: Stability,
    /// By the distance from the present weight at which they may next tell something, so that what is nearest is told
    /// first; of equals in the order in which they were begun.
    walks: BTreeMap<(i64, usize), Walk>,
    begun: usize,
}

impl<At: Fn(usize, i64) -> Option<Instance>> Search<'_, At> {
    fn follow(&mut self, walk: Walk) {
        if walk.here != walk.end {
            let far = (walk.here + walk.step - self.lines[walk.line].weight).abs();
            self.walks.insert((far, self.begun), walk);
            self.begun += 1;
        }
    }

    /// One question further along a line.
    fn advance(&mut self, mut walk: Walk) {
        walk.group.retain(|j| self.found.goes[*j].is_none());
        if walk.group.is_empty() {
            return;
        }
        if let Some(next) = walk.ends_at().cloned() {
            return self.part(walk, &next);
        }
        let weight = self.guess(&walk);
        let Some(point) = self.solved(walk.line, weight, &walk.best) else {
            self.found.open.push((walk.line, walk.here));
            return;
        };
        if point.instance.worth(&walk.best.solution.assignment) == point.solution.objective {
            walk.here = weight;
        } else {
            walk.ahead.push(point);
        }
        self.pass(&mut walk);
        self.follow(walk);
    }

    /// What was solved ahead, and is as well served by the pairing that is followed, is behind.
    fn pass(&self, walk: &mut Walk) {
        while let Some(next) = walk.ahead.last() {
            let behind = (next.weight - walk.here) * walk.step <= 0;
            if !behind && next.instance.worth(&walk.best.solution.assignment) != next.solution.objective {
                return;
            }
            if !behind {
                walk.here = next.weight;
            }
            walk.ahead.pop();
        }
    }

    /// The weight to ask about next: where the line of what is better ahead meets the line of what is followed, and at most
    /// the step before what is ahead.
    fn guess(&self, walk: &Walk) -> i64 {
        let Some(next) = walk.ahead.last() else { return walk.end };
        let far = (next.weight - walk.here).abs();
        let here = (self.at)(walk.line, walk.here);
        let gain = |at: Option<&Instance>| {
            let at = at?;
            Some(at.worth(&next.solution.assignment)? - at.worth(&walk.best.solution.assignment)?)
        };
        let meets = match (gain(here.as_ref()), gain(Some(&next.instance))) {
            (Some(behind), Some(ahead)) if ahead > behind => far * (-behind).max(0) / (ahead - behind) + 1,
            _ => far / 2,
        };
        walk.here + walk.step * meets.clamp(1, far - 1)
    }

    /// The question at a weight with its proven answer; none where there is no proof.
    fn solved(&mut self, line: usize, weight: i64, near: &Point) -> Option<Arc<Point>> {
        let instance = (self.at)(line, weight)?;
        let solution = self.solve(&instance, near);
        (solution.status == Status::Optimal).then(|| Arc::new(Point { weight, instance, solution }))
    }

    fn solve(&mut self, instance: &Instance, near: &Point) -> Solution {
        self.found.solved += 1;
        let warm = Some(Warm::of(&near.instance, &near.solution));
        solve(instance, &Options { warm, ties: false, ..self.options.clone() })
    }

    /// Another pairing is the best from here on: who has its pair in it goes on with it, who would do as well with its pair
    /// goes on by itself, and the others have lost it.
    fn part(&mut self, mut walk: Walk, next: &Arc<Point>) {
        walk.ahead.pop();
        let has = |point: &Point, j: &usize| point.solution.assignment[*j] == self.pairs[*j];
        let (stay, mut asked): (Vec<usize>, Vec<usize>) = walk.group.iter().partition(|j| has(next, j));
        let mut alone = Vec::new();
        while let Some(j) = asked.pop() {
            match self.with_pair(next, j) {
                Ok(tied) => {
                    let (with, others) = asked.into_iter().partition(|j| has(&tied, j));
                    asked = others;
                    alone.push((tied, with, j));
                }
                Err(true) => {
                    let instead = next.solution.assignment[j].clone();
                    self.found.goes[j] = Some(Going { line: walk.line, to: next.weight, instead });
                }
                Err(false) => self.found.open.push((walk.line, walk.here)),
            }
        }
        let Walk { line, step, end, ahead, .. } = walk;
        let here = next.weight;
        for (best, mut group, j) in alone {
            group.push(j);
            self.go_from(Walk { line, step, end, here, best, ahead: ahead.clone(), group });
        }
        self.go_from(Walk { line, step, end, here, best: Arc::clone(next), ahead, group: stay });
    }

    fn go_from(&mut self, mut walk: Walk) {
        self.pass(&mut walk);
        self.follow(walk);
    }

    /// A pairing that keeps the pair of a county school and is worth as much.
    ///
    /// # Errors
    /// True: there is none; false: that is not proven.
    fn with_pair(&mut self, point: &Point, j: usize) -> Result<Arc<Point>, bool> {
        let pair = &self.pairs[j];
        let mut draft = point.instance.clone().into_draft();
        draft.fixed.retain(|fixed| fixed.county_school != pair.county_school);
        let (lead, nearby) = (Some(pair.lead.clone()), Some(pair.nearby.clone()));
        draft.fixed.push(Fixed { county_school: pair.county_school.clone(), lead, nearby });
        let Ok(settled) = Instance::new(draft) else { return Err(false) };
        let solution = self.solve(&settled, point);
        match solution.status {
            Status::Optimal if solution.objective == point.solution.objective => {
                // The same assignment answers the question in which nothing is settled.
                let solution = Solution { assignment: solution.assignment, ..point.solution.clone() };
                let (weight, instance) = (point.weight, point.instance.clone());
                Ok(Arc::new(Point { weight, instance, solution }))
            }
            Status::Optimal | Status::Infeasible => Err(true),
            Status::Feasible if solution.bound < point.solution.objective => Err(true),
            Status::Feasible | Status::Undecided => Err(false),
        }
    }
}
