//! Asking for something, reporting and closing it, with every check: for the pages, for meetings and the demonstration.

use super::data::{self, FollowupRow, ProjectOfRow};
use super::rules;
use crate::network::pairings::{self, PairingRow, rules::runs};
use crate::network::registry;
use crate::shared::notices::{self, Kind, News};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::reply::Choice;
use serde_json::json;

/// Where something that is asked for comes from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A meeting, the day from which its decisions count, and the decision.
    Decision { meeting: String, on: Date, decision: String },
    /// The month of a school, by its row.
    Month(String),
}

impl Origin {
    /// The day on which it was asked for: a meeting may be written down after it was held.
    fn said(&self, today: Date) -> Date {
        match self {
            Self::Decision { on, .. } => today.min(*on),
            Self::Month(_) => today,
        }
    }
}

/// What is asked of whom, until when.
#[derive(Debug, Clone)]
pub struct NewFollowup {
    pub text: String,
    pub owner: String,
    pub due: Option<Date>,
    pub origin: Origin,
    pub school: Option<String>,
    pub project: Option<String>,
    pub clause: String,
}

/// Asks for it in the name of the caller; returns its id.
pub async fn assign(tx: &mut Tx, programme: &Programme, new: &NewFollowup) -> Result<String> {
    if let Origin::Month(report) = &new.origin {
        not_asked_yet(tx, report).await?;
    }
    let said = new.origin.said(tx.today());
    let mut errors = rules::check(programme, said, &new.text, new.due);
    if new.owner.is_empty() || registry::find(tx, &new.owner).await.is_err() {
        errors.push(FieldError::new("owner", Code::NotListed.says("请从列出的单位里选由谁办。")));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let (id, host) = (tx.new_id(), tx.actor().org.clone());
    let (meeting, decision, report) = match &new.origin {
        Origin::Decision { meeting, decision, .. } => (Some(meeting), Some(decision), None),
        Origin::Month(report) => (None, None, Some(report)),
    };
    named!(data::INSERT {
        id: &id,
        host: &host,
        owner: &new.owner,
        text: &new.text,
        due: new.due,
        meeting: meeting.cloned(),
        decision: decision.cloned(),
        report: report.cloned(),
        school: new.school.clone(),
        project: new.project.clone(),
        clause: &new.clause,
        made_on: said,
    })
    .write(tx)
    .await?;
    let change = json!({
        "owner": new.owner, "text": new.text, "due": new.due, "meeting": meeting, "decision": decision, "report": report,
        "school": new.school, "project": new.project, "clause": new.clause,
    });
    review::begun::<FollowupRow>(tx, &id, "assign", change).await?;
    let row = super::find(tx, &id).await?;
    let said = format!("由{}办理，期限 {}", row.owner_name, row.due);
    tell_school(tx, &row, "交办了与本校有关的事项", &said).await?;
    Ok(id)
}

/// What troubled a school in a month is asked for once by one unit, until that is over; `report` is the row of the month.
pub async fn not_asked_yet(tx: &mut Tx, report: &str) -> Result<()> {
    let (own, given) = (tx.actor().org.clone(), super::about_months(tx).await?);
    let mine = |one: &FollowupRow| one.report.as_deref() == Some(report) && one.host == own && !one.is_over();
    if given.iter().any(mine) {
        let words = "本单位已经交办过这所学校这个月的问题，在督办事项里可以看到；要改期或撤销请打开那一件。";
        return Err(Error::NotNow(words.to_owned()));
    }
    Ok(())
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<FollowupRow>>> {
    let row = super::find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// What its owner says: how far it is, or that it is done.
pub async fn report(
    tx: &mut Tx,
    opened: &Loaded<Found<FollowupRow>>,
    version: i64,
    (done, words): (bool, &str),
) -> Result<()> {
    let next = opened.demand(if done { Action::Submit } else { Action::Comment })?;
    if words.is_empty() {
        let missing = Code::Missing.says("请写明办理情况，对方才好确认。");
        return Err(Error::field("reason", missing));
    }
    let said = Said { reason: words, change: json!({ "done": done }) };
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), said).await
}

pub async fn recall(tx: &mut Tx, opened: &Loaded<Found<FollowupRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Recall)?;
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), Said::default()).await
}

