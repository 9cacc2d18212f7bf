//! Balanced to the cent, whatever the cut and whatever the order.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

use jiedui_funding::{
    Amount, Balance, Flow, Refusal, Stage, Step, Timed, basis_points, by, check, each, total,
};
use jiedui_kernel::Date;
use proptest::prelude::*;

/// Days of 2025 and after, from 0.
fn day(of: i64) -> Date {
    Date::from_num_days_from_ce_opt(739_252 + i32::try_from(of).unwrap()).unwrap()
}

fn flows() -> impl Strategy<Value = Vec<Flow>> {
    let one = (
        0..4_u8,
        0..4_u8,
        0..4_u8,
        2024..2028_i32,
        0..Step::ALL.len(),
        1..2_000_000_000_000_i64,
        any::<bool>(),
    );
    let flow = one.prop_map(|(school, source, project, year, step, cents, sure)| Flow {
        school: format!("校{school}"),
        source: format!("源{source}"),
        project: if project == 0 { String::new() } else { format!("项{project}") },
        year,
        step: Step::ALL[step],
        amount: Amount::new(cents, if sure { cents } else { 0 }),
    });
    prop::collection::vec(flow, 0..80)
}

fn merged<K>(parts: std::collections::BTreeMap<K, Balance>) -> Balance {
    let mut sum = Balance::default();
    parts.values().for_each(|part| sum.merge(part));
    sum
}

/// So many came and went in turn: (is a payment, day, cents).
fn attempts() -> impl Strategy<Value = Vec<(bool, i64, i64)>> {
    prop::collection::vec((any::<bool>(), 0..400_i64, -50..5_000_i64), 0..60)
}

/// What of these is accepted, one after another.
fn accepted(attempts: &[(bool, i64, i64)], today: Date, approved: Option<i64>) -> Timed {
    let mut money = Timed { approved, ..Timed::default() };
    for (pays, on, cents) in attempts {
        if check(&money, !pays, (day(*on), *cents), today).is_ok() {
            let rows = if *pays { &mut money.payments } else { &mut money.arrivals };
            rows.push((day(*on), *cents));
        }
    }
    money
}

proptest! {
    #[test]
    fn every_cut_adds_up_to_the_same(flows in flows()) {
        let all = total(&flows);
        prop_assert_eq!(merged(by(&flows, |flow| flow.school.clone())), all);
        prop_assert_eq!(merged(by(&flows, |flow| flow.source.clone())), all);
        prop_assert_eq!(merged(by(&flows, |flow| flow.project.clone())), all);
        prop_assert_eq!(merged(by(&flows, |flow| flow.year)), all);
        let finest = by(&flows, |flow| (flow.year, flow.school.clone(), flow.source.clone(), flow.project.clone()));
        prop_assert_eq!(merged(finest), all);
    }

    #[test]
    fn order_does_not_matter(flows in flows(), turn in 0..80_usize) {
        let mut other = flows.clone();
        other.reverse();
        let middle = turn.min(other.len());
        other.rotate_left(middle);
        prop_assert_eq!(by(&flows, |flow| flow.school.clone()), by(&other, |flow| flow.school.clone()));
    }

    #[test]
    fn the_two_equations_hold_for_each_cut(flows in flows()) {
        for part in by(&flows, |flow| (flow.source.clone(), flow.year)).values() {
            for pick in [|of: Amount| of.claimed, |of: Amount| of.confirmed] {
                prop_assert_eq!(pick(part.approved), pick(part.received) + pick(part.outstanding()));
                let gone = pick(part.paid) + pick(part.returned);
                prop_assert_eq!(pick(part.received) + pick(part.own), gone + pick(part.left()));
            }
        }
    }

    #[test]
    fn no_day_ends_below_zero(attempts in attempts(), last in 0..400_i64) {
        let money = accepted(&attempts, day(last), None);
        for on in 0..=400 {
            let sum = |rows: &[(Date, i64)]| -> i64 {
                rows.iter().filter(|(at, _)| *at <= day(on)).map(|(_, cents)| cents).sum()
            };
            prop_assert!(sum(&money.arrivals) >= sum(&money.payments), "day {on}");
        }
        prop_assert!(money.left() >= 0);
        prop_assert!(money.arrivals.iter().chain(&money.payments).all(|(at, cents)| *at <= day(last) && *cents > 0));
    }

    #[test]
    fn what_may_be_paid_is_the_most_that_is_accepted(attempts in attempts(), on in 0..400_i64) {
        let money = accepted(&attempts, day(400), None);
        let room = money.room(day(on));
        prop_assert_eq!(check(&money, false, (day(on), room + 1), day(400)), Err(Refusal::AboveArrived(room)));
        prop_assert!(room == 0 || check(&money, false, (day(on), room), day(400)).is_ok());
    }

    #[test]
    fn no_more_comes_than_was_approved(attempts in attempts(), approved in 0..20_000_i64) {
        prop_assert!(accepted(&attempts, day(400), Some(approved)).arrived() <= approved);
    }

    #[test]
    fn what_is_late_is_part_of_what_is_open_and_grows_with_the_days(
        attempts in attempts(), approved in 0..40_000_i64, due in 0..400_i64, over: bool, old in 0..399_i64,
    ) {
        let money = Timed { due: Some(day(due)), over, ..accepted(&attempts, day(400), Some(approved)) };
        let late = money.late(day(old + 1), day(old));
        prop_assert!((0..=approved - money.arrived()).contains(&late.overdue));
        prop_assert!((0..=money.left()).contains(&late.idle));
        let later = money.late(day(400), day(399));
        prop_assert!(later.overdue >= late.overdue && later.idle >= late.idle);
        prop_assert!(!over || late.overdue == 0);
    }

    #[test]
    fn a_share_is_within_half_a_step_of_the_truth(part in 0..1_000_000_000_000_i64, whole in 1..1_000_000_000_000_i64) {
        let found = i128::from(basis_points(part, whole).unwrap());
        let off = (found * i128::from(whole) - i128::from(part) * 10_000).abs();
        prop_assert!(2 * off <= i128::from(whole));
        prop_assert_eq!(each(part, whole).is_some(), true);
    }
}

