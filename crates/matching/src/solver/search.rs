//! Branch and bound over the linear relaxation. What it leaves behind is the proof: a tree of cases with prices at its
//! leaves.

use super::dual::{Bans, Exact, Prices, bound, row_max, seen};
use super::problem::{NEVER, Problem};
use super::repair::{self, Choice};
use super::simplex::{Pair, Simplex};

/// Deeper than this no proof is read back; far above any depth seen.
const DEEP: usize = 100;
/// Below this an amount is none, above one minus this it is all.
const WHOLE: f64 = 1e-3;

/// A proof by cases, by sorted places.
#[derive(Debug, Clone)]
pub(super) enum Case {
    Split { school: usize, side: usize, partner: usize, yes: Box<Case>, no: Box<Case> },
    Leaf(Exact),
}

/// What the search knows.
pub(super) struct Search<'a> {
    problem: &'a Problem,
    lp: Simplex<'a>,
    bans: Bans,
    /// The best assignment so far and its worth. A case is closed when its bound is no more than this.
    pub best: Option<Choice>,
    pub floor: i64,
    pub nodes: usize,
    max_nodes: usize,
    /// Set when a case was left open: the largest bound among those.
    pub open: Option<i64>,
    /// The prices of the first case.
    pub root: Option<(i64, Exact)>,
    /// Stop as soon as an assignment is found.
    first: bool,
}

impl<'a> Search<'a> {
    pub fn new(
        problem: &'a Problem,
        forbidden: f64,
        best: Option<Choice>,
        floor: i64,
        max_nodes: usize,
    ) -> Self {
        let lp = Simplex::new(problem, forbidden, best.as_ref().map(|best| best.pairs.as_slice()));
        let bans = Bans::none(problem);
        Self { problem, lp, bans, best, floor, nodes: 0, max_nodes, open: None, root: None, first: false }
    }

    /// Stops at the first assignment above the floor: for questions of "is there any".
    pub fn first_only(mut self) -> Self {
        self.first = true;
        self
    }

    pub fn forbid(&mut self, school: usize, side: usize, at: usize) {
        self.list(school, side)[at] = true;
    }

    fn list(&mut self, school: usize, side: usize) -> &mut Vec<bool> {
        let lists = if side == 0 { &mut self.bans.lead } else { &mut self.bans.nearby };
        &mut lists[school]
    }

    /// Starts the linear program with the pairs that look good at some prices.
    pub fn seed(&mut self, prices: &Prices, pairs: &[(u32, u32, u32)]) {
        self.lp.offer(pairs.iter().map(|&(school, lead, nearby)| Pair { school, lead, nearby }));
        let good = self.good_pairs(prices, |_| f64::NEG_INFINITY, 12);
        self.lp.offer(good);
    }

    pub fn run(&mut self) -> Case {
        self.case(0)
    }

    fn done(&self) -> bool {
        self.first && self.best.is_some()
    }

    fn case(&mut self, depth: usize) -> Case {
        self.nodes += 1;
        let (bound, exact) = self.relax();
        if self.root.is_none() {
            self.root = Some((bound, exact.clone()));
        }
        if bound <= self.floor {
            return Case::Leaf(exact);
        }
        let unsure = self.unsure();
        if unsure.is_none() || depth < 3 || self.nodes.is_multiple_of(8) {
            self.improve();
        }
        if bound <= self.floor {
            return Case::Leaf(exact);
        }
        let on = self.nodes < self.max_nodes && depth < DEEP && !self.done();
        let split = on.then(|| unsure.or_else(|| self.any_choice())).flatten();
        let Some((school, side, at)) = split else {
            self.open = self.open.max(Some(bound));
            return Case::Leaf(exact);
        };
        let list = if side == 0 {
            &self.problem.schools[school].leads
        } else {
            &self.problem.schools[school].nearby
        };
        let partner = list[at] as usize;
        let before = self.list(school, side).clone();
        for (other, banned) in self.list(school, side).iter_mut().enumerate() {
            *banned |= other != at;
        }
        let yes = Box::new(self.case(depth + 1));
        self.list(school, side).clone_from(&before);
        self.forbid(school, side, at);
        let no = Box::new(self.case(depth + 1));
        *self.list(school, side) = before;
        Case::Split { school, side, partner, yes, no }
    }

