//! Applications that were handed in, held against the running code: the conditions are read again from what was known
//! of the applicant on that day, and the figures among them are held against what this code counts.

use super::super::data::{self, CaseState};
use super::super::rules::{condition_mark, state_mark};
use crate::shared::contributions::month_of;
use crate::shared::frozen::{self, Stamp};
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, broken};
use chrono::Months;
use jiedui_kernel::{Date, Result};
use jiedui_programme::{ConditionReading, SchoolState, Stands, eligibility};
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
    let title = format!("{} {}（{}）", kept.org_name, kept.title, state_of(&kept.state));
    Ok(Again { title, href: format!("/applications/{id}"), found })
}

fn state_of(text: &str) -> &'static str {
    CaseState::of(text).map_or("", |state| state_mark(state).label)
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
    let year_ago = basis.on.checked_sub_months(Months::new(12)).unwrap_or(basis.on);
    let months = month_of(year_ago)..=month_of(basis.on);
    let mut found = Vec::new();
    for reading in &basis.readings {
        let Stands::Indicator(id) = &reading.stands else { continue };
        if running.shifts.of(id, Some(&basis.org), months.clone()).is_some() {
            let name = running.programme.indicator(id).map_or(id.as_str(), |of| of.name.as_str());
            found.push(Otherwise::new(name, &reading.reason, "依据的数变了，要重新核对"));
        }
    }
    found
}
