//! The linear relaxation over the pairs that matter, solved by a revised primal simplex with an explicit inverse; pairs
//! come in when their reduced value asks for it. A change of bans changes values only, never feasibility, so every node
//! of the search starts from wherever the last one ended.

use super::dual::{Bans, Prices};
use super::problem::{NEVER, Problem};

const TINY: f64 = 1e-9;
/// Reduced values below this are no gain.
const GAIN: f64 = 1e-7;
/// Pivots between two fresh computations of the prices.
const FRESH: usize = 64;
/// Pivots after which a linear program is given up as numerically lost: far above any seen.
const LOST: usize = 50_000;

/// A pair in the linear program, by school and places in the school's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub school: u32,
    pub lead: u32,
    pub nearby: u32,
}

/// Rows: one for each school (exactly one pair), one for each partner (pairs + slack + shortage = most places).
/// Columns: for each school "none" at a forbidding price; for each partner a slack, at most most − least places, and a
/// shortage at the forbidding price; then the pairs.
pub(super) struct Simplex<'a> {
    problem: &'a Problem,
    rows: usize,
    pub pairs: Vec<Pair>,
    pair_rows: Vec<[u32; 3]>,
    /// Value of a pair as it is, and as the bans leave it.
    worth: Vec<f64>,
    cost: Vec<f64>,
    known: Vec<Vec<u64>>,
    /// Upper end of each slack.
    slack: Vec<f64>,
    at_upper: Vec<bool>,
    /// Column at each row of the basis, and its amount.
    basis: Vec<u32>,
    amount: Vec<f64>,
    in_basis: Vec<bool>,
    /// Column-major inverse of the basis.
    inverse: Vec<f64>,
    /// Price of each row.
    pub price: Vec<f64>,
    forbidden: f64,
    column: Vec<f64>,
    pub pivots: usize,
}

impl<'a> Simplex<'a> {
    /// Starts from an assignment where one is known, otherwise with every school at "none".
    pub fn new(problem: &'a Problem, forbidden: f64, start: Option<&[(u32, u32)]>) -> Self {
        let (schools, partners) = (problem.schools.len(), problem.partners(0) + problem.partners(1));
        let rows = schools + partners;
        let places = problem.places.iter().flatten();
        // Capacities a little wider, each by another amount, so that the simplex does not stand still at ties.
        let wider = |p: usize| 1e-6 * (1.0 + ((p * 7919 + 13) % 101) as f64 / 101.0);
        let mut lp = Self {
            problem,
            rows,
            pairs: Vec::new(),
            pair_rows: Vec::new(),
            worth: Vec::new(),
            cost: Vec::new(),
            known: problem.schools.iter().map(|s| vec![0; s.value.len().div_ceil(64)]).collect(),
            slack: places.enumerate().map(|(p, of)| (of.max - of.min) as f64 + 2.0 * wider(p)).collect(),
            at_upper: vec![false; partners],
            basis: Vec::new(),
            amount: vec![0.0; rows],
            in_basis: vec![false; schools + 2 * partners],
            inverse: vec![0.0; rows * rows],
            price: vec![0.0; rows],
            forbidden,
            column: vec![0.0; rows],
            pivots: 0,
        };
        lp.cost = vec![-forbidden; schools];
        lp.cost.extend(std::iter::repeat_n(0.0, partners));
        lp.cost.extend(std::iter::repeat_n(-forbidden, partners));
        lp.crash(start, &wider);
        lp
    }

    fn crash(&mut self, start: Option<&[(u32, u32)]>, wider: &dyn Fn(usize) -> f64) {
        let schools = self.problem.schools.len();
        let mut left: Vec<f64> = self.problem.places.iter().flatten().map(|of| of.max as f64).collect();
        for (p, left) in left.iter_mut().enumerate() {
            *left += wider(p);
        }
        for i in 0..self.rows {
            self.inverse[i * self.rows + i] = 1.0;
        }
        for j in 0..schools {
            self.amount[j] = 1.0;
            let column = match start {
                Some(start) => {
                    let pair = Pair { school: j as u32, lead: start[j].0, nearby: start[j].1 };
                    let column = self.add(pair);
                    for row in &self.pair_rows[column - self.first_pair()][1..] {
                        left[*row as usize - schools] -= 1.0;
                        self.inverse[j * self.rows + *row as usize] = -1.0;
                    }
                    column
                }
                None => j,
            };
            self.basis.push(column as u32);
        }
        for (p, &left) in left.iter().enumerate() {
            let (row, most) = (schools + p, self.slack[p]);
            let short = left > most;
            self.at_upper[p] = short;
            self.basis.push(if short { self.first_short() + p } else { schools + p } as u32);
            self.amount[row] = if short { left - most } else { left };
        }
        for &column in &self.basis {
            self.in_basis[column as usize] = true;
        }
    }

