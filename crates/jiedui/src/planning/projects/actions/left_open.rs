//! What becomes of the projects in force of a county school that is no more: what is left of them goes on in the pairing of the
//! school that it was merged into, or ends. Where a helper is no more the projects are still those of the county school, and the
//! handover says what becomes of them.

use super::hand_on::{Succession, hand_on};
use super::record_project;
use crate::network::pairings::{self, PairingRow};
use crate::planning::projects::data::{self, Ended, ListRow, ProjectRow, RestRow};
use crate::shared::left_open::{LeftBy, LeftCourse, LeftThing};
use crate::shared::review::Reviewed as _;
use jiedui_kernel::{Date, Result};
use jiedui_store::{Tx, args};
use serde_json::json;

const NOBODY: &str = "没有接收它的库内学校";
const UNPAIRED: &str = "接收它的学校没有正在执行的结对";

pub async fn settle(tx: &mut Tx, of: LeftBy<'_>) -> Result<Vec<LeftThing>> {
    let later = match of.successor {
        Some(successor) => running(tx, successor, of.day).await?,
        None => None,
    };
    let is_paired = of.foreseen.map_or(later.is_some(), |foreseen| foreseen.is_paired);
    let stays = match (of.successor, is_paired) {
        (None, _) => Some(NOBODY),
        (Some(_), false) => Some(UNPAIRED),
        (Some(_), true) => None,
    };
    let mut told = Vec::new();
    for pairing in pairings::of_county_school(tx, of.school).await? {
        // What is done and only waits to be confirmed is answered as it always is.
        let mut rows = tx.all::<RestRow>(&data::LEFT_OPEN, args![&pairing.id]).await?;
        rows.retain(|row| row.left() > 0);
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        match (of.course, &later) {
            (LeftCourse::GoesOver, Some(later)) => {
                let since = later.from_day.max(of.day);
                let (earlier, later, ended) = (pairing.id.as_str(), later.id.as_str(), of.last());
                hand_on(tx, Succession { earlier, later, ended, since }, &ids).await?;
            }
            (LeftCourse::Closes, _) => {
                for id in ids {
                    cease(tx, id, of).await?;
                }
            }
            _ => {}
        }
        let line =
            |row: &RestRow| LeftThing { what: format!("项目“{}”", row.title), asked: true, stays };
        told.extend(rows.iter().map(line));
    }
    Ok(told)
}

/// The pairing of a county school that runs on a day, or is the first to run after it.
async fn running(tx: &mut Tx, school: &str, day: Date) -> Result<Option<PairingRow>> {
    let rows = pairings::of_county_school(tx, school).await?;
    Ok(rows.into_iter().find(|row| row.to_day.is_none_or(|to| to >= day)))
}

async fn cease(tx: &mut Tx, id: &str, of: LeftBy<'_>) -> Result<()> {
    let project = tx.find::<ProjectRow>(&data::PROJECT, args![id]).await?;
    let values = args![Ended::Removed, of.reason, of.last()];
    data::END_PROJECT.at(&project, project.version, values).write(tx, ListRow::CHANGED).await?;
    record_project(tx, id, "cease", of.reason, 0, json!({ "ended": of.last() })).await
}
