//! Where a method does not keep a promise, by an example that can be checked by hand; and what is refused.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

use jiedui_allocation::{
    Claimant, EVEN, MAX_AMOUNT, MAX_BASE, Method, Refusal, Rounding, Rule, allocate, compare,
};

fn claimants(bases: &[(i64, i64)]) -> Vec<Claimant> {
    let named = ('a'..).zip(bases);
    let claimant = |(id, (base, weight)): (char, &(i64, i64))| Claimant {
        id: id.to_string(),
        division: "440000".to_owned(),
        base: *base,
        weight: *weight,
    };
    named.map(claimant).collect()
}

fn even(bases: &[i64]) -> Vec<Claimant> {
    claimants(&bases.iter().map(|base| (*base, EVEN)).collect::<Vec<_>>())
}

fn rule(method: Method) -> Rule {
    Rule { floor: 0, cap: None, method }
}

fn given(total: i64, claimants: &[Claimant], rule: &Rule) -> Vec<i64> {
    allocate(total, claimants, rule).unwrap().shares.iter().map(|share| share.given).collect()
}

fn refused(total: i64, claimants: &[Claimant], rule: &Rule) -> Vec<Refusal> {
    allocate(total, claimants, rule).unwrap_err()
}

/// The Alabama paradox. Of 10: 4.286, 4.286, 1.429, so that the third has the largest remainder. Of 11: 4.714, 4.714,
/// 1.571, and both others pass it.
#[test]
fn by_largest_remainder_somebody_may_get_less_of_more() {
    let schools = even(&[6, 6, 2]);
    assert_eq!(given(10, &schools, &rule(Method::LargestRemainder)), [4, 4, 2]);
    assert_eq!(given(11, &schools, &rule(Method::LargestRemainder)), [5, 5, 1]);
    assert_eq!(given(10, &schools, &rule(Method::HighestAverages)), [5, 4, 1]);
    assert_eq!(given(11, &schools, &rule(Method::HighestAverages)), [5, 5, 1]);
}

/// The weight moves all remainders at once. First: 0.563, 1.5, 0.938 become 0.628, 1.674, 0.698, and the second school passes
/// the first, which is preferred too and loses. Second: 0.214, 0.857, 0.429, 1.5 become 0.273, 1.091, 0.364, 1.273, and the
/// third gains, which is not preferred.
#[test]
fn by_largest_remainder_a_preference_may_cost_the_preferred_and_serve_another() {
    let told = |schools: &[(i64, i64)], method| {
        let compared = compare(3, &claimants(schools), &rule(method)).unwrap();
        compared.changes().iter().map(|change| (change.from, change.to)).collect::<Vec<_>>()
    };
    let loses = [(30, 1_500), (80, 1_500), (50, EVEN)];
    assert_eq!(told(&loses, Method::LargestRemainder), [(1, 0), (1, 2), (1, 1)]);
    assert_eq!(told(&loses, Method::HighestAverages), [(1, 1), (1, 1), (1, 1)]);
    let serves = [(10, 1_500), (40, 1_500), (20, EVEN), (70, EVEN)];
    assert_eq!(told(&serves, Method::LargestRemainder), [(0, 0), (1, 1), (0, 1), (2, 1)]);
}

/// 8.6 of 10 for the first, 0.17 or 0.18 for each of eight small ones: rounded to the nearest these have nothing.
#[test]
fn by_highest_averages_somebody_may_be_more_than_one_away_from_the_entitlement() {
    let schools = even(&[860, 18, 18, 18, 18, 17, 17, 17, 17]);
    let answer = allocate(10, &schools, &rule(Method::HighestAverages)).unwrap();
    assert_eq!((answer.shares[0].entitled.floor(), answer.shares[0].given), (8, 10));
    assert_eq!(given(10, &schools, &rule(Method::LargestRemainder))[0], 9);
}

