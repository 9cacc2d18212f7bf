//! Branch and bound over the linear relaxation. What it leaves behind is the proof: a tree of cases with prices at its
//! leaves.

use super::dual::{Rows, bound, row_max, seen, wrong};
use super::prices::{Bans, Exact, Prices};
use super::problem::{Had, NEVER, Problem};
use super::repair::{self, Choice};
use super::simplex::{MOST_ADDED, Pair, Simplex, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Deeper than this no proof is read back; far above any depth seen.
const DEEP: usize = 100;
/// How often the forbidding price may be raised: from a few times the spread of values to far above their sum.
const RAISES: usize = 5;
/// Below this an amount is none, above one minus this it is all.
const WHOLE: f64 = 1e-3;

/// Unsure choices that are weighed before one is split on.
const WEIGHED: usize = 32;
/// A choice that costs nothing on one side is weighed by what it costs on the other.
const SLIGHT: f64 = 1e-3;

/// A choice of a school: side 0 is the lead; the partner by its place in the school's list.
type Key = (usize, usize, usize);

/// A proof by cases, by sorted places.
#[derive(Debug, Clone)]
pub(super) enum Case {
    Split { school: usize, side: usize, partner: usize, yes: Box<Case>, no: Box<Case> },
    Leaf(Exact),
}

/// A case while the search runs: a place in [`Search::cases`].
enum Grown {
    Split { key: Key, yes: usize, no: usize },
    Leaf(Exact),
    Waiting,
}

/// A case that waits for its turn: its way from the root, and where the case above it ended.
struct Waiting {
    case: usize,
    way: Vec<(Key, bool)>,
    above: Ended,
}

/// The end of a case that was split.
struct Ended {
    bound: i64,
    exact: Exact,
    basis: Snapshot,
}

/// What the search knows.
pub(super) struct Search<'a> {
    problem: &'a Problem,
    lp: Simplex<'a>,
    /// What is left out in every case, and what in the present one.
    always: Bans,
    bans: Bans,
    /// The best assignment so far and its worth. A case is closed when its bound is no more than this.
    pub best: Option<Choice>,
    pub floor: i64,
    nodes: usize,
    max_nodes: usize,
    /// The bound of the case above the present one.
    above: Option<i64>,
    /// Set when a case was left open: the largest bound among those.
    pub open: Option<i64>,
    /// The bound and the prices of the first case.
    pub root: Option<(i64, Exact)>,
    /// Stop as soon as an assignment is found.
    first: bool,
    /// How often the forbidding price was raised.
    raised: usize,
    /// What the rows came to at the prices of the first case.
    rows: Rows,
    cases: Vec<Grown>,
    /// From where a better assignment was looked for.
    tried: BTreeSet<Vec<Option<(u32, u32)>>>,
}

impl<'a> Search<'a> {
    pub fn new(
        problem: &'a Problem,
        forbidden: f64,
        best: Option<Choice>,
        floor: i64,
        max_nodes: usize,
    ) -> Self {
        Self {
            problem,
            lp: Simplex::new(problem, forbidden, best.as_ref().map(|best| best.pairs.as_slice())),
            always: Bans::none(problem),
            bans: Bans::none(problem),
            best,
            floor,
            nodes: 0,
            max_nodes,
            above: None,
            open: None,
            root: None,
            first: false,
            raised: 0,
            rows: Rows::at(problem, &Prices::zero(problem)),
            cases: Vec::new(),
            tried: BTreeSet::new(),
        }
    }

    /// Leaves these choices out from the start.
    pub fn without(mut self, bans: Bans) -> Self {
        self.always = bans;
        self
    }

    /// Stops at the first assignment above the floor: for questions of "is there any".
    pub fn first_only(mut self) -> Self {
        self.first = true;
        self
    }

    /// Starts the linear program with the pairs that look good at some prices.
    pub fn seed(&mut self, prices: &Prices, pairs: &[(u32, u32, u32)]) {
        self.rows = Rows::at(self.problem, prices);
        self.lp.offer(pairs.iter().map(|&(school, lead, nearby)| Pair { school, lead, nearby }));
        let good = self.good_pairs(prices, |_| f64::NEG_INFINITY, 6);
        self.lp.offer(good);
    }

    /// Starts the linear program where prices of nearly the same question left it.
    pub fn lean(&mut self, prices: &Prices) {
        let best = self.good_pairs(prices, |_| f64::NEG_INFINITY, 1);
        let mut tight = Vec::new();
        for Pair { school, lead, nearby } in best {
            let one = &self.problem.schools[school as usize];
            let net = |l: u32, n: u32| prices.net(one, l, n);
            // Twice what is added to worths so that there are no ties.
            let near = net(lead, nearby) - 2.0 * MOST_ADDED;
            let pairs =
                (0..one.leads.len() as u32).flat_map(|l| (0..one.nearby.len() as u32).map(move |n| (l, n)));
            let pairs = pairs.filter(|&(l, n)| net(l, n) > near);
            tight.extend(pairs.map(|(lead, nearby)| Pair { school, lead, nearby }));
        }
        self.lp.offer(tight);
        self.lp.lean(prices);
    }

