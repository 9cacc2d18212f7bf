//! Closing a year, and what was kept of it.

pub mod recheck;
pub mod steps;

use super::data::{self, YearRow};
use super::rules::{self, OpenStep, Parcel};
use crate::reporting::questions::{self, Answer, Asked, Split};
use crate::shared::frozen;
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::json;

/// The year of an address, where there is one.
pub fn year_of(year: i32, tx: &Tx, programme: &Programme) -> Result<i32> {
    if rules::years(programme, tx.today()).contains(&year) { Ok(year) } else { Err(Error::NotFound) }
}

/// The years that were closed, without what was kept, the newest first.
pub async fn closed(tx: &mut Tx) -> Result<Vec<YearRow>> {
    tx.all(&data::ALL, Vec::new()).await
}

/// What was kept of a year, where it was closed.
pub async fn kept(tx: &mut Tx, year: i32) -> Result<(YearRow, Parcel)> {
    let row = tx.maybe::<YearRow>(&data::KEPT, args![i64::from(year)]).await?.ok_or(Error::NotFound)?;
    let parcel = frozen::read(&row.text, format_args!("the year {year}"))?;
    Ok((row, parcel))
}

/// Every figure of a year as it stands, by school, in the part of the province that is the caller's own.
pub async fn answer(tx: &mut Tx, programme: &Programme, year: i32) -> Result<Answer> {
    let asked = Asked {
        title: format!("{year}年度"),
        figures: programme.indicators.iter().map(|of| of.id.clone()).collect(),
        year,
        months: (0, 0),
        split: Split::School,
        as_of: None,
    };
    questions::answer_now(tx, programme, &asked).await
}

/// What of a year is still to be done, in the part of the province that is the caller's own.
pub async fn still_open(tx: &mut Tx, programme: &Programme, year: i32) -> Result<Vec<OpenStep>> {
    let steps = steps::steps(tx, programme, year).await?;
    let of_year = steps.into_iter().filter(|step| step.part == rules::Part::Closing && step.is_open());
    Ok(of_year.map(OpenStep::of).collect())
}

/// Closes a year that is over: keeps its figures and what is still open.
pub async fn close(tx: &mut Tx, programme: &Programme, year: i32) -> Result<()> {
    let today = tx.today();
    if !rules::is_over(year, today) {
        let words = "这一年还没有过完，过完以后再收尾。没有办完的事可以先从清单里打开办理。";
        return Err(Error::NotNow(words.to_owned()));
    }
    let open = still_open(tx, programme, year).await?;
    let parcel = Parcel { year, closed_on: today, open, answer: answer(tx, programme, year).await? };
    let (text, sum) = frozen::text(&parcel)?;
    let (id, host) = (tx.new_id(), tx.actor().org.clone());
    let key = args![&id, i64::from(year), &host, today, &text, &sum];
    if tx.write(&data::INSERT, key).await? == 0 {
        return Err(Error::NotNow(format!("{year}年度已经收尾，存底不再改动；后来的变化另外列出。")));
    }
    let change = json!({ "year": year, "digest": sum, "log": parcel.answer.stamp.log_root });
    let entry = HistoryEntry { resource: "year", id: &id, kind: "close", reason: "", revision: 1, change };
    history::record(tx, &entry).await
}
