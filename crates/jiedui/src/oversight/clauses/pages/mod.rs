//! The plan's sentences.

pub mod text;

use super::actions;
use super::data::TextRow;
use super::rules::coverage::{carriers, is_built};
use crate::shared::carriers::Carrier;
use jiedui_kernel::{Error, Result};
use jiedui_programme::{Clause, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, when};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    groups: Vec<Group>,
    title: String,
    source: String,
    version: String,
    /// Whether the office has loaded the words of the plan.
    loaded: bool,
    /// Whether the caller may load them.
    loads: bool,
}

#[derive(Serialize)]
struct Group {
    place: String,
    clauses: Vec<Clause>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let mut groups: Vec<Group> = Vec::new();
    for clause in &programme.clauses {
        match groups.last_mut().filter(|group| group.place == heading(&clause.place)) {
            Some(group) => group.clauses.push(clause.clone()),
            None => groups.push(Group { place: heading(&clause.place), clauses: vec![clause.clone()] }),
        }
    }
    let meta = &programme.meta;
    let view = ListView {
        groups,
        title: meta.title.clone(),
        source: meta.source.clone(),
        version: meta.version.clone(),
        loaded: !actions::editions(&mut ctx.tx, &programme).await?.is_empty(),
        loads: ctx.can("programme", "prepare"),
    };
    let page =
        Page::new("行动方案条目", "方案逐句编号；标题是系统的概括，不是原文。页面上的编号都可以点到这里。")
            .kind("list");
    Reply::view("oversight/clauses/list.html", page, &view)
}

/// 二 2024 → 第二部分（2024年）; 三(一)1 → 第三部分（一）1.
fn heading(place: &str) -> String {
    let mut signs = place.chars();
    let part = signs.next().map(String::from).unwrap_or_default();
    let rest = signs.as_str().trim();
    match rest {
        "" => format!("第{part}部分"),
        year if year.len() == 4 && year.chars().all(|c| c.is_ascii_digit()) => {
            format!("第{part}部分（{year}年）")
        }
        other => format!("第{part}部分{}", other.replace('(', "（").replace(')', "）")),
    }
}

/// The words of the plan, with the version for which they were loaded.
#[derive(Serialize)]
struct Words {
    text: String,
    edition: String,
    /// The programme was changed since.
    earlier: bool,
    by: String,
    at: String,
}

impl Words {
    fn of(row: TextRow, programme: &Programme) -> Self {
        Self {
            text: row.text,
            earlier: row.edition != programme.meta.version,
            edition: row.edition,
            by: row.loaded_by,
            at: when(row.loaded_at),
        }
    }
}

#[derive(Serialize)]
struct ShowView {
    place: String,
    clause: Clause,
    /// None until the office has loaded them.
    words: Option<Words>,
    loads: bool,
    carried: Vec<(&'static str, Link)>,
    /// What was decided and asked for under this sentence.
    followups: Option<String>,
    /// Something measures or holds it, and no target alone.
    built: bool,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let id = ctx.param("id");
    let clause = programme.clauses.iter().find(|clause| clause.id == id).cloned().ok_or(Error::NotFound)?;
    let words = actions::text_of(&mut ctx.tx, &programme, &id).await?;
    let view = ShowView {
        place: heading(&clause.place),
        words: words.map(|row| Words::of(row, &programme)),
        loads: ctx.can("programme", "prepare"),
        followups: ctx.can("followup", "read").then(|| format!("/followups?clause={id}")),
        carried: carried(ctx, &programme, &id),
        built: is_built(&programme, &id),
        clause,
    };
    let page = Page::new(view.clause.title.clone(), "本条在系统中的落实方式。")
        .clause(id)
        .back("/clauses", "行动方案条目")
        .kind("detail");
    Reply::view("oversight/clauses/show.html", page, &view)
}

/// What carries this sentence. Of a page that is not the caller's only the name is seen; of administrators that is all.
fn carried(ctx: &RequestContext, programme: &Programme, id: &str) -> Vec<(&'static str, Link)> {
    let business = ctx.can("indicator", "read");
    let closed = |href: &str| {
        let path = href.split('?').next().unwrap_or_default();
        // A page below an entry of the menu is as open as the entry.
        let below =
            |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let entry = ctx.app.site.menu.iter().find(|entry| below(entry.href));
        entry.is_some_and(|entry| !ctx.can(entry.resource, entry.action))
    };
    let shown = |one: Carrier| {
        let href = if business && !closed(&one.href) { one.href } else { String::new() };
        (one.kind.word, Link::new(href, one.name))
    };
    carriers(programme, id).into_iter().map(shown).collect()
}
