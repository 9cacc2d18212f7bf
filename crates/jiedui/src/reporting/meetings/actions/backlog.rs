//! 拟提请研究: what the records offer for an agenda. Nobody writes it down: problems of schools, clocks at risk, schools
//! without partners, needs without an answer, and what was decided and is overdue; each with the names behind it.

use super::super::data::{self, MeetingRow};
use super::super::rules::parcel::Name;
use super::super::rules::topics::{Topic, TopicKind};
use crate::network::{pairings, registry};
use crate::planning::needs;
use crate::reporting::{followups, monthly};
use crate::standing::obligations::{self, Clock};
use jiedui_kernel::Result;
use jiedui_programme::{Clause, ClockState, Programme};
use jiedui_store::{Tx, args};
use jiedui_web::figure::Link;
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

/// What is offered to the organisation of the caller, without what stands on an agenda of its own. `last` is the meeting
/// before, where there is one.
pub async fn offers(tx: &mut Tx, programme: &Programme, last: Option<&MeetingRow>) -> Result<Offers> {
    let host = tx.actor().org.clone();
    let taken: Vec<(String,)> = tx.all(&data::TAKEN_BY, args![&host]).await?;
    let before = match last {
        Some(row) => super::agenda::topics(tx, &row.id).await?,
        None => Vec::new(),
    };
    let mut all = gathered(tx, programme, &host).await?;
    all.retain(|topic| taken.iter().all(|(source,)| *source != topic.source));
    let stood = |topic: &Topic| before.iter().any(|row| row.source == topic.source && topic.same_names(row));
    let (unchanged, moved) = all.into_iter().partition(stood);
    Ok(Offers { moved, unchanged })
}

async fn gathered(tx: &mut Tx, programme: &Programme, host: &str) -> Result<Vec<Topic>> {
    let mut all = overdue(tx, host).await?;
    all.extend(problems(tx, programme).await?);
    all.extend(clocks(tx, programme).await?);
    all.extend(unpaired(tx).await?);
    all.extend(unanswered(tx, programme).await?);
    Ok(all)
}

async fn overdue(tx: &mut Tx, host: &str) -> Result<Vec<Topic>> {
    let today = tx.today();
    let rows = followups::asked_by(tx, host, today, today).await?;
    let topic = |row: &followups::FollowupRow| {
        let href = format!("/followups/{}", row.id);
        Topic {
            names: vec![Name { href: href.clone(), label: row.owner_name.clone() }],
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
            names: vec![Name { href: href.clone(), label: row.school_name }],
            assign: Some(format!("/followups/new/{}/{}", row.school, row.month)),
            school: Some(row.school),
            ..Topic::new(TopicKind::Problem, format!("month:{}", row.id), line, href)
        }
    };
    Ok(rows.into_iter().filter(|row| !given.contains(&row.id)).map(topic).collect())
}

/// One for each duty of the helpers: those at risk or overdue in the present period.
async fn clocks(tx: &mut Tx, programme: &Programme) -> Result<Vec<Topic>> {
    let mut by: BTreeMap<(String, &'static str), Vec<Clock>> = BTreeMap::new();
    for clock in obligations::in_scope(tx, programme).await? {
        let state = match clock.reading.state {
            ClockState::AtRisk => "at_risk",
            ClockState::Missed if clock.current => "missed",
            _ => continue,
        };
        by.entry((clock.reading.obligation.clone(), state)).or_default().push(clock);
    }
    let topic = |((obligation, state), mut clocks): ((String, &'static str), Vec<Clock>)| {
        clocks.sort_by(|a, b| (&a.county_key, &a.helper_key).cmp(&(&b.county_key, &b.helper_key)));
        let first = clocks.first()?;
        let title = format!("{}：{}", first.name, first.state.label);
        let href = format!("/clocks?obligation={obligation}&state={state}");
        let name = |clock: &Clock| Name {
            href: clock.href.clone(),
            label: format!("{}到{}", clock.helper_name, clock.county_name),
        };
        Some(Topic {
            names: clocks.iter().map(name).collect(),
            clause: first.clause.clone(),
            ..Topic::new(TopicKind::Clock, format!("clock:{obligation}:{state}"), title, href)
        })
    };
    Ok(by.into_iter().filter_map(topic).collect())
}

async fn unpaired(tx: &mut Tx) -> Result<Vec<Topic>> {
    let today = tx.today();
    let rows = pairings::in_scope(tx).await?;
    let running: BTreeSet<&str> = rows
        .iter()
        .filter(|row| pairings::rules::runs(row.from_day, row.to_day, today))
        .map(|row| row.county_school.as_str())
        .collect();
    let schools = registry::county_schools(tx, today).await?;
    let alone = schools.iter().filter(|school| !running.contains(school.id.as_str()));
    let names: Vec<Name> = alone.map(|school| registry::link(&school.id, &school.name).into()).collect();
    let href = "/readiness?lack=paired".to_owned();
    let topic = Topic {
        clause: "G1.1".to_owned(),
        ..Topic::new(TopicKind::Unpaired, "unpaired".to_owned(), "没有结对的县级院校".to_owned(), href)
    };
    Ok(if names.is_empty() { Vec::new() } else { vec![Topic { names, ..topic }] })
}

/// One for each sentence under which needs wait, in the order of the plan.
async fn unanswered(tx: &mut Tx, programme: &Programme) -> Result<Vec<Topic>> {
    let mut by: BTreeMap<String, Vec<needs::NeedRow>> = BTreeMap::new();
    for need in needs::unanswered(tx).await? {
        by.entry(need.clause.clone()).or_default().push(need);
    }
    let topic = |clause: &Clause, needs: &[needs::NeedRow]| {
        let name = |need: &needs::NeedRow| {
            Link::new(format!("/needs/{}", need.id), format!("{}：{}", need.school, need.title)).into()
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
