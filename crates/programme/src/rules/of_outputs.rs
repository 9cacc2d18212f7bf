//! What an output adds, stage by stage and receipt by receipt.

use crate::facts::OutputFact;
use crate::model::{Indicator, IndicatorOf, OutputSum, Programme};
use crate::rules::figures::{Contribution, fits};
use crate::state::EntryState;
use jiedui_kernel::Date;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn of_output<'p>(
    programme: &Programme,
    indicators: impl Iterator<Item = &'p Indicator>,
    fact: &OutputFact,
) -> Vec<Contribution> {
    let Some(kind) = programme.output(&fact.output) else { return Vec::new() };
    if fact.state == EntryState::Withdrawn {
        return Vec::new();
    }
    let sure = i64::from(fact.state == EntryState::Confirmed || kind.confirmed_by.is_none());
    let mut found = Vec::new();
    for indicator in indicators {
        let IndicatorOf::Outputs { output, sum, only, stage } = &indicator.of else { continue };
        if !output.contains(&fact.output) || !fits(only, None, &fact.fields) {
            continue;
        }
        let counting = |id: &str| {
            (stage.is_empty() || stage.iter().any(|one| one == id))
                && kind.stages.iter().any(|one| one.id == id && one.counts)
        };
        let moves: Vec<(Date, i64)> = match sum {
            OutputSum::Number => turns(counting, fact),
            OutputSum::Quantity => {
                turns(counting, fact).into_iter().map(|(day, sign)| (day, sign * fact.quantity)).collect()
            }
            OutputSum::Achieved => receipts(counting, fact),
        };
        found.extend(moves.into_iter().map(|(day, amount)| Contribution {
            indicator: indicator.id.clone(),
            resource: fact.id.clone(),
            kind: fact.output.clone(),
            school: fact.county_school.clone().unwrap_or_else(|| fact.org.clone()),
            day,
            claimed: amount,
            confirmed: amount * sure,
        }));
    }
    found
}

/// The days on which it begins (1) or ceases (−1) to be in a stage that counts. What turns twice on a day does not turn.
fn turns(counting: impl Fn(&str) -> bool, fact: &OutputFact) -> Vec<(Date, i64)> {
    let mut by_day: BTreeMap<Date, bool> = BTreeMap::new();
    for (stage, day) in &fact.stages {
        by_day.insert(*day, counting(stage));
    }
    let mut counts = false;
    let mut found = Vec::new();
    for (day, now) in by_day {
        if now != counts {
            found.push((day, if now { 1 } else { -1 }));
            counts = now;
        }
    }
    found
}

/// By how much what has come of it grows or falls, and when: money counts on the day on which it arrives, as long as the
/// output is in a stage that counts.
fn receipts(counting: impl Fn(&str) -> bool, fact: &OutputFact) -> Vec<(Date, i64)> {
    let days: BTreeSet<Date> =
        fact.stages.iter().map(|(_, day)| *day).chain(fact.receipts.iter().map(|(day, _)| *day)).collect();
    let mut held = 0;
    let mut found = Vec::new();
    for day in days {
        let counts = fact.stage_on(day).is_some_and(&counting);
        let now = if counts { fact.achieved_on(day) } else { 0 };
        if now != held {
            found.push((day, now - held));
            held = now;
        }
    }
    found
}
