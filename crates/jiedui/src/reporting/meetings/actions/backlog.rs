//! 拟提请研究: what the records offer for an agenda. Nobody writes it down: what was decided and is overdue, problems of schools,
//! duties at risk or not begun, schools without partners, pairings without an agreement, needs without an answer, claims that
//! wait too long, lists that were returned, and what other mechanisms raise; each with the names behind it.

use super::super::data::{self, MeetingRow};
use super::super::rules::parcel::Name;
use super::super::rules::topics::{Topic, TopicKind};
use crate::evidence::ledger;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::planning::{needs, projects};
use crate::reporting::{followups, monthly};
use crate::shared::confirmation;
use crate::shared::mechanism::{self, Raised};
use crate::standing::obligations::{self, Clock};
use jiedui_kernel::{Date, Result};
use jiedui_programme::{Clause, ClockState, Programme};
use jiedui_store::{Tx, args};
use std::collections::{BTreeMap, BTreeSet};

/// What is offered to a host: what is new or moved, and apart from it what stands as it stood at its last meeting.
#[derive(Debug, Default)]
pub struct Offers {
    pub moved: Vec<Topic>,
    pub unchanged: Vec<Topic>,
}

impl Offers {
    pub fn find(&self, source: &str) -> Option<&Topic> {
        self.moved.iter().chain(&self.unchanged).find(|one| one.source == source)
    }
}

/// What is read of pairings and duties, for whoever shows more of them on one page.
#[derive(Debug)]
pub struct Records {
    pub pairings: Vec<PairingRow>,
    pub clocks: Vec<Clock>,
}

impl Records {
    pub async fn read(tx: &mut Tx, programme: &Programme) -> Result<Self> {
        let pairings = pairings::in_scope(tx).await?;
        let clocks = obligations::of_pairings(tx, programme, &pairings).await?;
        Ok(Self { pairings, clocks })
    }
}

/// What is offered to the organisation of the caller, without what stands on an agenda of its own. `last` is the meeting
/// before, where there is one.
pub async fn offers(tx: &mut Tx, programme: &Programme, last: Option<&MeetingRow>) -> Result<Offers> {
    let records = Records::read(tx, programme).await?;
    offers_from(tx, programme, last, &records).await
}

/// The same from what was read before.
pub async fn offers_from(
    tx: &mut Tx,
    programme: &Programme,
    last: Option<&MeetingRow>,
    records: &Records,
) -> Result<Offers> {
    let host = tx.actor().org.clone();
    let taken: Vec<(String,)> = tx.all(&data::TAKEN_BY, args![&host]).await?;
    let before = match last {
        Some(row) => super::agenda::topics(tx, &row.id).await?,
        None => Vec::new(),
    };
    let mut all = gathered(tx, programme, &host, records).await?;
    all.retain(|topic| taken.iter().all(|(source,)| *source != topic.source));
    let stood = |topic: &Topic| before.iter().any(|row| row.source == topic.source && topic.same_names(row));
    let (unchanged, moved) = all.into_iter().partition(stood);
    Ok(Offers { moved, unchanged })
}

async fn gathered(tx: &mut Tx, programme: &Programme, host: &str, records: &Records) -> Result<Vec<Topic>> {
    let today = tx.today();
    let mut all = overdue(tx, host).await?;
    all.extend(problems(tx, programme).await?);
    all.extend(clocks(&records.clocks));
    all.extend(idle(&records.clocks, today));
    all.extend(unpaired(tx, &records.pairings).await?);
    all.extend(unsigned(&records.pairings, today));
    all.extend(unanswered(tx, programme).await?);
    all.extend(unconfirmed(tx, programme).await?);
    all.extend(returned(tx).await?);
    all.extend(mechanism::raised(tx, programme).await?.into_iter().map(of_raised));
    Ok(all)
}

async fn overdue(tx: &mut Tx, host: &str) -> Result<Vec<Topic>> {
    let today = tx.today();
    let rows = followups::asked_by(tx, host, today, today).await?;
    let topic = |row: &followups::FollowupRow| {
        let href = format!("/followups/{}", row.id);
        Topic {
            names: vec![Name::new(&href, &row.owner_name, row.school.as_deref().unwrap_or_default())],
            school: row.school.clone(),
            project: row.project.clone(),
            clause: row.clause.clone(),
            ..Topic::new(TopicKind::Overdue, format!("followup:{}", row.id), row.text.clone(), href)
        }
    };
    Ok(rows.iter().filter(|row| row.is_overdue(today)).map(topic).collect())
}

