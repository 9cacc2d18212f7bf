//! One tracked item with its history, and what its owner and who asked for it do with it.

use super::about;
use crate::reporting::followups::data::FollowupRow;
use crate::reporting::followups::{actions, rules};
use crate::shared::notices::{self, UrgeView};
use crate::shared::review::{Action, Loaded, ReviewView};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::history;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    href: String,
    text: String,
    state: StateMark,
    owner: String,
    host: String,
    due: String,
    made_on: String,
    closed_on: Option<String>,
    about: Vec<(&'static str, Link)>,
    clause: String,
    /// What was said last, where it waits for an answer to that.
    said: String,
    report: Field,
    back: Field,
    day: Field,
    why: Field,
    urge: Option<UrgeView>,
    /// Which act was sent: its form stands open.
    sent: &'static str,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<FollowupRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let row = &opened.row;
    let urge = notices::urge_view(ctx, "followup", &row.id).await?;
    let sent = ["report", "answer", "change"].into_iter().find(|act| ctx.path.ends_with(act));
    let words = |name: &str, label: &str| {
        let field = Field::new(name, label).value(ctx.form.values.get(name)).error(&errors);
        Field { maxlength: Some(rules::WORDS), ..field }
    };
    let last = opened.history.iter().rfind(|step| !history::is_beside(&step.kind));
    let last = last.filter(|step| matches!(step.kind.as_str(), "report" | "send_back"));
    let day = ctx.form.values.get("due").to_owned();
    let view = ShowView {
        urge,
        href: format!("/followups/{}", row.id),
        text: row.text.clone(),
        state: rules::mark(row, ctx.today),
        owner: row.owner_name.clone(),
        host: row.host_name.clone(),
        due: row.due.to_string(),
        made_on: row.made_on.to_string(),
        closed_on: row.closed_on.map(|day| day.to_string()),
        about: about(row),
        clause: row.clause.clone(),
        said: last.map(|step| step.reason.clone()).unwrap_or_default(),
        report: words("reason", "办理情况").required(),
        back: words("reason", "还要办什么"),
        day: Field {
            min: rules::earliest(&programme, ctx.today).to_string(),
            ..Field::new("due", "改到哪天")
                .required()
                .value(if day.is_empty() { row.due.to_string() } else { day })
                .error(&errors)
        },
        why: words("why", "原因"),
        sent: sent.unwrap_or_default(),
        review: opened.view(ctx, &rules::STEPS),
        errors: errors.clone(),
    };
    let lead = if row.is_own() {
        "本单位交办给自己的事：办结由本单位自己确认，不代表别的单位认可。"
    } else {
        "责任单位报办结，交办单位确认；两边都说办好了才算办结。"
    };
    let page = Page::new(row.text.clone(), lead).clause("S1.3").back("/followups", "督办事项").kind("detail");
    Ok(Reply::view("reporting/followups/show.html", page, &view)?.refused(!errors.is_empty()))
}

/// The word that goes with an act.
fn words(ctx: &RequestContext, name: &str, what: &str) -> Result<String> {
    let mut read = Reader::default();
    let words = read.text(&ctx.form.values, name, what, rules::WORDS as usize).to_owned();
    read.done().map(|()| words)
}

async fn done(ctx: &mut RequestContext, row: &FollowupRow, acted: Result<()>, text: &str) -> Result<Reply> {
    match acted.or_wrong()? {
        Ok(()) => Ok(Reply::done(format!("/followups/{}", row.id), Flash::done(text))),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn report(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let done_now = ctx.form.values.get("verdict") != "note";
    opened.demand(if done_now { Action::Submit } else { Action::Comment })?;
    let version = ctx.form_version()?;
    let acted = match words(ctx, "reason", "办理情况") {
        Ok(words) => actions::report(&mut ctx.tx, &opened, version, (done_now, &words)).await,
        Err(error) => Err(error),
    };
    let text = if done_now {
        "已报办结，等交办单位确认。"
    } else {
        "已记下进展，交办单位看得到。"
    };
    done(ctx, &opened.row, acted, text).await
}

pub async fn recall(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Recall)?;
    let version = ctx.form_version()?;
    let acted = actions::recall(&mut ctx.tx, &opened, version).await;
    done(ctx, &opened.row, acted, "已收回，可以接着办理。").await
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let back = ctx.form.values.get("verdict") == "send_back";
    opened.demand(if back { Action::Return } else { Action::Accept })?;
    let version = ctx.form_version()?;
    let acted = match words(ctx, "reason", "还要办什么") {
        Ok(words) if back => actions::send_back(&mut ctx.tx, &opened, version, &words).await,
        Ok(_) => actions::accept(&mut ctx.tx, &opened, version).await,
        Err(error) => Err(error),
    };
    let text = if back { "已退回，责任单位接着办理。" } else { "已办结。" };
    done(ctx, &opened.row, acted, text).await
}

pub async fn change(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let drops = ctx.form.values.get("verdict") == "drop";
    opened.demand(if drops { Action::Withdraw } else { Action::Edit })?;
    let (version, due) = (ctx.form_version()?, ctx.form.values.date("due"));
    let acted = match words(ctx, "why", "原因") {
        Ok(words) if drops => actions::drop(&mut ctx.tx, &opened, version, &words).await,
        Ok(words) => actions::defer(&mut ctx.tx, &programme, &opened, version, (due, &words)).await,
        Err(error) => Err(error),
    };
    let text =
        if drops { "已撤销，办理记录仍保留。" } else { "已改期，责任单位看得到。" };
    done(ctx, &opened.row, acted, text).await
}