    /// Searches to the end: down the "yes" side while a case is open, then on with the waiting case of the highest
    /// bound, so that no case is opened that the best assignment would have closed.
    pub fn run(&mut self) -> Case {
        let mut waiting: Vec<Waiting> = Vec::new();
        self.cases.push(Grown::Waiting);
        let mut now: Option<(usize, Vec<(Key, bool)>)> = Some((0, Vec::new()));
        while let Some((case, way)) = now.take() {
            self.follow(&way);
            if let Some(ended) = self.case(case, way.len()) {
                let Grown::Split { yes, no, key } = self.cases[case] else { continue };
                let with = |choice: bool| way.iter().copied().chain([(key, choice)]).collect::<Vec<_>>();
                self.above = Some(ended.bound);
                waiting.push(Waiting { case: no, way: with(false), above: ended });
                now = Some((yes, with(true)));
            }
            if now.is_none() {
                now = self.next(&mut waiting);
            }
        }
        self.grown(0)
    }

    /// The waiting case of the highest bound; those that are closed by now get the prices of the case above them.
    fn next(&mut self, waiting: &mut Vec<Waiting>) -> Option<(usize, Vec<(Key, bool)>)> {
        loop {
            let at = (0..waiting.len())
                .max_by_key(|&i| (waiting[i].above.bound, std::cmp::Reverse(waiting[i].case)))?;
            let Waiting { case, way, above } = waiting.swap_remove(at);
            if above.bound > self.floor && !self.over() {
                self.lp.restore(&above.basis);
                self.above = Some(above.bound);
                return Some((case, way));
            }
            if above.bound > self.floor {
                self.open = self.open.max(Some(above.bound));
            }
            self.cases[case] = Grown::Leaf(above.exact);
        }
    }

    /// Whether the search stops, with cases left open.
    fn over(&self) -> bool {
        self.nodes >= self.max_nodes || (self.first && self.best.is_some())
    }

    /// The bans of a case.
    fn follow(&mut self, way: &[(Key, bool)]) {
        self.bans.clone_from(&self.always);
        for &((school, side, at), yes) in way {
            let list = if side == 0 { &mut self.bans.lead[school] } else { &mut self.bans.nearby[school] };
            for (other, banned) in list.iter_mut().enumerate() {
                *banned |= (other == at) != yes;
            }
        }
    }

    fn grown(&self, case: usize) -> Case {
        match &self.cases[case] {
            Grown::Leaf(exact) => Case::Leaf(exact.clone()),
            // Every case got its turn, or was closed in `next`.
            Grown::Waiting => Case::Leaf(Prices::zero(self.problem).exact()),
            &Grown::Split { key: (school, side, at), yes, no } => {
                let partner = self.problem.schools[school].list(side)[at] as usize;
                let (yes, no) = (Box::new(self.grown(yes)), Box::new(self.grown(no)));
                Case::Split { school, side, partner, yes, no }
            }
        }
    }

    /// Closes a case, or splits it and says where it ended.
    fn case(&mut self, case: usize, depth: usize) -> Option<Ended> {
        self.nodes += 1;
        let (bound, exact) = self.relax();
        if self.root.is_none() {
            self.root = Some((bound, exact.clone()));
            self.rows = Rows::at(self.problem, &self.lp.prices());
        }
        let split = if bound <= self.floor { None } else { self.split(depth, bound) };
        let Some(key) = split else {
            if bound > self.floor {
                self.open = self.open.max(Some(bound));
            }
            self.cases[case] = Grown::Leaf(exact);
            return None;
        };
        let (yes, no) = (self.cases.len(), self.cases.len() + 1);
        self.cases.extend([Grown::Waiting, Grown::Waiting]);
        self.cases[case] = Grown::Split { key, yes, no };
        Some(Ended { bound, exact, basis: self.lp.snapshot() })
    }

    /// Where to split an open case, after a look for a better assignment; none where it is closed by that, or where the
    /// search stops.
    fn split(&mut self, depth: usize, bound: i64) -> Option<Key> {
        let unsure = self.unsure(bound);
        if unsure.is_none() || depth < 2 || self.nodes.is_multiple_of(8) {
            self.improve();
        }
        if bound <= self.floor || depth >= DEEP || self.over() {
            return None;
        }
        unsure.or_else(|| self.any_choice())
    }

