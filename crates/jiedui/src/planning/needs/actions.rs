//! What becomes of a school's open needs, and of what it offered, when the school is no more.

use super::data::{self, CapacityRow, NeedRow, NeedState};
use super::{FASTER, last_rank, put_state, record};
use crate::network::registry;
use crate::shared::left_open::{LeftBy, LeftCourse, LeftThing};
use jiedui_kernel::Result;
use jiedui_store::{Found, Tx, args};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::json;

const NOBODY: &str = "没有接收它的库内学校";
const NO_COUNTY_SCHOOL: &str = "接收它的学校现在不是对口县级院校";

/// Needs go over in the order in which their school wanted them, behind those of the other one, or are dropped. What was offered
/// ends: whoever took the school over says for itself what it can give.
pub async fn settle(tx: &mut Tx, of: LeftBy<'_>) -> Result<Vec<LeftThing>> {
    let stays = stays(tx, of).await?;
    let mut told = Vec::new();
    for need in tx.find_all::<NeedRow>(&data::OF_SCHOOL, args![of.school]).await? {
        if need.state != NeedState::Open {
            continue;
        }
        match (of.course, of.successor) {
            (LeftCourse::GoesOver, Some(successor)) if stays.is_none() => {
                hand_over(tx, &need, successor, of.reason).await?;
            }
            (LeftCourse::Closes, _) => {
                put_state(tx, &need, need.version, NeedState::Dropped, ["", ""]).await?;
                record(tx, &need, "drop", of.reason, json!({ "rank": need.rank })).await?;
            }
            _ => {}
        }
        told.push(LeftThing { what: format!("需求“{}”", need.title), asked: true, stays });
    }
    for row in tx.find_all::<CapacityRow>(&data::OFFERED_BY, args![of.school, of.day]).await? {
        if of.course != LeftCourse::Open {
            end_offer(tx, &row, of).await?;
        }
        told.push(LeftThing {
            what: format!("帮扶能力“{}”", row.strength), asked: false, stays: None
        });
    }
    Ok(told)
}

/// Why the needs cannot go over.
async fn stays(tx: &mut Tx, of: LeftBy<'_>) -> Result<Option<&'static str>> {
    let Some(successor) = of.successor else { return Ok(Some(NOBODY)) };
    let today = tx.today();
    let is_one = match of.foreseen {
        Some(foreseen) => foreseen.is_county_school,
        None => registry::has_flag(tx, successor, "county_school", today).await?,
    };
    Ok(if is_one { None } else { Some(NO_COUNTY_SCHOOL) })
}

async fn hand_over(tx: &mut Tx, need: &Found<NeedRow>, successor: &str, reason: &str) -> Result<()> {
    let rank = last_rank(tx, successor).await? + 1;
    data::HAND_OVER.at(need, need.version, args![successor, rank]).write(tx, FASTER).await?;
    let change = json!({ "from": need.org, "to": successor, "rank": rank });
    record(tx, need, "hand_over", reason, change).await
}

async fn end_offer(tx: &mut Tx, row: &Found<CapacityRow>, of: LeftBy<'_>) -> Result<()> {
    let last = of.last();
    data::END_CAPACITY.at(row, row.version, args![last]).write(tx, FASTER).await?;
    let change = json!({ "before": row.to_day, "after": last });
    let step = HistoryEntry {
        resource: "capacity",
        id: &row.id,
        kind: "end",
        reason: of.reason,
        revision: row.version,
        change,
    };
    history::record(tx, &step).await
}
