//! The agenda, and what is decided on each topic of it.

use super::super::data::{self, DecisionRow, MeetingRow, TopicRow};
use super::super::rules;
use super::super::rules::topics::Topic;
use super::{NewDecision, pack};
use crate::network::registry;
use crate::reporting::followups;
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args, named};
use serde_json::json;

/// The next meeting of the caller's own, onto whose agenda something can be put, and the one before it.
pub async fn around(tx: &mut Tx, programme: &Programme) -> Result<(Option<MeetingRow>, Option<MeetingRow>)> {
    let (actor, today) = (std::sync::Arc::clone(tx.actor()), tx.today());
    let mut announced = tx.all::<MeetingRow>(&data::ANNOUNCED_BY, args![&actor.org]).await?;
    // One that is past and was not closed does not stand in the way of the next.
    let at = announced.iter().position(|row| row.on_day >= today).unwrap_or(0);
    let next = (at < announced.len()).then(|| announced.swap_remove(at));
    let usual = || rules::held_by(programme, |role| actor.has_role(role)).next().map(|kind| kind.id.clone());
    let last = match next.as_ref().map(|row| row.kind.clone()).or_else(usual) {
        Some(kind) => pack::last(tx, &actor.org, &kind, today).await?,
        None => None,
    };
    Ok((next, last))
}

/// What stands on the agenda of a meeting that was found.
pub async fn topics(tx: &mut Tx, meeting: &str) -> Result<Vec<TopicRow>> {
    tx.all(&data::TOPICS, args![meeting]).await
}

pub async fn decisions(tx: &mut Tx, meeting: &str) -> Result<Vec<DecisionRow>> {
    tx.all(&data::DECISIONS, args![meeting]).await
}

/// Puts something on the agenda that the records offer, as they say it now.
pub async fn take(
    tx: &mut Tx,
    opened: &Loaded<Found<MeetingRow>>,
    version: i64,
    topic: &Topic,
) -> Result<()> {
    put(tx, opened, version, topic).await
}

/// Puts something on the agenda that somebody wrote down.
pub async fn write_topic(
    tx: &mut Tx,
    opened: &Loaded<Found<MeetingRow>>,
    version: i64,
    title: &str,
) -> Result<()> {
    let length = title.chars().count();
    let mistake = match length {
        0 => Code::Missing.says("请写一句要研究什么。"),
        _ if length > rules::TITLE as usize => Mistake::too_long("议题", rules::TITLE as usize, length),
        _ => return put(tx, opened, version, &Topic::written(title)).await,
    };
    Err(Error::field("title", mistake))
}

async fn put(tx: &mut Tx, opened: &Loaded<Found<MeetingRow>>, version: i64, topic: &Topic) -> Result<()> {
    let next = opened.demand(Action::Complete)?;
    let row = &opened.row;
    let there = topics(tx, &row.id).await?;
    if !topic.source.is_empty() && there.iter().any(|one| one.source == topic.source) {
        return Err(Error::NotNow("这一项已经在议程里了。".to_owned()));
    }
    review::update(tx, row, next, version, (&data::MOVE, Vec::new())).await?;
    let (id, names) = (tx.new_id(), serde_json::to_string(&topic.names).map_err(Error::internal)?);
    named!(data::INSERT_TOPIC {
        id: &id,
        place: i64::try_from(there.len()).unwrap_or(i64::MAX),
        title: &topic.title,
        source: &topic.source,
        href: &topic.href,
        names,
        school: topic.school.clone(),
        project: topic.project.clone(),
        clause: &topic.clause,
    })
    .write(tx, row)
    .await?;
    let words = format!("列入议题：{}", topic.title);
    let said =
        Said { reason: &words, change: json!({ "put": id, "title": topic.title, "source": topic.source }) };
    review::record(tx, row, next, said).await
}

/// The topic of this id on the agenda of a meeting that was found.
pub async fn topic(tx: &mut Tx, meeting: &str, id: &str) -> Result<TopicRow> {
    topics(tx, meeting).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

/// Takes a topic off again, on which nothing was decided.
pub async fn remove(tx: &mut Tx, opened: &Loaded<Found<MeetingRow>>, version: i64, id: &str) -> Result<()> {
    let next = opened.demand(Action::Complete)?;
    let row = &opened.row;
    let of = topic(tx, &row.id, id).await?;
    if decisions(tx, &row.id).await?.iter().any(|one| one.topic == id) {
        return Err(Error::NotNow("这个议题已经有议定事项；要移出，请先去掉它的议定事项。".to_owned()));
    }
    review::update(tx, row, next, version, (&data::MOVE, Vec::new())).await?;
    tx.change_one(row, &data::DROP_TOPIC, args![id]).await?;
    let words = format!("移出议题：{}", of.title);
    let said = Said { reason: &words, change: json!({ "taken_off": id, "title": of.title }) };
    review::record(tx, row, next, said).await
}

/// One line: what is done, by whom, until when.
pub async fn decide(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<MeetingRow>>,
    version: i64,
    (topic, new): (&str, &NewDecision),
) -> Result<()> {
    let next = opened.demand(Action::Complete)?;
    let row = &opened.row;
    self::topic(tx, &row.id, topic).await?;
    let said = rules::said(row, &opened.history, tx.today());
    let mut errors = followups::rules::check(programme, said, &new.text, new.due);
    for (name, org) in [("owner", Some(&new.owner)), ("school", new.school.as_ref())] {
        let Some(org) = org else { continue };
        if org.is_empty() || registry::find(tx, org).await.is_err() {
            errors.push(FieldError::new(name, Code::NotListed.says("请从列出的单位里选。")));
        }
    }
    let projects = match &new.school {
        Some(school) => followups::projects_of(tx, school).await?,
        None => Vec::new(),
    };
    if new.project.as_ref().is_some_and(|project| projects.iter().all(|one| one.id != *project)) {
        errors.push(FieldError::new("project", Code::NotListed.says("请从这所学校正在办的项目里选。")));
    }
    if !new.clause.is_empty() && programme.clauses.iter().all(|one| one.id != new.clause) {
        errors.push(FieldError::new("clause", Code::NotListed.says("请从行动方案条目里选。")));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    review::update(tx, row, next, version, (&data::MOVE, Vec::new())).await?;
    let id = tx.new_id();
    named!(data::INSERT_DECISION {
        id: &id,
        topic,
        text: &new.text,
        owner: &new.owner,
        due: new.due,
        school: new.school.clone(),
        project: new.project.clone(),
        clause: &new.clause,
    })
    .write(tx, row)
    .await?;
    // What was decided is the host's own until the meeting is closed; the history is read by all who are invited.
    let said = Said {
        reason: "记下一项议定事项",
        change: json!({ "decided": id, "topic": topic, "after": new }),
    };
    review::record(tx, row, next, said).await
}

pub async fn undecide(tx: &mut Tx, opened: &Loaded<Found<MeetingRow>>, version: i64, id: &str) -> Result<()> {
    let next = opened.demand(Action::Complete)?;
    let row = &opened.row;
    let of = decisions(tx, &row.id).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    review::update(tx, row, next, version, (&data::MOVE, Vec::new())).await?;
    tx.change_one(row, &data::DROP_DECISION, args![id]).await?;
    let said = Said { reason: "去掉一项议定事项", change: json!({ "dropped": id, "text": of.text }) };
    review::record(tx, row, next, said).await
}