    fn partners(&self) -> usize {
        self.slack.len()
    }

    fn first_short(&self) -> usize {
        self.problem.schools.len() + self.partners()
    }

    fn first_pair(&self) -> usize {
        self.problem.schools.len() + 2 * self.partners()
    }

    /// Brings a pair in, once; its column.
    fn add(&mut self, pair: Pair) -> usize {
        let school = &self.problem.schools[pair.school as usize];
        let at = pair.lead as usize * school.nearby.len() + pair.nearby as usize;
        self.known[pair.school as usize][at / 64] |= 1 << (at % 64);
        let schools = self.problem.schools.len() as u32;
        let leads = self.problem.partners(0) as u32;
        let lead = schools + school.leads[pair.lead as usize];
        let nearby = schools + leads + school.nearby[pair.nearby as usize];
        self.pair_rows.push([pair.school, lead, nearby]);
        self.pairs.push(pair);
        let worth = f64::from(school.value[at]);
        self.worth.push(worth);
        self.cost.push(worth);
        self.in_basis.push(false);
        self.cost.len() - 1
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

    /// What the bans forbid is priced out; what they allow again is worth what it was.
    pub fn ban(&mut self, bans: &Bans) {
        let first = self.first_pair();
        for (i, pair) in self.pairs.iter().enumerate() {
            let j = pair.school as usize;
            let banned = bans.lead[j][pair.lead as usize] || bans.nearby[j][pair.nearby as usize];
            self.cost[first + i] = if banned { self.worth[i] - self.forbidden } else { self.worth[i] };
        }
        self.refresh_prices();
    }

    /// Prices of the partners' places.
    pub fn prices(&self) -> Prices {
        let (schools, leads) = (self.problem.schools.len(), self.problem.partners(0));
        let places = &self.price[schools..];
        Prices([places[..leads].to_vec(), places[leads..].to_vec()])
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

    fn refresh_prices(&mut self) {
        let costs: Vec<f64> = self.basis.iter().map(|&column| self.cost[column as usize]).collect();
        for (k, price) in self.price.iter_mut().enumerate() {
            let column = &self.inverse[k * self.rows..(k + 1) * self.rows];
            *price = dot(&costs, column);
        }
    }

    /// Pivots until no known column gains; false when it is numerically lost.
    pub fn optimise(&mut self) -> bool {
        let mut since = 0;
        for _ in 0..LOST {
            if since >= FRESH {
                self.refresh_prices();
                since = 0;
            }
            let Some((entering, up)) = self.entering() else {
                if since == 0 {
                    return true;
                }
                self.refresh_prices();
                since = 0;
                continue;
            };
            self.pivot(entering, up);
            since += 1;
            self.pivots += 1;
        }
        false
    }

    /// The column with the largest gain, and whether it grows or shrinks.
    fn entering(&self) -> Option<(usize, bool)> {
        let (schools, first) = (self.problem.schools.len(), self.first_pair());
        let mut best = (GAIN, usize::MAX, true);
        for (i, rows) in self.pair_rows.iter().enumerate() {
            let [a, b, c] = rows.map(|row| self.price[row as usize]);
            let gain = self.cost[first + i] - a - b - c;
            if gain > best.0 && !self.in_basis[first + i] {
                best = (gain, first + i, true);
            }
        }
        for p in 0..self.partners() {
            let price = self.price[schools + p];
            let column = schools + p;
            if !self.in_basis[column] {
                let gain = if self.at_upper[p] { price } else { -price };
                if gain > best.0 {
                    best = (gain, column, !self.at_upper[p]);
                }
            }
            let short = self.first_short() + p;
            let gain = -self.forbidden - price;
            if gain > best.0 && !self.in_basis[short] {
                best = (gain, short, true);
            }
        }
        for j in 0..schools {
            let gain = -self.forbidden - self.price[j];
            if gain > best.0 && !self.in_basis[j] {
                best = (gain, j, true);
            }
        }
        (best.1 != usize::MAX).then_some((best.1, best.2))
    }

    /// The rows of a column; all its entries are ones.
    fn rows_of(&self, column: usize) -> ([u32; 3], usize) {
        let (schools, first) = (self.problem.schools.len(), self.first_pair());
        if column >= first {
            return (self.pair_rows[column - first], 3);
        }
        let row = if column < self.first_short() { column } else { column - self.partners() };
        debug_assert!(column < schools || row >= schools);
        ([row as u32, 0, 0], 1)
    }

    fn upper(&self, column: usize) -> f64 {
        let schools = self.problem.schools.len();
        if (schools..self.first_short()).contains(&column) {
            self.slack[column - schools]
        } else {
            f64::INFINITY
        }
    }

    fn pivot(&mut self, entering: usize, up: bool) {
        let (rows, n) = self.rows_of(entering);
        self.column.fill(0.0);
        for &row in &rows[..n] {
            let from = row as usize * self.rows;
            for (sum, entry) in self.column.iter_mut().zip(&self.inverse[from..from + self.rows]) {
                *sum += entry;
            }
        }
        let way = if up { 1.0 } else { -1.0 };
        let (mut least, mut leaving) = (self.upper(entering), None);
        for i in 0..self.rows {
            let rate = way * self.column[i];
            let room = if rate > TINY {
                self.amount[i].max(0.0) / rate
            } else if rate < -TINY {
                let upper = self.upper(self.basis[i] as usize);
                (upper - self.amount[i]).max(0.0) / -rate
            } else {
                continue;
            };
            let steeper = |old: usize| self.column[i].abs() > self.column[old].abs();
            if room < least - TINY || (room < least + TINY && leaving.is_some_and(steeper)) {
                least = least.min(room);
                leaving = Some(i);
            }
        }
        for (amount, entry) in self.amount.iter_mut().zip(&self.column) {
            *amount -= way * least * entry;
        }
        let schools = self.problem.schools.len();
        match leaving {
            None => self.at_upper[entering - schools] = up,
            Some(row) => self.exchange(row, entering, way, least),
        }
    }

    fn exchange(&mut self, row: usize, entering: usize, way: f64, by: f64) {
        let schools = self.problem.schools.len();
        let old = self.basis[row] as usize;
        self.in_basis[old] = false;
        if (schools..self.first_short()).contains(&old) {
            self.at_upper[old - schools] = way * self.column[row] < 0.0;
        }
        let from = if way > 0.0 { 0.0 } else { self.upper(entering) };
        if (schools..self.first_short()).contains(&entering) {
            self.at_upper[entering - schools] = false;
        }
        self.basis[row] = entering as u32;
        self.in_basis[entering] = true;
        self.amount[row] = from + way * by;
        let (rows, n) = self.rows_of(entering);
        let gain = self.cost[entering] - rows[..n].iter().map(|&r| self.price[r as usize]).sum::<f64>();
        self.update_inverse(row, gain);
    }

    /// The product-form update of the inverse and the prices; columns with nothing in the leaving row stay as they are.
    fn update_inverse(&mut self, row: usize, gain: f64) {
        let turn = self.column[row];
        let entries: Vec<(usize, f64)> = self
            .column
            .iter()
            .copied()
            .enumerate()
            .filter(|&(i, entry)| entry.abs() > 1e-12 && i != row)
            .collect();
        let sparse = entries.len() * 4 < self.rows;
        for k in 0..self.rows {
            let column = &mut self.inverse[k * self.rows..(k + 1) * self.rows];
            let at = column[row];
            if at == 0.0 {
                continue;
            }
            let factor = at / turn;
            if sparse {
                for &(i, entry) in &entries {
                    column[i] -= entry * factor;
                }
            } else {
                for (target, entry) in column.iter_mut().zip(&self.column) {
                    *target -= entry * factor;
                }
            }
            column[row] = if factor.abs() < 1e-13 { 0.0 } else { factor };
            self.price[k] += gain * factor;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<4>();
    let (b, b_rest) = b.as_chunks::<4>();
    let mut lanes = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        for i in 0..4 {
            lanes[i] += a[i] * b[i];
        }
    }
    lanes.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}
