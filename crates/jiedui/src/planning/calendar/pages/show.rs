//! One announcement, and what the two sides do with it.

use super::{AnnouncementLine, line};
use crate::planning::calendar::actions;
use crate::planning::calendar::data::AnnouncementRow;
use crate::planning::calendar::rules::{Action, STEPS};
use jiedui_kernel::{Code, Error, FieldError, Mistake, Period, Reported, Result};
use jiedui_store::Found;
use jiedui_web::attempt::{Attempt as _, Refused};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::form::Reader;
use jiedui_web::history::{self, Saved, TimelineItem, saved_last};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    href: String,
    line: AnnouncementLine,
    version: i64,
    visitors: String,
    place: String,
    purpose: String,
    expected: Option<Figure>,
    proposed: Option<Proposed>,
    entry: Option<String>,
    /// The entry was withdrawn.
    withdrawn: bool,
    /// Its last day is past and nobody has said what became of it.
    asked: bool,
    /// Ids of the actions that the caller may do now.
    allowed: Vec<&'static str>,
    propose: [Field; 2],
    spans: bool,
    reason: Field,
    /// Which act was sent: its form stands open.
    sent: &'static str,
    history: Vec<TimelineItem>,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
}

/// The days that the county school would rather have.
#[derive(Serialize)]
struct Proposed {
    from: String,
    to: String,
    spans: bool,
    reason: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Refused::nothing()).await
}

async fn page(ctx: &mut RequestContext, refused: Refused) -> Result<Reply> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    let (programme, today) = (ctx.programme(), ctx.today);
    let activity = programme.activity(&row.activity);
    let steps = history::of(&mut ctx.tx, &row.id).await?;
    let saved = if refused.by_other() { saved_last(&mut ctx.tx, &row.id).await? } else { None };
    let life = row.life()?;
    let may = |action: &Action| {
        ctx.can("announcement", if *action == Action::Propose { "propose" } else { "announce" })
    };
    let allowed = life.allowed(row.standing(&ctx.actor), today);
    let allowed: Vec<&str> = allowed.iter().filter(|action| may(action)).map(|action| action.id()).collect();
    let href = format!("/calendar/{}", row.id);
    let field = |name: &str, label: &str, value: String| {
        let typed = ctx.form.values.get(name);
        let value = if typed.is_empty() { value } else { typed.to_owned() };
        Field { width: "short", ..Field::new(name, label).value(value).error(&refused.errors) }
    };
    let why = steps.iter().rfind(|step| step.kind == "propose").map_or("", |step| &step.reason);
    let calls_off = allowed.contains(&Action::Cancel.id());
    let reason = Field { maxlength: Some(200), required: calls_off, ..Field::new("reason", "原因") };
    let sent = ["propose", "cancel", "not-held"].into_iter().find(|act| ctx.path.ends_with(act));
    let view = ShowView {
        line: line(&mut ctx.names, &programme, &row, &ctx.actor, today)?,
        version: row.version,
        visitors: visitors(ctx, &row),
        place: row.place.clone(),
        purpose: row.purpose.clone(),
        expected: activity.zip(row.quantity).map(|(activity, number)| {
            Figure::of(Reported::Value(number), activity.unit, &href, "预计的数量")
        }),
        proposed: proposed(&row, why),
        entry: row.entry.as_ref().map(|entry| format!("/entries/{entry}")),
        withdrawn: life.withdrawn,
        asked: allowed.contains(&"not_held") && !life.withdrawn,
        spans: row.from_day != row.to_day,
        propose: [
            field("from", "改到哪天", row.proposed_from.unwrap_or(row.from_day).to_string()).required(),
            field("to", "到哪天为止", row.proposed_to.unwrap_or(row.to_day).to_string()).required(),
        ],
        allowed,
        reason: reason.value(ctx.form.values.get("reason")).error(&refused.errors),
        sent: sent.unwrap_or_default(),
        history: history::timeline(&steps, &STEPS),
        errors: refused.errors,
        saved,
        href,
    };
    let title = format!("{}：{}", view.line.what, view.line.school);
    let page = Page::new(title, "一次预告：不计数、不考核，只为双方安排方便。")
        .clauses(activity.map_or(&[], |activity| activity.clauses.as_slice()))
        .back("/calendar", "日程")
        .kind("detail");
    Ok(Reply::view("planning/calendar/show.html", page, &view)?.with_status(refused.status))
}

