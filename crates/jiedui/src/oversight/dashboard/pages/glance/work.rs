//! From needs to what was done of them, the year as a picture, and who is on site. On a sheet of several schools each line says
//! of which one it is.

use super::super::drawn;
use super::Subject;
use crate::evidence::ledger::{self, EntryRow};
use crate::planning::calendar::{self, AnnouncementRow};
use crate::planning::needs::{self, NeedRow, NeedState};
use crate::planning::projects::{self, Ended, ProjectRow};
use crate::shared::confirmation::State;
use chrono::{Datelike as _, TimeDelta};
use jiedui_kernel::{Period, Reported, Result};
use jiedui_pictures::{Moment, MomentKind, Picture, Span, SpanKind, Timeline, TimelineRow};
use jiedui_programme::project_state;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::picture::PictureView;
use serde::Serialize;

/// So much of a year's work is read and drawn, the newest first; so many needs and projects stand on the sheet. Several schools
/// share both.
const MOST: usize = 80;
const CHAIN: usize = 12;
/// No school of several has fewer than these.
const FEWEST: usize = 8;
const FEWEST_NEEDS: usize = 3;
/// Who comes is told for so many days.
const AHEAD: TimeDelta = TimeDelta::days(60);

/// A need with what answers it; or a project without one.
#[derive(Serialize)]
pub struct ChainLine {
    pub school: String,
    need: Option<Link>,
    state: StateMark,
    project: Option<Link>,
    quantity: Option<Figure>,
    confirmed: Option<Figure>,
}

/// Somebody who is on site, or will be.
#[derive(Serialize)]
pub struct Presence {
    pub school: String,
    org: String,
    pub what: Link,
    from: String,
    to: String,
}

/// What was done this year at one of the schools of the sheet, and what is announced there.
pub struct Work {
    /// "" on the sheet of one school.
    pub school: String,
    pub planned: Vec<ProjectRow>,
    pub done: Vec<EntryRow>,
    pub coming: Vec<AnnouncementRow>,
}

impl Work {
    fn is_empty(&self) -> bool {
        self.planned.is_empty() && self.done.is_empty() && self.coming.is_empty()
    }
}

/// How much of a year's work is read of each school where the sheet has so many.
pub fn most(schools: usize) -> usize {
    (MOST / schools.max(1)).max(FEWEST)
}

/// Needs in the school's own order with the projects that answer them, then what other projects there are; and the projects of
/// this year.
pub async fn chain(
    ctx: &mut RequestContext,
    of: &Subject,
    schools: usize,
) -> Result<(Vec<ChainLine>, Vec<ProjectRow>)> {
    let needs = match ctx.can("need", "read") {
        true => needs::of_school(&mut ctx.tx, &of.school.id).await?,
        false => Vec::new(),
    };
    let year = i64::from(ctx.today.year());
    let mut projects = Vec::new();
    if let Some(list) = of.lists.iter().find(|list| list.year == year) {
        projects = projects::of_list(&mut ctx.tx, &list.id).await?;
        projects.retain(|one| one.ended != Ended::Removed);
    }
    let mut lines = Vec::new();
    for need in needs.iter().filter(|need| need.state == NeedState::Open) {
        let answers = projects.iter().filter(|one| one.need.as_ref() == Some(&need.id));
        let before = lines.len();
        lines.extend(answers.map(|one| of_project(Some(need), one, ctx)));
        if lines.len() == before {
            lines.push(of_need(need));
        }
    }
    let known = |one: &&ProjectRow| needs.iter().any(|need| one.need.as_ref() == Some(&need.id));
    lines.extend(projects.iter().filter(|one| !known(one)).map(|one| of_project(None, one, ctx)));
    lines.truncate((CHAIN / schools.max(1)).max(FEWEST_NEEDS));
    Ok((lines, projects))
}

fn need_link(need: &NeedRow) -> Link {
    Link::new(format!("/needs/{}", need.id), need.title.clone())
}

fn of_need(need: &NeedRow) -> ChainLine {
    let state = match need.projects {
        0 => StateMark::new("late", "还没有项目", "■"),
        _ => StateMark::new("active", "已列项目", "◐"),
    };
    ChainLine {
        school: String::new(),
        need: Some(need_link(need)),
        state,
        project: None,
        quantity: None,
        confirmed: None,
    }
}

fn of_project(need: Option<&NeedRow>, one: &ProjectRow, ctx: &RequestContext) -> ChainLine {
    let (href, unit) = (format!("/projects/{}", one.id), projects::rules::unit_of(&one.unit));
    let figure = |value: i64, label: &str| Figure::of(Reported::Value(value), unit, &href, label);
    ChainLine {
        school: String::new(),
        need: need.map(need_link),
        state: projects::rules::project_mark(project_state(&one.fact(), ctx.today)),
        quantity: Some(figure(one.quantity, "应完成")),
        confirmed: Some(figure(one.confirmed, "确认数")),
        project: Some(Link::new(href.clone(), one.title.clone())),
    }
}

/// The year in which today lies.
pub fn this_year(ctx: &RequestContext) -> Period {
    Period::year(ctx.today.year()).unwrap_or(Period::day(ctx.today))
}

