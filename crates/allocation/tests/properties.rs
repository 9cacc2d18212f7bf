//! What holds for every question, by both methods unless the name says otherwise.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

use jiedui_allocation::{
    Allocation, Bound, Claimant, EVEN, Fraction, Method, Rule, allocate, changes, compare,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Question {
    total: i64,
    claimants: Vec<Claimant>,
    rule: Rule,
}

impl Question {
    fn answer(&self) -> Allocation {
        allocate(self.total, &self.claimants, &self.rule).unwrap()
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Allocation {
        let mut other = self.clone();
        change(&mut other);
        other.answer()
    }
}

/// Small numbers, so that ties, floors and caps come often; sometimes large ones, so that products are long.
fn question(method: impl Strategy<Value = Method>) -> impl Strategy<Value = Question> {
    let base = prop_oneof![4 => 0..12_i64, 1 => 0..=jiedui_allocation::MAX_BASE];
    let claimants = prop::collection::vec((base, weight()), 1..9);
    let bounds = (0..4_i64, prop::option::of(0..9_i64));
    (claimants, bounds, method, any::<prop::sample::Index>()).prop_filter_map(
        "somebody has a base",
        |(numbers, (floor, above), method, index)| {
            let claimants: Vec<_> =
                (0..).zip(&numbers).map(|(at, (base, weight))| claimant(at, *base, *weight)).collect();
            let with = claimants.iter().filter(|claimant| claimant.base > 0).count() as i64;
            let needed = floor * claimants.len() as i64;
            let room = with * above.unwrap_or(40);
            let total = needed + index.index(room as usize + 1) as i64;
            let rule = Rule { floor, cap: above.map(|above| floor + above), method };
            (with > 0).then_some(Question { total, claimants, rule })
        },
    )
}

fn weight() -> impl Strategy<Value = i64> {
    prop_oneof![Just(EVEN), Just(1_500), Just(2_000), 1..3_000_i64]
}

fn both() -> impl Strategy<Value = Method> {
    prop_oneof![Just(Method::LargestRemainder), Just(Method::HighestAverages)]
}

/// Two share each division, so that both parts of the official order are used.
fn claimant(at: i64, base: i64, weight: i64) -> Claimant {
    Claimant { id: format!("school-{at}"), division: format!("{:06}", 440_000 + at / 2), base, weight }
}

fn claim(claimant: &Claimant) -> u128 {
    claimant.base as u128 * claimant.weight as u128
}

/// Every single seat in its turn, as the method is told in a sentence. An oracle for small totals.
fn seat_by_seat(question: &Question) -> Vec<i64> {
    let Rule { floor, cap, .. } = question.rule;
    let mut given = vec![floor; question.claimants.len()];
    for _ in given.iter().sum()..question.total {
        let mut best: Option<usize> = None;
        for (at, candidate) in question.claimants.iter().enumerate() {
            if claim(candidate) == 0 || cap.is_some_and(|cap| given[at] >= cap) {
                continue;
            }
            let beats = |other: usize| {
                let mine = claim(candidate) * (2 * given[other] + 1) as u128;
                mine > claim(&question.claimants[other]) * (2 * given[at] + 1) as u128
            };
            if best.is_none_or(beats) {
                best = Some(at);
            }
        }
        given[best.unwrap()] += 1;
    }
    given
}

fn given(answer: &Allocation) -> Vec<i64> {
    answer.shares.iter().map(|share| share.given).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_given_adds_up_and_keeps_floor_and_cap(q in question(both())) {
        let answer = q.answer();
        prop_assert_eq!(given(&answer).iter().sum::<i64>(), q.total);
        for share in &answer.shares {
            prop_assert!(share.given >= q.rule.floor);
            prop_assert!(q.rule.cap.is_none_or(|cap| share.given <= cap));
            prop_assert!(share.base > 0 || share.given == q.rule.floor);
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(
        (q, shuffled) in question(both()).prop_flat_map(|q| {
            let claimants = Just(q.claimants.clone()).prop_shuffle();
            (Just(q), claimants)
        }),
    ) {
        prop_assert_eq!(q.with(|other| other.claimants = shuffled), q.answer());
    }

    #[test]
    fn the_unit_of_the_bases_does_not_matter(q in question(both()), factor in 2..1_000_i64) {
        let mut q = q;
        q.claimants.iter_mut().for_each(|claimant| claimant.base = claimant.base.min(1_000_000));
        let scaled = q.with(|other| other.claimants.iter_mut().for_each(|claimant| claimant.base *= factor));
        let answer = q.answer();
        prop_assert_eq!(given(&scaled), given(&answer));
        for (one, other) in scaled.shares.iter().zip(&answer.shares) {
            prop_assert_eq!((one.quota, one.entitled, one.bound), (other.quota, other.entitled, other.bound));
        }
    }

    #[test]
    fn whoever_has_more_weight_does_not_get_less(q in question(both()), at in any::<prop::sample::Index>(), more in 1..2_000_i64) {
        let at = at.index(q.claimants.len());
        let raised = q.with(|other| other.claimants[at].weight += more);
        prop_assert!(raised.shares[at].given >= q.answer().shares[at].given);
    }

    #[test]
    fn a_greater_claim_never_gets_less_than_a_smaller_one(q in question(both())) {
        let answer = q.answer();
        for (one, got) in q.claimants.iter().zip(&answer.shares) {
            for (other, other_got) in q.claimants.iter().zip(&answer.shares) {
                prop_assert!(claim(one) <= claim(other) || got.given >= other_got.given);
            }
        }
    }

    #[test]
    fn entitlements_add_up_and_are_held_between_the_bounds(q in question(both())) {
        let answer = q.answer();
        let free: Vec<_> = answer.shares.iter().filter(|share| share.bound == Bound::None).collect();
        let held: i64 = answer.shares.iter().map(|share| match share.bound {
            Bound::None => 0,
            Bound::Floor => q.rule.floor,
            Bound::Cap => q.rule.cap.unwrap(),
        }).sum();
        // Fractions in lowest terms are added over their common denominator, the claims of those between the bounds.
        let claims: u128 = free.iter().map(|share| share.base as u128 * share.weight as u128).sum();
        if claims > 0 {
            let parts = free.iter().map(|share| {
                let each = share.entitled;
                each.numerator() * (claims / each.denominator())
            });
            prop_assert_eq!(parts.sum::<u128>(), claims * (q.total - held) as u128);
        }
        for share in free {
            prop_assert!(share.entitled.floor() >= q.rule.floor as u128);
            prop_assert!(q.rule.cap.is_none_or(|cap| share.entitled.floor() <= cap as u128));
        }
    }

    #[test]
    fn by_largest_remainder_nobody_is_one_away_from_the_entitlement(q in question(Just(Method::LargestRemainder))) {
        for share in q.answer().shares {
            let (given, floor) = (share.given as u128, share.entitled.floor());
            let highest = if share.entitled.is_whole() { floor } else { floor + 1 };
            prop_assert!(given >= floor && given <= highest);
        }
    }

    #[test]
    fn by_highest_averages_it_is_as_if_each_seat_were_given_in_turn(q in question(Just(Method::HighestAverages))) {
        prop_assert_eq!(given(&q.answer()), seat_by_seat(&q));
    }

    #[test]
    fn by_highest_averages_nobody_gets_less_of_more(q in question(Just(Method::HighestAverages))) {
        let Ok(more) = allocate(q.total + 1, &q.claimants, &q.rule) else { return Ok(()) };
        prop_assert!(changes(&q.answer(), &more).iter().all(|change| change.difference() >= 0));
    }

    #[test]
    fn by_highest_averages_a_preference_costs_only_the_others(
        mut q in question(Just(Method::HighestAverages)),
        preferred in prop::collection::vec(any::<bool>(), 8),
        weight in EVEN..4_000,
    ) {
        for (claimant, preferred) in q.claimants.iter_mut().zip(preferred) {
            claimant.weight = if preferred { weight } else { EVEN };
        }
        let compared = compare(q.total, &q.claimants, &q.rule).unwrap();
        for (change, claimant) in compared.changes().iter().zip(&q.claimants) {
            let gained = change.difference();
            let as_meant = if claimant.weight > EVEN { gained >= 0 } else { gained <= 0 };
            prop_assert!(as_meant, "{gained} for a weight of {}", claimant.weight);
        }
    }

    #[test]
    fn by_highest_averages_the_divisor_explains_everyone(q in question(Just(Method::HighestAverages))) {
        let answer = q.answer();
        let Some(divisor) = answer.divisor else {
            prop_assert!(answer.shares.iter().all(|share| share.given == q.rule.floor));
            return Ok(());
        };
        for share in &answer.shares {
            // Twice the weighted base over the divisor, against twice what was given, more and less one.
            let twice = 2 * share.base as u128 * share.weight as u128 * divisor.denominator();
            let one = divisor.numerator() * 1_000;
            let at_cap = Some(share.given) == q.rule.cap;
            prop_assert!(share.given == q.rule.floor || twice >= one * (2 * share.given - 1) as u128);
            prop_assert!(share.base == 0 || at_cap || twice <= one * (2 * share.given + 1) as u128);
        }
    }

    #[test]
    fn what_some_gain_by_a_preference_the_others_lose(q in question(both())) {
        let compared = compare(q.total, &q.claimants, &q.rule).unwrap();
        let gained: i64 = compared.changes().iter().map(|change| change.difference()).sum();
        prop_assert_eq!(gained, 0);
        prop_assert!(compared.without.shares.iter().all(|share| share.weight == EVEN));
    }

    #[test]
    fn a_share_was_decided_by_the_official_order_only_where_another_was_too(q in question(both())) {
        let answer = q.answer();
        let tied: Vec<_> = answer.shares.iter().filter(|share| share.tied).collect();
        prop_assert!(tied.len() != 1);
        // With the official order turned round, only the tied have something else.
        let turned = q.with(|other| {
            for (at, claimant) in other.claimants.iter_mut().enumerate() {
                claimant.division = format!("{:06}", 999 - at);
            }
        });
        for change in changes(&answer, &turned).iter().filter(|change| change.difference() != 0) {
            prop_assert!(tied.iter().any(|share| share.id == change.id));
        }
    }

    #[test]
    fn fractions_compare_as_they_do_over_one_denominator(a in 0..999_u32, b in 1..99_u32, c in 0..999_u32, d in 1..99_u32) {
        let quota = |part: u32, whole: u32| {
            let claimants = [claimant(0, part.into(), EVEN), claimant(1, i64::from(whole) * 1_000 - i64::from(part), EVEN)];
            let rule = Rule { floor: 0, cap: None, method: Method::LargestRemainder };
            allocate(1_000, &claimants, &rule).unwrap().shares[0].quota
        };
        let (one, other): (Fraction, Fraction) = (quota(a, b), quota(c, d));
        prop_assert_eq!(one.cmp(&other), (a * d).cmp(&(c * b)));
    }
}
