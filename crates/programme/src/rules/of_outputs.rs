//! What an output adds, stage by stage and receipt by receipt.

use crate::became::fits;
use crate::facts::{OutputFact, stage_on};
use crate::model::{Indicator, IndicatorOf, OutputSum, Programme};
use crate::rules::figures::Contribution;
use crate::state::EntryState;
use jiedui_kernel::{Date, Unit};
use std::collections::BTreeSet;

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
    let all_sure = kind.confirmed_by.is_none();
    let mut found = Vec::new();
    for indicator in indicators {
        let IndicatorOf::Outputs { output, sum, only, stage, of_project } = &indicator.of else {
            continue;
        };
        let ours = output.contains(&fact.output) && fits(only.as_ref(), became, &fact.fields);
        if !ours || (*of_project && fact.project.is_none()) {
            continue;
        }
        let counting =
            |id: &str| (stage.is_empty() || stage.iter().any(|one| one == id)) && kind.counts_in(id);
        let moves = match sum {
            OutputSum::Number if indicator.unit == Unit::Enterprises && !fact.earlier.is_empty() => {
                first_turns(counting, fact, all_sure)
            }
            sum => turns(counting, fact, *sum, all_sure),
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

/// By how much what counts of it grows or falls, claimed and confirmed, and when. What turns twice on a day does not turn.
/// Money counts on the day on which it arrives, as long as the output is in a stage that counts. What was confirmed stays
/// confirmed while a later stage waits for an answer, and is never more than what is claimed.
fn turns(
    counting: impl Fn(&str) -> bool,
    fact: &OutputFact,
    sum: OutputSum,
    all_sure: bool,
) -> Vec<(Date, i64, i64)> {
    let days = fact.stages.iter().map(|(_, day)| *day).chain(fact.receipts.iter().map(|(day, _)| *day));
    let amount = |stages: &[(String, Date)], day: Date, achieved: i64| {
        let counts = stage_on(stages, day).is_some_and(&counting);
        match sum {
            _ if !counts => 0,
            OutputSum::Number => 1,
            OutputSum::Quantity => fact.quantity,
            OutputSum::Achieved => achieved,
        }
    };
    let (mut held, mut found) = ((0, 0), Vec::new());
    for day in days.collect::<BTreeSet<Date>>() {
        let claimed = amount(&fact.stages, day, fact.achieved_on(day));
        let sure = || amount(fact.sure_stages(), day, fact.sure_achieved_on(day)).min(claimed);
        let now = (claimed, if all_sure { claimed } else { sure() });
        if now != held {
            found.push((day, now.0 - held.0, now.1 - held.1));
            held = now;
        }
    }
    found
}

/// The same of an enterprise that another output is called after: it counts on the days on which no earlier one counts
/// it, so that all of them together count it once. Claimed and confirmed are looked at apart: what an earlier one only
/// claims may be confirmed here. `all_sure` where nobody confirms this kind.
fn first_turns(counting: impl Fn(&str) -> bool, fact: &OutputFact, all_sure: bool) -> Vec<(Date, i64, i64)> {
    let all = fact.stages.iter().chain(fact.earlier.iter().flat_map(|one| &one.stages));
    let counts = |stages: &[(String, Date)], day: Date| stage_on(stages, day).is_some_and(&counting);
    let (mut held, mut found) = ((0, 0), Vec::new());
    for day in all.map(|(_, day)| *day).collect::<BTreeSet<Date>>() {
        let claimed = counts(&fact.stages, day) && !fact.earlier.iter().any(|one| counts(&one.stages, day));
        let sure = || {
            let own = counts(&fact.stages, day) && counts(fact.sure_stages(), day);
            own && !fact.earlier.iter().any(|one| counts(&one.stages, day) && counts(one.sure_stages(), day))
        };
        let now = (i64::from(claimed), i64::from(if all_sure { claimed } else { sure() }));
        if now != held {
            found.push((day, now.0 - held.0, now.1 - held.1));
            held = now;
        }
    }
    found
}
