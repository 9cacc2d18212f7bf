//! What is written about a meeting: announced, changed, attended, cancelled. Each leaves one line in its history.

pub mod agenda;
pub mod backlog;
pub mod close;
pub mod pack;

use super::data::{self, MeetingRow, PartyRow};
use super::rules;
use crate::network::registry;
use crate::shared::notices::{self, Kind, News};
use crate::shared::review::{self, Action, Loaded, Said};
use crate::standing::duties;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Result};
use jiedui_programme::{MeetingKind, Programme};
use jiedui_store::{Found, Tx, args, named};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;

/// When and where, and who is invited.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewMeeting {
    pub on: Option<Date>,
    pub at: String,
    pub place: String,
    pub invited: Vec<String>,
}

/// What was decided on a topic.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewDecision {
    pub text: String,
    pub owner: String,
    pub due: Option<Date>,
    pub school: Option<String>,
    pub project: Option<String>,
    pub clause: String,
}

/// A meeting visible to the caller, with its history and what the caller may do to it.
pub async fn opened(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<MeetingRow>>> {
    let row = super::find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// Who is invited to a meeting of this kind unless the host says otherwise, in the order of sides and names.
pub async fn invited_by_default(tx: &mut Tx, kind: &MeetingKind) -> Result<Vec<duties::Debtor>> {
    let own = tx.actor().org.clone();
    let mut seen = BTreeSet::from([own]);
    let mut all = duties::debtors(tx).await?;
    all.retain(|one| kind.invites.contains(&one.side) && seen.insert(one.org.clone()));
    Ok(all)
}

/// Announces a meeting of the caller's own organisation; returns its id.
pub async fn announce(
    tx: &mut Tx,
    programme: &Programme,
    kind: &MeetingKind,
    new: &NewMeeting,
) -> Result<String> {
    let actor = std::sync::Arc::clone(tx.actor());
    if rules::held_by(programme, |role| actor.has_role(role)).all(|one| one.id != kind.id) {
        return Err(Error::Forbidden(format!("“{}”不由本单位召集。", kind.name)));
    }
    let mut errors = rules::check(new.on, &new.at, &new.place, tx.today());
    let known = invited_by_default(tx, kind).await?;
    if new.invited.iter().any(|org| known.iter().all(|one| one.org != *org)) {
        errors.push(FieldError::new("org", Code::NotListed.says("请从列出的单位里选。")));
    }
    if new.invited.is_empty() {
        errors.push(FieldError::new("org", Code::Missing.says("请至少选一个参加的单位。")));
    }
    let Some(on) = new.on.filter(|_| errors.is_empty()) else { return Err(Error::Invalid(errors)) };
    // Two colleagues who announce the same at once do so one after the other.
    registry::lock(tx, &actor.org).await?;
    free_day(tx, (&actor.org, &kind.id, ""), on).await?;
    let (id, title) = (tx.new_id(), free_title(tx, (&actor.org, kind), on).await?);
    named!(data::INSERT {
        id: &id,
        host: &actor.org,
        kind: &kind.id,
        title,
        on_day: on,
        at_time: &new.at,
        place: &new.place,
    })
    .write(tx)
    .await?;
    let row = super::find(tx, &id).await?;
    for org in &new.invited {
        tx.change(&row, &data::INSERT_PARTY, args![org]).await?;
    }
    let change = json!({ "kind": kind.id, "after": new });
    review::begun::<MeetingRow>(tx, &id, "announce", change).await?;
    Ok(id)
}

/// The same, and one in each period that is left of the year, each a meeting of its own that is moved or cancelled alone. What
/// is past, too far ahead or announced already is left out. Returns their ids, that of the first one first.
pub async fn announce_series(
    tx: &mut Tx,
    programme: &Programme,
    kind: &MeetingKind,
    new: &NewMeeting,
) -> Result<Vec<String>> {
    let mut made = vec![announce(tx, programme, kind, new).await?];
    let (host, today) = (tx.actor().org.clone(), tx.today());
    let days = new.on.map(|on| rules::later(kind, on, &programme.calendar.workdays)).unwrap_or_default();
    for day in days.into_iter().filter(|day| (1..=rules::DAYS).contains(&(*day - today).num_days())) {
        let Some(named) = rules::period(kind, day) else { continue };
        let period = args![&host, &kind.id, named.period.from, named.period.to];
        let there: Vec<MeetingRow> = tx.all(&data::IN_PERIOD, period).await?;
        if there.is_empty() {
            let next = NewMeeting { on: Some(day), ..new.clone() };
            made.push(announce(tx, programme, kind, &next).await?);
        }
    }
    Ok(made)
}

/// What a meeting is called beside those that the host holds of the same kind in the same period.
async fn free_title(tx: &mut Tx, (host, kind): (&str, &MeetingKind), on: Date) -> Result<String> {
    let Some(named) = rules::period(kind, on) else { return Ok(rules::title(kind, on)) };
    let days = args![host, &kind.id, named.period.from, named.period.to];
    let rows: Vec<MeetingRow> = tx.all(&data::IN_PERIOD, days).await?;
    let there: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
    Ok(rules::free_title(kind, on, &there))
}

/// Of one series (a host and a kind) there is one meeting a day; `id` is the one that may be there.
async fn free_day(tx: &mut Tx, (host, kind, id): (&str, &str, &str), on: Date) -> Result<()> {
    let twins: Vec<MeetingRow> = tx.all(&data::IN_PERIOD, args![host, kind, on, on]).await?;
    if twins.iter().all(|twin| twin.id == id) {
        return Ok(());
    }
    let twin = Code::Duplicate.says("这一天的会议已经召集过了；要改时间或地点，请打开那一次。");
    Err(Error::field("on", twin))
}

/// Another day, time or place, or others who are invited.
pub async fn edit(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<MeetingRow>>,
    version: i64,
    (title, new): (&str, &NewMeeting),
) -> Result<()> {
    let next = opened.demand(Action::Edit)?;
    let row = &opened.row;
    let mut errors = rules::check(new.on, &new.at, &new.place, tx.today());
    let length = title.chars().count();
    if length == 0 {
        errors.push(FieldError::new("title", Code::Missing.says("请写会议的名称。")));
    } else if length > rules::TITLE as usize {
        errors.push(FieldError::new("title", Mistake::too_long("名称", rules::TITLE as usize, length)));
    }
    let before = parties(tx, &row.id).await?;
    let known = match programme.meeting(&row.kind) {
        Some(kind) => invited_by_default(tx, kind).await?,
        None => Vec::new(),
    };
    let fits =
        |org: &String| before.iter().any(|one| one.org == *org) || known.iter().any(|one| one.org == *org);
    if !new.invited.iter().all(fits) || new.invited.is_empty() {
        errors.push(FieldError::new("org", Code::NotListed.says("请从列出的单位里选，至少一个。")));
    }
    let Some(on) = new.on.filter(|_| errors.is_empty()) else { return Err(Error::Invalid(errors)) };
    free_day(tx, (&row.host, &row.kind, &row.id), on).await?;
    let columns = args![title, on, &new.at, &new.place];
    let was = json!({ "title": row.title, "on": row.on_day, "at": row.at_time, "place": row.place });
    let said = Said::change(json!({ "before": was, "title": title, "after": new }));
    review::update(tx, row, next, version, (&data::EDIT, columns)).await?;
    for gone in before.iter().filter(|one| !new.invited.contains(&one.org)) {
        tx.change(row, &data::DROP_PARTY, args![&gone.org]).await?;
    }
    for org in new.invited.iter().filter(|org| before.iter().all(|one| one.org != **org)) {
        tx.change(row, &data::INSERT_PARTY, args![org]).await?;
    }
    review::record(tx, row, next, said).await?;
    let words = format!("修改了会议：{title}（{on} {}）", new.at);
    for org in before.iter().map(|one| &one.org).chain(&new.invited).collect::<BTreeSet<_>>() {
        tell(tx, row, org, words.trim()).await?;
    }
    Ok(())
}

/// Who was invited is told what became of the meeting: it may move, or leave the desk.
async fn tell(tx: &mut Tx, row: &MeetingRow, org: &str, words: &str) -> Result<()> {
    let news = News { kind: Kind::Decided, resource: "meeting", id: &row.id, words, said: "", batch: "" };
    notices::tell(tx, org, news).await
}

/// Who was invited, in the order of names; of a meeting that was found.
pub async fn parties(tx: &mut Tx, meeting: &str) -> Result<Vec<PartyRow>> {
    tx.all(&data::PARTIES, args![meeting]).await
}

/// Who came, each with persons where somebody wrote them down, and what is left to say.
pub async fn attend(
    tx: &mut Tx,
    opened: &Loaded<Found<MeetingRow>>,
    version: i64,
    (came, minutes): (&[(String, String)], &str),
) -> Result<()> {
    let next = opened.demand(Action::Comment)?;
    let row = &opened.row;
    let mut errors = Vec::new();
    if minutes.chars().count() > rules::MINUTES as usize {
        let length = minutes.chars().count();
        errors
            .push(FieldError::new("minutes", Mistake::too_long("会议纪要", rules::MINUTES as usize, length)));
    }
    let long = |(_, persons): &&(String, String)| persons.chars().count() > rules::PERSONS as usize;
    if let Some((org, persons)) = came.iter().find(long) {
        let mistake = Mistake::too_long("到会人员", rules::PERSONS as usize, persons.chars().count());
        errors.push(FieldError::new(format!("persons-{org}"), mistake));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    review::update(tx, row, next, version, (&data::ATTEND, args![minutes])).await?;
    for party in parties(tx, &row.id).await? {
        let said = came.iter().find(|(org, _)| *org == party.org);
        let (attended, persons) = (said.is_some(), said.map_or("", |(_, persons)| persons.as_str()));
        if attended != party.attended || persons != party.persons {
            tx.change_one(row, &data::SET_PARTY, args![&party.org, attended, persons]).await?;
        }
    }
    let said = Said::change(json!({ "came": came, "minutes": minutes }));
    review::record(tx, row, next, said).await
}

pub async fn cancel(tx: &mut Tx, opened: &Loaded<Found<MeetingRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    let row = &opened.row;
    review::carry_out(tx, row, next, version, (&data::MOVE, Vec::new()), Said::default()).await?;
    let words = format!("取消了会议：{}（{}）", row.title, row.on_day);
    for party in parties(tx, &row.id).await? {
        tell(tx, row, &party.org, &words).await?;
    }
    Ok(())
}