/// What troubles schools and nobody was asked to see to.
async fn problems(tx: &mut Tx, programme: &Programme) -> Result<Vec<Topic>> {
    let months = monthly::rules::months(programme, tx.today(), monthly::rules::LOOK_BACK);
    let Some(since) = months.last() else { return Ok(Vec::new()) };
    let rows = monthly::problems_since(tx, *since).await?;
    let given: BTreeSet<String> =
        followups::about_months(tx).await?.into_iter().filter_map(|row| row.report).collect();
    let topic = |row: monthly::ProblemRow| {
        let line: String = row.problems.lines().collect::<Vec<_>>().join(" ").chars().take(100).collect();
        let href = format!("/months/{}/schools/{}", row.month, row.school);
        Topic {
            names: vec![Name::new(&href, row.school_name, &row.school)],
            assign: Some(format!("/followups/new/{}/{}", row.school, row.month)),
            school: Some(row.school),
            ..Topic::new(TopicKind::Problem, format!("month:{}", row.id), line, href)
        }
    };
    Ok(rows.into_iter().filter(|row| !given.contains(&row.id)).map(topic).collect())
}

/// One for each duty of the helpers: those at risk or overdue in the present period.
fn clocks(all: &[Clock]) -> Vec<Topic> {
    let mut by: BTreeMap<(&str, &'static str), Vec<&Clock>> = BTreeMap::new();
    for clock in all {
        let state = match clock.reading.state {
            ClockState::AtRisk => "at_risk",
            ClockState::Missed if clock.current => "missed",
            _ => continue,
        };
        by.entry((clock.reading.obligation.as_str(), state)).or_default().push(clock);
    }
    let topic = |((obligation, state), mut clocks): ((&str, &'static str), Vec<&Clock>)| {
        in_order(&mut clocks);
        let first = clocks.first()?;
        let title = format!("{}：{}", first.name, first.state.label);
        let href = format!("/clocks?obligation={obligation}&state={state}");
        Some(Topic {
            names: clocks.iter().map(|clock| way(clock)).collect(),
            clause: first.clause.clone(),
            ..Topic::new(TopicKind::Clock, format!("clock:{obligation}:{state}"), title, href)
        })
    };
    by.into_iter().filter_map(topic).collect()
}

/// By the county schools, then by who helps them.
fn in_order(clocks: &mut [&Clock]) {
    clocks.sort_by(|a, b| (&a.county_key, &a.helper_key).cmp(&(&b.county_key, &b.helper_key)));
}

/// From whom to whom.
fn way(clock: &Clock) -> Name {
    let label = format!("{}到{}", clock.helper_name, clock.county_name);
    Name::new(&clock.href, label, &clock.reading.county_school)
}

/// One for each duty: those of whom nothing was recorded though more than half of the period is over, and that are neither at
/// risk nor overdue yet. A warning that comes some days before the end comes too late for whoever leads.
fn idle(all: &[Clock], today: Date) -> Vec<Topic> {
    let half = |clock: &Clock| {
        let period = &clock.reading.period;
        today - period.from > period.to - today
    };
    let mut by: BTreeMap<&str, Vec<&Clock>> = BTreeMap::new();
    for clock in all.iter().filter(|clock| clock.current && clock.reading.state == ClockState::Running) {
        if clock.reading.claimed == 0 && half(clock) {
            by.entry(&clock.reading.obligation).or_default().push(clock);
        }
    }
    let topic = |(obligation, mut clocks): (&str, Vec<&Clock>)| {
        in_order(&mut clocks);
        let first = clocks.first()?;
        let title = format!("{}：本期已过半，还没有登记过", first.name);
        let href = format!("/clocks?obligation={obligation}&state=active");
        Some(Topic {
            names: clocks.iter().map(|clock| way(clock)).collect(),
            clause: first.clause.clone(),
            ..Topic::new(TopicKind::Idle, format!("idle:{obligation}"), title, href)
        })
    };
    by.into_iter().filter_map(topic).collect()
}

async fn unpaired(tx: &mut Tx, rows: &[PairingRow]) -> Result<Vec<Topic>> {
    let today = tx.today();
    let running: BTreeSet<&str> = rows
        .iter()
        .filter(|row| pairings::rules::runs(row.from_day, row.to_day, today))
        .map(|row| row.county_school.as_str())
        .collect();
    let schools = registry::county_schools(tx, today).await?;
    let alone = schools.iter().filter(|school| !running.contains(school.id.as_str()));
    let name = |school: &registry::OrgRow| {
        Name::new(registry::link(&school.id, &school.name).href, &school.name, &school.id)
    };
    let names = alone.map(name).collect();
    let about = (TopicKind::Unpaired, "unpaired", "没有结对的县级院校");
    Ok(of_names(about, ("G1.1", "/readiness?lack=paired"), names))
}

fn unsigned(rows: &[PairingRow], today: Date) -> Vec<Topic> {
    let lacks =
        |row: &&PairingRow| row.agreed_on.is_none() && pairings::rules::runs(row.from_day, row.to_day, today);
    let name =
        |row: &PairingRow| Name::new(format!("/pairings/{}", row.id), &row.county_name, &row.county_school);
    let names = rows.iter().filter(lacks).map(name).collect();
    let about = (TopicKind::Unsigned, "unsigned", "结对以后还没有签协议，或协议还没有三方确认");
    of_names(about, ("G1.2", "/pairings?state=unsigned"), names)
}

/// One topic, where there are names behind it.
fn of_names(
    (kind, source, title): (TopicKind, &str, &str),
    (clause, href): (&str, &str),
    names: Vec<Name>,
) -> Vec<Topic> {
    let topic = Topic::new(kind, source.to_owned(), title.to_owned(), href.to_owned());
    let topic = Topic { clause: clause.to_owned(), names, ..topic };
    if topic.names.is_empty() { Vec::new() } else { vec![topic] }
}

/// By the county school at which claims wait, the number of them where it is known.
async fn unconfirmed(tx: &mut Tx, programme: &Programme) -> Result<Vec<Topic>> {
    let before = confirmation::waits_too_long_before(&programme.calendar, tx.today());
    let waiting = ledger::waiting_long(tx, before).await?;
    let name = |(id, school, number): (String, String, Option<i64>)| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", "claimed").append_pair("q", &school);
        let label = number.map_or_else(|| school.clone(), |number| format!("{school}（{number}条）"));
        Name::new(format!("/entries?{}", query.finish()), label, &id)
    };
    let names = waiting.into_iter().map(name).collect();
    let title = format!("登记以后超过{}个工作日没有确认", programme.calendar.escalation_workdays);
    let about = (TopicKind::Unconfirmed, "unconfirmed", title.as_str());
    Ok(of_names(about, ("", "/entries?state=claimed"), names))
}

async fn returned(tx: &mut Tx) -> Result<Vec<Topic>> {
    let lists = projects::lists_of(tx, 0, "").await?;
    let name = |list: &projects::ListRow| {
        let label = format!("{}{}年度", list.county_name, list.year);
        Name::new(format!("/lists/{}", list.id), label, &list.county_school)
    };
    let mine = lists.iter().filter(|list| list.state == projects::ListState::Returned);
    let names = mine.map(name).collect();
    let about = (TopicKind::Returned, "returned", "备案时退回，还没有改好再报");
    Ok(of_names(about, ("S4.1", "/lists"), names))
}

fn of_raised(one: Raised) -> Topic {
    let names = one.names.into_iter().map(|(link, school)| Name::new(link.href, link.label, &school));
    Topic {
        clause: one.clause,
        names: names.collect(),
        ..Topic::new(TopicKind::Raised(one.kind), one.source.to_owned(), one.title, one.href)
    }
}

/// One for each sentence under which needs wait, in the order of the plan.
async fn unanswered(tx: &mut Tx, programme: &Programme) -> Result<Vec<Topic>> {
    let mut by: BTreeMap<String, Vec<needs::NeedRow>> = BTreeMap::new();
    for need in needs::unanswered(tx).await? {
        by.entry(need.clause.clone()).or_default().push(need);
    }
    let topic = |clause: &Clause, needs: &[needs::NeedRow]| {
        let name = |need: &needs::NeedRow| {
            let label = format!("{}：{}", need.school, need.title);
            Name::new(format!("/needs/{}", need.id), label, &need.org)
        };
        let href = format!("/needs?state=open&clause={}", clause.id);
        Topic {
            names: needs.iter().map(name).collect(),
            clause: clause.id.clone(),
            ..Topic::new(TopicKind::Need, format!("need:{}", clause.id), clause.title.clone(), href)
        }
    };
    let waiting = |clause: &Clause| by.get(&clause.id).map(|needs| topic(clause, needs));
    Ok(programme.clauses.iter().filter_map(waiting).collect())
}
