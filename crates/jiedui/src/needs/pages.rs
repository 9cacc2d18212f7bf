//! One need with its history, and what its school does with it: move, close, drop, take up again.

use super::data::{self, AnswerRow, NeedRow};
use super::list::{self, Shown};
use super::rules;
use crate::http::cx::Cx;
use crate::http::figure::Link;
use crate::http::form::Reader;
use crate::http::reply::{Choice, Field, Flash, Page, Reply};
use crate::registry;
use crate::steps::{self, Happening, Saved, saved_last};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::args;
use serde::Serialize;

const WORDS: [(&str, &str); 6] = [
    ("write", "提出需求"),
    ("edit", "修改需求"),
    ("move", "调整顺序"),
    ("close", "办结"),
    ("drop", "撤下"),
    ("reopen", "恢复"),
];

#[derive(Serialize)]
struct Answering {
    title: String,
    /// "" where the project belongs to a pairing that the one who looks does not see.
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

/// What was wrong with an act on this page, and who was faster.
#[derive(Default)]
struct Trouble {
    errors: Vec<FieldError>,
    saved: Option<Saved>,
    status: u16,
}

#[derive(Serialize)]
struct ShowView {
    shown: Shown,
    school: Link,
    helped: &'static str,
    projects: Vec<Answering>,
    history: Vec<Happening>,
    may: rules::May,
    close_fields: [Field; 2],
    drop_field: Field,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
    /// Which act was sent: its form stands open.
    sent: &'static str,
    /// What was typed, where the form to type it again is gone.
    typed: String,
}

pub async fn show(cx: &mut Cx) -> Result<Reply> {
    show_page(cx, Trouble { status: 200, ..Trouble::default() }).await
}

async fn show_page(cx: &mut Cx, trouble: Trouble) -> Result<Reply> {
    let id = cx.param("id");
    let row = super::find(&mut cx.tx, &id).await?;
    let steps = steps::of(&mut cx.tx, &row.id).await?;
    let projects = cx.tx.all::<AnswerRow>(&data::ANSWERS, args![&row.id]).await?;
    let may = rules::may(&cx.who, &row);
    let edits = cx.can("need", "edit");
    let may = rules::May { change: may.change && edits, reopen: may.reopen && edits };
    let (close_fields, drop_field) = fields(cx, &trouble.errors);
    let typed = [cx.form.pairs.get("word"), cx.form.pairs.get("reason")].concat();
    let sent = ["close", "drop"].into_iter().find(|act| cx.path.ends_with(&format!("/{act}")));
    let view = ShowView {
        school: registry::link(&row.org, &row.school),
        helped: rules::helped_name(&row.helped),
        projects: projects.into_iter().map(answering).collect(),
        history: steps::timeline(&steps, &WORDS),
        close_fields,
        drop_field,
        errors: trouble.errors,
        saved: trouble.saved,
        sent: sent.unwrap_or_default(),
        typed: if may.change { String::new() } else { typed },
        may,
        shown: list::shown(&cx.programme(), row),
    };
    let page = Page::new(
        format!("{}的需求", view.shown.need.school),
        "一条需求：从提出到办结的全部经过，以及回应它的项目。",
    )
    .clause(view.shown.need.clause.clone())
    .back("/needs", "需求清单")
    .kind("detail");
    Ok(Reply::view("needs/show.html", page, &view)?.with_status(trouble.status))
}

fn fields(cx: &Cx, errors: &[FieldError]) -> ([Field; 2], Field) {
    let pairs = &cx.form.pairs;
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

/// The page once more: with what is wrong, or with who was faster; anything else is told as it is.
async fn once_more(cx: &mut Cx, error: Error) -> Result<Reply> {
    let trouble = match error {
        Error::Invalid(errors) => Trouble { errors, saved: None, status: 422 },
        Error::Conflict(_) => {
            let id = cx.param("id");
            let saved = saved_last(&mut cx.tx, &id).await?;
            Trouble { errors: Vec::new(), saved, status: 409 }
        }
        other => return Err(other),
    };
    show_page(cx, trouble).await
}

async fn asked(cx: &mut Cx) -> Result<(NeedRow, i64)> {
    let id = cx.param("id");
    let row = super::find(&mut cx.tx, &id).await?;
    if cx.who.org != row.org {
        return Err(Error::Forbidden(super::NOT_YOURS.to_owned()));
    }
    Ok((row, cx.form_version()?))
}

pub async fn close(cx: &mut Cx) -> Result<Reply> {
    let (row, version) = asked(cx).await?;
    let pairs = cx.form.pairs.clone();
    match super::close(&mut cx.tx, &row, version, pairs.get("helped"), pairs.get("word")).await {
        Ok(()) => {
            let text = "已办结，评价各方都能看到；后面的需求依次前移。如有变化，可以恢复。";
            Ok(Reply::done(format!("/needs/{}", row.id), Flash::done(text)))
        }
        Err(error) => once_more(cx, error).await,
    }
}

pub async fn drop(cx: &mut Cx) -> Result<Reply> {
    let (row, version) = asked(cx).await?;
    let reason = cx.form.pairs.get("reason").to_owned();
    match super::abandon(&mut cx.tx, &row, version, &reason).await {
        Ok(()) => {
            let text = "已从清单里撤下，经过都保留；后面的需求依次前移。如仍需要，可以恢复。";
            Ok(Reply::done(format!("/needs/{}", row.id), Flash::done(text)))
        }
        Err(error) => once_more(cx, error).await,
    }
}

pub async fn reopen(cx: &mut Cx) -> Result<Reply> {
    let (row, version) = asked(cx).await?;
    match super::take_up(&mut cx.tx, &row, version).await {
        Ok(()) => {
            let text = "已恢复，排在清单最后；可以在清单里上移。";
            Ok(Reply::done(format!("/needs/{}", row.id), Flash::done(text)))
        }
        Err(error) => once_more(cx, error).await,
    }
}

/// One place up or down in the school's own order.
pub async fn shift(cx: &mut Cx) -> Result<Reply> {
    let id = cx.param("id");
    let row = super::find(&mut cx.tx, &id).await?;
    if cx.who.org != row.org {
        return Err(Error::Forbidden(super::NOT_YOURS.to_owned()));
    }
    let pairs = cx.form.pairs.clone();
    let mut read = Reader::default();
    let up = match pairs.get("to") {
        "up" => true,
        "down" => false,
        _ => {
            read.fail("to", "请选择上移还是下移。");
            false
        }
    };
    read.done()?;
    let back = format!("/needs#n-{}", row.id);
    // The place that the page showed: two presses on two old pages are not two moves.
    let seen = pairs.get("rank");
    if !seen.is_empty() && seen != row.rank.to_string() {
        return Ok(Reply::done(back, Flash::problem(super::MOVED)));
    }
    let flash = match super::shift(&mut cx.tx, &row, up).await? {
        Some(place) => Flash::done(format!("“{}”现在排第 {place} 位。", row.title)),
        None => {
            let end = if up { "最前" } else { "最后" };
            Flash::problem(format!("“{}”已经在{end}，没有再动。", row.title))
        }
    };
    // To the same row, so that one can go on moving it.
    Ok(Reply::done(back, flash))
}
