//! What of a table of persons others see: a number of a few persons is not shown, nor one more by which it could be had by
//! subtracting from a sum. Nothing is rounded: what is shown adds up. One rule for graduates wherever they stand (就业, 专业布局).

use jiedui_kernel::{Reported, Unit};
use jiedui_web::figure::Figure;
use std::collections::BTreeSet;

/// What of a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Persons(i64),
    /// There are some, and fewer than the smallest number that is shown.
    Few,
    /// There are enough; it is kept back because a smaller one follows from it.
    KeptBack,
}

/// Whether there are some, and so few that others may not see how many.
pub fn is_few(number: i64, smallest: i64) -> bool {
    0 < number && number < smallest
}

/// A number of persons that is too small to be shown.
pub fn few(smallest: i64, href: &str, label: &str) -> Figure {
    let unknown = Figure::of(Reported::NotReported, Unit::Persons, href, label);
    Figure { value: Some(format!("少于 {smallest}")), word: None, unit: Unit::Persons.label(), ..unknown }
}

/// One that is kept back, because a smaller one would follow from it.
pub fn kept_back(href: &str, label: &str) -> Figure {
    Figure { word: Some("不单列"), ..Figure::of(Reported::NotReported, Unit::Persons, href, label) }
}

pub fn figure(shown: Shown, smallest: i64, href: &str, label: &str) -> Figure {
    match shown {
        Shown::Persons(number) => Figure::of(Reported::Value(number), Unit::Persons, href, label),
        Shown::Few => few(smallest, href, label),
        Shown::KeptBack => kept_back(href, label),
    }
}

/// Where the same persons are summed up in two ways, by `A` and by `B`, and the sums by `B` are told elsewhere: which sums by `A`
/// are kept back, so that no number of a few follows from both. A cell is what is in one of each, with whether it is a few.
/// All that hangs together with such a cell is kept back: of what is left each cell is large enough to be told by itself.
pub fn hanging<A: Ord + Copy, B: Ord + Copy>(cells: &[(A, B, bool)]) -> BTreeSet<A> {
    let small = || cells.iter().filter(|(_, _, few)| *few);
    let mut ones: BTreeSet<A> = small().map(|(one, _, _)| *one).collect();
    let mut others: BTreeSet<B> = small().map(|(_, other, _)| *other).collect();
    // Each turn adds one or the other; there are only so many.
    loop {
        let before = ones.len() + others.len();
        for (one, other, _) in cells {
            if ones.contains(one) || others.contains(other) {
                ones.insert(*one);
                others.insert(*other);
            }
        }
        if ones.len() + others.len() == before {
            return ones;
        }
    }
}

type CellAt = (usize, usize);

/// The table with its sums, a column of them behind and a row of them below.
pub fn with_sums(cells: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let add = |numbers: &[i64]| numbers.iter().fold(0_i64, |sum, number| sum.saturating_add(*number));
    let mut table: Vec<Vec<i64>> = cells.iter().map(|row| [row.as_slice(), &[add(row)]].concat()).collect();
    let columns = table.first().map_or(0, Vec::len);
    let below = (0..columns).map(|at| add(&table.iter().map(|row| row[at]).collect::<Vec<_>>())).collect();
    table.push(below);
    table
}

/// Each row and each column of a table with sums; the last place of each is its sum.
fn lines(table: &[Vec<i64>]) -> Vec<Vec<CellAt>> {
    let (rows, columns) = (table.len(), table.first().map_or(0, Vec::len));
    let across = (0..rows).map(|row| (0..columns).map(|column| (row, column)).collect());
    let down = (0..columns).map(|column| (0..rows).map(|row| (row, column)).collect());
    across.chain(down).collect()
}

/// Whether one of the hidden numbers of a line follows from the others. Everybody knows that each is at least one.
fn tells(table: &[Vec<i64>], hidden: &[Vec<bool>], line: &[CellAt], smallest: i64) -> bool {
    let is_hidden = |place: &&CellAt| hidden[place.0][place.1];
    let Some((sum, parts)) = line.split_last() else { return false };
    let behind: Vec<&CellAt> = parts.iter().filter(is_hidden).collect();
    if hidden[sum.0][sum.1] {
        return behind.is_empty();
    }
    let persons = behind.iter().fold(0_i64, |all, place| all.saturating_add(table[place.0][place.1]));
    !behind.is_empty() && (behind.len() == 1 || persons < smallest)
}

/// The next number of a line to keep back: the smallest part that is there, or else the sum.
fn next(table: &[Vec<i64>], hidden: &[Vec<bool>], line: &[CellAt]) -> Option<CellAt> {
    let open = |place: &&CellAt| !hidden[place.0][place.1] && table[place.0][place.1] > 0;
    let (sum, parts) = line.split_last()?;
    let part = parts.iter().filter(open).min_by_key(|place| table[place.0][place.1]);
    part.or_else(|| Some(sum).filter(open)).copied()
}

