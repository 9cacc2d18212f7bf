//! The clocks of S1.4 and S1.6, and of whatever else is owed at least so often in a period.

use crate::model::{FirstPart, Measure, Obligation, Programme};
use crate::readings::{ClockReading, ClockState, EntryFact};
use crate::rules::counts::counts;
use crate::rules::periods::{NamedPeriod, periods};
use crate::rules::relation::{PairingFact, Relation, relations};
use crate::rules::work::{Work, work};
use chrono::Days;
use jiedui_kernel::{Date, Period};
use std::collections::HashMap;

/// All clocks that have begun by `today`: of every obligation, every helper with its county schools, every period in
/// which they are paired. Order: obligation, helper, county school, period. The work grows with the number of facts,
/// not with facts times relations.
pub fn clocks(
    programme: &Programme,
    pairings: &[PairingFact],
    facts: &[EntryFact],
    today: Date,
) -> Vec<ClockReading> {
    let mut index: HashMap<(&str, &str, &str), Vec<&EntryFact>> = HashMap::new();
    for fact in facts {
        for (at, helper) in fact.helpers.iter().enumerate() {
            if !fact.helpers[..at].contains(helper) {
                let key = (fact.activity.as_str(), helper.as_str(), fact.county_school.as_str());
                index.entry(key).or_default().push(fact);
            }
        }
    }
    let mut readings = Vec::new();
    for obligation in &programme.obligations {
        let periods = periods(programme, obligation.every, today);
        for relation in relations(pairings, &obligation.owed_by) {
            let key =
                (obligation.activity.as_str(), relation.helper.as_str(), relation.county_school.as_str());
            let own = index.get(&key).map(Vec::as_slice).unwrap_or_default();
            readings.extend(
                periods
                    .iter()
                    .filter_map(|period| clock(programme, obligation, &relation, own, period, today)),
            );
        }
    }
    readings
}

/// One clock: what the helper owes the county school in the period. `None` where they are not paired in it, or not
/// yet. Entries of others are passed over.
///
/// - Done is what is confirmed; work that is claimed and unanswered is waiting and never missed, also afterwards.
/// - The period ends for the clock with its last day or with that of the pairing, whichever is earlier.
/// - A break inside the period changes nothing: what is owed follows from the first paired day, the end from the last.
/// - Where the pairing began after the first day of the period, `first_part` says what is owed.
pub fn clock(
    programme: &Programme,
    obligation: &Obligation,
    relation: &Relation,
    facts: &[&EntryFact],
    period: &NamedPeriod,
    today: Date,
) -> Option<ClockReading> {
    let activity = programme.activity(&obligation.activity)?;
    let windows: Vec<Period> = relation.terms.iter().filter_map(|term| term.within(period.period)).collect();
    let begin = windows.iter().map(|window| window.from).min()?;
    let deadline = windows.iter().map(|window| window.to).max()?;
    if begin > today {
        return None;
    }
    let own: Vec<&EntryFact> = facts
        .iter()
        .copied()
        .filter(|fact| {
            fact.activity == obligation.activity
                && fact.county_school == relation.county_school
                && fact.helpers.contains(&relation.helper)
                && counts(programme, fact)
        })
        .collect();
    let done = work(activity.measure, &own, &windows);
    let owed = owed(obligation, period.period, begin);
    let latest_start = owed
        .and_then(|owed| latest_start(activity.measure, owed.saturating_sub(done.standing), deadline))
        .filter(|day| *day >= today);
    let workdays_left = latest_start.map(|day| programme.calendar.workdays.between(today, day));
    let soon = i64::from(programme.calendar.at_risk_workdays);
    Some(ClockReading {
        obligation: obligation.id.clone(),
        helper: relation.helper.clone(),
        county_school: relation.county_school.clone(),
        period: period.period,
        period_name: period.name.clone(),
        state: state(owed, &done, workdays_left.map(|left| left <= soon)),
        owed: owed.unwrap_or(0),
        claimed: done.standing,
        confirmed: done.confirmed,
        latest_start,
        workdays_left,
        entries: done.entries,
    })
}

/// What is owed; `None` where the first part of a period is exempt. A prorated part is rounded up.
fn owed(obligation: &Obligation, period: Period, begin: Date) -> Option<i64> {
    let whole = obligation.at_least;
    match obligation.first_part {
        _ if begin <= period.from => Some(whole),
        FirstPart::Full => Some(whole),
        FirstPart::Exempt => None,
        FirstPart::Prorated => {
            let (part, days) = ((period.to - begin).num_days() + 1, period.days());
            Some((whole.saturating_mul(part) + days - 1) / days)
        }
    }
}

/// The last day on which the next piece must begin so that the rest can still be done by the deadline, each piece on
/// a day of its own. An entered quantity can be done on the last day. `None` where nothing is left to do.
fn latest_start(measure: Measure, rest: i64, deadline: Date) -> Option<Date> {
    let pieces = u64::try_from(rest).ok().filter(|pieces| *pieces > 0)?;
    match measure {
        Measure::Entered => Some(deadline),
        // Too many pieces to count back: the beginning of time, which is too late on any day.
        Measure::Once | Measure::Days => {
            Some(deadline.checked_sub_days(Days::new(pieces - 1)).unwrap_or(Date::MIN))
        }
    }
}

/// `soon` tells whether the latest feasible day is near; `None` where it is past.
fn state(owed: Option<i64>, done: &Work, soon: Option<bool>) -> ClockState {
    match (owed, soon) {
        (None, _) => ClockState::Exempt,
        (Some(owed), _) if done.confirmed >= owed => ClockState::Met,
        (Some(owed), _) if done.standing >= owed => ClockState::Awaiting,
        (_, Some(true)) => ClockState::AtRisk,
        (_, Some(false)) => ClockState::Running,
        (_, None) => ClockState::Missed,
    }
}
