//! What a choice would cost, told from the basis without a step.

use super::{PIVOT, Pair, Simplex};

impl Simplex<'_> {
    /// How much the worth falls at least where a choice (school, side, place in its list) is banned, and where it is
    /// made: as much as in the first dual step that either takes.
    pub fn penalties(&mut self, (school, side, at): (usize, usize, usize)) -> [f64; 2] {
        let first = self.first_pair();
        let of = |pair: &Pair| pair.school as usize == school;
        let is = |pair: &Pair| of(pair) && at as u32 == if side == 0 { pair.lead } else { pair.nearby };
        let sum = self.sum_rows(is);
        let mut least = [f64::INFINITY; 2];
        for &column in &self.live {
            let column = column as usize;
            let entry = self.rows[column].iter().map(|&row| self.row[row as usize]).sum::<f64>();
            let pair = column.checked_sub(first).map(|i| self.pairs[i]);
            let own = pair.as_ref().is_some_and(is);
            // How fast the amount of the choice falls as this column comes in.
            let rate = self.way[column] * if own { entry - 1.0 } else { entry };
            if rate.abs() <= PIVOT {
                continue;
            }
            let made = rate < 0.0;
            let banned = if made { !own && pair.as_ref().is_some_and(of) } else { own };
            let loss = (-self.way[column] * self.gain[column]).max(0.0);
            let least = &mut least[usize::from(made)];
            if !banned && loss < *least * rate.abs() {
                *least = loss / rate.abs();
            }
        }
        [sum * least[0], (1.0 - sum) * least[1]]
    }

    /// Sums the rows of the inverse of the pairs of a choice; what the choice amounts to.
    fn sum_rows(&mut self, is: impl Fn(&Pair) -> bool) -> f64 {
        let first = self.first_pair();
        let mut sum = 0.0;
        self.row.fill(0.0);
        for (row, &column) in self.basis.iter().enumerate() {
            if !(column as usize).checked_sub(first).is_some_and(|i| is(&self.pairs[i])) {
                continue;
            }
            sum += self.amount[row];
            for (entry, inverse) in self.row.iter_mut().zip(self.inverse.chunks_exact(self.height)) {
                *entry += inverse[row];
            }
        }
        sum
    }
}
