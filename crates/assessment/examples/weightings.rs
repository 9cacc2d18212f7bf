//! `weightings [WEIGHTINGS [SCHOOLS [INDICATORS]]]` prints how long it takes to assess 200 schools by 30 indicators and to say what
//! depends on the weights, from 10,000 of them, as a row of a table: the middle and the longest of twenty runs. A page may wait a
//! second for it.

use jiedui_assessment::{
    Direction, Given, Measure, Sampling, Scale, Scheme, Step, Unit, Weighted, assess, sensitivity,
};
use std::time::Instant;

const RUNS: usize = 20;

fn main() {
    let numbers: Vec<i64> =
        std::env::args().skip(1).map(|number| number.parse().expect("a number")).collect();
    let number = |at: usize, usual: i64| numbers.get(at).copied().unwrap_or(usual);
    let (weightings, schools, indicators) = (number(0, 10_000), number(1, 200), number(2, 30));
    let scheme = Scheme {
        indicators: (0..indicators).map(indicator).collect(),
        bands: vec![0, 600, 800],
        spread: 200,
    };
    let units: Vec<_> = (0..schools).map(|at| school(at, indicators)).collect();
    let sampling = Sampling { weightings: usize::try_from(weightings).expect("a number"), seed: 1 };
    let mut times: Vec<_> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            let found = assess(&scheme, &units).expect("a question that can be answered");
            let standings = sensitivity(&scheme, &found, sampling).standings;
            let depends = standings.iter().filter(|one| one.band_depends()).count();
            (begun.elapsed(), depends)
        })
        .collect();
    times.sort_unstable();
    let ((middle, depends), (longest, _)) = (times[RUNS / 2], times[RUNS - 1]);
    println!(
        "| {schools} schools assessed by {indicators} indicators, {weightings} weightings ({depends} bands depend on the weights) | \
         {:.0} ms, at most {:.0} ms | ≤ 1,000 ms |",
        middle.as_secs_f64() * 1e3,
        longest.as_secs_f64() * 1e3,
    );
}

fn indicator(at: i64) -> Weighted {
    let steps = [(-50, 300), (0, 600), (30, 800), (80, 1_000)];
    let steps = steps.map(|(from, share)| Step { from, share }).to_vec();
    let scale = Scale { measure: Measure::Growth, direction: Direction::More, steps, full_at: None };
    Weighted { id: format!("{at:03}"), weight: 1 + at % 5, scale }
}

fn school(at: i64, indicators: i64) -> Unit {
    let given = |of: i64| {
        let baseline = 300 + (at * 7_919 + of * 104_729) % 3_001;
        let change = (at * 15_485_863 + of * 32_452_843) % 241 - 100;
        Given { value: Some(baseline + baseline * change / 1_000), baseline: Some(baseline) }
    };
    Unit {
        id: format!("{at:05}"),
        division: format!("{:06}", 440_100 + at / 3),
        given: (0..indicators).map(given).collect(),
    }
}
