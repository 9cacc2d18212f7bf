//! The handovers of the demonstration: one agreed by both long ago, one that waits for the helper that took over.

use super::maker::{Maker, describe};
use super::rng::plus;
use crate::network::pairings::PairingRow;
use crate::planning::handovers::{self, NewHandover, SuccessionRow};
use crate::shared::review::{self, Action};
use jiedui_kernel::Result;
use std::sync::Arc;

/// Pairings that ended before so many days are handed over and agreed; later ones wait.
const AGREED_BEFORE_DAYS: i64 = 90;

pub async fn hand_over(maker: &mut Maker, rows: &[PairingRow]) -> Result<()> {
    let (today, day) = (maker.today, maker.last());
    maker.act_as_office(day);
    let mut successions = Vec::new();
    for row in rows.iter().filter(|row| row.to_day.is_some_and(|end| end < today)) {
        let of = handovers::of_pairing(&mut maker.tx, &row.id).await?;
        successions.extend(of.into_iter().filter(|of| of.pairing == row.id));
    }
    for of in &successions {
        one(maker, of).await?;
    }
    Ok(())
}

async fn one(maker: &mut Maker, of: &SuccessionRow) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let told = |maker: &Maker, days| plus(of.ended, days).min(maker.last());
    let leaving = maker.actor(&of.leaving).await?;
    maker.act(&leaving, told(maker, 9));
    let new = NewHandover {
        note: "实训设备的清单和培训课件留在学校教务处，有疑问随时联系我校教务处（示例）。".to_owned(),
        ..NewHandover::default()
    };
    let proposed = handovers::propose(&mut maker.tx, &programme, of, &new).await;
    let id = proposed.map_err(|error| describe("handover", error))?;
    if (maker.today - of.ended).num_days() < AGREED_BEFORE_DAYS {
        return Ok(());
    }
    let arriving = maker.actor(&of.arriving).await?;
    maker.act(&arriving, told(maker, 15));
    let row = handovers::find(&mut maker.tx, &id).await?;
    let opened = review::open(&mut maker.tx, &programme, row).await?;
    let answer = (Action::Agree, opened.row.revision, "");
    handovers::answer(&mut maker.tx, &programme, &opened, answer).await.map(drop)
}
