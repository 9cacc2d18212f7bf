//! The linear relaxation over the pairs that matter: a revised simplex with an explicit inverse. Pairs come in when
//! their reduced value asks for it (primal steps); a case of the search bans pairs (dual steps).

mod crash;
mod inverse;
mod penalty;

use super::prices::{Bans, Prices};
use super::problem::{NEVER, Problem};

const TINY: f64 = 1e-9;
/// A smaller pivot would spoil the inverse.
const PIVOT: f64 = 1e-7;
/// Reduced values below this are no gain, amounts below this no breach.
const GAIN: f64 = 1e-6;
/// Pivots between two fresh computations of prices and amounts.
const FRESH: usize = 100;
/// Pivots after which a linear program is given up as numerically lost: far above any seen.
const LOST: usize = 20_000;
/// At most this is added to the worth of a pair, so that there are no ties.
pub(super) const MOST_ADDED: f64 = 1e-3;

/// A pair in the linear program, by school and places in the school's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub school: u32,
    pub lead: u32,
    pub nearby: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Basic,
    Lower,
    Upper,
}

/// The basis at some moment, to which the search returns.
pub(super) struct Snapshot {
    basis: Vec<u32>,
    state: Vec<State>,
    inverse: Vec<f64>,
}

/// Rows: one for each school (exactly one pair), one for each partner (pairs + slack + shortage = most places), one for
/// changes where they are limited, as if that were a partner.
/// Columns: for each school "none" at a forbidding price; for each partner a slack, at most most − least places, and a
/// shortage at the forbidding price; then the pairs. Every entry is a one, in at most four rows.
pub(super) struct Simplex<'a> {
    problem: &'a Problem,
    height: usize,
    pub pairs: Vec<Pair>,
    known: Vec<Vec<u64>>,
    /// What stands at the right of each row.
    right: Vec<f64>,
    /// By column. Columns of fewer rows name the empty row `height` for the rest.
    rows: Vec<[u32; 4]>,
    cost: Vec<f64>,
    upper: Vec<f64>,
    banned: Vec<bool>,
    state: Vec<State>,
    /// Which way the amount of a column can go: 1 up, -1 down, 0 nowhere (in the basis, or banned).
    way: Vec<f64>,
    /// The columns that are looked at, and for each column whether it is one. The others lose so much that no better
    /// assignment has them; before an optimum is called one they are looked at all the same.
    live: Vec<u32>,
    lives: Vec<bool>,
    gain: Vec<f64>,
    weight: Vec<f64>,
    /// By row of the basis.
    basis: Vec<u32>,
    amount: Vec<f64>,
    /// Column-major inverse of the basis.
    inverse: Vec<f64>,
    /// Price of each row, and nothing for the empty one.
    pub price: Vec<f64>,
    /// Working memory: the entering column, the leaving row, the leaving row times every column.
    column: Vec<f64>,
    row: Vec<f64>,
    across: Vec<f64>,
    row_weight: Vec<f64>,
    /// Whether the last optimisation stopped before its end.
    pub stopped: bool,
}

impl<'a> Simplex<'a> {
    /// Starts from an assignment where one is known, otherwise with every school at "none".
    pub fn new(problem: &'a Problem, forbidden: f64, start: Option<&[(u32, u32)]>) -> Self {
        let (schools, height) = (problem.schools.len(), problem.rows());
        // Places a little wider, each by another amount, so that the simplex does not stand still at ties.
        let wider = |p: usize| 1e-6 * (1.0 + ((p * 7919 + 13) % 101) as f64 / 101.0);
        let places: Vec<_> = problem.places.iter().flatten().copied().collect();
        let mut lp = Self {
            problem,
            height,
            pairs: Vec::new(),
            known: problem.schools.iter().map(|s| vec![0; s.value.len().div_ceil(64)]).collect(),
            right: vec![1.0; schools],
            rows: Vec::new(),
            cost: Vec::new(),
            upper: Vec::new(),
            banned: Vec::new(),
            state: Vec::new(),
            way: Vec::new(),
            live: Vec::new(),
            lives: Vec::new(),
            gain: Vec::new(),
            weight: Vec::new(),
            basis: Vec::new(),
            amount: vec![0.0; height],
            inverse: vec![0.0; height * height],
            price: vec![0.0; height + 1],
            column: vec![0.0; height],
            row: vec![0.0; height + 1],
            across: Vec::new(),
            row_weight: vec![1.0; height],
            stopped: false,
        };
        lp.right.extend(places.iter().enumerate().map(|(p, of)| of.max as f64 + wider(p)));
        let empty = height as u32;
        for j in 0..schools {
            lp.push([j as u32, empty, empty, empty], -forbidden, f64::INFINITY);
        }
        let partners = problem.partners(0) + problem.partners(1);
        for (p, of) in places.iter().enumerate() {
            // Fewer changes than none there cannot be.
            let wide = if p == partners { f64::INFINITY } else { (of.max - of.min) as f64 + 2.0 * wider(p) };
            lp.push([(schools + p) as u32, empty, empty, empty], 0.0, wide);
        }
        for p in 0..places.len() {
            lp.push([(schools + p) as u32, empty, empty, empty], -forbidden, f64::INFINITY);
        }
        lp.crash(start);
        lp
    }

