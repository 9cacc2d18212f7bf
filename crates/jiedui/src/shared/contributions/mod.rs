//! What each thing adds to each indicator, kept as it changes: figures without folding everything again, and what was
//! reported on a day (principles 1, 4 and 5).
//!
//! `figure_row` is what stands now, `figure_change` every change of it. Whoever changes an entry, an output or a
//! year-profile calls [`refresh`] in the same transaction; [`compare`] and [`align`] hold both tables against a full
//! recomputation.

mod check;
pub mod copies;
mod data;
mod sums;
#[cfg(test)]
mod tests;
mod write;

use crate::shared::mechanism::Mechanism;
use chrono::Datelike as _;
use data::CellOf;
use jiedui_kernel::{Date, Period, Result, Scope};
use jiedui_programme::{EntryFact, OutputFact, Posts, ProfileFact, Programme};
use jiedui_programme::{contributions_of_output, contributions_of_profile};
use jiedui_store::{Arg, ListCall, Tx, args, settings, table, values};
use std::collections::HashMap;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/shared/contributions",
    tables: &[
        table!(scoped "figure_row" of "resource" digest).grows(),
        table!(scoped "figure_change" of "resource" digest).grows(),
        table!(scoped "figure_person" of "entry" digest).grows(),
        table!(scoped "figure_year" outside "sums of figure_row; `jiedui indicators verify` compares them"),
        table!(scoped "figure_month" outside "sums of figure_row; `jiedui indicators verify` compares them"),
        table!(scoped "figure_reported" outside "sums of figure_change; `jiedui indicators verify` compares them"),
        table!(plain "figure_turn" outside "a lock; says nothing"),
    ],
    ..Mechanism::EMPTY
};

pub use check::{Difference, IdRange, Recomputed, align, align_sums, compare, people, recounted, sums_off};
pub use data::{Cell, ChangeRow, FigureRow, MonthSum, OrgLocation, PartRow, SchoolSum, Sum};
pub use write::{person_led, post_changed};

