//! How much work a set of entries makes, within the days of a pairing.
//!
//! Two amounts are kept apart everywhere (principle 2): what the other side has confirmed, and what stands, that is,
//! what is claimed and neither disputed nor withdrawn. What stands includes what is confirmed.

use crate::model::Measure;
use crate::readings::EntryFact;
use crate::state::EntryState;
use jiedui_kernel::{Date, Period, union_days};

/// The work of one clock.
pub(crate) struct Work {
    pub standing: i64,
    pub confirmed: i64,
    /// Ids of the entries that contribute.
    pub entries: Vec<String>,
}

/// Adds up counting entries of one helper at one county school. `windows` are the days on which they are paired,
/// within the period of the clock.
pub(crate) fn work(measure: Measure, facts: &[&EntryFact], windows: &[Period]) -> Work {
    let amount = |days: fn(&EntryFact, Period) -> Vec<Period>, quantity: fn(&EntryFact) -> i64| match measure
    {
        Measure::Days => union_days(&clipped(facts, windows, days)),
        Measure::Once => {
            occasions(&ending_within(facts, windows).filter(|f| quantity(f) > 0).collect::<Vec<_>>())
        }
        Measure::Entered => {
            ending_within(facts, windows).fold(0, |sum: i64, fact| sum.saturating_add(quantity(fact)))
        }
    };
    let contributes = |fact: &&&EntryFact| match measure {
        Measure::Days => windows.iter().any(|window| !standing_days(fact, *window).is_empty()),
        _ => standing(fact) > 0 && windows.iter().any(|window| window.contains(fact.period.to)),
    };
    Work {
        standing: amount(standing_days, standing),
        confirmed: amount(confirmed_days, confirmed),
        entries: facts.iter().filter(contributes).map(|fact| fact.id.clone()).collect(),
    }
}

/// What would stand if the work went on on every day of the windows from a day on.
pub(crate) fn reachable(measure: Measure, facts: &[&EntryFact], windows: &[Period], from: Date) -> i64 {
    let rest: Vec<Period> =
        windows.iter().filter_map(|window| Period::new(window.from.max(from), window.to)).collect();
    match measure {
        Measure::Days => union_days(&[clipped(facts, windows, standing_days), rest].concat()),
        Measure::Once => {
            let done = ending_within(facts, windows).filter(|fact| standing(fact) > 0);
            let days = rest.iter().flat_map(|part| part.from.iter_days().take_while(|day| *day <= part.to));
            disjoint(done.map(|fact| fact.period).chain(days.map(Period::day)).collect())
        }
        Measure::Entered => i64::MAX,
    }
}

/// The days of a stay within `window` that are claimed and not disputed.
///
/// A disputed stay gives none: nobody knows yet which of its days will hold. A partly confirmed one gives its
/// confirmed days, and none where the confirmer did not say which days those are.
pub fn standing_days(fact: &EntryFact, window: Period) -> Vec<Period> {
    match fact.state {
        EntryState::Claimed => fact.period.intersect(window).into_iter().collect(),
        _ => confirmed_days(fact, window),
    }
}

/// The days of a stay within `window` that the other side has confirmed.
pub fn confirmed_days(fact: &EntryFact, window: Period) -> Vec<Period> {
    let Some(inside) = fact.period.intersect(window) else { return Vec::new() };
    match (fact.state, fact.disputed_days) {
        (EntryState::Confirmed | EntryState::Part, Some(hole)) => inside.without(hole),
        (EntryState::Confirmed, None) => vec![inside],
        _ => Vec::new(),
    }
}

/// The quantity that is claimed and not disputed.
fn standing(fact: &EntryFact) -> i64 {
    match fact.state {
        EntryState::Claimed => fact.claimed,
        _ => confirmed(fact),
    }
}

/// The quantity that the other side has confirmed.
pub(crate) fn confirmed(fact: &EntryFact) -> i64 {
    match fact.state {
        EntryState::Confirmed | EntryState::Part => fact.confirmed,
        _ => 0,
    }
}

fn clipped(
    facts: &[&EntryFact],
    windows: &[Period],
    days: fn(&EntryFact, Period) -> Vec<Period>,
) -> Vec<Period> {
    facts.iter().flat_map(|fact| windows.iter().flat_map(|window| days(fact, *window))).collect()
}

/// An entry belongs to the period in which its last day falls (decision "Period").
fn ending_within<'a>(
    facts: &'a [&'a EntryFact],
    windows: &'a [Period],
) -> impl Iterator<Item = &'a EntryFact> {
    facts.iter().copied().filter(|fact| windows.iter().any(|window| window.contains(fact.period.to)))
}

/// How many occasions there were, those that share a day counting once: the largest number of entries of which no two
/// share a day. (Not the number of overlapping clusters: one more confirmed entry could join two clusters and make
/// the count smaller.)
fn occasions(facts: &[&EntryFact]) -> i64 {
    disjoint(facts.iter().map(|fact| fact.period).collect())
}

fn disjoint(mut periods: Vec<Period>) -> i64 {
    periods.sort_unstable_by_key(|period| period.to);
    let mut count = 0;
    let mut last = None;
    for period in periods {
        if last.is_none_or(|end| period.from > end) {
            count += 1;
            last = Some(period.to);
        }
    }
    count
}
