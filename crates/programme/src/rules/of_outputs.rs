//! What an output adds, stage by stage and receipt by receipt.

use crate::became::fits;
use crate::facts::{Earlier, OutputFact, stage_on};
use crate::model::{Indicator, IndicatorOf, OutputSum, Programme};
use crate::rules::figures::Contribution;
use crate::state::EntryState;
use jiedui_kernel::{Date, Unit};
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
    let became = kind.became.as_ref();
    let sure = i64::from(fact.state == EntryState::Confirmed || kind.confirmed_by.is_none());
    let mut found = Vec::new();
    for indicator in indicators {
        let IndicatorOf::Outputs { output, sum, only, stage, of_project } = &indicator.of else {
            continue;
        };
        let ours = output.contains(&fact.output) && fits(only.as_ref(), became, &fact.fields);
        if !ours || (*of_project && fact.project.is_none()) {
            continue;
        }
        let counting = |id: &str| {
            (stage.is_empty() || stage.iter().any(|one| one == id))
                && kind.stages.iter().any(|one| one.id == id && one.counts)
        };
        let alike = |(day, amount): (Date, i64)| (day, amount, amount * sure);
        let moves: Vec<(Date, i64, i64)> = match sum {
            OutputSum::Number if indicator.unit == Unit::Enterprises && !fact.earlier.is_empty() => {
                first_turns(counting, fact, (sure == 1, kind.confirmed_by.is_none()))
            }
            OutputSum::Number => turns(counting, fact).into_iter().map(alike).collect(),
            OutputSum::Quantity => {
                let amounts = turns(counting, fact).into_iter();
                amounts.map(|(day, sign)| alike((day, sign * fact.quantity))).collect()
            }
            OutputSum::Achieved => receipts(counting, fact).into_iter().map(alike).collect(),
        };
        found.extend(moves.into_iter().map(|(day, claimed, confirmed)| Contribution {
            indicator: indicator.id.clone(),
            resource: fact.id.clone(),
            kind: fact.output.clone(),
            school: fact.county_school.clone().unwrap_or_else(|| fact.org.clone()),
            day,
            claimed,
            confirmed,
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

/// The same of an enterprise that another output is called after: it counts on the days on which no earlier one counts
/// it, so that all of them together count it once. Claimed and confirmed are looked at apart: what an earlier one only
/// claims may be confirmed here. `all_sure` where nobody confirms this kind.
fn first_turns(
    counting: impl Fn(&str) -> bool,
    fact: &OutputFact,
    (sure, all_sure): (bool, bool),
) -> Vec<(Date, i64, i64)> {
    let all = fact.stages.iter().chain(fact.earlier.iter().flat_map(|one| &one.stages));
    let counts = |stages: &[(String, Date)], day: Date| stage_on(stages, day).is_some_and(&counting);
    let (mut held, mut found) = ((0, 0), Vec::new());
    for day in all.map(|(_, day)| *day).collect::<BTreeSet<Date>>() {
        let before = |one: &&Earlier| counts(&one.stages, day);
        let own = counts(&fact.stages, day);
        let mut sure_before = fact.earlier.iter().filter(|one| all_sure || one.confirmed);
        let now = (
            i64::from(own && !fact.earlier.iter().any(|one| before(&one))),
            i64::from(own && sure && !sure_before.any(|one| before(&one))),
        );
        if now != held {
            found.push((day, now.0 - held.0, now.1 - held.1));
            held = now;
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
