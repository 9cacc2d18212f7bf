//! A table that somebody carries over as a file: what was handed over, and what the other side answered to it, which is the same
//! account of every row as by line.

use super::send::{note, told};
use crate::shared::review::{Action, Loaded};
use crate::sharing::exchange::data::{self, BatchRow, RunRow};
use crate::sharing::exchange::rules::schema::schema;
use jiedui_exchange::Answer;
use jiedui_kernel::{Error, Result};
use jiedui_programme::{Programme, Way};
use jiedui_store::{Found, Tx, args};

/// What was handed over, as it was: one part of it.
pub async fn handed(tx: &mut Tx, run: &Found<RunRow>) -> Result<BatchRow> {
    let none = || Error::NotNow("这一次不是用文件交出的，没有交出的文件。".to_owned());
    if run.incoming || !run.by_file {
        return Err(none());
    }
    tx.maybe::<BatchRow>(&data::SENT, args![&run.id]).await?.ok_or_else(none)
}

/// Writes down what the other side answered, and ends the transfer.
pub async fn answered(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<RunRow>>,
    (version, answer): (i64, Answer),
) -> Result<()> {
    let next = opened.demand(Action::Finish)?;
    let batch = handed(tx, &opened.row).await?;
    let exchange = super::exchange(programme, &opened.row.exchange, Way::Out)?;
    let schema = schema(programme, exchange)?;
    let (accepted, refusals) = (answer.accepted, told(&schema, &batch, answer.refused));
    note(tx, &opened.row, &batch, (accepted, &refusals)).await?;
    super::end(tx, opened, next, version).await
}