/// Who asked for it agrees that it is done.
pub async fn accept(tx: &mut Tx, opened: &Loaded<Found<FollowupRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Accept)?;
    let columns = args![tx.today()];
    review::carry_out(tx, &opened.row, next, version, (&data::SETTLE, columns), Said::default()).await?;
    tell_school(tx, &opened.row, "办结了与本校有关的事项", "").await
}

pub async fn send_back(
    tx: &mut Tx,
    opened: &Loaded<Found<FollowupRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Return)?;
    if reason.is_empty() {
        return Err(Error::field("reason", Code::Missing.says("请写明还要办什么，对方才好接着办。")));
    }
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), Said::reason(reason)).await
}

/// Another day, which is never nearer than the minimum notice.
pub async fn defer(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<FollowupRow>>,
    version: i64,
    (due, reason): (Option<Date>, &str),
) -> Result<()> {
    let next = opened.demand(Action::Edit)?;
    let row = &opened.row;
    rules::check_due(programme, tx.today(), due).map_err(|error| Error::Invalid(vec![error]))?;
    if due == Some(row.due) {
        return Err(Error::field("due", Code::Unchanged.says("与现在的期限相同；请选择改到哪一天。")));
    }
    if reason.is_empty() {
        return Err(Error::field("why", Code::Missing.says("请写明为什么改期，责任单位看得到。")));
    }
    // Both days stay readable: a day that was put off is not a day that never was.
    let days = due.map(|due| format!("由 {} 改到 {due}：{reason}", row.due)).unwrap_or_default();
    let said = Said { reason: &days, change: json!({ "before": row.due, "after": due }) };
    review::carry_out(tx, row, next, version, (&data::DEFER, args![due]), said).await?;
    tell(tx, row, "督办事项改期", &days).await
}

fn news<'a>(id: &'a str, words: &'a str, said: &'a str) -> News<'a> {
    News { kind: Kind::Decided, resource: "followup", id, words, said, batch: "" }
}

/// The owner is told what became of it: it may leave the desk, or come later, without a deed of its own. So is the school
/// whose matter it is.
async fn tell(tx: &mut Tx, row: &FollowupRow, what: &str, said: &str) -> Result<()> {
    let words = format!("{what}：{}", row.text);
    notices::tell(tx, &row.owner, news(&row.id, &words, said)).await?;
    tell_school(tx, row, what, said).await
}

/// The school whose matter it is, where it does not see to it itself.
async fn tell_school(tx: &mut Tx, row: &FollowupRow, what: &str, said: &str) -> Result<()> {
    let Some(school) = row.school.as_ref().filter(|school| **school != row.owner) else { return Ok(()) };
    notices::tell(tx, school, news(&row.id, &format!("{what}：{}", row.text), said)).await
}

pub async fn drop(
    tx: &mut Tx,
    opened: &Loaded<Found<FollowupRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    if reason.is_empty() {
        return Err(Error::field("why", Code::Missing.says("请写明为什么不用办了，责任单位看得到。")));
    }
    let columns = args![tx.today()];
    review::carry_out(tx, &opened.row, next, version, (&data::SETTLE, columns), Said::reason(reason)).await?;
    tell(tx, &opened.row, "撤销了督办事项", reason).await
}

/// Who may be asked about a school: the caller itself, the bureau above the school, its helpers and the school.
pub async fn choices(tx: &mut Tx, school: &str) -> Result<Vec<Choice>> {
    let (today, actor) = (tx.today(), std::sync::Arc::clone(tx.actor()));
    let mut found = vec![Choice::new(&actor.org, format!("{}（本单位）", actor.org_name))];
    let row = registry::find(tx, school).await?;
    if let Some((parent, name)) = row.parent.as_ref().zip(row.parent_name.as_ref())
        && registry::find(tx, parent).await.is_ok()
    {
        found.push(Choice::new(parent, name));
    }
    let pairings = pairings::of_county_school(tx, school).await?;
    let running = pairings.iter().filter(|one: &&PairingRow| runs(one.from_day, one.to_day, today));
    for one in running {
        found.push(Choice::new(&one.lead, &one.lead_name));
        found.push(Choice::new(&one.nearby, &one.nearby_name));
    }
    found.push(Choice::new(&row.id, &row.name));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|choice| seen.insert(choice.value.clone()));
    Ok(found)
}

/// The filed projects of a school that go on: id, title.
pub async fn projects_of(tx: &mut Tx, school: &str) -> Result<Vec<ProjectOfRow>> {
    tx.all(&data::PROJECTS, args![school]).await
}
