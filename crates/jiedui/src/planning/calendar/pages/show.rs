//! One announcement, and what the two sides do with it.

use super::{Line, line};
use crate::planning::calendar::actions::{self, Happened};
use crate::planning::calendar::data::AnnouncementRow;
use crate::planning::calendar::rules::Action;
use jiedui_kernel::{Error, FieldError, Known, Period, Result};
use jiedui_programme::{Activity, Measure, Time};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::form::Reader;
use jiedui_web::history::{self, Saved, TimelineItem, saved_last};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

const WORDS: [(&str, &str); 8] = [
    ("announce", "预告"),
    ("reschedule", "修改"),
    ("propose", "建议改期"),
    ("accept", "同意改期"),
    ("decline", "仍按原定日期"),
    ("hold", "登记为台账"),
    ("not_held", "没有成行"),
    ("cancel", "取消"),
];

#[derive(Serialize)]
struct ShowView {
    href: String,
    line: Line,
    version: i64,
    purpose: String,
    expected: Option<Figure>,
    proposed: Option<(String, String)>,
    entry: Option<String>,
    /// Ids of the actions that the caller may do now.
    allowed: Vec<&'static str>,
    hold: Vec<Field>,
    spans: bool,
    propose: Vec<Field>,
    reason: Field,
    history: Vec<TimelineItem>,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
}

struct Trouble {
    errors: Vec<FieldError>,
    status: u16,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Trouble { errors: Vec::new(), status: 200 }).await
}

async fn page(ctx: &mut RequestContext, trouble: Trouble) -> Result<Reply> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    let (programme, today) = (ctx.programme(), ctx.today);
    let activity = programme.activity(&row.activity);
    let steps = history::of(&mut ctx.tx, &row.id).await?;
    let saved = if trouble.status == 409 { saved_last(&mut ctx.tx, &row.id).await? } else { None };
    let allowed = row.life()?.allowed(row.standing(&ctx.actor), today);
    let may = |action: &Action| {
        let right = if *action == Action::Propose { "propose" } else { "announce" };
        ctx.can("announcement", right)
    };
    let href = format!("/calendar/{}", row.id);
    let field = |name: &str, label: &str, value: String| {
        let typed = ctx.form.values.get(name);
        let value = if typed.is_empty() { value } else { typed.to_owned() };
        Field::new(name, label).value(value).error(&trouble.errors)
    };
    let view = ShowView {
        line: line(&programme, &row, today)?,
        version: row.version,
        purpose: row.purpose.clone(),
        expected: activity.zip(row.quantity).map(|(activity, number)| {
            Figure::of(Known::Value(number), activity.unit, &href, "预计的数")
        }),
        proposed: row.proposed_from.zip(row.proposed_to).map(|(from, to)| (from.to_string(), to.to_string())),
        entry: row.entry.as_ref().map(|entry| format!("/entries/{entry}")),
        allowed: allowed.iter().filter(|action| may(action)).map(|action| action.id()).collect(),
        hold: activity.map(|activity| hold_fields(activity, &row, today, &field)).unwrap_or_default(),
        spans: row.from_day != row.to_day,
        propose: vec![
            field("from", "改到哪天", row.proposed_from.unwrap_or(row.from_day).to_string()).required(),
            field("to", "至", row.proposed_to.unwrap_or(row.to_day).to_string()).required(),
        ],
        reason: Field { maxlength: Some(200), ..field("reason", "说明（可不填）", String::new()) },
        history: history::timeline(&steps, &WORDS),
        errors: trouble.errors,
        saved,
        href,
    };
    let title = format!("{}：{}", view.line.what, view.line.school);
    let page = Page::new(title, "一次预告：不计数、不考核，只为双方安排方便。")
        .clauses(activity.map_or(&[], |activity| activity.clauses.as_slice()))
        .back("/calendar", "日程")
        .kind("detail");
    Ok(Reply::view("planning/calendar/show.html", page, &view)?.with_status(trouble.status))
}

/// What the entry will say, filled in from the announcement: one looks, and presses.
fn hold_fields(
    activity: &Activity,
    row: &AnnouncementRow,
    today: jiedui_kernel::Date,
    field: &impl Fn(&str, &str, String) -> Field,
) -> Vec<Field> {
    let mut fields = vec![field("from", "日期", row.from_day.to_string()).required()];
    if activity.time == Time::Span {
        fields.push(field("to", "至", row.to_day.min(today).to_string()).required());
    }
    if activity.measure == Measure::Entered {
        let number = row.quantity.map(|number| activity.unit.format(number)).unwrap_or_default();
        let mut field = field("quantity", &activity.quantity_label, number).required();
        field.unit = activity.unit.word().to_owned();
        field.width = "short";
        fields.push(field);
    }
    fields
}

