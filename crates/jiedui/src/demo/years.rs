//! The years of the demonstration: the office closed the one before last, and the last one waits for it.

use super::maker::{Maker, describe};
use super::rng::plus;
use crate::evidence::profiles::rules::first_year;
use crate::reporting::years;
use chrono::Datelike as _;
use jiedui_kernel::Result;
use std::sync::Arc;

/// So many days ago, so that something became another since.
const AGO: i64 = 15;

pub async fn close(maker: &mut Maker) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let day = plus(maker.today, -AGO);
    let year = day.year() - 2;
    if year < first_year(&programme) {
        return Ok(());
    }
    maker.act_as_office(day);
    years::close(&mut maker.tx, &programme, year).await.map_err(|error| describe("year", error))
}
