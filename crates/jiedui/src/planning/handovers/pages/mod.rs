//! Pages of handovers, and what several of them show.

pub mod edit;
pub mod list;
pub mod pairing;
pub mod show;

use super::actions;
use super::data::{DoneRow, OpenKind, Reach};
use super::rules::{Course, Item};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::reply::{Choice, Field};
use serde::Serialize;

/// The open items of one kind.
#[derive(Debug, Serialize)]
pub struct Group {
    label: &'static str,
    /// Whether the two say what becomes of each; else what follows by itself.
    asks: bool,
    follows: &'static str,
    lines: Vec<ItemLine>,
}

#[derive(Debug, Serialize)]
struct ItemLine {
    title: String,
    href: Option<String>,
    clause: String,
    until: Option<String>,
    /// What was said of it; "" where nothing was asked.
    course: &'static str,
    /// Where it can be said now.
    field: Option<Field>,
}

fn href(kind: OpenKind, id: &str, reach: Reach) -> Option<String> {
    let (folder, may) = match kind {
        OpenKind::Need => ("needs", reach.later()),
        OpenKind::Project => ("projects", reach.earlier()),
        OpenKind::Visit => ("calendar", reach.earlier()),
        OpenKind::Stay | OpenKind::Entry => ("entries", reach.earlier()),
        OpenKind::Output => ("outputs", reach.earlier()),
        OpenKind::Agreement => ("agreements", reach.earlier()),
        OpenKind::Plan => ("plans", reach.earlier()),
        OpenKind::List => ("projects/lists", reach.earlier()),
    };
    may.then(|| format!("/{folder}/{id}"))
}

/// The name of the field in which an item's course is chosen, up to the item's id.
pub const COURSE: &str = "course-";

pub fn course_field(id: &str) -> String {
    format!("{COURSE}{id}")
}

/// Items as pages show them, in the order of their kinds; with a field for each that is asked, where `asked`.
pub fn groups(items: &[Item], reach: Reach, asked: bool) -> Vec<Group> {
    let mut groups: Vec<(OpenKind, Group)> = Vec::new();
    for item in items {
        let Some(kind) = item.kind() else { continue };
        if groups.last().is_none_or(|(last, _)| *last != kind) {
            let group =
                Group { label: kind.label(), asks: kind.asks(), follows: kind.follows(), lines: Vec::new() };
            groups.push((kind, group));
        }
        let course = item.course();
        let line = ItemLine {
            title: item.title.clone(),
            href: href(kind, &item.id, reach),
            clause: item.about.clone(),
            until: item.until.map(|day| day.to_string()),
            course: course.map_or("", Course::label),
            field: course.filter(|_| asked).map(|course| field(item, course)),
        };
        if let Some((_, group)) = groups.last_mut() {
            group.lines.push(line);
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn field(item: &Item, course: Course) -> Field {
    use crate::shared::review::State as _;
    let choices = Course::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    Field::new(&course_field(&item.id), &format!("{}的办法", item.title))
        .options(choices)
        .value(course.text())
}

/// What was done in the earlier pairing, one line for each type.
#[derive(Debug, Serialize)]
pub struct DoneLine {
    name: String,
    times: Option<Figure>,
    first: String,
    last: String,
}

pub async fn done(
    ctx: &mut RequestContext,
    programme: &Programme,
    pairing: &str,
    reach: Reach,
) -> Result<Vec<DoneLine>> {
    let line = |row: DoneRow| {
        let list = format!("/entries?pairing={pairing}&activity={}&state=confirmed", row.activity);
        let figure = Figure::of(Reported::Value(row.times), Unit::Entries, list, "原结对已确认的台账");
        DoneLine {
            name: programme
                .activity(&row.activity)
                .map_or_else(|| row.activity.clone(), |one| one.name.clone()),
            times: reach.earlier().then_some(figure),
            first: row.first.to_string(),
            last: row.last.to_string(),
        }
    };
    Ok(actions::done(&mut ctx.tx, pairing).await?.into_iter().map(line).collect())
}

/// The two, each with where the caller reads about it.
pub fn parties(leaving: (&str, &str), arriving: (&str, &str)) -> Vec<(&'static str, Link)> {
    use crate::network::registry::link;
    vec![("前任院校", link(leaving.0, leaving.1)), ("接任院校", link(arriving.0, arriving.1))]
}