    /// Solves the linear relaxation of a case, bringing pairs in until none is missing or the case can be closed. The
    /// least bound met and its prices; `i64::MIN` where some school has nothing left to choose.
    fn relax(&mut self) -> (i64, Exact) {
        // Twice the gap and a little: prices move on from those that the losses are counted at.
        let gap = self.above.map_or(f64::INFINITY, |above| (2 * (above - self.floor)) as f64 + 300.0);
        self.lp.ban(&self.bans, gap);
        let mut least = i64::MAX;
        let mut early = self.floor as f64;
        let mut exact = self.lp.prices().exact();
        loop {
            let sound = self.lp.optimise(early);
            let prices = self.lp.prices();
            let now = prices.exact();
            let value = bound(self.problem, &self.bans, &now, Some(&self.rows)).unwrap_or(i64::MIN);
            if value < least {
                (least, exact) = (value, now);
            }
            if least <= self.floor || !sound {
                return (least, exact);
            }
            // Stopped early and yet not closed: new pairs may only come in at an optimum.
            if self.lp.stopped {
                early = f64::NEG_INFINITY;
                continue;
            }
            let rows: Vec<f64> = self.lp.price[..self.problem.schools.len()].to_vec();
            let missing = self.good_pairs(&prices, |school| rows[school] + 1e-6, 4);
            if !self.lp.offer(missing) {
                if self.lp.lacks() && self.raised < RAISES {
                    self.raised += 1;
                    self.lp.forbid_more();
                    continue;
                }
                return (least, exact);
            }
        }
    }

    /// For each school the best pairs above a threshold, one for each lead at most, best first, `most` at most.
    fn good_pairs(&self, prices: &Prices, above: impl Fn(usize) -> f64, most: usize) -> Vec<Pair> {
        let (mut leads, mut nearby, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        let (wrong, rise) = (f64::from(wrong(prices)), self.rows.rise(prices));
        for (j, school) in self.problem.schools.iter().enumerate() {
            seen(&school.leads, &prices.0[0], &self.bans.lead[j], &mut leads);
            seen(&school.nearby, &prices.0[1], &self.bans.nearby[j], &mut nearby);
            let mut found: Vec<(f64, u32, u32)> = Vec::new();
            self.kept_pair(j, prices, above(j), &mut found);
            let change = if school.had == Had::Nothing { 0.0 } else { prices.change() };
            let floor = above(j) + change;
            for (l, &price) in leads.iter().enumerate() {
                if f64::from(self.rows.top(j, l) + rise - price) < floor - wrong {
                    continue;
                }
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
                    found.push((net - change, l as u32, n as u32));
                }
            }
            found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            found.dedup_by_key(|found| (found.1, found.2));
            let pair = |&(_, lead, nearby): &(f64, u32, u32)| Pair { school: j as u32, lead, nearby };
            pairs.extend(found.iter().take(most).map(pair));
        }
        pairs
    }

    /// The present pair of a school, where changes have a price that it need not pay.
    fn kept_pair(&self, j: usize, prices: &Prices, above: f64, found: &mut Vec<(f64, u32, u32)>) {
        let school = &self.problem.schools[j];
        let Had::Pair(l, n) = school.had else { return };
        let banned = self.bans.lead[j][l as usize] || self.bans.nearby[j][n as usize];
        let net = prices.net(school, l, n);
        if self.problem.partners(2) > 0 && !banned && net > above {
            found.push((net, l, n));
        }
    }

    /// Looks for a better assignment near the relaxation.
    fn improve(&mut self) {
        let start = self.rounded();
        if !self.tried.insert(start.clone()) {
            return;
        }
        // From the root both sides have their turn first, later on the one or the other.
        let first = (self.nodes > 1).then_some(self.tried.len() % 2);
        let found = repair::from_partial(self.problem, &self.lp.prices(), &start, Some(&self.bans), first);
        if let Some(choice) = found.filter(|choice| choice.worth > self.floor) {
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

    /// The choice on which to split; none where the relaxation is whole. Of those it is least sure about, the one that
    /// costs most both where it is made and where it is banned: then neither half stays open long.
    fn unsure(&mut self, bound: i64) -> Option<Key> {
        let mut sums = BTreeMap::<Key, f64>::new();
        for (pair, amount) in self.lp.amounts() {
            let j = pair.school as usize;
            *sums.entry((j, 0, pair.lead as usize)).or_default() += amount;
            *sums.entry((j, 1, pair.nearby as usize)).or_default() += amount;
        }
        let doubt = sums.iter().map(|(&key, &sum)| (sum.min(1.0 - sum), key));
        let mut unsure: Vec<(f64, Key)> = doubt.filter(|(doubt, _)| *doubt > WHOLE).collect();
        unsure.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        unsure.truncate(WEIGHED);
        // What costs more than the gap closes its half, and no more than that.
        let gap = (bound - self.floor).max(1) as f64;
        let weighed = unsure.iter().map(|&(_, key)| {
            let [made, banned] = self.lp.penalties(key).map(|loss| loss.clamp(SLIGHT, gap));
            (made * banned, key)
        });
        weighed.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, key)| key)
    }

    /// A whole relaxation that is still open is split on any choice left; none where nothing is left to choose.
    fn any_choice(&self) -> Option<Key> {
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