    /// Solves the linear relaxation of a case, bringing pairs in until none is missing or the case can be closed. The
    /// least bound met and its prices; `i64::MIN` where some school has nothing left to choose.
    fn relax(&mut self) -> (i64, Exact) {
        self.lp.ban(&self.bans);
        let mut least = i64::MAX;
        let mut exact = self.lp.prices().exact();
        loop {
            let sound = self.lp.optimise();
            let prices = self.lp.prices();
            let now = prices.exact();
            let value = bound(self.problem, &self.bans, &now).unwrap_or(i64::MIN);
            if value < least {
                (least, exact) = (value, now);
            }
            if least <= self.floor || !sound {
                return (least, exact);
            }
            let rows: Vec<f64> = self.lp.price[..self.problem.schools.len()].to_vec();
            let missing = self.good_pairs(&prices, |school| rows[school] + 1e-6, 4);
            if !self.lp.offer(missing) {
                return (least, exact);
            }
        }
    }

    /// For each school the best pairs above a threshold, one for each lead at most, best first, `most` at most.
    fn good_pairs(&self, prices: &Prices, above: impl Fn(usize) -> f64, most: usize) -> Vec<Pair> {
        let (mut leads, mut nearby, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        let wrong = 1e-6 * (3e6 + prices.0.iter().flatten().fold(0.0_f64, |m, p| m.max(p.abs())));
        for (j, school) in self.problem.schools.iter().enumerate() {
            seen(&school.leads, &prices.0[0], &self.bans.lead[j], &mut leads);
            seen(&school.nearby, &prices.0[1], &self.bans.nearby[j], &mut nearby);
            let floor = above(j);
            let mut found: Vec<(f64, u32, u32)> = Vec::new();
            for (l, &price) in leads.iter().enumerate() {
                let rough = f64::from(row_max(school.row(l), &nearby) - price);
                if rough < floor - wrong || rough < f64::from(NEVER) / 2.0 {
                    continue;
                }
                let own = prices.0[0][school.leads[l] as usize];
                let nets =
                    school.row(l).iter().enumerate().filter(|&(n, &v)| v > NEVER && !self.bans.nearby[j][n]);
                let net =
                    |(n, &v): (usize, &f32)| (f64::from(v) - own - prices.0[1][school.nearby[n] as usize], n);
                let top = nets.map(net).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
                if let Some((net, n)) = top.filter(|(net, _)| *net > floor) {
                    found.push((net, l as u32, n as u32));
                }
            }
            found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let pair = |&(_, lead, nearby): &(f64, u32, u32)| Pair { school: j as u32, lead, nearby };
            pairs.extend(found.iter().take(most).map(pair));
        }
        pairs
    }

    /// Looks for a better assignment near the relaxation.
    fn improve(&mut self) {
        let start = self.rounded();
        let found = repair::from_partial(self.problem, &self.lp.prices(), &start, Some(&self.bans));
        if let Some(choice) = found.filter(|choice| self.best.is_none() || choice.worth > self.floor) {
            self.floor = choice.worth;
            self.best = Some(choice);
        }
    }

    /// For each school the pair with the largest amount.
    fn rounded(&self) -> Vec<Option<(u32, u32)>> {
        let mut top: Vec<(f64, Option<(u32, u32)>)> = vec![(0.0, None); self.problem.schools.len()];
        for (pair, amount) in self.lp.amounts() {
            let top = &mut top[pair.school as usize];
            if amount > top.0 {
                *top = (amount, Some((pair.lead, pair.nearby)));
            }
        }
        top.into_iter().map(|(_, pair)| pair).collect()
    }

    /// The choice that the relaxation is least sure about; none where it is whole.
    fn unsure(&self) -> Option<(usize, usize, usize)> {
        let mut sums = std::collections::BTreeMap::<(usize, usize, usize), f64>::new();
        for (pair, amount) in self.lp.amounts() {
            let j = pair.school as usize;
            *sums.entry((j, 0, pair.lead as usize)).or_default() += amount;
            *sums.entry((j, 1, pair.nearby as usize)).or_default() += amount;
        }
        let unsure = sums.iter().map(|(&key, &sum)| (sum.min(1.0 - sum), key));
        let best = unsure
            .filter(|(unsure, _)| *unsure > WHOLE)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        best.map(|(_, key)| key)
    }

    /// A whole relaxation that is still open is split on any choice left; none where nothing is left to choose.
    fn any_choice(&self) -> Option<(usize, usize, usize)> {
        for j in 0..self.problem.schools.len() {
            for (side, banned) in [(0, &self.bans.lead[j]), (1, &self.bans.nearby[j])] {
                let free: Vec<usize> = (0..banned.len()).filter(|&at| !banned[at]).collect();
                if free.len() > 1 {
                    return Some((j, side, free[0]));
                }
            }
        }
        None
    }
}