    fn push(&mut self, rows: [u32; 4], cost: f64, upper: f64) -> usize {
        self.rows.push(rows);
        self.cost.push(cost);
        self.upper.push(upper);
        self.banned.push(false);
        self.state.push(State::Lower);
        self.way.push(1.0);
        self.live.push(self.cost.len() as u32 - 1);
        self.lives.push(true);
        self.gain.push(cost - rows.iter().map(|&row| self.price[row as usize]).sum::<f64>());
        self.weight.push(1.0);
        self.across.push(0.0);
        self.cost.len() - 1
    }

    fn take_ways(&mut self) {
        for column in 0..self.cost.len() {
            self.put(column, self.state[column]);
        }
    }

    /// Puts a column out of the basis, or into it.
    fn put(&mut self, column: usize, state: State) {
        self.state[column] = state;
        self.way[column] = match state {
            _ if self.banned[column] => 0.0,
            State::Lower => 1.0,
            State::Upper => -1.0,
            State::Basic => 0.0,
        };
    }

    fn first_pair(&self) -> usize {
        2 * self.height - self.problem.schools.len()
    }

    /// Brings a pair in; its column.
    fn add(&mut self, pair: Pair) -> usize {
        let school = &self.problem.schools[pair.school as usize];
        let at = pair.lead as usize * school.nearby.len() + pair.nearby as usize;
        self.known[pair.school as usize][at / 64] |= 1 << (at % 64);
        let schools = self.problem.schools.len() as u32;
        let lead = schools + school.leads[pair.lead as usize];
        let nearby = schools + self.problem.partners(0) as u32 + school.nearby[pair.nearby as usize];
        let changes = self.problem.partners(2) > 0 && school.changes(pair.lead, pair.nearby);
        let change = if changes { self.height - 1 } else { self.height } as u32;
        // A little more, each pair by another amount, so that the dual steps do not stand still at ties either: together
        // less than a tenth of a point.
        let mixed = (lead as usize * self.problem.partners(1)) + nearby as usize;
        let little = 0.1 / self.problem.schools.len() as f64;
        let more = little.min(MOST_ADDED)
            * (((mixed * 2_654_435 + pair.school as usize * 40_503 + 17) % 1_009) as f64 / 1_009.0);
        let worth = f64::from(school.value[at]) + more;
        self.pairs.push(pair);
        self.push([pair.school, lead, nearby, change], worth, f64::INFINITY)
    }

    fn knows(&self, pair: Pair) -> bool {
        let wide = self.problem.schools[pair.school as usize].nearby.len();
        let at = pair.lead as usize * wide + pair.nearby as usize;
        self.known[pair.school as usize][at / 64] >> (at % 64) & 1 == 1
    }

    /// Brings pairs in that are allowed and not known yet; whether any was.
    pub fn offer(&mut self, pairs: impl IntoIterator<Item = Pair>) -> bool {
        let mut any = false;
        for pair in pairs {
            let school = &self.problem.schools[pair.school as usize];
            let allowed = school.row(pair.lead as usize)[pair.nearby as usize] > NEVER;
            if allowed && !self.knows(pair) {
                self.add(pair);
                any = true;
            }
        }
        any
    }

    /// Takes up the bans of a case: what is banned may have no amount. Columns that lose more than `gap` are left aside.
    pub fn ban(&mut self, bans: &Bans, gap: f64) {
        let first = self.first_pair();
        for (i, pair) in self.pairs.iter().enumerate() {
            let j = pair.school as usize;
            self.banned[first + i] = bans.lead[j][pair.lead as usize] || bans.nearby[j][pair.nearby as usize];
        }
        self.take_ways();
        self.refresh();
        self.live.clear();
        for column in 0..self.cost.len() {
            let far = column >= first && self.way[column] * self.gain[column] < -gap;
            self.lives[column] = self.state[column] == State::Basic || !(far || self.banned[column]);
            if self.lives[column] {
                self.live.push(column as u32);
            }
        }
    }

