//! One chain: what it serves, and what is on it, read from what was recorded.

use super::super::data::{self, MemberRow};
use super::super::rules::{self, Group};
use super::super::{actions, find};
use crate::network::registry;
use crate::shared::confirmation;
use jiedui_kernel::{FieldError, Reported, Result};
use jiedui_programme::Programme;
use jiedui_store::args;
use jiedui_web::attempt::{Attempt as _, Refused};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::history::{self, Saved, TimelineItem, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

const STEPS: [(&str, &str); 2] = [("register", "登记"), ("describe", "注明面向的大类")];
/// A chain of more is looked at in the lists of its forms.
const MOST: usize = 500;

#[derive(Serialize)]
struct ShowView {
    href: String,
    city: String,
    trade: String,
    by: Link,
    since: String,
    version: i64,
    groups: Vec<GroupView>,
    /// There is more than the page shows.
    more: bool,
    describe: Option<Field>,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
    history: Vec<TimelineItem>,
}

#[derive(Serialize)]
struct GroupView {
    label: &'static str,
    /// Work is counted, things are in a stage.
    counted: bool,
    lines: Vec<MemberLine>,
}

#[derive(Serialize)]
struct MemberLine {
    link: Link,
    what: String,
    place: Link,
    day: String,
    /// The stage that was confirmed; "" where none is.
    stage: String,
    /// A stage that waits to be confirmed.
    next: String,
    state: StateMark,
    quantity: Option<Figure>,
}

fn line(programme: &Programme, row: MemberRow) -> MemberLine {
    let place = registry::link(&row.place, &row.place_name);
    let (day, state) = (row.day.to_string(), confirmation::mark(row.state));
    if row.kind == "entry" {
        let kind = programme.activity(&row.what);
        let href = format!("/entries/{}", row.resource);
        let name = kind.map_or("已停用的类型", |kind| kind.name.as_str()).to_owned();
        let figure = kind.map(|kind| {
            let label = if kind.quantity_label.is_empty() { &kind.name } else { &kind.quantity_label };
            Figure::of(Reported::Value(row.quantity), kind.unit, href.as_str(), label.as_str())
        });
        let link = Link::new(href, name);
        return MemberLine {
            link,
            what: String::new(),
            place,
            day,
            stage: String::new(),
            next: String::new(),
            state,
            quantity: figure,
        };
    }
    let kind = programme.output(&row.what);
    let stage = |id: &str| {
        let found = kind.and_then(|kind| kind.stages.iter().find(|stage| stage.id == id));
        found.map_or_else(String::new, |stage| stage.name.clone())
    };
    MemberLine {
        link: Link::new(format!("/outputs/{}", row.resource), row.title),
        what: kind.map_or("已停用的类型", |kind| kind.name.as_str()).to_owned(),
        place,
        day,
        stage: stage(&row.sure),
        next: if row.sure == row.stage { String::new() } else { stage(&row.stage) },
        state,
        quantity: None,
    }
}

fn groups(programme: &Programme, rows: Vec<MemberRow>) -> Vec<GroupView> {
    let mut views = Group::ALL.map(|group| GroupView {
        label: group.label(),
        counted: group == Group::Work,
        lines: Vec::new(),
    });
    for row in rows {
        let group = Group::of(programme, &row.kind, &row.what);
        if let Some((_, view)) = Group::ALL.iter().zip(&mut views).find(|(one, _)| **one == group) {
            view.lines.push(line(programme, row));
        }
    }
    views.into_iter().collect()
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Refused::nothing()).await
}

async fn page(ctx: &mut RequestContext, refused: Refused) -> Result<Reply> {
    let (id, programme) = (ctx.param("id"), ctx.programme());
    let row = find(&mut ctx.tx, &id).await?;
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let mut members = ctx.tx.all::<MemberRow>(&data::MEMBERS, args![&id, limit]).await?;
    let more = members.len() > MOST;
    members.truncate(MOST);
    let steps = history::of(&mut ctx.tx, &id).await?;
    let saved = if refused.by_other() { saved_last(&mut ctx.tx, &id).await? } else { None };
    let may = ctx.can("chain", "describe") && rules::may_describe(&ctx.actor, &row.bureau);
    let typed = ctx.form.values.get("trade").to_owned();
    let categories = &programme.matching.categories;
    let describe = may.then(|| {
        let names = categories.names.iter().map(|name| Choice::new(name, name));
        let options = std::iter::once(Choice::new("", "未注明")).chain(names).collect();
        let value = if typed.is_empty() { &row.trade } else { &typed };
        let help = if categories.verified { "" } else { categories.note.as_str() };
        Field::new("trade", "面向的大类").options(options).help(help).value(value).error(&refused.errors)
    });
    let view = ShowView {
        href: format!("/chains/{id}"),
        city: row.city.clone(),
        trade: row.trade.clone(),
        by: registry::link(&row.registered_by, &row.registered_name),
        since: row.registered_on.to_string(),
        version: row.version,
        groups: groups(&programme, members),
        more,
        describe,
        errors: refused.errors,
        saved,
        history: history::timeline(&steps, &STEPS),
    };
    let lead = "链上的企业、院校、标准资源和招生培训都从各自的登记里读出，不另外填报；企业处在哪个阶段，以确认过的为准。";
    let page = Page::new(row.name.clone(), lead)
        .clause("G0.4")
        .clause("T8.2")
        .clause("T8.3")
        .clause("T8.4")
        .back("/chains", "生态链")
        .kind("detail");
    Ok(Reply::view("network/chains/show.html", page, &view)?.with_status(refused.status))
}

pub async fn describe(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = find(&mut ctx.tx, &id).await?;
    let (version, programme) = (ctx.form_version()?, ctx.programme());
    let trade = ctx.form.values.get("trade").to_owned();
    let done = actions::describe(&mut ctx.tx, &programme, (&row, version), &trade).await;
    match done.or_refused()? {
        Ok(()) => {
            let flash = Flash::done("已注明这条链面向的大类。");
            Ok(Reply::done(format!("/chains/{}", row.id), flash))
        }
        Err(refused) => page(ctx, refused).await,
    }
}
