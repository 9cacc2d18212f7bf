//! Indicators over entries and over pairings: the rows that count, and their sum.

use crate::model::{Indicator, IndicatorOf, Programme};
use crate::readings::{EntryFact, Reading, Row};
use crate::rules::figures::{of_entry, read};
use crate::rules::relation::PairingFact;
use jiedui_kernel::{Date, Period, Reported, Unit};
use std::collections::BTreeSet;

/// The indicator over the entries whose last day lies in `window`; of a stay the days that lie in it. Claimed 登记数 is all that was claimed and not
/// withdrawn, disputed entries included; confirmed 确认数 is what the other side confirmed. Joint work is one entry
/// and one row. `None` where the indicator is not counted from entries.
pub fn indicator(
    programme: &Programme,
    indicator: &Indicator,
    facts: &[EntryFact],
    window: Period,
) -> Option<Reading> {
    let IndicatorOf::Entries { activity, .. } = &indicator.of else { return None };
    let own = facts.iter().filter(|fact| activity.contains(&fact.activity));
    let found: Vec<_> = own.flat_map(|fact| of_entry(programme, std::iter::once(indicator), fact)).collect();
    Some(read(indicator, &found, window))
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
    let row = |id: &str| Row { id: id.to_owned(), school: id.to_owned(), claimed: 1, confirmed: 1 };
    let rows = schools.into_iter().map(row).collect();
    Some(Reading::of_rows(indicator.unit, rows))
}

impl Reading {
    /// A reading with rows is made nowhere else, so that its rows always add up. Also for a part of another reading's.
    pub fn of_rows(unit: Unit, rows: Vec<Row>) -> Self {
        let sum = |of: fn(&Row) -> i64| rows.iter().fold(0_i64, |sum, row| sum.saturating_add(of(row)));
        Self {
            unit,
            claimed: Reported::Value(sum(|row| row.claimed)),
            confirmed: Reported::Value(sum(|row| row.confirmed)),
            rows,
            parts: Vec::new(),
        }
    }

    /// Nobody has told us yet: not nought.
    pub fn unknown(unit: Unit) -> Self {
        Self {
            unit,
            claimed: Reported::NotReported,
            confirmed: Reported::NotReported,
            rows: Vec::new(),
            parts: Vec::new(),
        }
    }
}
