//! Exchanges of the demonstration: a file as the national system of schools would give it, with one number that differs from
//! ours. It is made from the schools of the demonstration, which are 示例 by their names.

use super::maker::{Maker, describe};
use super::rng::plus;
use crate::sharing::exchange;
use jiedui_exchange::{Row, Value, write};
use jiedui_kernel::{Error, Result};
use std::sync::Arc;

const EXCHANGE: &str = "school-system";
const AGO: i64 = 6;
/// So many pupils more the other side has at one school.
const MORE: i64 = 12;

pub async fn compare(maker: &mut Maker) -> Result<()> {
    compared(maker).await.map_err(|error| describe("exchange", error))
}

/// Nothing where the programme has no such exchange, or no school told anything yet.
async fn compared(maker: &mut Maker) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let Some(one) = programme.exchange(EXCHANGE) else { return Ok(()) };
    maker.act_as_office(plus(maker.today, -AGO));
    let schema = exchange::schema(&programme, one)?;
    let (bytes, _) = exchange::file(&mut maker.tx, &programme, one).await?;
    let Ok(ours) = exchange::came(&schema, &bytes, true) else { return Ok(()) };
    let mut rows: Vec<Row> = ours.lines.into_iter().map(|line| line.row).collect();
    let number = rows.iter_mut().flatten().flatten().find_map(|value| match value {
        Value::Number(number) => Some(number),
        Value::Text(_) => None,
    });
    let Some(number) = number else { return Ok(()) };
    *number += MORE;
    let bytes = write(&schema, &rows).map_err(Error::internal)?;
    let Ok(theirs) = exchange::came(&schema, &bytes, true) else { return Ok(()) };
    exchange::take_in(&mut maker.tx, &programme, one, &theirs).await.map(drop)
}
