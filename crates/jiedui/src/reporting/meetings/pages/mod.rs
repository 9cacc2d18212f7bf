//! Pages of meetings.

pub mod agenda;
pub mod attendance;
pub mod edit;
pub mod list;
pub mod minutes;
pub mod pack;
pub mod show;
pub mod topics;

use super::data::MeetingRow;
use super::rules::parcel::{Name, Pack};
use super::rules::topics::Topic;
use super::{actions, data};
use crate::reporting::followups::{self, FollowupRow};
use crate::reporting::monthly;
use crate::shared::review::Loaded;
use crate::shared::settled::Settled;
use crate::standing::indicators::Slice;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;
use std::collections::BTreeSet;

/// The meeting that the address names.
async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<MeetingRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::opened(&mut ctx.tx, &programme, &id).await
}

/// What is offered for an agenda, as pages show it.
#[derive(Debug, Serialize)]
struct OfferLine {
    kind: &'static str,
    source: String,
    title: String,
    clause: String,
    count: Figure,
    names: Vec<Name>,
    assign: Option<String>,
}

fn offer(topic: &Topic) -> OfferLine {
    let count = i64::try_from(topic.names.len()).unwrap_or(i64::MAX);
    OfferLine {
        kind: topic.kind.label(),
        source: topic.source.clone(),
        title: topic.title.clone(),
        clause: topic.clause.clone(),
        count: Figure::of(Reported::Value(count), Unit::Items, &topic.href, &topic.title),
        names: topic.names.clone(),
        assign: topic.assign.clone(),
    }
}

/// The papers, each line opening to its rows as they are now.
#[derive(Debug, Serialize)]
struct PackView {
    since: String,
    until: String,
    /// Before the meeting: whether its months are accepted.
    settled: Option<Settled>,
    figures: Vec<PackLine>,
    followups: Vec<PackItem>,
}

#[derive(Debug, Serialize)]
struct PackLine {
    name: String,
    claimed: Figure,
    confirmed: Figure,
}

#[derive(Debug, Serialize)]
struct PackItem {
    href: String,
    text: String,
    owner: String,
    due: String,
    standing: String,
}

fn pack_view(programme: &Programme, pack: &Pack, reaches_followups: bool) -> PackView {
    // Months of one year open as they are; a time across two years opens the later one.
    let (first, last) = pack.months;
    let one_year = first / 100 == last / 100;
    let cut = Slice {
        month: if one_year { first } else { 0 },
        until: if one_year && first < last { last } else { 0 },
        ..Slice::year(i32::try_from(last / 100).unwrap_or_default())
    };
    let figure = |one: &super::rules::parcel::PackFigure| {
        let unit = programme.indicator(&one.indicator).map_or(Unit::Items, |of| of.unit);
        let href = format!("/indicators/{}?{}", one.indicator, cut.query());
        let of = |value, label: &str| Figure::of(Reported::Value(value), unit, &href, label);
        PackLine {
            name: one.name.clone(),
            claimed: of(one.claimed, "登记"),
            confirmed: of(one.confirmed, "确认"),
        }
    };
    let item = |one: &super::rules::parcel::PackFollowup| PackItem {
        href: if reaches_followups { format!("/followups/{}", one.id) } else { String::new() },
        text: one.text.clone(),
        owner: one.owner_name.clone(),
        due: one.due.to_string(),
        standing: one.standing.clone(),
    };
    PackView {
        settled: None,
        since: monthly::rules::title(pack.months.0),
        until: monthly::rules::title(pack.months.1),
        figures: pack.figures.iter().map(figure).collect(),
        followups: pack.followups.iter().map(item).collect(),
    }
}

/// A topic of an agenda with what was decided.
#[derive(Debug, Serialize)]
struct AgendaLine {
    topic: String,
    title: String,
    names: Vec<Name>,
    decisions: Vec<DecisionLine>,
}

#[derive(Debug, Serialize)]
struct DecisionLine {
    id: String,
    text: String,
    owner: String,
    due: String,
    /// What became of it, once the meeting was closed.
    followup: Option<String>,
    state: Option<StateMark>,
}

/// The addresses of names that the caller may open; the other names stand without.
struct Reach {
    orgs: Option<BTreeSet<String>>,
}

impl Reach {
    /// The host opens everything: it was offered to it. Others open what lies in their own scope.
    async fn of(tx: &mut Tx, row: &MeetingRow) -> Result<Self> {
        if tx.actor().org == row.host {
            return Ok(Self { orgs: None });
        }
        let rows: Vec<(String,)> = tx.all(&data::SEEN_ORGS, Vec::new()).await?;
        Ok(Self { orgs: Some(rows.into_iter().map(|(id,)| id).collect()) })
    }

    fn name(&self, name: &Name) -> Name {
        let Some(orgs) = &self.orgs else { return name.clone() };
        // Only addresses that name nothing but an organisation can be told apart here.
        let own = name.href.strip_prefix("/registry/").is_some_and(|id| orgs.contains(id));
        let school = name.href.rsplit_once("/schools/").is_some_and(|(_, id)| orgs.contains(id));
        if own || school { name.clone() } else { Name { href: String::new(), ..name.clone() } }
    }
}

/// The agenda as the caller sees it: what was decided is the host's own until the meeting is closed.
async fn agenda_lines(ctx: &mut RequestContext, row: &MeetingRow) -> Result<Vec<AgendaLine>> {
    let today = ctx.today;
    let host = ctx.actor.org == row.host;
    let closed = row.state == data::MeetingState::Closed;
    let reach = Reach::of(&mut ctx.tx, row).await?;
    let items = actions::close::items(&mut ctx.tx, &row.id).await?;
    let followups = followups::of_meeting(&mut ctx.tx, &row.id).await?;
    let became = |decision: &str| -> Option<&FollowupRow> {
        followups.iter().find(|one| one.decision.as_deref() == Some(decision))
    };
    let decision = |one: &super::rules::parcel::Decided| {
        let of = became(&one.id);
        DecisionLine {
            id: one.id.clone(),
            text: one.text.clone(),
            owner: one.owner_name.clone(),
            due: one.due.to_string(),
            followup: of.map(|row| format!("/followups/{}", row.id)),
            state: of.map(|row| followups::rules::mark(row, today)),
        }
    };
    let line = |item: &super::rules::parcel::AgendaItem| AgendaLine {
        topic: item.topic.clone(),
        title: item.title.clone(),
        names: item.names.iter().map(|name| reach.name(name)).collect(),
        decisions: if host || closed { item.decisions.iter().map(decision).collect() } else { Vec::new() },
    };
    Ok(items.iter().map(line).collect())
}