/// Does it, or shows the page again with what was wrong or who changed it meanwhile.
async fn finished(ctx: &mut RequestContext, done: Result<(String, Flash)>) -> Result<Reply> {
    match done {
        Ok((to, flash)) => Ok(Reply::done(to, flash)),
        Err(Error::Invalid(errors)) => page(ctx, Trouble { errors, status: 422 }).await,
        Err(Error::Conflict(text)) => {
            let errors = vec![FieldError { field: String::new(), message: text }];
            page(ctx, Trouble { errors, status: 409 }).await
        }
        Err(other) => Err(other),
    }
}

async fn asked(ctx: &mut RequestContext) -> Result<(AnnouncementRow, i64)> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    // The undo link of a message names the version in its address.
    let version = match ctx.query.get("version").parse() {
        Ok(version) => version,
        Err(_) => ctx.form_version()?,
    };
    Ok((row, version))
}

fn days(ctx: &RequestContext, spans: bool) -> Result<Period> {
    let values = &ctx.form.values;
    let mut read = Reader::default();
    let from = read.date(values, "from", "日期");
    let to = if spans { read.date(values, "to", "结束日期") } else { from };
    read.done()?;
    let period = from.zip(to).and_then(|(from, to)| Period::new(from, to));
    period.ok_or_else(|| Error::field("to", "结束日期早于开始日期，两个日期可能写反了。"))
}

pub async fn propose(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = asked(ctx).await?;
    let reason = ctx.form.values.get("reason").to_owned();
    let done = match days(ctx, true) {
        Ok(days) => actions::propose(&mut ctx.tx, &row, version, days, &reason).await,
        Err(error) => Err(error),
    };
    let text = format!("已告诉“{}”希望改期，等对方答复；在对方同意以前仍按原定日期。", row.org_name);
    finished(ctx, done.map(|()| (format!("/calendar/{}", row.id), Flash::done(text)))).await
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = asked(ctx).await?;
    let accepts = ctx.form.values.get("verdict") == "accept";
    let done = actions::answer(&mut ctx.tx, &row, version, accepts).await;
    let text = if accepts { "已按学校的建议改期。" } else { "仍按原定日期，学校能看到。" };
    finished(ctx, done.map(|()| (format!("/calendar/{}", row.id), Flash::done(text)))).await
}

/// One press: what was announced is in the ledger.
pub async fn hold(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = asked(ctx).await?;
    let programme = ctx.programme();
    let activity = programme.activity(&row.activity).ok_or(Error::NotFound)?;
    let done = match happened(ctx, activity) {
        Ok(happened) => actions::hold(&mut ctx.tx, &programme, activity, &row, version, &happened).await,
        Err(error) => Err(error),
    };
    let text = format!("已登记，等“{}”确认后计数。", row.county_name);
    finished(ctx, done.map(|entry| (format!("/entries/{entry}"), Flash::done(text)))).await
}

fn happened(ctx: &RequestContext, activity: &Activity) -> Result<Happened> {
    let period = days(ctx, activity.time == Time::Span)?;
    let mut read = Reader::default();
    let quantity = if activity.measure == Measure::Entered {
        let text = ctx.form.values.get("quantity");
        jiedui_web::fields::read_number(
            &mut read,
            "quantity",
            &activity.quantity_label,
            activity.unit,
            text,
            1,
        )
    } else {
        None
    };
    read.done()?;
    Ok(Happened { period, quantity })
}

async fn over(ctx: &mut RequestContext, action: Action, text: &str) -> Result<Reply> {
    let (row, version) = asked(ctx).await?;
    let reason = ctx.form.values.get("reason").to_owned();
    let done = if reason.chars().count() > 200 {
        Err(Error::field("reason", "说明最多写二百个字，请写得短些。"))
    } else {
        actions::finish(&mut ctx.tx, &row, version, action, &reason).await
    };
    finished(ctx, done.map(|()| ("/calendar".to_owned(), Flash::done(text)))).await
}

pub async fn not_held(ctx: &mut RequestContext) -> Result<Reply> {
    over(ctx, Action::NotHeld, "已记下没有成行，不再询问；不计数，也不影响任何评价。").await
}

pub async fn cancel(ctx: &mut RequestContext) -> Result<Reply> {
    over(ctx, Action::Cancel, "已取消，学校的日程里不再列出。").await
}
