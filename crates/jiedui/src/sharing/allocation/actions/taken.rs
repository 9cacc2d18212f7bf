//! What of a year's shares was taken up where it serves: read from the figure that counts it, so that nobody types it again.

use super::super::data::{self, GivenRow};
use crate::shared::contributions;
use crate::standing::indicators::{Facts, Slice};
use chrono::Datelike as _;
use jiedui_kernel::{Period, Result};
use jiedui_programme::{AllocationRule, Indicator, Programme, Reading};
use jiedui_store::{Tx, args};

const CITY: &str = "city_bureau";

/// What one was given in a year by a rule, and the figure that counts what it did with that.
pub struct Taken {
    pub given: GivenRow,
    pub reading: Reading,
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

/// Of everybody that the caller sees. Schools of which nobody records the like, such as colleges, are left out: theirs is
/// unknown, and not nothing.
pub async fn of_all(
    tx: &mut Tx,
    programme: &Programme,
    (rule, of): (&AllocationRule, &Indicator),
    year: i32,
) -> Result<Vec<Taken>> {
    let rows = given(tx, rule, year).await?;
    let facts = Facts::about(tx, programme, &[of], None).await?;
    let counted = |row: &GivenRow| {
        row.kind == CITY || facts.place(&row.org).is_some_and(|place| facts.knows_school(place))
    };
    let one = |given: GivenRow| {
        let slice = slice(&given, year);
        Taken { reading: facts.reading(programme, of, &slice), given, slice }
    };
    Ok(rows.into_iter().filter(counted).map(one).collect())
}

/// What the caller's own school was given this year, and what it claimed of that; none where it was given nothing.
pub async fn of_own(tx: &mut Tx, rule: &AllocationRule, indicator: &str) -> Result<Option<(i64, i64)>> {
    let (org, year) = (tx.actor().org.clone(), tx.today().year());
    let rows = given(tx, rule, year).await?;
    let Some(own) = rows.into_iter().find(|row| row.org == org && row.kind != CITY) else { return Ok(None) };
    let sums = contributions::months_of(tx, &org, months(year)).await?;
    let claimed = sums.iter().filter(|sum| sum.indicator == indicator).map(|sum| sum.claimed);
    Ok(Some((own.given, claimed.fold(0, i64::saturating_add))))
}