#[test]
fn equals_go_by_division_and_then_by_id() {
    let mut schools = even(&[5, 5, 5]);
    schools[0].division = "440200".to_owned();
    schools[1].division = "440100".to_owned();
    schools[2].division = "440100".to_owned();
    for method in [Method::LargestRemainder, Method::HighestAverages] {
        let answer = allocate(1, &schools, &rule(method)).unwrap();
        let told: Vec<_> =
            answer.shares.iter().map(|share| (share.id.as_str(), share.given, share.tied)).collect();
        assert_eq!(told, [("b", 1, true), ("c", 0, true), ("a", 0, true)]);
    }
}

/// 10 among 80 : 15 : 5 with at least 1 and at most 6: the first is held at 6 and the third lifted to 1, the second has the rest.
#[test]
fn what_the_cap_takes_goes_to_the_others() {
    let schools = even(&[80, 15, 5]);
    for method in [Method::LargestRemainder, Method::HighestAverages] {
        let answer = allocate(10, &schools, &Rule { floor: 1, cap: Some(6), method }).unwrap();
        let told: Vec<_> =
            answer.shares.iter().map(|share| (share.quota.hundredths(), share.given)).collect();
        assert_eq!(told, [(800, 6), (150, 3), (50, 1)]);
        assert!(answer.shares.iter().all(|share| share.rounding == Rounding::Exact));
    }
}

/// A claimant that the floor lifts is not counted twice: the floor is part of the total, not beside it.
#[test]
fn a_total_that_just_fills_floors_or_caps_is_divided() {
    let schools = even(&[7, 1, 0]);
    for method in [Method::LargestRemainder, Method::HighestAverages] {
        let bounded = Rule { floor: 2, cap: Some(5), method };
        assert_eq!(given(6, &schools, &bounded), [2, 2, 2]);
        assert_eq!(given(12, &schools, &bounded), [5, 5, 2]);
    }
    assert_eq!(given(0, &schools, &rule(Method::HighestAverages)), [0, 0, 0]);
}

#[test]
fn money_in_cents_is_divided_to_the_cent() {
    let schools = even(&[MAX_BASE, MAX_BASE, MAX_BASE - 1]);
    for method in [Method::LargestRemainder, Method::HighestAverages] {
        let answer = given(MAX_AMOUNT, &schools, &rule(method));
        assert_eq!(answer.iter().sum::<i64>(), MAX_AMOUNT);
        assert!(answer[0] >= answer[1] && answer[1] > answer[2]);
    }
}

#[test]
fn what_cannot_be_divided_is_refused_with_everything_that_is_wrong() {
    let plain = rule(Method::LargestRemainder);
    assert_eq!(refused(1, &[], &plain), [Refusal::NoClaimants]);
    assert_eq!(refused(-1, &even(&[1]), &plain), [Refusal::Total(-1)]);
    assert_eq!(refused(MAX_AMOUNT + 1, &even(&[1]), &plain), [Refusal::Total(MAX_AMOUNT + 1)]);
    assert_eq!(refused(1, &even(&[0, 0]), &plain), [Refusal::NothingToGoBy]);
    let floors = Rule { floor: 2, ..plain.clone() };
    assert_eq!(refused(5, &even(&[1, 1, 1]), &floors), [Refusal::LessThanFloors { total: 5, needed: 6 }]);
    let caps = Rule { floor: 1, cap: Some(2), ..plain.clone() };
    assert_eq!(refused(6, &even(&[1, 1, 0]), &caps), [Refusal::MoreThanCaps { total: 6, room: 5 }]);
    let below = Rule { floor: 3, cap: Some(2), ..plain };
    let mut wrong = claimants(&[(-1, EVEN), (1, 0), (1, -5), (MAX_BASE + 1, 100_001)]);
    wrong[2].id = "b".to_owned();
    let all = [
        Refusal::Base { id: "a".to_owned(), base: -1 },
        Refusal::NamedTwice("b".to_owned()),
        Refusal::Weight { id: "b".to_owned(), weight: 0 },
        Refusal::Weight { id: "b".to_owned(), weight: -5 },
        Refusal::Base { id: "d".to_owned(), base: MAX_BASE + 1 },
        Refusal::Weight { id: "d".to_owned(), weight: 100_001 },
        Refusal::Cap { cap: 2, floor: 3 },
    ];
    assert_eq!(refused(1, &wrong, &below), all);
}
