//! What is written: announced, moved, answered, held. Each leaves one line in the history and one audit record.

use super::data::{self, AnnouncementRow};
use super::rules::{self, Action, Refusal, State};
use crate::evidence::ledger::{self, NewEntry};
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::shared::left_open::{LeftBy, LeftCourse, LeftThing};
use jiedui_kernel::{Code, Date, Error, Mistake, Period, Result};
use jiedui_programme::{Activity, Measure, Programme};
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::history::{self, HistoryEntry};
use serde::Serialize;
use std::sync::Arc;

const CONCURRENT: &str = "这次预告刚被别人改过，您的操作没有写入。请看过现在的内容再决定。";
const NONE: Option<String> = None;

/// What a helper says that it will do.
#[derive(Debug, Clone, Serialize)]
pub struct NewAnnouncement {
    pub from: Date,
    pub to: Date,
    pub person: Option<String>,
    pub visitors: String,
    pub place: String,
    pub quantity: Option<i64>,
    pub purpose: String,
}

impl NewAnnouncement {
    /// The same as a row says it.
    fn of(row: &AnnouncementRow) -> Self {
        Self {
            from: row.from_day,
            to: row.to_day,
            person: row.person.clone(),
            visitors: row.visitors.clone(),
            place: row.place.clone(),
            quantity: row.quantity,
            purpose: row.purpose.clone(),
        }
    }

