//! Closed years, held against the running code.

use super::super::data;
use super::super::rules::Parcel;
use crate::shared::contributions::month_of;
use crate::shared::frozen;
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, amounts, broken};
use jiedui_kernel::{Period, Result};
use jiedui_programme::span;
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "year",
    name: "年度收尾",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

async fn again(tx: &mut Tx, id: &str, running: Running<'_>) -> Result<Again> {
    let (text, digest) = tx.one::<(String, String)>(&data::KEPT_TEXT, args![id]).await?;
    let parcel: Parcel = frozen::read(&text, format_args!("the closed year {id}"))?;
    let mut found: Vec<Otherwise> = broken(&text, &digest).into_iter().collect();
    let whole = parcel.answer.adds_up();
    found.extend((!whole).then(|| Otherwise::new("各部分之和", "与合计相符", "与合计不符")));
    found.extend(counted(&parcel, running));
    let year = parcel.year;
    Ok(Again { title: format!("{year}年度"), href: format!("/years/{year}/changes"), found })
}

/// The figures of the whole that the running code counts otherwise.
fn counted(parcel: &Parcel, running: Running<'_>) -> Vec<Otherwise> {
    let Some(whole) = parcel.answer.units.last() else { return Vec::new() };
    let mut found = Vec::new();
    for (figure, cell) in parcel.answer.figures.iter().zip(&whole.cells) {
        let of = running.programme.indicator(&figure.indicator);
        let window = Period::year(parcel.year);
        let days = of.zip(window).and_then(|(of, window)| span(&of.of, window));
        let months = days.map(|days| month_of(days.from)..=month_of(days.to));
        let by = months.and_then(|months| running.shifts.of(&figure.indicator, None, months));
        let Some(by) = by else { continue };
        let was = (cell.claimed.value.value().unwrap_or(0), cell.confirmed.value.value().unwrap_or(0));
        // What is no sum has to be made from its parts.
        let becomes = match figure.adds {
            true => amounts(figure.unit, (was.0 + by.0, was.1 + by.1)),
            false => "依据的数变了，要重新计算".to_owned(),
        };
        found.push(Otherwise::new(&figure.name, amounts(figure.unit, was), becomes));
    }
    found
}