/// What was done in the pairing this year, the newest first.
pub async fn done(ctx: &mut RequestContext, of: &Subject, most: usize) -> Result<Vec<EntryRow>> {
    let days = this_year(ctx);
    match &of.pairing {
        Some(row) if ctx.can("entry", "read") => {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            ledger::of_pairing(&mut ctx.tx, &row.id, days, most).await
        }
        _ => Ok(Vec::new()),
    }
}

/// What is announced at the school for the next weeks.
pub async fn coming(ctx: &mut RequestContext, school: &str) -> Result<Vec<AnnouncementRow>> {
    if !ctx.can("announcement", "read") {
        return Ok(Vec::new());
    }
    let days = Period::new(ctx.today, ctx.today + AHEAD).unwrap_or(Period::day(ctx.today));
    calendar::coming(&mut ctx.tx, school, days).await
}

fn activity_name(ctx: &RequestContext, id: &str) -> String {
    ctx.programme().activity(id).map_or_else(|| id.to_owned(), |activity| activity.name.clone())
}

/// Who is there today by what was recorded: stays of several days that today lies in.
pub fn here(ctx: &RequestContext, done: &[EntryRow]) -> Vec<Presence> {
    let is_here = |row: &&EntryRow| row.from_day <= ctx.today && ctx.today <= row.to_day;
    let one = |row: &EntryRow| Presence {
        school: String::new(),
        org: row.claimant_name.clone(),
        what: Link::new(format!("/entries/{}", row.id), activity_name(ctx, &row.activity)),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
    };
    done.iter().filter(is_here).map(one).collect()
}

pub fn next(ctx: &RequestContext, coming: &[AnnouncementRow]) -> Vec<Presence> {
    let one = |row: &AnnouncementRow| Presence {
        school: String::new(),
        org: row.org_name.clone(),
        what: Link::new(format!("/calendar/{}", row.id), activity_name(ctx, &row.activity)),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
    };
    coming.iter().map(one).collect()
}

/// The year: each project with its term, then each kind of work with what was done of it and what is announced; of several
/// schools one after another.
pub fn year(ctx: &RequestContext, works: &[Work]) -> Option<PictureView> {
    if works.iter().all(Work::is_empty) {
        return None;
    }
    let mut picture = Timeline::of_year("今年的项目和工作", ctx.today.year())?.today(ctx.today);
    for work in works {
        for row in projects_of(work).into_iter().chain(kinds_of(ctx, work)) {
            picture = picture.row(row);
        }
    }
    Some(drawn("year", &Picture::Timeline(picture)))
}

/// Under which heading a row stands: its school, where there are several.
fn group(work: &Work, what: &str) -> String {
    if work.school.is_empty() { what.to_owned() } else { work.school.clone() }
}

fn projects_of(work: &Work) -> Vec<TimelineRow> {
    let one = |one: &ProjectRow| {
        let href = format!("/projects/{}", one.id);
        let unit = projects::rules::unit_of(&one.unit).label();
        let row = TimelineRow::new(one.title.clone())
            .in_group(group(work, "协作项目"))
            .opens(href.clone())
            .note(format!("已确认 {} / {}{unit}", one.confirmed, one.quantity));
        row.span(Span::new(SpanKind::Planned, (one.from_day, one.to_day), "计划起止").opens(href))
    };
    work.planned.iter().map(one).collect()
}

fn kinds_of(ctx: &RequestContext, work: &Work) -> Vec<TimelineRow> {
    let mut kinds: Vec<&str> = Vec::new();
    let done = work.done.iter().map(|row| &row.activity);
    for activity in done.chain(work.coming.iter().map(|row| &row.activity)) {
        if !kinds.contains(&activity.as_str()) {
            kinds.push(activity);
        }
    }
    let row = |kind: &str| {
        let mut row = TimelineRow::new(activity_name(ctx, kind)).in_group(group(work, "工作"));
        for entry in work.done.iter().filter(|entry| entry.activity == kind) {
            row = of_entry(row, entry);
        }
        for one in work.coming.iter().filter(|one| one.activity == kind) {
            let moment = Moment::new(MomentKind::Coming, one.from_day, format!("{}预告", one.org_name));
            row = row.moment(moment.opens(format!("/calendar/{}", one.id)));
        }
        row
    };
    kinds.into_iter().map(row).collect()
}

/// A day is a moment, a stay is a span; what nobody confirmed yet is told apart.
fn of_entry(row: TimelineRow, entry: &EntryRow) -> TimelineRow {
    let href = format!("/entries/{}", entry.id);
    let sure = entry.state == State::Confirmed;
    if entry.from_day == entry.to_day {
        let kind = if sure { MomentKind::Done } else { MomentKind::Claimed };
        return row.moment(Moment::new(kind, entry.to_day, entry.claimant_name.clone()).opens(href));
    }
    let kind = if sure { SpanKind::Confirmed } else { SpanKind::Claimed };
    let span = Span::new(kind, (entry.from_day, entry.to_day), entry.claimant_name.clone());
    row.span(span.opens(href))
}
