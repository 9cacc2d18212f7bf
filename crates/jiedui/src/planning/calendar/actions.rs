//! What is written: announced, moved, answered, held. Each leaves one line in the history and one audit record.

use super::data::{self, AnnouncementRow};
use super::rules::{self, Action, State};
use crate::evidence::ledger::{self, NewEntry};
use crate::network::pairings::{self, PairingRow};
use jiedui_kernel::{Date, Error, FieldError, Period, Result};
use jiedui_programme::{Activity, Measure, Programme};
use jiedui_store::{Tx, args};
use jiedui_web::history::{self, HistoryEntry};

const CONCURRENT: &str = "这次预告刚被别人改过，您的操作没有写入。请看过现在的内容再决定。";

/// What a helper says that it will do.
#[derive(Debug, Clone)]
pub struct NewAnnouncement {
    pub period: Period,
    pub person: Option<String>,
    pub quantity: Option<i64>,
    pub purpose: String,
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<AnnouncementRow> {
    tx.one(&data::SHOW, args![id]).await
}

fn invalid(field: &str, message: &str) -> Error {
    Error::Invalid(vec![FieldError { field: field.to_owned(), message: message.to_owned() }])
}

/// Announces something on a pairing that was found in scope.
pub async fn announce(
    tx: &mut Tx,
    activity: &Activity,
    pairing: &PairingRow,
    new: &NewAnnouncement,
) -> Result<String> {
    let org = tx.actor().org.clone();
    if !rules::can_announce(activity) || ![&pairing.lead, &pairing.nearby].contains(&&org) {
        return Err(invalid("pairing", "这件事不由本单位预告。"));
    }
    check_days(tx.today(), pairing, new.period)?;
    let id = tx.new_id();
    let values = args![
        &id,
        &pairing.id,
        &org,
        &activity.id,
        new.period.from,
        new.period.to,
        new.person.clone(),
        new.quantity,
        &new.purpose,
    ];
    tx.write(&data::INSERT, values).await?;
    let change = serde_json::json!({
        "activity": activity.id, "from": new.period.from, "to": new.period.to, "person": new.person,
        "quantity": new.quantity, "purpose": new.purpose,
    });
    record(tx, &id, "announce", "", 1, change).await?;
    Ok(id)
}

fn check_days(today: Date, pairing: &PairingRow, period: Period) -> Result<()> {
    if period.to < today {
        return Err(invalid("from", "预告的是还没有发生的事；已经做完的，请直接登记工作。"));
    }
    if period.to > today + chrono::TimeDelta::days(rules::FARTHEST_DAYS) {
        return Err(invalid("from", "日期太远，可能写错了年份；最多预告到一年以后。"));
    }
    let runs = pairings::rules::runs(pairing.from_day, pairing.to_day, period.from)
        && pairings::rules::runs(pairing.from_day, pairing.to_day, period.to);
    if runs { Ok(()) } else { Err(invalid("from", "这几天不在结对期内。")) }
}

/// Checks that the caller may do this to the row now; the state it then has.
fn step(tx: &Tx, row: &AnnouncementRow, action: Action) -> Result<State> {
    Ok(row.life()?.apply(action, row.standing(tx.actor()), tx.today())?)
}

fn written(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::Conflict(CONCURRENT.to_owned())) } else { Ok(()) }
}

pub async fn reschedule(
    tx: &mut Tx,
    row: &AnnouncementRow,
    version: i64,
    pairing: &PairingRow,
    new: &NewAnnouncement,
) -> Result<()> {
    step(tx, row, Action::Reschedule)?;
    check_days(tx.today(), pairing, new.period)?;
    let values = args![
        &row.id,
        version,
        new.period.from,
        new.period.to,
        new.person.clone(),
        new.quantity,
        &new.purpose
    ];
    written(tx.write(&data::RESCHEDULE, values).await?)?;
    let change = serde_json::json!({
        "before": { "from": row.from_day, "to": row.to_day, "person": row.person, "quantity": row.quantity,
                    "purpose": row.purpose },
        "after": { "from": new.period.from, "to": new.period.to, "person": new.person, "quantity": new.quantity,
                   "purpose": new.purpose },
    });
    record(tx, &row.id, "reschedule", "", version, change).await
}

/// The county school would rather have other days.
pub async fn propose(
    tx: &mut Tx,
    row: &AnnouncementRow,
    version: i64,
    days: Period,
    reason: &str,
) -> Result<()> {
    step(tx, row, Action::Propose)?;
    let pairing = pairings::find(tx, &row.pairing).await?;
    check_days(tx.today(), &pairing, days)?;
    written(tx.write(&data::PROPOSE, args![&row.id, version, days.from, days.to]).await?)?;
    let change = serde_json::json!({ "from": days.from, "to": days.to });
    record(tx, &row.id, "propose", reason, version, change).await
}

/// The helper's answer to the days proposed.
pub async fn answer(tx: &mut Tx, row: &AnnouncementRow, version: i64, accepts: bool) -> Result<()> {
    let action = if accepts { Action::Accept } else { Action::Decline };
    step(tx, row, action)?;
    let (from, to) = match (row.proposed_from, row.proposed_to) {
        (Some(from), Some(to)) if accepts => (from, to),
        _ => (row.from_day, row.to_day),
    };
    written(tx.write(&data::MOVE, args![&row.id, version, from, to]).await?)?;
    let change = serde_json::json!({ "before": { "from": row.from_day, "to": row.to_day }, "from": from, "to": to });
    record(tx, &row.id, action.id(), "", version, change).await
}

/// What really happened, where it differs from what was announced.
#[derive(Debug, Clone)]
pub struct Happened {
    pub period: Period,
    pub quantity: Option<i64>,
}

/// The announcement becomes an entry, with every check of the ledger; the county school confirms it like any other.
pub async fn hold(
    tx: &mut Tx,
    programme: &Programme,
    activity: &Activity,
    row: &AnnouncementRow,
    version: i64,
    happened: &Happened,
) -> Result<String> {
    let next = step(tx, row, Action::Hold)?;
    let new = NewEntry {
        pairing: pairings::find(tx, &row.pairing).await?,
        helper: None,
        joint: false,
        from: Some(happened.period.from),
        to: Some(happened.period.to),
        person: row.person.clone(),
        quantity: happened.quantity.filter(|_| activity.measure == Measure::Entered),
        project: None,
        roster: Vec::new(),
        fields: serde_json::Map::new(),
    };
    let entry = ledger::claim(tx, programme, activity, &new).await?;
    written(tx.write(&data::FINISH, args![&row.id, version, next.id(), Some(entry.clone())]).await?)?;
    record(tx, &row.id, "hold", "", version, serde_json::json!({ "entry": entry })).await?;
    Ok(entry)
}

/// It did not happen, or will not: said once, with a word if one likes.
pub async fn finish(
    tx: &mut Tx,
    row: &AnnouncementRow,
    version: i64,
    action: Action,
    reason: &str,
) -> Result<()> {
    let next = step(tx, row, action)?;
    let none: Option<String> = None;
    written(tx.write(&data::FINISH, args![&row.id, version, next.id(), none]).await?)?;
    record(tx, &row.id, action.id(), reason, version, serde_json::json!({})).await
}

async fn record(
    tx: &mut Tx,
    id: &str,
    kind: &'static str,
    reason: &str,
    revision: i64,
    change: serde_json::Value,
) -> Result<()> {
    let entry = HistoryEntry { thing: "announcement", id, kind, reason, content: revision, change };
    history::record(tx, &entry).await
}
