//! Indicators: the rows that count, and their sum.

use crate::model::{Fact, Indicator, IndicatorOf, Programme, Reading, Row};
use crate::rules::counts::counts;
use crate::rules::relation::PairingFact;
use crate::rules::work::confirmed;
use jiedui_kernel::{Date, Period, Unit};
use std::collections::BTreeSet;

/// The indicator over the entries whose last day lies in `window`. Claimed 申报数 is all that was claimed and not
/// withdrawn, disputed entries included; confirmed 确认数 is what the other side confirmed. Joint work is one entry
/// and one row. `None` where the indicator is not counted from entries.
pub fn indicator(
    programme: &Programme,
    indicator: &Indicator,
    facts: &[Fact],
    window: Period,
) -> Option<Reading> {
    let IndicatorOf::Entries { activity, .. } = &indicator.of else { return None };
    let rows = facts
        .iter()
        .filter(|fact| {
            activity.contains(&fact.activity) && window.contains(fact.period.to) && counts(programme, fact)
        })
        .map(|fact| Row { id: fact.id.clone(), claimed: fact.claimed, confirmed: confirmed(fact) })
        .collect();
    Some(Reading::of_rows(indicator.unit, rows))
}

/// G1.1 to G1.3: county schools with a running pairing on the day, or with one whose agreement is signed, or whose
/// collaboration plan is agreed, by then. One row per county school, by its id. `None` where the indicator is not counted from pairings.
pub fn pairing_indicator(indicator: &Indicator, pairings: &[PairingFact], on: Date) -> Option<Reading> {
    let runs = |pairing: &&PairingFact| pairing.from <= on && pairing.to.is_none_or(|to| on <= to);
    let signed = |pairing: &&PairingFact| pairing.signed.is_some_and(|day| day <= on);
    let planned = |pairing: &&PairingFact| pairing.planned.is_some_and(|day| day <= on);
    let schools: BTreeSet<&str> = match indicator.of {
        IndicatorOf::Paired => {
            pairings.iter().filter(runs).map(|pairing| pairing.county_school.as_str()).collect()
        }
        IndicatorOf::Signed => {
            let found = pairings.iter().filter(runs).filter(signed);
            found.map(|pairing| pairing.county_school.as_str()).collect()
        }
        IndicatorOf::Planned => {
            let found = pairings.iter().filter(runs).filter(planned);
            found.map(|pairing| pairing.county_school.as_str()).collect()
        }
        _ => return None,
    };
    let rows = schools.into_iter().map(|id| Row { id: id.to_owned(), claimed: 1, confirmed: 1 }).collect();
    Some(Reading::of_rows(indicator.unit, rows))
}

impl Reading {
    /// A reading is made nowhere else, so that its rows always add up. Also for a part of another reading's rows.
    pub fn of_rows(unit: Unit, rows: Vec<Row>) -> Self {
        Self {
            unit,
            claimed: rows.iter().fold(0, |sum, row| sum.saturating_add(row.claimed)),
            confirmed: rows.iter().fold(0, |sum, row| sum.saturating_add(row.confirmed)),
            rows,
        }
    }
}
