//! The explicit inverse of the basis: kept up with each exchange, recomputed where rounding has spoilt it.

use super::{Simplex, State};

impl Simplex<'_> {
    /// Recomputes prices, gains and amounts from the inverse; and the inverse itself where it has drifted.
    pub(super) fn refresh(&mut self) {
        self.recompute();
        let scale = self.price.iter().fold(1.0_f64, |most, price| most.max(price.abs()));
        let drift =
            self.basis.iter().fold(0.0_f64, |most, &column| most.max(self.gain[column as usize].abs()));
        if drift.is_nan() || drift > scale * 1e-8 {
            self.invert();
            self.recompute();
        }
    }

    fn recompute(&mut self) {
        let costs: Vec<f64> = self.basis.iter().map(|&column| self.cost[column as usize]).collect();
        let mut right = self.right.clone();
        for (column, _) in self.state.iter().enumerate().filter(|(_, state)| **state == State::Upper) {
            right[self.rows[column][0] as usize] -= self.upper[column];
        }
        self.amount.fill(0.0);
        for (k, inverse) in self.inverse.chunks_exact(self.height).enumerate() {
            self.price[k] = dot(&costs, inverse);
            for (amount, entry) in self.amount.iter_mut().zip(inverse) {
                *amount += entry * right[k];
            }
        }
        for (gain, (rows, cost)) in self.gain.iter_mut().zip(self.rows.iter().zip(&self.cost)) {
            *gain = cost - rows.iter().map(|&row| self.price[row as usize]).sum::<f64>();
        }
    }

    /// The inverse of the present basis from nothing: columns of one row first, each at its largest free entry.
    fn invert(&mut self) {
        let mut columns: Vec<u32> = self.basis.clone();
        columns.sort_by_key(|&column| (column as usize >= self.first_pair(), column));
        self.inverse.fill(0.0);
        for i in 0..self.height {
            self.inverse[i * self.height + i] = 1.0;
        }
        let mut free = vec![true; self.height];
        for column in columns {
            self.take_column(column as usize);
            let largest = (0..self.height)
                .filter(|&row| free[row])
                .max_by(|&a, &b| self.column[a].abs().total_cmp(&self.column[b].abs()));
            let Some(row) = largest else { continue };
            free[row] = false;
            self.basis[row] = column;
            for k in 0..self.height {
                self.row[k] = self.inverse[k * self.height + row];
            }
            self.update_inverse(row, 0.0);
        }
    }

    /// The entering column as the basis sees it.
    pub(super) fn take_column(&mut self, column: usize) {
        self.column.fill(0.0);
        for &row in &self.rows[column] {
            let from = row as usize * self.height;
            if from < self.inverse.len() {
                for (sum, entry) in self.column.iter_mut().zip(&self.inverse[from..from + self.height]) {
                    *sum += entry;
                }
            }
        }
    }

    /// A row of the inverse.
    pub(super) fn take_row(&mut self, row: usize) {
        for (k, entry) in self.row[..self.height].iter_mut().enumerate() {
            *entry = self.inverse[k * self.height + row];
        }
    }

    /// The leaving row times every column that is looked at.
    pub(super) fn take_across(&mut self) {
        for &column in &self.live {
            let rows = &self.rows[column as usize];
            self.across[column as usize] = rows.iter().map(|&row| self.row[row as usize]).sum();
        }
    }

    /// The product-form update of the inverse and the prices; columns with nothing in the leaving row stay as they are.
    pub(super) fn update_inverse(&mut self, row: usize, theta: f64) {
        let turn = self.column[row];
        let entries: Vec<(usize, f64)> = self
            .column
            .iter()
            .copied()
            .enumerate()
            .filter(|&(i, entry)| entry.abs() > 1e-12 && i != row)
            .collect();
        let sparse = entries.len() * 4 < self.height;
        for (k, inverse) in self.inverse.chunks_exact_mut(self.height).enumerate() {
            let at = self.row[k];
            if at == 0.0 {
                continue;
            }
            self.price[k] += theta * at;
            let factor = at / turn;
            if sparse {
                for &(i, entry) in &entries {
                    inverse[i] -= entry * factor;
                }
            } else {
                for (target, entry) in inverse.iter_mut().zip(&self.column) {
                    *target -= entry * factor;
                }
            }
            inverse[row] = if factor.abs() < 1e-13 { 0.0 } else { factor };
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
