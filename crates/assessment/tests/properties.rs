//! What an assessment promises, over thousands of schemes and units; and the same results by a second, naive computation.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

use jiedui_assessment::{
    Assessment, Direction, FULL, Given, Measure, Missing, Refusal, Sampling, Scale, Scheme, Sensitivity,
    Step, Unit, Weighted, assess, mark, sensitivity,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Question {
    scheme: Scheme,
    units: Vec<Unit>,
}

impl Question {
    fn answer(&self) -> Assessment {
        assess(&self.scheme, &self.units).unwrap()
    }

    fn standings(&self) -> Sensitivity {
        sensitivity(&self.scheme, &self.answer(), Sampling { weightings: 60, seed: 7 })
    }
}

fn scale() -> impl Strategy<Value = Scale> {
    let steps = prop::collection::btree_set(-90..200_i64, 1..5);
    let shares = prop::collection::btree_set(1..=FULL, 5);
    let measure = prop_oneof![Just(Measure::Change), Just(Measure::Growth)];
    let direction = prop_oneof![Just(Direction::More), Just(Direction::Less)];
    (steps, shares, measure, direction, prop::option::of(-50..400_i64)).prop_map(
        |(starts, shares, measure, direction, full_at)| {
            let steps = starts.into_iter().zip(shares).map(|(from, share)| Step { from, share }).collect();
            Scale { measure, direction, steps, full_at }
        },
    )
}

fn given(unknown: bool) -> impl Strategy<Value = Given> {
    let number = move || {
        if unknown { prop::option::of(0..300_i64).boxed() } else { (0..300_i64).prop_map(Some).boxed() }
    };
    (number(), number()).prop_map(|(value, baseline)| Given { value, baseline })
}

fn question(unknown: bool) -> impl Strategy<Value = Question> {
    let indicators = prop::collection::vec((scale(), 1..40_i64), 1..5);
    let bands = prop::collection::btree_set(1..=FULL, 0..4);
    (indicators, bands, 0..600_i64).prop_flat_map(move |(indicators, bands, spread)| {
        let count = indicators.len();
        let named = indicators.into_iter().enumerate();
        let scheme = Scheme {
            indicators: named
                .map(|(at, (scale, weight))| Weighted { id: format!("i{at}"), weight, scale })
                .collect(),
            bands: std::iter::once(0).chain(bands).collect(),
            spread,
        };
        let units = prop::collection::vec(prop::collection::vec(given(unknown), count), 1..7);
        (Just(scheme), units).prop_map(|(scheme, rows)| {
            let unit = |(at, given): (usize, Vec<Given>)| Unit {
                id: format!("unit-{at}"),
                division: format!("{:06}", 440_000 + at / 2),
                given,
            };
            Question { scheme, units: rows.into_iter().enumerate().map(unit).collect() }
        })
    })
}

/// What a value gives, as the rule is told in a sentence, by fractions that are not reduced.
fn naive(scale: &Scale, value: i64, baseline: i64) -> i64 {
    let better =
        |one: i64, other: i64| if scale.direction == Direction::More { one - other } else { other - one };
    if scale.full_at.is_some_and(|full| better(value, full) >= 0) {
        return FULL;
    }
    let gain = i128::from(better(value, baseline));
    let met = |step: &&Step| match scale.measure {
        Measure::Change => gain >= i128::from(step.from),
        Measure::Growth if baseline == 0 => gain >= i128::from(step.from.signum()),
        Measure::Growth => gain * 1_000 >= i128::from(step.from) * i128::from(baseline),
    };
    scale.steps.iter().filter(met).map(|step| step.share).max().unwrap_or(0)
}

/// All weights at one end or the other. What is linear in each weight has its extremes there.
fn corners(scheme: &Scheme) -> Vec<Vec<i64>> {
    let ends = |at: usize, corner: usize| {
        let free = if corner >> at & 1 == 1 { scheme.spread } else { -scheme.spread };
        scheme.indicators[at].weight * (FULL + free)
    };
    let count = scheme.indicators.len();
    (0..1_usize << count).map(|corner| (0..count).map(|at| ends(at, corner)).collect()).collect()
}

fn sum(weights: &[i64], shares: &[i64]) -> i64 {
    weights.iter().zip(shares).map(|(weight, share)| weight * share).sum()
}

fn shares(answer: &Assessment, at: usize, missing: i64) -> Vec<i64> {
    answer.units[at].marks.iter().map(|mark| mark.share.unwrap_or(missing)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_mark_is_what_the_naive_rule_gives(scale in scale(), value in -50..400_i64, baseline in 0..300_i64) {
        let found = mark(&scale, Given { value: Some(value), baseline: Some(baseline) });
        prop_assert_eq!(found.share, Ok(naive(&scale, value, baseline)));
    }

    #[test]
    fn more_is_never_less(scale in scale(), value in -50..400_i64, more in 0..300_i64, baseline in 0..300_i64) {
        let share = |value| mark(&scale, Given { value: Some(value), baseline: Some(baseline) }).share.unwrap();
        let better = if scale.direction == Direction::More { value + more } else { value - more };
        prop_assert!(share(better) >= share(value));
    }

    #[test]
    fn the_next_point_needs_exactly_this(scale in scale(), value in -50..400_i64, baseline in 0..300_i64) {
        let of = |value| mark(&scale, Given { value: Some(value), baseline: Some(baseline) });
        let (now, step) = (of(value), if scale.direction == Direction::More { 1 } else { -1 });
        let nearest = (1..2_000).map(|far| value + far * step).find(|value| of(*value).share.unwrap() > now.share.unwrap());
        prop_assert_eq!(now.next.map(|next| next.value), nearest);
        if let Some(next) = now.next {
            prop_assert_eq!(Ok(next.share), of(next.value).share);
        }
    }

    #[test]
    fn points_add_up_exactly(q in question(true)) {
        let answer = q.answer();
        let weights: Vec<i64> = q.scheme.indicators.iter().map(|one| one.weight).collect();
        for (at, unit) in answer.units.iter().enumerate() {
            let given = &q.units.iter().find(|one| one.id == unit.id).unwrap().given;
            let known = |given: &Given| given.value.is_some() && given.baseline.is_some();
            for ((mark, of), given) in unit.marks.iter().zip(&q.scheme.indicators).zip(given) {
                match mark.share {
                    Ok(share) if known(given) => prop_assert_eq!(share, naive(&of.scale, given.value.unwrap(), given.baseline.unwrap())),
                    Ok(share) => prop_assert!(share == FULL && of.scale.full_at.is_some() && given.value.is_some()),
                    Err(Missing::Value) => prop_assert!(given.value.is_none()),
                    Err(Missing::Baseline) => prop_assert!(given.baseline.is_none() && given.value.is_some()),
                }
            }
            prop_assert_eq!(unit.least, sum(&weights, &shares(&answer, at, 0)));
            prop_assert_eq!(unit.most, sum(&weights, &shares(&answer, at, FULL)));
            prop_assert_eq!(answer.total, sum(&weights, &vec![FULL; weights.len()]));
            prop_assert!(0 <= unit.least && unit.least <= unit.most && unit.most <= answer.total);
            let band = |points: i64| q.scheme.bands.iter().rposition(|from| points * FULL >= from * answer.total).unwrap();
            prop_assert_eq!(unit.band, (band(unit.least) == band(unit.most)).then(|| band(unit.least)));
        }
    }

    #[test]
    fn to_say_nothing_is_never_better_than_to_say_it(q in question(false), at in any::<prop::sample::Index>(), of in any::<prop::sample::Index>()) {
        let mut silent = q.clone();
        let at = at.index(q.units.len());
        let of = of.index(q.scheme.indicators.len());
        silent.units[at].given[of].value = None;
        let (told, untold) = (q.answer(), silent.answer());
        prop_assert!(untold.units[at].least <= told.units[at].least && told.units[at].most <= untold.units[at].most);
        prop_assert!(untold.units[at].band.is_none_or(|band| Some(band) == told.units[at].band));
    }

    #[test]
    fn the_order_of_units_and_of_indicators_does_not_matter(
        (q, units, order) in question(true).prop_flat_map(|q| {
            let units = Just(q.units.clone()).prop_shuffle();
            let order = Just((0..q.scheme.indicators.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(q), units, order)
        }),
    ) {
        let shuffled = Question { scheme: q.scheme.clone(), units };
        prop_assert_eq!(shuffled.answer(), q.answer());
        prop_assert_eq!(shuffled.standings(), q.standings());
        let mut turned = q.clone();
        turned.scheme.indicators = order.iter().map(|at| q.scheme.indicators[*at].clone()).collect();
        for (unit, own) in turned.units.iter_mut().zip(&q.units) {
            unit.given = order.iter().map(|at| own.given[*at]).collect();
        }
        prop_assert_eq!(turned.standings(), q.standings());
    }

    #[test]
    fn all_weights_times_a_factor_change_nothing(q in question(true), factor in 2..1_000_i64) {
        let mut scaled = q.clone();
        scaled.scheme.indicators.iter_mut().for_each(|one| one.weight *= factor);
        let (one, other) = (scaled.answer(), q.answer());
        for (one, other) in one.units.iter().zip(&other.units) {
            prop_assert_eq!((one.band, &one.marks), (other.band, &other.marks));
            prop_assert_eq!((one.least, one.most), (other.least * factor, other.most * factor));
        }
        prop_assert_eq!(scaled.standings(), q.standings());
    }

    #[test]
    fn what_can_come_contains_what_is(q in question(true)) {
        let answer = q.answer();
        let whole: Vec<_> = answer.units.iter().filter(|unit| unit.is_whole()).collect();
        for (unit, standing) in answer.units.iter().zip(q.standings().standings) {
            prop_assert_eq!(&unit.id, &standing.id);
            prop_assert!(unit.band.is_none_or(|band| (standing.bands.0..=standing.bands.1).contains(&band)));
            prop_assert_eq!(standing.places.is_some(), unit.is_whole());
            let Some((first, last)) = standing.places else { continue };
            let place = 1 + whole.iter().filter(|other| other.least > unit.least).count();
            prop_assert!((first..=last).contains(&place));
            let bounds = standing.bounds.unwrap();
            prop_assert!(bounds.0 <= first && last <= bounds.1 && bounds.1 <= whole.len());
            prop_assert!(standing.open < whole.len());
        }
    }

    #[test]
    fn the_bands_that_can_be_reached_are_those_of_some_corner(q in question(true)) {
        let answer = q.answer();
        for (at, standing) in q.standings().standings.iter().enumerate() {
            let band = |weights: &[i64], missing: i64| {
                let (points, total) = (sum(weights, &shares(&answer, at, missing)), weights.iter().sum::<i64>());
                q.scheme.bands.iter().rposition(|from| points >= from * total).unwrap()
            };
            let corners = corners(&q.scheme);
            let lowest = corners.iter().map(|weights| band(weights, 0)).min().unwrap();
            let highest = corners.iter().map(|weights| band(weights, FULL)).max().unwrap();
            prop_assert_eq!(standing.bands, (lowest, highest));
        }
    }

    #[test]
    fn whoever_dominates_is_never_behind_and_what_is_open_is_open(q in question(false)) {
        let (answer, corners) = (q.answer(), corners(&q.scheme));
        for (one, standing) in q.standings().standings.iter().enumerate() {
            let (mut before, mut behind_or_beside, mut open) = (0, 0, 0);
            for other in (0..answer.units.len()).filter(|other| *other != one) {
                let apart = |weights: &Vec<i64>| sum(weights, &shares(&answer, one, 0)) - sum(weights, &shares(&answer, other, 0));
                let (least, most) = (corners.iter().map(apart).min().unwrap(), corners.iter().map(apart).max().unwrap());
                before += usize::from(most < 0);
                behind_or_beside += usize::from(least >= 0);
                open += usize::from(least < 0 && most > 0);
            }
            prop_assert_eq!(standing.bounds, Some((1 + before, answer.units.len() - behind_or_beside)));
            prop_assert_eq!(standing.open, open);
        }
    }

    #[test]
    fn without_freedom_nothing_depends(mut q in question(false)) {
        q.scheme.spread = 0;
        for standing in q.standings().standings {
            prop_assert!(!standing.band_depends() && standing.open == 0);
            let (first, last) = standing.places.unwrap();
            prop_assert_eq!(first, last);
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused_all_at_once() {
    let scale = Scale {
        measure: Measure::Change,
        direction: Direction::More,
        steps: vec![Step { from: 0, share: 600 }, Step { from: 5, share: 600 }],
        full_at: None,
    };
    let none = Scale { steps: Vec::new(), ..scale.clone() };
    let weighted =
        |id: &str, weight: i64, scale: &Scale| Weighted { id: id.to_owned(), weight, scale: scale.clone() };
    let scheme = Scheme {
        indicators: vec![weighted("a", 0, &scale), weighted("a", -3, &none)],
        bands: vec![100, 50],
        spread: 1_000,
    };
    let unit = Unit {
        id: "u".to_owned(),
        division: String::new(),
        given: vec![Given { value: Some(i64::MAX), baseline: None }],
    };
    assert_eq!(
        assess(&scheme, &[unit]).unwrap_err(),
        [
            Refusal::NamedTwice("a".to_owned()),
            Refusal::Weight { id: "a".to_owned(), weight: 0 },
            Refusal::Steps("a".to_owned()),
            Refusal::Weight { id: "a".to_owned(), weight: -3 },
            Refusal::NoSteps("a".to_owned()),
            Refusal::Bands,
            Refusal::Spread(1_000),
            Refusal::Count { id: "u".to_owned(), given: 1, needed: 2 },
            Refusal::Value { id: "u".to_owned(), value: i64::MAX },
        ]
    );
    let empty = Scheme { indicators: Vec::new(), bands: vec![0], spread: 0 };
    assert_eq!(assess(&empty, &[]).unwrap_err(), [Refusal::NoIndicators, Refusal::NoUnits]);
}