/// Free text, in which names stand that nobody can mask one by one: for the two sides alone.
fn visitors(ctx: &RequestContext, row: &AnnouncementRow) -> String {
    if row.visitors.is_empty() || ctx.names.concern(&row.concerned()) {
        return row.visitors.clone();
    }
    "（已填写，只对双方显示）".to_owned()
}

fn proposed(row: &AnnouncementRow, reason: &str) -> Option<Proposed> {
    row.proposed_from.zip(row.proposed_to).map(|(from, to)| Proposed {
        from: from.to_string(),
        to: to.to_string(),
        spans: from != to,
        reason: reason.to_owned(),
    })
}

/// Does it, or shows the page again with what was wrong or who changed it meanwhile.
pub async fn finished(ctx: &mut RequestContext, done: Result<(String, Flash)>) -> Result<Reply> {
    match done.or_refused()? {
        Ok((to, flash)) => Ok(Reply::done(to, flash)),
        Err(mut refused) => {
            if refused.by_other() {
                refused.errors.push(FieldError::new("", Code::Changed.says(&refused.said)));
            }
            page(ctx, refused).await
        }
    }
}

/// The announcement, and the version that the caller saw.
pub async fn seen(ctx: &mut RequestContext) -> Result<(Found<AnnouncementRow>, i64)> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    Ok((row, ctx.form_version()?))
}

fn days(ctx: &RequestContext) -> Result<Period> {
    let values = &ctx.form.values;
    let mut read = Reader::default();
    let from = read.date(values, "from", "希望的日期");
    let to = if values.get("to").is_empty() { from } else { read.date(values, "to", "结束日期") };
    read.done()?;
    let period = from.zip(to).and_then(|(from, to)| Period::new(from, to));
    period.ok_or_else(|| Error::field("to", Mistake::reversed()))
}

/// A word of at most two hundred characters; one that must be given says so.
fn reason(ctx: &RequestContext, missing: &str) -> Result<String> {
    let mut read = Reader::default();
    let reason = read.text(&ctx.form.values, "reason", "原因", 200).to_owned();
    if reason.is_empty() && !missing.is_empty() {
        read.fail("reason", Code::Missing.says(missing));
    }
    read.done()?;
    Ok(reason)
}

pub async fn propose(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = seen(ctx).await?;
    let read = days(ctx).and_then(|days| Ok((days, reason(ctx, "")?)));
    let done = match read {
        Ok((days, reason)) => actions::propose(&mut ctx.tx, &row, version, days, &reason).await,
        Err(error) => Err(error),
    };
    let text = format!("已告诉“{}”希望改期，等对方答复；对方同意以前仍按原定日期。", row.org_name);
    finished(ctx, done.map(|()| (format!("/calendar/{}", row.id), Flash::done(text)))).await
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = seen(ctx).await?;
    let (accepts, text) = match ctx.form.values.get("verdict") {
        "accept" => (true, "已按学校的建议改期。"),
        "decline" => (false, "仍按原定日期，学校能看到。"),
        _ => {
            return finished(
                ctx,
                Err(Error::field("verdict", Code::Missing.says("请选择同意改期还是仍按原定日期。"))),
            )
            .await;
        }
    };
    let done = actions::answer(&mut ctx.tx, &row, version, accepts).await;
    finished(ctx, done.map(|()| (format!("/calendar/{}", row.id), Flash::done(text)))).await
}

/// It did not happen: asked once, with a word if one likes.
pub async fn not_held(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = seen(ctx).await?;
    let done = match reason(ctx, "") {
        Ok(reason) => actions::finish(&mut ctx.tx, &row, version, Action::NotHeld, (&reason, None)).await,
        Err(error) => Err(error),
    };
    let text = "已记下未开展，不再询问；不计数，也不影响任何评价。";
    finished(ctx, done.map(|()| ("/calendar".to_owned(), Flash::done(text)))).await
}

/// Called off, with the reason; taken back right after announcing, from the message that said so, without one.
pub async fn cancel(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    let undo = ctx.query.whole("version");
    let version = undo.map_or_else(|| ctx.form_version(), Ok)?;
    let missing = if undo == Some(1) { "" } else { "请写明取消的原因，学校好另作安排。" };
    let done = match reason(ctx, missing) {
        Ok(reason) => actions::finish(&mut ctx.tx, &row, version, Action::Cancel, (&reason, None)).await,
        Err(error) => Err(error),
    };
    let text = "已取消，日程里不再列出；学校订阅的日历也会显示取消。";
    finished(ctx, done.map(|()| ("/calendar".to_owned(), Flash::done(text)))).await
}
