//! The papers of a meeting, made from the records: what moved since the one before, and how its decisions stand.

use super::super::data::{self, MeetingRow};
use super::super::rules::parcel::{Pack, PackFigure, PackFollowup};
use crate::reporting::followups;
use crate::shared::contributions::{self, month_of};
use chrono::Months;
use jiedui_kernel::{Date, Result};
use jiedui_programme::{IndicatorOf, Programme};
use jiedui_store::{Tx, args};

/// Before the first meeting of a series the papers look back so many months.
const FIRST_MONTHS: u32 = 3;

/// The meeting before, of the same series: one that is written down late has its own before it.
pub async fn before_it(tx: &mut Tx, row: &MeetingRow) -> Result<Option<MeetingRow>> {
    tx.maybe(&data::LAST_CLOSED, args![&row.host, &row.kind, row.on_day, &row.id]).await
}

/// The last meeting of a series up to a day.
pub async fn last(tx: &mut Tx, host: &str, kind: &str, until: Date) -> Result<Option<MeetingRow>> {
    let next = until.succ_opt().unwrap_or(until);
    tx.maybe(&data::LAST_CLOSED, args![host, kind, next, ""]).await
}

pub async fn make(
    tx: &mut Tx,
    programme: &Programme,
    row: &MeetingRow,
    last: Option<&MeetingRow>,
) -> Result<Pack> {
    let today = tx.today();
    let until = row.on_day.min(today);
    let since = last.map_or_else(|| before(until), |last| last.on_day);
    let months = (month_of(since), month_of(until));
    let sums = contributions::months_summed(tx, months).await?;
    // What is done or built is told by months; how schools stand, and shares, belong to a day or a year.
    let told = programme.indicators.iter().filter(|one| matches!(one.of, IndicatorOf::Entries { .. }));
    let figure = |of: &jiedui_programme::Indicator| {
        let sum = sums.iter().find(|sum| sum.indicator == of.id)?;
        (sum.claimed != 0 || sum.confirmed != 0).then(|| PackFigure {
            indicator: of.id.clone(),
            name: of.name.clone(),
            claimed: sum.claimed,
            confirmed: sum.confirmed,
        })
    };
    let figures = told.filter_map(figure).collect();
    let rows = followups::asked_by(tx, &row.host, since, until).await?;
    let followup = |row: &followups::FollowupRow| PackFollowup {
        id: row.id.clone(),
        text: row.text.clone(),
        owner_name: row.owner_name.clone(),
        due: row.due,
        standing: followups::rules::mark(row, today).label.to_owned(),
    };
    Ok(Pack { months, figures, followups: rows.iter().map(followup).collect() })
}

fn before(day: Date) -> Date {
    day.checked_sub_months(Months::new(FIRST_MONTHS)).unwrap_or(day)
}
