//! What looks like something that was claimed before: asked about, for there can be two alike.

use super::super::data;
use super::new_entry::NewEntry;
use chrono::{Datelike as _, TimeDelta};
use jiedui_kernel::{Code, FieldError, Mistake, Period, Result};
use jiedui_programme::{Activity, Frequency, Measure};
use jiedui_store::{Tx, args, named};

/// So long after the predecessors' work the same number of the same kind is asked about.
const DAYS: i64 = 366;

/// Another report of a year, of what is told once a year.
async fn of_the_year(
    tx: &mut Tx,
    activity: &Activity,
    claimant: &str,
    new: &NewEntry,
    (period, except): (Period, &str),
) -> Result<Option<Mistake>> {
    let Some(year) = Period::year(period.to.year()).filter(|_| activity.frequency == Frequency::Yearly)
    else {
        return Ok(None);
    };
    let asked = args![&new.pairing.county_school, &activity.id, claimant, year.from, year.to, except];
    if tx.number(&data::OF_THE_YEAR, asked).await? == 0 {
        return Ok(None);
    }
    Ok(Some(once_a_year(period.to.year(), &activity.name)))
}

/// A second of what is told once a year.
pub(super) fn once_a_year(year: i32, name: &str) -> Mistake {
    Code::Duplicate.says(format!(
        "本单位已登记过{year}年的“{name}”，一年登记一次，没有重复登记。数有变化的请更正那一条；确实是另一项的，请注明后再提交。"
    ))
}

/// One that says the same in everything.
pub(super) fn same_already() -> Mistake {
    let words = "本单位已登记过完全相同的一条（日期、数量和内容都一样），没有重复登记。确实是另一次的，请注明后再提交。";
    Code::Duplicate.says(words)
}

/// The same occasion claimed by another party: of what is counted by its number, two of the same days and number.
async fn beside(
    tx: &mut Tx,
    activity: &Activity,
    claimant: &str,
    new: &NewEntry,
    (period, quantity): (Period, i64),
) -> Result<Option<Mistake>> {
    let asked = args![&new.pairing.id, &activity.id, claimant, period.from, period.to, quantity];
    let others = tx.all::<(String,)>(&data::SAME_BESIDE, asked).await?;
    Ok(others.into_iter().next().map(|(other,)| {
        Code::Duplicate.says(format!(
            "{other}已登记过同一天、数量相同的“{}”，没有重复登记。同一件事由一方登记，合办的在那一条里写明；确实是另一次的，请注明后再提交。",
            activity.name
        ))
    }))
}

/// Claimed before, with the same days, person, number and answers; or by those who helped the school before, with the same
/// number and answers within a year.
pub async fn twin(
    tx: &mut Tx,
    activity: &Activity,
    claimant: &str,
    new: &NewEntry,
    (period, quantity, except): (Period, i64, &str),
) -> Result<Option<FieldError>> {
    let fields = serde_json::Value::Object(new.fields.clone()).to_string();
    let same = named!(data::SAME {
        pairing: &new.pairing.id,
        activity: &activity.id,
        claimant,
        from_day: period.from,
        to_day: period.to,
        quantity,
        person: new.person.clone().unwrap_or_default(),
        fields: &fields,
        except,
    });
    if same.number(tx).await? > 0 {
        return Ok(Some(FieldError::new("again", same_already())));
    }
    if let Some(mistake) = of_the_year(tx, activity, claimant, new, (period, except)).await? {
        return Ok(Some(FieldError::new("again", mistake)));
    }
    if activity.measure != Measure::Entered || !except.is_empty() {
        return Ok(None);
    }
    if let Some(mistake) = beside(tx, activity, claimant, new, (period, quantity)).await? {
        return Ok(Some(FieldError::new("again", mistake)));
    }
    let since = period.from - TimeDelta::days(DAYS);
    let asked = args![&new.pairing.county_school, &new.pairing.id, &activity.id, quantity, &fields, since];
    let before = tx.all::<(jiedui_kernel::Date, jiedui_kernel::Date)>(&data::SAME_BEFORE, asked).await?;
    let told = |(from, to): &(jiedui_kernel::Date, jiedui_kernel::Date)| {
        let message = format!(
            "前任结对院校在 {from} 至 {to} 已登记过数量和内容都一样的“{}”，没有重复登记。确实是另一次的，请注明后再提交。",
            activity.name
        );
        FieldError::new("again", Code::Duplicate.says(message))
    };
    Ok(before.first().map(told))
}