#[test]
fn a_money_goes_its_way() {
    let mut of = Balance::default();
    let mut stages = vec![of.stage(false)];
    for (step, cents) in [
        (Step::Applied, 100),
        (Step::Approved, 80),
        (Step::Received, 50),
        (Step::Paid, 50),
        (Step::Received, 30),
        (Step::Returned, 30),
    ] {
        of.add(step, Amount::sure(cents));
        stages.push(of.stage(false));
    }
    use Stage::{Applied, Approved, Arrived, Closed, Idea, Spent};
    assert_eq!(stages, [Idea, Applied, Approved, Arrived, Spent, Spent, Closed]);
}

#[test]
fn what_stopped_early_is_closed_without_the_rest() {
    let mut of = Balance::default();
    for (step, cents) in [(Step::Approved, 80), (Step::Received, 50), (Step::Paid, 50)] {
        of.add(step, Amount::sure(cents));
    }
    assert_eq!((of.stage(false), of.stage(true)), (Stage::Spent, Stage::Closed));
    assert_eq!(of.outstanding(), Amount::sure(30));
}

#[test]
fn values_in_kind_are_no_money() {
    let mut of = Balance::default();
    of.add(Step::InKind, Amount::sure(900));
    assert_eq!(
        (of.arrived(), of.left(), of.stage(false)),
        (Amount::default(), Amount::default(), Stage::Idea)
    );
    assert!(!of.is_empty());
}

#[test]
fn each_reason_against_an_amount_is_told() {
    let money = Timed {
        approved: Some(100),
        arrivals: vec![(day(10), 60)],
        payments: vec![(day(30), 40)],
        ..Timed::default()
    };
    let today = day(40);
    assert_eq!(check(&money, true, (day(20), 0), today), Err(Refusal::NotPositive));
    assert_eq!(check(&money, false, (day(20), -5), today), Err(Refusal::NotPositive));
    assert_eq!(check(&money, true, (day(41), 1), today), Err(Refusal::InFuture));
    assert_eq!(check(&money, true, (day(20), 41), today), Err(Refusal::AboveApproved(40)));
    assert_eq!(check(&money, false, (day(20), 21), today), Err(Refusal::AboveArrived(20)));
    assert_eq!(check(&money, false, (day(9), 1), today), Err(Refusal::AboveArrived(0)));
    assert_eq!(check(&money, false, (day(20), 20), today), Ok(()));
    assert_eq!(each(1_000, 3), Some(333));
    assert_eq!((each(5, 2), each(5, 0), basis_points(1, 3)), (Some(3), None, Some(3_333)));
}
