//! What of a year's shares was taken up where it serves: read from the figure that counts it, so that nobody types it again.

use super::super::data::{self, GivenRow};
use crate::shared::contributions;
use crate::sharing::commendations;
use crate::standing::indicators::{Facts, Slice};
use chrono::Datelike as _;
use jiedui_kernel::{Period, Result};
use jiedui_programme::{AllocationRule, Indicator, Programme, TakenUp};
use jiedui_store::{Tx, args};
use std::collections::{BTreeSet, HashMap};

const CITY: &str = "city_bureau";

/// What one was given in a year by a rule, and what it took up of that, as the figure of this part says.
pub struct Taken {
    pub given: GivenRow,
    pub claimed: i64,
    pub confirmed: i64,
    pub slice: Slice,
}

async fn given(tx: &mut Tx, rule: &AllocationRule, year: i32) -> Result<Vec<GivenRow>> {
    let Some(days) = Period::year(year) else { return Ok(Vec::new()) };
    tx.all(&data::GIVEN, args![&rule.id, days.from, days.to]).await
}

/// The first and the last month of a year: what an output adds counts in the year in which it came, not in all later ones.
fn months(year: i32) -> (i64, i64) {
    let first = i64::from(year) * 100 + 1;
    (first, first + 11)
}

fn slice(row: &GivenRow, year: i32) -> Slice {
    let (month, until) = months(year);
    let whole = Slice { month, until, ..Slice::year(year) };
    if row.kind == CITY {
        Slice { city: row.place.clone(), ..whole }
    } else {
        Slice { school: row.org.clone(), ..whole }
    }
}

/// What takes a rule's shares up: an indicator, or each thing behind it.
#[derive(Clone, Copy)]
pub struct Counted<'p> {
    pub of: &'p Indicator,
    pub each: bool,
}

/// None where the rule names no indicator.
pub fn counted<'p>(programme: &'p Programme, rule: &AllocationRule) -> Option<Counted<'p>> {
    let taken = rule.taken_up.as_ref()?;
    let of = programme.indicator(taken.indicator()?)?;
    Some(Counted { of, each: matches!(taken, TakenUp::EachOf(_)) })
}

/// Of everybody that the caller sees. Schools of which nobody records the like, such as colleges, are left out: theirs is
/// unknown, and not nothing.
pub async fn of_all(
    tx: &mut Tx,
    programme: &Programme,
    (rule, by): (&AllocationRule, Counted<'_>),
    year: i32,
) -> Result<Vec<Taken>> {
    let Some(days) = Period::year(year) else { return Ok(Vec::new()) };
    let rows = given(tx, rule, year).await?;
    let facts = Facts::about(tx, programme, &[by.of], None).await?;
    let things =
        if by.each { contributions::things_within(tx, &by.of.id, days).await? } else { HashMap::new() };
    let recorded = |row: &GivenRow| {
        row.kind == CITY || facts.place(&row.org).is_some_and(|place| facts.knows_school(place))
    };
    let one = |given: GivenRow| {
        let slice = slice(&given, year);
        let (claimed, confirmed) = if by.each {
            let own = facts.places.iter().filter(|place| slice.holds(place));
            let found = own.filter_map(|place| things.get(&place.id));
            found.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
        } else {
            let reading = facts.reading(programme, by.of, &slice);
            (reading.claimed.value().unwrap_or(0), reading.confirmed.value().unwrap_or(0))
        };
        Taken { given, claimed, confirmed, slice }
    };
    Ok(rows.into_iter().filter(recorded).map(one).collect())
}

/// The places for a class of commendations that everybody whom the caller sees was given in a year, each with how many names
/// it put forward in the rounds that began in that year, and how many of them were commended.
pub async fn of_honours(
    tx: &mut Tx,
    (rule, class): (&AllocationRule, &str),
    year: i32,
) -> Result<Vec<(GivenRow, (i64, i64))>> {
    let Some(days) = Period::year(year) else { return Ok(Vec::new()) };
    let named = commendations::put_forward(tx, class, days).await?;
    let one = |row: GivenRow| {
        let of = named.get(&row.org).copied().unwrap_or_default();
        (row, of)
    };
    Ok(given(tx, rule, year).await?.into_iter().map(one).collect())
}

/// What the caller's own school was given this year, and what it claimed of that; none where it was given nothing.
pub async fn of_own(tx: &mut Tx, rule: &AllocationRule, by: Counted<'_>) -> Result<Option<(i64, i64)>> {
    let (org, year) = (tx.actor().org.clone(), tx.today().year());
    let rows = given(tx, rule, year).await?;
    let Some(own) = rows.into_iter().find(|row| row.org == org && row.kind != CITY) else { return Ok(None) };
    let Some(days) = Period::year(year).filter(|_| by.each) else {
        let sums = contributions::months_of(tx, &org, months(year)).await?;
        let claimed = sums.iter().filter(|sum| sum.indicator == by.of.id).map(|sum| sum.claimed);
        return Ok(Some((own.given, claimed.fold(0, i64::saturating_add))));
    };
    let rows = contributions::rows_within(tx, &org, days).await?;
    let things = rows.iter().filter(|row| row.indicator == by.of.id && row.claimed > 0);
    let things: BTreeSet<&str> = things.map(|row| row.resource.as_str()).collect();
    Ok(Some((own.given, i64::try_from(things.len()).unwrap_or(i64::MAX))))
}
