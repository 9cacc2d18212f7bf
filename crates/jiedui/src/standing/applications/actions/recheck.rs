//! Applications that were handed in, held against the running code: the conditions are read again from what was known
//! of the applicant on that day, and the figures among them are held against what this code counts.

use super::super::data;
use super::super::rules::{condition_mark, state_mark};
use crate::shared::contributions::month_of;
use crate::shared::frozen::{self, Stamp};
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, broken};
use chrono::Months;
use jiedui_kernel::{Date, Period, Result};
use jiedui_programme::{ConditionReading, IndicatorOf, SchoolState, Stands, eligibility, span};
use jiedui_store::{Tx, args};
use serde::{Deserialize, Serialize};

pub const KEPT: KeptKind = KeptKind {
    id: "application",
    name: "递交的申报",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

/// On what it rests that somebody might apply: what was known on the day it was handed in, and how the conditions were
/// read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub application: String,
    pub org: String,
    pub on: Date,
    pub known: SchoolState,
    pub readings: Vec<ConditionReading>,
    pub stamp: Stamp,
}

async fn again(tx: &mut Tx, id: &str, running: Running<'_>) -> Result<Again> {
    let kept = tx.one::<data::BasisRow>(&data::KEPT_TEXT, args![id]).await?;
    let basis: Basis = frozen::read(&kept.basis, format_args!("the application {id}"))?;
    let mut found: Vec<Otherwise> = broken(&kept.basis, &kept.basis_digest).into_iter().collect();
    found.extend(read_again(&basis, running));
    found.extend(counted(&basis, running));
    let title = format!("{} {}（{}）", kept.org_name, kept.title, state_mark(kept.state).label);
    Ok(Again { title, href: format!("/applications/{id}"), found })
}

/// Whether two readings are of the same condition: another text or other limits are another programme's.
fn is_same(was: &ConditionReading, now: &ConditionReading) -> bool {
    let asked = |one: &ConditionReading| (one.at_least, one.at_most);
    was.condition == now.condition
        && was.text == now.text
        && was.stands == now.stands
        && asked(was) == asked(now)
}

/// Conditions that the running code reads otherwise from the same facts.
pub fn read_again(basis: &Basis, running: Running<'_>) -> Vec<Otherwise> {
    let programme = running.programme;
    let Some(application) = programme.application(&basis.application) else { return Vec::new() };
    let now = eligibility(programme, application, &basis.known);
    let told = |one: &ConditionReading| format!("{}：{}", condition_mark(one.state).label, one.reason);
    let mut found = Vec::new();
    for was in &basis.readings {
        let one = now.iter().find(|one| one.condition == was.condition);
        let missing = one.is_none() && basis.stamp.rules == programme.digest;
        if missing {
            found.push(Otherwise::new(&was.text, told(was), "没有读到这个条件"));
        }
        // The same programme asks the same; where it was changed since, only what it left as it was can be compared.
        let Some(one) = one.filter(|one| basis.stamp.rules == programme.digest || is_same(was, one)) else {
            continue;
        };
        if was.state != one.state || was.has != one.has {
            found.push(Otherwise::new(&was.text, told(was), told(one)));
        }
    }
    found
}

/// Figures among the conditions that the running code counts otherwise: what they become is told where they are
/// counted.
pub fn counted(basis: &Basis, running: Running<'_>) -> Vec<Otherwise> {
    let mut found = Vec::new();
    for reading in &basis.readings {
        let Stands::Indicator(id) = &reading.stands else { continue };
        let of = running.programme.indicator(id);
        let moved = match of.map(|of| &of.of) {
            Some(IndicatorOf::Ratio { numerator, denominator }) => {
                is_moved(numerator, basis, running) || is_moved(denominator, basis, running)
            }
            _ => is_moved(id, basis, running),
        };
        if moved {
            let name = of.map_or(id.as_str(), |of| of.name.as_str());
            found.push(Otherwise::new(name, &reading.reason, "依据的数变了，要重新核对"));
        }
    }
    found
}

/// In the year before it was handed in; what is there counts from whenever it came.
fn is_moved(id: &str, basis: &Basis, running: Running<'_>) -> bool {
    let year_ago = basis.on.checked_sub_months(Months::new(12)).unwrap_or(basis.on);
    let window = Period::new(year_ago, basis.on);
    let of = running.programme.indicator(id);
    let days = of.zip(window).and_then(|(of, window)| span(&of.of, window)).or(window);
    let shift =
        |days: Period| running.shifts.of(id, Some(&basis.org), month_of(days.from)..=month_of(days.to));
    days.and_then(shift).is_some()
}
