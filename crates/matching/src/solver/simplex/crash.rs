//! The basis to begin with: from an assignment, or from prices that were the best of a question nearly the same.

use super::{Pair, Simplex, State};
use crate::solver::prices::Prices;

/// Prices are known to a millionth: a column that loses less at them was in the basis that made them.
const TIGHT: f64 = 5e-6;
/// A smaller entry is no place for a column of a first basis.
const FIRM: f64 = 0.1;
/// At most one in this many columns of the first basis may be one that the prices do not name.
const STRANGE: usize = 16;

impl Simplex<'_> {
    /// Every school at its pair of the assignment, or at "none"; every partner at its slack or its shortage.
    pub(super) fn crash(&mut self, start: Option<&[(u32, u32)]>) {
        let schools = self.problem.schools.len();
        let partners = self.height - schools;
        let mut left = self.right.clone();
        for i in 0..self.height {
            self.inverse[i * self.height + i] = 1.0;
        }
        for j in 0..schools {
            let Some(start) = start else {
                self.basis.push(j as u32);
                continue;
            };
            let column = self.add(Pair { school: j as u32, lead: start[j].0, nearby: start[j].1 });
            for row in self.rows[column][1..].iter().filter(|row| **row < self.height as u32) {
                left[*row as usize] -= 1.0;
                self.inverse[j * self.height + *row as usize] = -1.0;
            }
            self.basis.push(column as u32);
        }
        for p in 0..partners {
            let (slack, short) = (schools + p, schools + partners + p);
            if left[schools + p] > self.upper[slack] {
                self.state[slack] = State::Upper;
                self.basis.push(short as u32);
            } else {
                self.basis.push(slack as u32);
            }
        }
        for &column in &self.basis {
            self.state[column as usize] = State::Basic;
        }
        self.take_ways();
        self.refresh();
    }

    /// Makes the columns basic that lose nothing at these prices, in the place of slacks that have a price. Where they do
    /// not nearly fill the basis the prices were those of too different a question, and everything stays as it was.
    pub fn lean(&mut self, prices: &Prices) {
        let before = self.snapshot();
        let schools = self.problem.schools.len();
        let price: Vec<f64> = prices.0.iter().flatten().copied().collect();
        let tight = self.tight(&price);
        for column in (schools..tight.len()).filter(|&column| tight[column]) {
            if self.state[column] == State::Basic {
                continue;
            }
            self.take_column(column);
            let free = (0..self.height).filter(|&row| !tight[self.basis[row] as usize]);
            let size = |row: usize| self.column[row].abs();
            let firmest = free.max_by(|&a, &b| size(a).total_cmp(&size(b)).then(b.cmp(&a)));
            let Some(row) = firmest.filter(|&row| size(row) > FIRM) else { continue };
            let left = self.basis[row] as usize;
            let below =
                (left.checked_sub(schools)).and_then(|p| price.get(p)).is_some_and(|price| *price < 0.0);
            self.put(left, if below { State::Upper } else { State::Lower });
            self.put(column, State::Basic);
            self.basis[row] = column as u32;
            self.take_row(row);
            self.update_inverse(row, 0.0);
        }
        let strange = self.basis.iter().filter(|column| !tight[**column as usize]).count();
        if strange > self.height / STRANGE {
            self.restore(&before);
            self.take_ways();
        }
        self.refresh();
    }

    /// For each column whether it loses nothing at these prices of places.
    fn tight(&self, price: &[f64]) -> Vec<bool> {
        let (schools, first) = (self.problem.schools.len(), self.first_pair());
        let net = |column: usize| {
            let paid = self.rows[column][1..].iter().filter_map(|&row| price.get(row as usize - schools));
            self.cost[column] - paid.sum::<f64>()
        };
        let mut top = vec![f64::MIN; schools];
        for column in first..self.cost.len() {
            let top = &mut top[self.rows[column][0] as usize];
            *top = top.max(net(column));
        }
        let of = |column: usize| {
            let row = self.rows[column][0] as usize;
            if column >= first {
                return top[row] - net(column) < TIGHT;
            }
            // A slack whose place is free.
            self.cost[column] == 0.0 && price[row - schools].abs() < TIGHT
        };
        (0..self.cost.len()).map(of).collect()
    }
}
