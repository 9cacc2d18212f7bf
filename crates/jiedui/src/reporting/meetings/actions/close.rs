//! Closing a meeting: what it says is kept as it is, what it decided goes to whoever sees to it, and the record that says it
//! was held is made, so that nobody enters it again.

use super::super::data::{self, MeetingRow};
use super::super::rules;
use super::super::rules::parcel::{AgendaItem, Attendance, Decided, MeetingParcel};
use super::{agenda, pack, parties};
use crate::evidence::outputs::{self, NewOutput};
use crate::reporting::followups::{self, NewFollowup, Origin};
use crate::shared::frozen::{self, Stamp};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Code, Date, Error, FieldError, Result, shanghai_time};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args};
use serde_json::{Value, json};

pub async fn close(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<MeetingRow>>,
    version: i64,
) -> Result<()> {
    let next = opened.demand(Action::Accept)?;
    let row = &opened.row;
    if rules::begins(row.on_day, &row.at_time).is_some_and(|begins| shanghai_time(tx.now()) < begins) {
        let words = format!("还没有到开会的时间（{}）；开完会再归档。", row.at_time);
        return Err(Error::NotNow(words));
    }
    let parcel = make(tx, programme, row).await?;
    let said = rules::said(row, &opened.history, tx.today());
    check(programme, &parcel, said)?;
    let record = record(tx, programme, row, &parcel).await?;
    let (text, digest) = frozen::text(&parcel)?;
    let step = Said::change(json!({ "digest": digest, "log": parcel.stamp.log_root, "record": record }));
    let columns = args![record, text, digest];
    review::carry_out(tx, row, next, version, (&data::CLOSE, columns), step).await?;
    for decided in parcel.agenda.into_iter().flat_map(|item| item.decisions) {
        let origin = Origin::Decision { meeting: row.id.clone(), on: said, decision: decided.id };
        let new = NewFollowup {
            text: decided.text,
            owner: decided.owner,
            due: Some(decided.due),
            origin,
            school: decided.school,
            project: decided.project,
            clause: decided.clause,
        };
        followups::assign(tx, programme, &new).await?;
    }
    Ok(())
}

/// The meeting as it stands.
pub async fn make(tx: &mut Tx, programme: &Programme, row: &MeetingRow) -> Result<MeetingParcel> {
    let last = pack::before_it(tx, row).await?;
    let pack = pack::make(tx, programme, row, last.as_ref()).await?;
    let attendance = parties(tx, &row.id).await?.into_iter().map(|party| Attendance {
        org: party.org,
        name: party.name,
        attended: party.attended,
        persons: party.persons,
    });
    Ok(MeetingParcel {
        meeting: row.id.clone(),
        kind: row.kind.clone(),
        title: row.title.clone(),
        host: row.host.clone(),
        host_name: row.host_name.clone(),
        on: row.on_day,
        at: row.at_time.clone(),
        place: row.place.clone(),
        stamp: Stamp::now(tx, programme).await?,
        attendance: attendance.collect(),
        agenda: items(tx, &row.id).await?,
        pack,
        minutes: row.minutes.clone(),
    })
}

/// The agenda of a meeting that was found, with what was decided.
pub async fn items(tx: &mut Tx, meeting: &str) -> Result<Vec<AgendaItem>> {
    let decisions = agenda::decisions(tx, meeting).await?;
    let decided = |topic: &str| {
        let of = decisions.iter().filter(|one| one.topic == topic);
        let one = |row: &data::DecisionRow| Decided {
            id: row.id.clone(),
            text: row.text.clone(),
            owner: row.owner.clone(),
            owner_name: row.owner_name.clone(),
            due: row.due,
            school: row.school.clone(),
            project: row.project.clone(),
            clause: row.clause.clone(),
        };
        of.map(one).collect()
    };
    let topics = agenda::topics(tx, meeting).await?;
    let item = |row: data::TopicRow| AgendaItem {
        decisions: decided(&row.id),
        names: serde_json::from_str(&row.names).unwrap_or_default(),
        topic: row.id,
        title: row.title,
        source: row.source,
        href: row.href,
    };
    Ok(topics.into_iter().map(item).collect())
}

/// Everybody who is asked for something is told in time, also where the meeting is closed late.
fn check(programme: &Programme, parcel: &MeetingParcel, said: Date) -> Result<()> {
    let first = followups::rules::earliest(programme, said);
    let late = parcel.agenda.iter().flat_map(|item| &item.decisions).filter(|one| one.due < first);
    let wrong = |one: &Decided| {
        let words = format!("“{}”的办结期限太近，最早是 {first}；请去掉这一条，重新写明期限。", one.text);
        FieldError::new("", Code::OutOfRange.says(words))
    };
    let empty = parcel.agenda.is_empty().then(|| {
        FieldError::new("", Code::Missing.says("议程还是空的；请先把研究过的议题列入议程，再归档。"))
    });
    Error::of(late.map(wrong).chain(empty).collect())
}

/// The record that the programme wants of such a meeting; none where it wants none, or where it was entered already.
async fn record(
    tx: &mut Tx,
    programme: &Programme,
    row: &MeetingRow,
    parcel: &MeetingParcel,
) -> Result<Option<String>> {
    let kind = programme.meeting(&row.kind);
    let Some(of) = kind.and_then(|kind| programme.output(kind.record.as_deref()?)) else { return Ok(None) };
    let lines: Vec<&str> =
        parcel.agenda.iter().flat_map(|item| &item.decisions).map(|one| one.text.as_str()).collect();
    let mut new = NewOutput { title: title(row), since: Some(row.on_day), ..NewOutput::default() };
    if let Some(field) = kind.and_then(|kind| kind.decided.clone()).filter(|_| !lines.is_empty()) {
        let text: String = lines.join("；").chars().take(DECIDED).collect();
        new.fields.insert(field, Value::from(text));
    }
    match outputs::record(tx, programme, of, &new).await {
        Ok(id) => Ok(Some(id)),
        Err(Error::Invalid(errors)) if errors.iter().all(|error| error.code == Code::Duplicate) => Ok(None),
        Err(other) => Err(other),
    }
}

/// A field of a record takes no more.
const DECIDED: usize = 900;

/// A record's title is shorter than a meeting's may be.
fn title(row: &MeetingRow) -> String {
    row.title.chars().take(60).collect()
}
