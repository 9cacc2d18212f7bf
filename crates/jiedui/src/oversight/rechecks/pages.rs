//! What the last check found, and asking for another one.

use super::actions;
use super::data::{self, RecheckRow};
use super::rules::{Findings, FoundItem, Looked};
use crate::shared::jobs::{self, NewJob};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

const HERE: &str = "/programme/recheck";

#[derive(Serialize)]
struct View {
    checked: Option<Checked>,
    kinds: Vec<KindLine>,
    lines: Vec<FoundLine>,
    /// Lines that are not shown.
    beyond: Option<Figure>,
    earlier: Vec<Earlier>,
    may_run: bool,
}

/// When it was, and by what.
#[derive(Serialize)]
struct Checked {
    at: String,
    programme: String,
    rules: String,
}

#[derive(Serialize)]
struct KindLine {
    name: String,
    number: Figure,
    otherwise: Figure,
    state: StateMark,
}

#[derive(Serialize)]
struct FoundLine {
    kind: String,
    href: String,
    title: String,
    figure: String,
    was: String,
    becomes: String,
}

/// A check before the last one.
#[derive(Serialize)]
struct Earlier {
    at: String,
    programme: String,
    otherwise: Figure,
}

fn number(of: i64, label: &str) -> Figure {
    Figure::of(Reported::Value(of), Unit::Items, HERE, label)
}

fn found(row: &RecheckRow) -> Findings {
    serde_json::from_str(&row.found).unwrap_or_default()
}

fn kind(one: &Looked) -> KindLine {
    let state = match one.otherwise {
        0 => StateMark::new("done", "与当时相同", "●"),
        _ => StateMark::new("missed", "与当时不同", "■"),
    };
    KindLine {
        name: one.name.clone(),
        number: number(one.number, "复算的决定"),
        otherwise: number(one.otherwise, "与当时不同的决定"),
        state,
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let rows = ctx.tx.all::<RecheckRow>(&data::LAST, Vec::new()).await?;
    let last = rows.first().map(found).unwrap_or_default();
    let name = |id: &str| {
        let kind = last.kinds.iter().find(|one| one.kind == id);
        kind.map_or_else(String::new, |one| one.name.clone())
    };
    let line = |one: &FoundItem| FoundLine {
        kind: name(&one.kind),
        href: one.href.clone(),
        title: one.title.clone(),
        figure: one.what.figure.clone(),
        was: one.what.was.clone(),
        becomes: one.what.becomes.clone(),
    };
    let view = View {
        checked: rows.first().map(|row| Checked {
            at: when(row.at),
            programme: row.programme.clone(),
            rules: row.rules.chars().take(16).collect(),
        }),
        kinds: last.kinds.iter().map(kind).collect(),
        lines: last.lines.iter().map(line).collect(),
        beyond: (last.beyond > 0).then(|| number(last.beyond, "没有列出的")),
        earlier: rows
            .iter()
            .skip(1)
            .map(|row| Earlier {
                at: when(row.at),
                programme: row.programme.clone(),
                otherwise: number(found(row).totals().1, "与当时不同的决定"),
            })
            .collect(),
        may_run: ctx.can("recheck", "make_again"),
    };
    let lead = "程序改正以后，把已经接收、收尾、公布、备案、递交、表扬、定稿的决定和存下的答案按现在的程序重算一遍，看哪些会不同；只查看，不改动任何决定。";
    let page = Page::new("复算已作的决定", lead).back("/programme", "方案版本").kind("list");
    Reply::view("oversight/rechecks/show.html", page, &view)
}

pub async fn queue(ctx: &mut RequestContext) -> Result<Reply> {
    let kind = &actions::RECHECK;
    let new = NewJob { kind: kind.id, title: kind.name, args: String::new(), input: None };
    Ok(match jobs::queue(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(id) => jobs::queued(&id),
        Err(errors) => {
            let why = errors.into_iter().map(|error| error.message).collect::<String>();
            Reply::done(HERE, Flash::problem(why))
        }
    })
}