    fn period(&self) -> Result<Period> {
        Period::new(self.from, self.to).ok_or_else(|| Error::field("to", Mistake::reversed()))
    }
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<AnnouncementRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// What is announced at a county school for some of these days and was not held yet, the earliest first.
pub async fn coming(tx: &mut Tx, school: &str, days: Period) -> Result<Vec<AnnouncementRow>> {
    let rows: Vec<AnnouncementRow> = tx.all(&data::BETWEEN, args![days.from, days.to, school]).await?;
    Ok(rows.into_iter().filter(|row| row.state == State::Announced).collect())
}

/// Announces something on a pairing that was found in scope.
pub async fn announce(
    tx: &mut Tx,
    activity: &Activity,
    pairing: &PairingRow,
    new: &NewAnnouncement,
) -> Result<String> {
    let org = tx.actor().org.clone();
    if !rules::announces(activity, pairing, &org) {
        return Err(Error::field("pairing", Code::NotFitting.says("这件事不由本单位预告。")));
    }
    check(tx, pairing, (&activity.id, ""), new.period()?).await?;
    let (id, now) = (tx.new_id(), tx.now());
    named!(data::INSERT {
        id: &id,
        pairing: &pairing.id,
        org: &org,
        activity: &activity.id,
        from_day: new.from,
        to_day: new.to,
        person: new.person.clone(),
        visitors: &new.visitors,
        place: &new.place,
        quantity: new.quantity,
        purpose: &new.purpose,
        now,
    })
    .write(tx)
    .await?;
    let change = serde_json::json!({ "activity": activity.id, "pairing": pairing.id, "after": new });
    record(tx, &id, "announce", "", 1, change).await?;
    Ok(id)
}

/// The days are possible, and the same was not announced already by another row than `except`.
async fn check(
    tx: &mut Tx,
    pairing: &PairingRow,
    (activity, except): (&str, &str),
    period: Period,
) -> Result<()> {
    rules::check_days(tx.today(), pairing, period).map_err(|error| Error::Invalid(vec![error]))?;
    let org = tx.actor().org.clone();
    // Two announcements at once come one after the other, so that the second is reported at its field.
    registry::lock(tx, &org).await?;
    let key = args![&pairing.id, &org, activity, period.from, except];
    match tx.maybe::<(String,)>(&data::TWIN, key).await? {
        Some(_) => Err(Error::field(
            "from",
            Code::Duplicate.says("这一天的同一事项已经预告过了；有变动请改原来那一条。"),
        )),
        None => Ok(()),
    }
}

/// Checks that the caller may do this to the row now; the state it then has.
fn step(tx: &Tx, row: &AnnouncementRow, version: i64, action: Action) -> Result<State> {
    match row.life()?.apply(action, row.standing(tx.actor()), tx.today()) {
        Err(Refusal::NotYours) => Err(Refusal::NotYours.into()),
        // Where it moved on meanwhile, that is the reason worth knowing.
        _ if row.version != version => Err(Error::Conflict(CONCURRENT.to_owned())),
        done => done.map_err(Error::from),
    }
}

pub async fn reschedule(
    tx: &mut Tx,
    row: &Found<AnnouncementRow>,
    version: i64,
    new: &NewAnnouncement,
) -> Result<()> {
    step(tx, row, version, Action::Reschedule)?;
    let pairing = pairings::find(tx, &row.pairing).await?;
    check(tx, &pairing, (&row.activity, &row.id), new.period()?).await?;
    let call = named!(data::RESCHEDULE {
        version,
        from_day: new.from,
        to_day: new.to,
        person: new.person.clone(),
        visitors: &new.visitors,
        place: &new.place,
        quantity: new.quantity,
        purpose: &new.purpose,
        now: tx.now(),
    });
    call.on(row).write(tx, CONCURRENT).await?;
    let change = serde_json::json!({ "before": NewAnnouncement::of(row), "after": new });
    record(tx, &row.id, "reschedule", "", version + 1, change).await
}

/// The county school would rather have other days.
pub async fn propose(
    tx: &mut Tx,
    row: &Found<AnnouncementRow>,
    version: i64,
    days: Period,
    reason: &str,
) -> Result<()> {
    step(tx, row, version, Action::Propose)?;
    let pairing = pairings::find(tx, &row.pairing).await?;
    rules::check_days(tx.today(), &pairing, days).map_err(|error| Error::Invalid(vec![error]))?;
    if (days.from, days.to) == (row.from_day, row.to_day) {
        return Err(Error::field("from", Code::Unchanged.says("与预告的日期相同；请选择希望改到的日期。")));
    }
    let now = tx.now();
    data::PROPOSE.at(row, version, args![now, days.from, days.to]).write(tx, CONCURRENT).await?;
    let change = serde_json::json!({ "from": days.from, "to": days.to });
    record(tx, &row.id, "propose", reason, version + 1, change).await
}

/// The helper's answer to the days proposed.
pub async fn answer(tx: &mut Tx, row: &Found<AnnouncementRow>, version: i64, accepts: bool) -> Result<()> {
    let action = if accepts { Action::Accept } else { Action::Decline };
    step(tx, row, version, action)?;
    let (from, to) = match (row.proposed_from, row.proposed_to) {
        (Some(from), Some(to)) if accepts => (from, to),
        _ => (row.from_day, row.to_day),
    };
    if accepts {
        let pairing = pairings::find(tx, &row.pairing).await?;
        let days = Period::new(from, to).ok_or(Error::NotFound)?;
        check(tx, &pairing, (&row.activity, &row.id), days).await?;
    }
    let now = tx.now();
    data::MOVE.at(row, version, args![now, from, to]).write(tx, CONCURRENT).await?;
    let change =
        serde_json::json!({ "before": { "from": row.from_day, "to": row.to_day }, "from": from, "to": to });
    record(tx, &row.id, action.id(), "", version + 1, change).await
}

/// What became of one press: the entry, and whether it was there already.
#[derive(Debug)]
pub struct Entered {
    pub entry: String,
    pub before: bool,
}

/// It happened as announced: the entry is what was announced, unless the helper entered it already by another way.
pub async fn hold(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    activity: &Activity,
    row: &Found<AnnouncementRow>,
    version: i64,
) -> Result<Entered> {
    step(tx, row, version, Action::Hold)?;
    data::LOCK.at(row, version, Vec::new()).write(tx, CONCURRENT).await?;
    let key = args![&row.pairing, &row.activity, &row.org, row.from_day, row.to_day];
    if let Some((entry,)) = tx.maybe::<(String,)>(&data::ENTERED, key).await? {
        finish(tx, row, version, Action::Hold, ("", Some(&entry))).await?;
        return Ok(Entered { entry, before: true });
    }
    let new = NewEntry {
        from: Some(row.from_day),
        to: Some(row.to_day),
        person: row.person.clone(),
        quantity: row.quantity.filter(|_| activity.measure == Measure::Entered),
        ..NewEntry::on(pairings::find(tx, &row.pairing).await?)
    };
    if activity.fields.iter().any(|field| field.required) {
        return Err(Error::field(
            "",
            Code::Missing.says("这类工作还有必填的内容，预告里没有；请补齐后登记。"),
        ));
    }
    enter(tx, programme, activity, row, version, &new).await
}

/// It happened, and the entry says what the ordinary form says: every check of the ledger, and the county school confirms
/// it like any other.
pub async fn enter(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    activity: &Activity,
    row: &Found<AnnouncementRow>,
    version: i64,
    new: &NewEntry,
) -> Result<Entered> {
    step(tx, row, version, Action::Hold)?;
    data::LOCK.at(row, version, Vec::new()).write(tx, CONCURRENT).await?;
    if new.pairing.id != row.pairing {
        return Err(Error::field(
            "pairing",
            Code::NotFitting.says("这次预告不是到这所学校；到别的学校请另行登记。"),
        ));
    }
    let entry = ledger::claim(tx, programme, activity, new).await?;
    finish(tx, row, version, Action::Hold, ("", Some(&entry))).await?;
    Ok(Entered { entry, before: false })
}

/// It became an entry, did not happen, or will not: said once, with a word.
pub async fn finish(
    tx: &mut Tx,
    row: &Found<AnnouncementRow>,
    version: i64,
    action: Action,
    (reason, entry): (&str, Option<&str>),
) -> Result<()> {
    let next = step(tx, row, version, action)?;
    let (now, entry) = (tx.now(), entry.map_or(NONE, |entry| Some(entry.to_owned())));
    let change = serde_json::json!({ "entry": entry });
    data::FINISH.at(row, version, args![now, next.id(), entry]).write(tx, CONCURRENT).await?;
    record(tx, &row.id, action.id(), reason, version + 1, change).await
}

/// What was announced for later at a school that is no more, or by it, is cancelled: who comes in its place announces for itself.
pub async fn settle_left(tx: &mut Tx, of: LeftBy<'_>) -> Result<Vec<LeftThing>> {
    let mut rows = tx.find_all::<AnnouncementRow>(&data::LEFT_AT, args![of.school, of.day]).await?;
    rows.extend(tx.find_all::<AnnouncementRow>(&data::LEFT_BY, args![of.school, of.day]).await?);
    let mut told = Vec::new();
    for row in &rows {
        if of.course != LeftCourse::Open {
            let now = tx.now();
            data::FINISH
                .at(row, row.version, args![now, State::Cancelled.id(), NONE])
                .write(tx, CONCURRENT)
                .await?;
            let change = serde_json::json!({ "entry": NONE });
            record(tx, &row.id, Action::Cancel.id(), of.reason, row.version + 1, change).await?;
        }
        let what = format!("{}对{}的活动预告（{}）", row.org_name, row.county_name, row.from_day);
        told.push(LeftThing { what, asked: false, stays: None });
    }
    Ok(told)
}

async fn record(
    tx: &mut Tx,
    id: &str,
    kind: &'static str,
    reason: &str,
    revision: i64,
    change: serde_json::Value,
) -> Result<()> {
    let entry = HistoryEntry { resource: "announcement", id, kind, reason, revision, change };
    history::record(tx, &entry).await
}