/// What is to be kept back next, as long as a line tells something.
fn told(table: &[Vec<i64>], hidden: &[Vec<bool>], lines: &[Vec<CellAt>], smallest: i64) -> Option<CellAt> {
    let mut telling = lines.iter().filter(|line| tells(table, hidden, line, smallest));
    telling.find_map(|line| next(table, hidden, line))
}

/// The table with its sums as others see it.
pub fn shown(cells: &[Vec<i64>], smallest: i64) -> Vec<Vec<Shown>> {
    let table = with_sums(cells);
    let few = |number: i64| is_few(number, smallest);
    let mut hidden: Vec<Vec<bool>> =
        table.iter().map(|row| row.iter().map(|number| few(*number)).collect()).collect();
    let lines = lines(&table);
    // Each turn keeps back one number more; there are only so many.
    while let Some((row, column)) = told(&table, &hidden, &lines, smallest) {
        hidden[row][column] = true;
    }
    let one = |number: i64, hidden: bool| match (hidden, few(number)) {
        (false, _) => Shown::Persons(number),
        (true, true) => Shown::Few,
        (true, false) => Shown::KeptBack,
    };
    let row = |(row, hidden): (&Vec<i64>, &Vec<bool>)| {
        row.iter().zip(hidden).map(|(number, hidden)| one(*number, *hidden)).collect()
    };
    table.iter().zip(&hidden).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn large_numbers_are_all_shown() {
        let cells = vec![vec![10, 0], vec![7, 30]];
        let wanted = [[10, 0, 10], [7, 30, 37], [17, 30, 47]];
        let persons = |row: [i64; 3]| row.map(Shown::Persons).to_vec();
        assert_eq!(shown(&cells, 5), wanted.map(persons).to_vec());
    }

    #[test]
    fn a_few_are_not_had_by_subtracting() {
        let seen = shown(&[vec![3, 20, 8], vec![40, 30, 9]], 5);
        assert_eq!(seen[0][0], Shown::Few);
        assert_eq!(seen[0][2], Shown::KeptBack, "the smallest other of its row");
        assert_eq!(seen[1][0], Shown::KeptBack, "one more of its column");
        assert_eq!(seen[2][3], Shown::Persons(110));
    }

    #[test]
    fn a_table_of_few_says_nothing_but_that() {
        let seen = shown(&[vec![1, 2]], 5);
        assert!(seen.iter().flatten().all(|one| *one == Shown::Few), "{seen:?}");
        assert_eq!(shown(&[], 5), vec![Vec::<Shown>::new()]);
    }

    #[test]
    fn what_hangs_together_with_a_few_is_kept_back() {
        // Three who learned to sell cars are of the trade, and their category stands elsewhere with its sum.
        let cells = [
            ("moving", "cars", false),
            ("selling", "cars", true),
            ("selling", "trade", false),
            ("making", "iron", false),
        ];
        assert_eq!(hanging(&cells), BTreeSet::from(["moving", "selling"]));
        assert!(hanging(&cells[2..]).is_empty());
        // A way that leads over another one.
        let far = [("a", 1, true), ("b", 1, false), ("b", 2, false), ("c", 2, false), ("d", 3, false)];
        assert_eq!(hanging(&far), BTreeSet::from(["a", "b", "c"]));
    }

    proptest! {
        /// No number of a few persons is shown, none follows from one row or one column, and what is shown is true.
        #[test]
        fn nothing_small_follows_from_a_line(
            cells in (1..6_usize).prop_flat_map(|columns| {
                proptest::collection::vec(proptest::collection::vec(0..25_i64, columns), 1..6)
            }),
            smallest in 2..8_i64,
        ) {
            let (table, seen) = (with_sums(&cells), shown(&cells, smallest));
            let mut hidden = Vec::new();
            for (row, shown) in table.iter().zip(&seen) {
                for (number, shown) in row.iter().zip(shown) {
                    match shown {
                        Shown::Persons(said) => {
                            prop_assert_eq!(said, number);
                            prop_assert!(*said == 0 || *said >= smallest);
                        }
                        Shown::Few => prop_assert!(0 < *number && *number < smallest),
                        Shown::KeptBack => prop_assert!(*number >= smallest),
                    }
                }
                hidden.push(shown.iter().map(|one| !matches!(one, Shown::Persons(_))).collect::<Vec<_>>());
            }
            for line in lines(&table) {
                prop_assert!(!tells(&table, &hidden, &line, smallest), "{:?} {:?}", table, seen);
            }
        }
    }
}
