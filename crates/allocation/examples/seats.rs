//! `seats [SEATS [SCHOOLS]]` prints how long it takes to divide 10,000 seats among 200 schools with and without preference, by
//! both methods, as rows of a table: the middle and the longest of a hundred runs. A page may wait 50 ms for it.

use jiedui_allocation::{Claimant, EVEN, Method, Rule, compare};
use std::time::Instant;

const RUNS: usize = 100;

fn main() {
    let numbers: Vec<i64> =
        std::env::args().skip(1).map(|number| number.parse().expect("a number")).collect();
    let seats = numbers.first().copied().unwrap_or(10_000);
    let schools = numbers.get(1).copied().unwrap_or(200);
    let claimants: Vec<_> = (0..schools).map(school).collect();
    for method in [Method::LargestRemainder, Method::HighestAverages] {
        let rule = Rule { floor: seats / schools / 10, cap: Some(seats / schools * 3 + 1), method };
        let mut times: Vec<_> = (0..RUNS)
            .map(|_| {
                let begun = Instant::now();
                let compared = compare(seats, &claimants, &rule).expect("a question that can be answered");
                (begun.elapsed(), compared.moved())
            })
            .collect();
        times.sort_unstable();
        let ((middle, moved), (longest, _)) = (times[RUNS / 2], times[RUNS - 1]);
        println!(
            "| {seats} seats among {schools} schools, with and without preference, {method:?} ({moved} moved) | {:.1} ms, \
             at most {:.1} ms | ≤ 50 ms |",
            middle.as_secs_f64() * 1e3,
            longest.as_secs_f64() * 1e3,
        );
    }
}

/// Bases that look like enrolments, one in four preferred.
fn school(at: i64) -> Claimant {
    Claimant {
        id: format!("{at:05}"),
        division: format!("{:06}", 440_100 + at / 3),
        base: 300 + at * 7_919 % 3_001,
        weight: if at % 4 == 0 { 1_500 } else { EVEN },
    }
}