    /// Takes columns back that were left aside and gain. Whether there was any.
    fn widen(&mut self) -> bool {
        let before = self.live.len();
        for column in 0..self.cost.len() {
            if !self.lives[column] && self.way[column] * self.gain[column] > GAIN {
                self.lives[column] = true;
                self.live.push(column as u32);
            }
        }
        self.live.len() > before
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { basis: self.basis.clone(), state: self.state.clone(), inverse: self.inverse.clone() }
    }

    /// Returns to a basis; pairs that came in since stay, outside of it.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        self.basis.clone_from(&snapshot.basis);
        self.inverse.clone_from(&snapshot.inverse);
        self.state.fill(State::Lower);
        self.state[..snapshot.state.len()].copy_from_slice(&snapshot.state);
    }

    /// Prices of the partners' places.
    pub fn prices(&self) -> Prices {
        let mut from = self.problem.schools.len();
        Prices([0, 1, 2].map(|s| {
            let own = from..from + self.problem.partners(s);
            from = own.end;
            // A limit on changes costs nothing or something; less than nothing it is by rounding only.
            self.price[own].iter().map(|&price| if s == 2 { price.max(0.0) } else { price }).collect()
        }))
    }

    /// The amounts of the pairs in the basis that are more than noise.
    pub fn amounts(&self) -> Vec<(Pair, f64)> {
        let first = self.first_pair();
        let pair_of = |column: u32| (column as usize).checked_sub(first).map(|i| self.pairs[i]);
        let with = self.basis.iter().zip(&self.amount);
        with.filter_map(|(&column, &amount)| Some((pair_of(column)?, amount)))
            .filter(|(_, a)| *a > 1e-4)
            .collect()
    }

    /// Whether some school has no pair, or some partner too few, as far as a forbidding price allows.
    pub fn lacks(&self) -> bool {
        let first = self.first_pair();
        let with = self.basis.iter().zip(&self.amount);
        let forbidden = |column: usize| column < first && self.cost[column] < 0.0;
        with.filter(|(column, _)| forbidden(**column as usize)).any(|(_, amount)| *amount > 1e-5)
    }

    /// Raises the forbidding price.
    pub fn forbid_more(&mut self) {
        let first = self.first_pair();
        for cost in self.cost[..first].iter_mut().filter(|cost| **cost < 0.0) {
            *cost *= 32.0;
        }
        self.refresh();
    }

    /// How much the wider places may add to the worth.
    fn play(&self) -> f64 {
        self.price.iter().map(|price| price.abs()).sum::<f64>() * 4e-6
    }

    /// What the present basis is worth.
    fn worth(&self) -> f64 {
        self.basis.iter().zip(&self.amount).map(|(&column, amount)| self.cost[column as usize] * amount).sum()
    }

    /// The best amounts over the known pairs; stops early once the worth falls to `floor`, below which nobody asks.
    /// False when it is numerically lost.
    pub fn optimise(&mut self, floor: f64) -> bool {
        self.weight.fill(1.0);
        self.row_weight.fill(1.0);
        self.stopped = false;
        let mut dual = true;
        for pivots in 1..LOST {
            if pivots % FRESH == 0 {
                self.refresh();
            }
            if dual {
                let Some((row, above)) = self.breach() else {
                    dual = false;
                    continue;
                };
                if pivots % 4 == 0 && self.worth() + self.play() < floor {
                    self.stopped = true;
                    return true;
                }
                if !self.dual_step(row, above) {
                    return false;
                }
            } else if !self.primal_step() {
                // A breach left by rounding is mended by a few more dual steps.
                self.refresh();
                dual = self.breach().is_some();
                if !dual && !self.widen() {
                    return true;
                }
            }
        }
        false
    }

    fn most(&self, column: usize) -> f64 {
        if self.banned[column] { 0.0 } else { self.upper[column] }
    }

    /// The row whose amount is farthest outside of its limits, and whether above.
    fn breach(&self) -> Option<(usize, bool)> {
        let (mut worst, mut found) = (0.0, None);
        for (row, (&amount, &column)) in self.amount.iter().zip(&self.basis).enumerate() {
            let above = amount - self.most(column as usize);
            let (breach, up) = if above > -amount { (above, true) } else { (-amount, false) };
            if breach > GAIN && breach * breach > worst * self.row_weight[row] {
                (worst, found) = (breach * breach / self.row_weight[row], Some((row, up)));
            }
        }
        found
    }

    /// Brings the amount of a row back to its limit; the column enters whose price turns first.
    fn dual_step(&mut self, row: usize, above: bool) -> bool {
        self.take_row(row);
        let way = if above { 1.0 } else { -1.0 };
        let (mut least, mut steep, mut entering) = (f64::INFINITY, 0.0, None);
        for &column in &self.live {
            let column = column as usize;
            let entry = self.rows[column].iter().map(|&row| self.row[row as usize]).sum::<f64>();
            self.across[column] = entry;
            let rate = way * self.way[column] * entry;
            if rate <= PIVOT {
                continue;
            }
            let loss = (-self.way[column] * self.gain[column]).max(0.0);
            if loss > (least + TINY) * rate {
                continue;
            }
            let ratio = loss / rate;
            if ratio < least - TINY || (ratio < least + TINY && rate > steep) {
                (least, steep, entering) = (ratio.min(least), rate, Some(column));
            }
        }
        let Some(entering) = entering else { return false };
        self.take_column(entering);
        let (turn, weight) = (self.column[row], self.row_weight[row]);
        for (row_weight, entry) in self.row_weight.iter_mut().zip(&self.column) {
            let share = entry / turn;
            *row_weight = row_weight.max(share * share * weight);
        }
        self.row_weight[row] = (weight / (turn * turn)).max(1.0);
        let left = self.basis[row] as usize;
        let to = if above { self.most(left) } else { 0.0 };
        let by = (self.amount[row] - to) / self.column[row];
        let leaves = if above && !self.banned[left] { State::Upper } else { State::Lower };
        self.exchange(row, entering, by, leaves, false);
        true
    }

    /// Lets the column enter that gains most, in Devex terms.
    fn primal_step(&mut self) -> bool {
        let (mut best, mut entering) = (0.0, None);
        for &column in &self.live {
            let column = column as usize;
            let ahead = self.way[column] * self.gain[column];
            if ahead > GAIN && ahead * ahead > best * self.weight[column] {
                best = ahead * ahead / self.weight[column];
                entering = Some(column);
            }
        }
        let Some(entering) = entering else { return false };
        self.take_column(entering);
        let way = self.way[entering];
        let (mut least, mut leaving) = (self.upper[entering], None);
        for (i, &entry) in self.column.iter().enumerate() {
            let rate = way * entry;
            let room = if rate > PIVOT {
                self.amount[i].max(0.0) / rate
            } else if rate < -PIVOT {
                (self.most(self.basis[i] as usize) - self.amount[i]).max(0.0) / -rate
            } else {
                continue;
            };
            let steeper = leaving.is_some_and(|old: usize| entry.abs() > self.column[old].abs());
            if room < least - TINY || (room < least + TINY && (leaving.is_none() || steeper)) {
                (least, leaving) = (room.min(least), Some(i));
            }
        }
        match leaving {
            None => {
                for (amount, entry) in self.amount.iter_mut().zip(&self.column) {
                    *amount -= way * least * entry;
                }
                self.put(entering, if way > 0.0 { State::Upper } else { State::Lower });
            }
            Some(row) => {
                self.take_row(row);
                self.take_across();
                let left = self.basis[row] as usize;
                let up = way * self.column[row] < 0.0 && self.upper[left].is_finite();
                let leaves = if up { State::Upper } else { State::Lower };
                self.exchange(row, entering, way * least, leaves, true);
            }
        }
        true
    }

    /// The entering column takes the place of the one at `row`, with its amount changed by `by`.
    fn exchange(&mut self, row: usize, entering: usize, by: f64, leaves: State, primal: bool) {
        for (amount, entry) in self.amount.iter_mut().zip(&self.column) {
            *amount -= by * entry;
        }
        let from = if self.state[entering] == State::Upper { self.upper[entering] } else { 0.0 };
        self.amount[row] = from + by;
        let turn = self.column[row];
        let theta = self.gain[entering] / turn;
        for &column in &self.live {
            self.gain[column as usize] -= theta * self.across[column as usize];
        }
        let left = self.basis[row] as usize;
        if primal {
            self.weigh(left, turn, self.weight[entering]);
        }
        self.put(left, leaves);
        self.put(entering, State::Basic);
        self.gain[entering] = 0.0;
        self.basis[row] = entering as u32;
        self.update_inverse(row, theta);
    }

    /// The Devex weights after an exchange.
    fn weigh(&mut self, left: usize, turn: f64, weight: f64) {
        let share = weight / (turn * turn);
        for &column in &self.live {
            let entry = self.across[column as usize];
            let own = &mut self.weight[column as usize];
            *own = own.max(entry * entry * share);
        }
        self.weight[left] = share.max(1.0);
    }
}