/// A thing as it stands after a change.
pub enum Source<'a> {
    Entry(&'a EntryFact),
    Output(&'a OutputFact),
    Profile(&'a ProfileFact),
}

/// To be called by whoever changed a thing, in the same transaction, after the change.
pub async fn refresh(tx: &mut Tx, programme: &Programme, resource: Source<'_>) -> Result<()> {
    match resource {
        Source::Entry(fact) => write::entry(tx, programme, fact, None).await,
        Source::Output(fact) => {
            let found = contributions_of_output(programme, fact);
            write::reconcile(tx, &fact.id, found, None, None).await
        }
        Source::Profile(fact) => {
            let found = contributions_of_profile(programme, fact);
            write::reconcile(tx, &fact.id, found, None, None).await
        }
    }
}

/// The same of an entry that names a record of a person which leads to another one now, or no longer does.
pub async fn refresh_led(tx: &mut Tx, programme: &Programme, fact: &EntryFact) -> Result<()> {
    write::entry(tx, programme, fact, Some(write::MERGED)).await
}

/// When everybody is in post.
pub async fn posts(tx: &mut Tx) -> Result<Posts> {
    Ok(data::posts(tx.all(&data::POSTS, Vec::new()).await?))
}

/// Where the programme by which the figures were made is noted.
const MADE_WITH: &str = "figures";

/// Whether the figures were made by this programme, to the letter.
pub async fn made_by(tx: &mut Tx, programme: &Programme) -> Result<bool> {
    Ok(settings::read(tx, MADE_WITH).await?.is_some_and(|digest| digest == programme.digest))
}

/// Notes that they are, after they were brought in line.
pub async fn note_made_by(tx: &mut Tx, programme: &Programme) -> Result<()> {
    settings::write(tx, MADE_WITH, &programme.digest).await
}

/// A month as the tables write it: 202611.
pub fn month_of(day: Date) -> i64 {
    i64::from(day.year()) * 100 + i64::from(day.month())
}

/// As people read it: 2026年11月.
pub fn month_title(month: i64) -> String {
    format!("{}年{}月", month / 100, month % 100)
}

/// Which rows of an indicator are meant. What is "" or 0 does not narrow.
#[derive(Debug, Clone, Copy)]
pub struct ContributionFilter<'a> {
    pub indicator: &'a str,
    pub span: Period,
    pub city: &'a str,
    pub county: &'a str,
    pub school: &'a str,
    pub typical: &'a str,
    pub pairing: &'a str,
    pub kind: &'a str,
    pub month: i64,
}

/// The sums of all schools visible to the caller over these months, by indicator.
pub async fn months_summed(tx: &mut Tx, (first, last): (i64, i64)) -> Result<Vec<MonthSum>> {
    tx.settle().await?;
    tx.all(&data::MONTHS_SUMMED, args![first, last]).await
}

/// All sums by indicator, county school and year, of days until this one.
pub async fn sums(tx: &mut Tx, until: Date) -> Result<Vec<Sum>> {
    tx.settle().await?;
    tx.all(&data::SUMS, args![until]).await
}

/// The sums of one indicator by everything that a page can cut it by, of days until this one.
#[cfg(test)]
pub async fn cells(tx: &mut Tx, indicator: &str, until: Date) -> Result<Vec<Cell>> {
    tx.settle().await?;
    tx.all(&data::CELLS, args![indicator, until]).await
}

/// So many indicators are asked for in one statement.
const AT_ONCE: usize = 12;

/// The sums of several indicators by everything that a page can cut them by, of days until this one; those of which there is
/// nothing have no cells.
pub async fn cells_of(tx: &mut Tx, indicators: &[&str], until: Date) -> Result<HashMap<String, Vec<Cell>>> {
    tx.settle().await?;
    let mut found: HashMap<String, Vec<Cell>> =
        indicators.iter().map(|indicator| ((*indicator).to_owned(), Vec::new())).collect();
    for some in indicators.chunks(AT_ONCE) {
        let mut values = args![until];
        values.extend((0..AT_ONCE).map(|at| Arg::from(some.get(at).copied().unwrap_or_default())));
        for row in tx.all::<CellOf>(&data::CELLS_OF, values).await? {
            let (indicator, cell) = row.parted();
            found.entry(indicator).or_default().push(cell);
        }
    }
    Ok(found)
}

/// The same as they were reported at the end of a day.
pub async fn cells_reported(tx: &mut Tx, indicator: &str, until: Date, on: Date) -> Result<Vec<Cell>> {
    tx.settle().await?;
    let first = on.with_day(1).unwrap_or(on);
    tx.all(&data::CELLS_REPORTED, args![indicator, until, on, first, month_of(on)]).await
}

/// A list with the values of its filter, and what it takes beside them.
macro_rules! filtered {
    ($which:ident, $list:ident $(, $more:ident)?) => {{
        let ContributionFilter { indicator, span, city, county, school, typical, pairing, kind, month } = *$which;
        values!(data::$list {
            indicator,
            first: span.from,
            last: span.to,
            city,
            county,
            school,
            typical,
            pairing,
            kind,
            month
            $(, $more)?
        })
    }};
}

/// The things behind a figure, newest first. Of one school the days are walked, from the last one on; where the scope is
/// narrow its few schools are looked through; otherwise the days of all are walked.
pub fn behind(which: &ContributionFilter<'_>, scope: &Scope) -> ListCall {
    if !which.school.is_empty() {
        filtered!(which, ROWS_OF_SCHOOL)
    } else if scope.is_narrow() {
        filtered!(which, ROWS_OF_FEW)
    } else {
        filtered!(which, ROWS)
    }
}

/// Things that were changed after a day so that the figure is another now: what each was then, and is now.
pub fn changed(which: &ContributionFilter<'_>, since: Date) -> ListCall {
    filtered!(which, SINCE, since)
}

/// What is confirmed of each indicator at one school, within a window and up to its end.
pub async fn of_school(tx: &mut Tx, school: &str, window: Period) -> Result<Vec<SchoolSum>> {
    let year = i64::from(window.closing_year());
    tx.all(&data::OF_SCHOOL, args![school, window.from, window.to, year]).await
}

/// The same at every school visible to the caller, of one indicator, or of the two that a share divides.
pub async fn of_schools(tx: &mut Tx, (one, other): (&str, &str), window: Period) -> Result<Vec<SchoolSum>> {
    tx.settle().await?;
    let year = i64::from(window.closing_year());
    tx.all(&data::OF_SCHOOLS, args![one, window.from, window.to, year, other]).await
}

/// The sums of each indicator at one school by month, from one month up to another.
pub async fn months_of(tx: &mut Tx, school: &str, (first, last): (i64, i64)) -> Result<Vec<MonthSum>> {
    tx.settle().await?;
    tx.all(&data::MONTHS_OF, args![school, first, last]).await
}

/// The sums of each indicator at one school up to the end of a month: of its year by month, and under month 0 those of all
/// years before.
pub async fn until_month(tx: &mut Tx, school: &str, month: i64) -> Result<Vec<MonthSum>> {
    let year = month / 100;
    let mut sums = months_of(tx, school, (year * 100 + 1, month)).await?;
    sums.extend(tx.all::<MonthSum>(&data::BEFORE_YEAR, args![school, year]).await?);
    Ok(sums)
}

/// The things behind the figures of one school within these days.
pub async fn rows_within(tx: &mut Tx, school: &str, days: Period) -> Result<Vec<PartRow>> {
    tx.settle().await?;
    tx.all(&data::ROWS_WITHIN, args![school, days.from, days.to]).await
}

/// How many things stand behind an indicator within these days, by school: claimed, and confirmed.
pub async fn things_within(
    tx: &mut Tx,
    indicator: &str,
    days: Period,
) -> Result<HashMap<String, (i64, i64)>> {
    tx.settle().await?;
    let rows: Vec<(String, i64, i64)> =
        tx.all(&data::THINGS_WITHIN, args![indicator, days.from, days.to]).await?;
    Ok(rows.into_iter().map(|(school, claimed, confirmed)| (school, (claimed, confirmed))).collect())
}

/// Organisations visible to the caller, and the county schools of its pairings, former ones too, in the
/// order of names.
pub async fn places(tx: &mut Tx) -> Result<Vec<OrgLocation>> {
    tx.all(&data::PLACES, Vec::new()).await
}

/// Claimed and confirmed that one thing adds to an indicator, by all its days.
#[cfg(test)]
pub async fn of_resource(tx: &mut Tx, resource: &str, indicator: &str) -> Result<(i64, i64)> {
    let rows = tx.all::<data::ContributionRow>(&data::OF_RESOURCE, args![resource]).await?;
    let own = rows.iter().filter(|row| row.indicator == indicator);
    Ok(own.fold((0, 0), |sum, row| (sum.0 + row.claimed, sum.1 + row.confirmed)))
}
