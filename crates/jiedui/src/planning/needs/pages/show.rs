//! One need with its history, and what its school does with it: move, close, drop, take up again.

use super::super::data::{self, AnswerRow, NeedRow};
use super::super::rules;
use super::list::{self, Shown};
use crate::network::registry;
use crate::shared::notices::{self, UrgeView};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_store::{Found, args};
use jiedui_web::attempt::{Attempt as _, Refused};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::Reader;
use jiedui_web::history::{self, Saved, TimelineItem, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

const WORDS: [(&str, &str); 7] = [
    ("write", "提出需求"),
    ("edit", "修改需求"),
    ("move", "调整顺序"),
    ("close", "办结"),
    ("drop", "撤下"),
    ("reopen", "恢复"),
    ("hand_over", "随学校并入转入"),
];

#[derive(Serialize)]
struct Answering {
    title: String,
    /// "" where the project belongs to a pairing that the caller does not see.
    href: String,
    year: i64,
}

fn answering(row: AnswerRow) -> Answering {
    if row.reach == 1 {
        Answering { href: format!("/projects/{}", row.id), title: row.title, year: row.year }
    } else {
        Answering { title: "另一组结对的项目".to_owned(), href: String::new(), year: row.year }
    }
}

#[derive(Serialize)]
struct ShowView {
    shown: Shown,
    school: Link,
    helped: &'static str,
    projects: Vec<Answering>,
    history: Vec<TimelineItem>,
    may: rules::AllowedActions,
    close_fields: [Field; 2],
    drop_field: Field,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
    urge: Option<UrgeView>,
    /// Which act was sent: its form stands open.
    sent: &'static str,
    /// What was typed, where the form to type it again is gone.
    typed: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Refused::nothing()).await
}

async fn show_page(ctx: &mut RequestContext, refused: Refused) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::super::find(&mut ctx.tx, &id).await?;
    let steps = history::of(&mut ctx.tx, &row.id).await?;
    let projects = ctx.tx.all::<AnswerRow>(&data::ANSWERS, args![&row.id]).await?;
    let may = rules::may(&ctx.actor, &row);
    let edits = ctx.can("need", "edit");
    let may = rules::AllowedActions { change: may.change && edits, reopen: may.reopen && edits };
    let (close_fields, drop_field) = fields(ctx, &refused.errors);
    let saved = if refused.by_other() { saved_last(&mut ctx.tx, &row.id).await? } else { None };
    let typed = [ctx.form.values.get("word"), ctx.form.values.get("reason")].concat();
    let sent = ["close", "drop"].into_iter().find(|act| ctx.path.ends_with(&format!("/{act}")));
    let urge = notices::urge_view(ctx, "need", &id).await?;
    let view = ShowView {
        urge,
        school: registry::link(&row.org, &row.school),
        helped: rules::helped_name(&row.helped),
        projects: projects.into_iter().map(answering).collect(),
        history: history::timeline(&steps, &WORDS),
        close_fields,
        drop_field,
        errors: refused.errors,
        saved,
        sent: sent.unwrap_or_default(),
        typed: if may.change { String::new() } else { typed },
        may,
        shown: list::shown(&ctx.programme(), row.into_row()),
    };
    let page = Page::new(
        format!("{}的需求", view.shown.need.school),
        "一条需求：从提出到办结的全部办理记录，以及回应它的项目。",
    )
    .clause(view.shown.need.clause.clone())
    .back("/needs", "需求清单")
    .kind("detail");
    Ok(Reply::view("planning/needs/show.html", page, &view)?.with_status(refused.status))
}

fn fields(ctx: &RequestContext, errors: &[FieldError]) -> ([Field; 2], Field) {
    let pairs = &ctx.form.values;
    let field =
        |name: &str, label: &str| Field::new(name, label).required().value(pairs.get(name)).error(errors);
    let helped = rules::HELPED.map(|(id, name)| Choice::new(id, name)).to_vec();
    let long = |field: Field| Field { maxlength: Some(200), ..field };
    (
        [
            field("helped", "是否有帮助").options(helped),
            long(field("word", "一句评价")).help("帮上了什么，或者还差什么。"),
        ],
        long(field("reason", "撤下的原因")),
    )
}

/// The need with a message; or once more, with what is wrong or with the concurrent edit.
async fn finish(ctx: &mut RequestContext, done: Result<()>, text: &str) -> Result<Reply> {
    match done.or_refused()? {
        Ok(()) => Ok(Reply::done(format!("/needs/{}", ctx.param("id")), Flash::done(text))),
        Err(refused) => show_page(ctx, refused).await,
    }
}

async fn asked(ctx: &mut RequestContext) -> Result<(Found<NeedRow>, i64)> {
    let id = ctx.param("id");
    let row = super::super::find(&mut ctx.tx, &id).await?;
    if ctx.actor.org != row.org {
        return Err(Error::Forbidden(super::super::NOT_YOURS.to_owned()));
    }
    Ok((row, ctx.form_version()?))
}

pub async fn close(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = asked(ctx).await?;
    let pairs = ctx.form.values.clone();
    let done = super::super::close(&mut ctx.tx, &row, version, pairs.get("helped"), pairs.get("word")).await;
    finish(ctx, done, "已办结，评价各方都能看到；后面的需求依次前移。如有变化，可以恢复。").await
}

pub async fn drop(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = asked(ctx).await?;
    let reason = ctx.form.values.get("reason").to_owned();
    let done = super::super::abandon(&mut ctx.tx, &row, version, &reason).await;
    finish(ctx, done, "已从清单里撤下，办理记录都保留；后面的需求依次前移。如仍需要，可以恢复。").await
}

pub async fn reopen(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = asked(ctx).await?;
    let done = super::super::take_up(&mut ctx.tx, &row, version).await;
    finish(ctx, done, "已恢复，排在清单最后；可以在清单里上移。").await
}

/// One place up or down in the school's own order.
pub async fn shift(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::super::find(&mut ctx.tx, &id).await?;
    if ctx.actor.org != row.org {
        return Err(Error::Forbidden(super::super::NOT_YOURS.to_owned()));
    }
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let up = match pairs.get("to") {
        "up" => true,
        "down" => false,
        _ => {
            read.fail("to", Code::Missing.says("请选择上移还是下移。"));
            false
        }
    };
    read.done()?;
    let back = format!("/needs#n-{}", row.id);
    // The place that the page showed: two presses on two old pages are not two moves.
    let seen = pairs.get("rank");
    if !seen.is_empty() && seen != row.rank.to_string() {
        return Ok(Reply::done(back, Flash::problem(super::super::MOVED)));
    }
    let flash = match super::super::shift(&mut ctx.tx, &row, up).await? {
        Some(place) => Flash::done(format!("“{}”现在排第 {place} 位。", row.title)),
        None => {
            let end = if up { "最前" } else { "最后" };
            Flash::problem(format!("“{}”已经在{end}，没有再动。", row.title))
        }
    };
    // To the same row, so that one can go on moving it.
    Ok(Reply::done(back, flash))
}
