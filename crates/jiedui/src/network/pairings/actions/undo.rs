//! The pairings that one file wrote, and the way back: what it made goes while nothing refers to it, what it changed is as it was
//! ([0113](../../../../../../docs/decisions/0113-a-file-goes-with-its-rows.md)).

use super::super::data::{self, Basis, PairingImage};
use super::super::{PairingRow, found, of_county_school, rules};
use super::{args_of, hanging, step};
use crate::network::registry::{self, RowChange};
use jiedui_kernel::{Error, Result};
use jiedui_store::audit::WrittenRow;
use jiedui_store::{Found, Tx, args};
use jiedui_web::history;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;

const BACK: &str = "撤销表格导入";

/// A pairing that a file wrote.
#[derive(Debug, Serialize, Deserialize)]
pub struct PairingDone {
    pub row: RowChange<PairingImage>,
    /// How many steps its history had then.
    steps: usize,
}

/// The pairings that a file may change, by their ids, as they are before it.
pub async fn before_file(tx: &mut Tx) -> Result<HashMap<String, PairingImage>> {
    let rows = tx.all::<PairingImage>(&data::IMAGES, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
}

/// What the transaction of a file wrote of them.
pub async fn done_by_file(
    tx: &mut Tx,
    mut before: HashMap<String, PairingImage>,
    written: &[WrittenRow],
) -> Result<Vec<PairingDone>> {
    let mut done = Vec::new();
    for row in written.iter().filter(|row| row.table == "pairing") {
        let after = tx.one::<PairingImage>(&data::IMAGE, args![&row.key]).await?;
        let steps = history::of(tx, &row.key).await?.len();
        done.push(PairingDone { row: RowChange::of(row, &mut before, after)?, steps });
    }
    Ok(done)
}

/// What of it is no more as the file left it, each by its name. They and their county schools are taken until the
/// transaction ends.
pub async fn changed_since(tx: &mut Tx, done: &[PairingDone]) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for PairingDone { row, steps } in done {
        let after = &row.after;
        registry::lock(tx, &after.county_school).await?;
        let there = match tx.lock(&data::LOCK, args![&after.id]).await {
            Ok(()) => tx.maybe::<PairingImage>(&data::IMAGE, args![&after.id]).await?,
            Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        };
        let moved = there.as_ref() != Some(after) || history::of(tx, &after.id).await?.len() != *steps;
        if moved {
            let school = registry::find(tx, &after.county_school).await?.name;
            changed.push(format!("{school}自 {} 起的结对（导入以后又改过）", after.from_day));
        }
    }
    Ok(changed)
}

fn name_of(row: &PairingRow) -> String {
    format!("{}自 {} 起的结对", row.county_name, row.from_day)
}

/// Takes back what a file wrote, and says what stands in the way: where something does, nothing of the transaction may stay.
pub async fn take_back(tx: &mut Tx, done: &[PairingDone]) -> Result<Vec<String>> {
    let mut built = Vec::new();
    for PairingDone { row, .. } in done.iter().filter(|one| one.row.before.is_none()) {
        let pairing = found(tx, &row.after.id).await?;
        built.extend(remove(tx, &pairing).await?);
    }
    let mut changed: Vec<(&PairingImage, &PairingImage)> =
        done.iter().filter_map(|one| Some((one.row.before.as_ref()?, &one.row.after))).collect();
    // Of one school no two may run without an end: those that get one come first.
    changed.sort_by_key(|(before, _)| before.to_day.is_none());
    for (before, after) in changed {
        let pairing = found(tx, &after.id).await?;
        match in_the_way(tx, &pairing, before, done).await? {
            Some(what) => built.push(format!("{}（{what}）", name_of(&pairing))),
            None => restore(tx, &pairing, before).await?,
        }
    }
    Ok(built)
}

async fn remove(tx: &mut Tx, pairing: &Found<PairingRow>) -> Result<Option<String>> {
    tx.change(pairing, &data::DROP_PARTIES, Vec::new()).await?;
    let by = tx.all::<(String,)>(&data::USED, args![&pairing.id]).await?;
    if let Some(used) = registry::used(&name_of(pairing), by) {
        return Ok(Some(used));
    }
    history::forget(tx, &pairing.id).await?;
    tx.change_one(pairing, &data::DROP, Vec::new()).await?;
    Ok(None)
}

/// What would lose its basis, or have no room, if a pairing were again as it was before the file.
async fn in_the_way(
    tx: &mut Tx,
    pairing: &Found<PairingRow>,
    before: &PairingImage,
    done: &[PairingDone],
) -> Result<Option<String>> {
    if let Some(last) = before.to_day.filter(|last| pairing.to_day.is_none_or(|to| to > *last)) {
        let hanging = hanging(tx, &pairing.id, last).await?;
        if !hanging.is_empty() {
            return Ok(Some(format!("原来的结束日期以后已有{hanging}")));
        }
    }
    if pairing.agreed_on != before.agreed_on {
        let day = before.from_day.pred_opt().unwrap_or(before.from_day);
        if tx.one::<Basis>(&data::BASIS, args_of(&pairing.id, day)).await?.agreements > 0 {
            return Ok(Some("协议已经登记".to_owned()));
        }
    }
    let others = of_county_school(tx, &pairing.county_school).await?;
    let is_own = |id: &str| done.iter().any(|one| one.row.after.id == id);
    let mine = (before.from_day, before.to_day);
    let other =
        others.iter().find(|one| !is_own(&one.id) && rules::overlaps(mine, (one.from_day, one.to_day)));
    Ok(other.map(|other| format!("自 {} 起已有另一组结对", other.from_day)))
}

async fn restore(tx: &mut Tx, pairing: &Found<PairingRow>, before: &PairingImage) -> Result<()> {
    let values = args![&before.id, before.agreed_on, before.to_day, &before.source, &before.end_reason];
    tx.write_one(&data::UPDATE, values).await?;
    if pairing.to_day == before.to_day {
        return Ok(());
    }
    let change = json!({ "before": pairing.to_day, "to": before.to_day });
    history::record(tx, &step(&before.id, "dates", BACK, change)).await
}
