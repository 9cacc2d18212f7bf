//! One question: the answer as it stands, what it lacks and whom one asked for it, what was kept and what changed since.

use super::{AnswerView, ChangeLine, LackLine, change_lines, lack_line, live, settled_in};
use crate::network::registry;
use crate::reporting::followups::rules::earliest;
use crate::reporting::questions::actions;
use crate::reporting::questions::data::{AnswerRow, QuestionRow, RequestRow};
use crate::reporting::questions::rules::{self, Asked, RequestState};
use crate::shared::settled::Settled;
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark, when};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    href: String,
    version: i64,
    host: String,
    period: String,
    settled: Option<Settled>,
    split: &'static str,
    asked_on: String,
    /// The day that was asked for; none where one sees the figures as they are.
    fixed: Option<String>,
    /// Each figure, and who else asked for it.
    figures: Vec<Link>,
    /// Ids of figures that the programme no longer has.
    gone: Vec<String>,
    answer: AnswerView,
    needs: bool,
    missing: Vec<LackLine>,
    requests: Vec<RequestLine>,
    /// The form that asks those who lack something; none where nobody may be asked.
    due: Option<Field>,
    owed: bool,
    own: bool,
    kept: Vec<KeptLine>,
    changes: Vec<ChangeLine>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct RequestLine {
    href: String,
    school: Link,
    year: i32,
    due: String,
    state: StateMark,
}

#[derive(Serialize)]
struct KeptLine {
    href: String,
    as_of: String,
    kept_at: String,
    digest: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn opened(ctx: &mut RequestContext) -> Result<Found<QuestionRow>> {
    let id = ctx.param("id");
    actions::find(&mut ctx.tx, &id).await
}

fn request_line((row, state): &(Found<RequestRow>, RequestState)) -> RequestLine {
    RequestLine {
        href: format!("/requests/{}", row.id),
        school: registry::link(&row.school, &row.school_name),
        year: row.year(),
        due: row.due.to_string(),
        state: state.mark(),
    }
}

fn kept_line(row: &AnswerRow, href: &str) -> KeptLine {
    KeptLine {
        href: format!("{href}/answers/{}", row.number),
        as_of: row.as_of.to_string(),
        kept_at: when(row.kept_at),
        digest: row.digest.clone(),
    }
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (row, programme, today) = (opened(ctx).await?, ctx.programme(), ctx.today);
    let made = actions::answered(&mut ctx.tx, &programme, &row).await?;
    let kept = actions::kept(&mut ctx.tx, &row).await?;
    let requests = actions::requests(&mut ctx.tx, &row).await?;
    let changes = match kept.first() {
        Some(last) => change_lines(&actions::text_of(last)?, &made.answer),
        None => Vec::new(),
    };
    let own = ctx.can("question", "ask") && actions::is_own(&ctx.tx, &row);
    let may_ask =
        own && rules::asked_until(&row, today).is_none() && made.lacks.iter().any(|lack| lack.may_be_asked());
    let (asked, href) = (Asked::of(&row), format!("/questions/{}", row.id));
    let figures = asked.indicators(&programme);
    let link =
        |of: &&jiedui_programme::Indicator| Link::new(format!("/questions?figure={}", of.id), &of.name);
    let day = match ctx.form.values.get("due") {
        "" => earliest(&programme, today).to_string(),
        given => given.to_owned(),
    };
    let due =
        Field { min: earliest(&programme, today).to_string(), ..Field::new("due", "最晚哪天补报") };
    let settled = settled_in(ctx, &asked).await?;
    let view = ShowView {
        settled,
        version: row.version,
        host: row.host_name.clone(),
        period: asked.period(),
        split: asked.split.label(),
        asked_on: row.asked_on.to_string(),
        fixed: row.as_of.map(|day| day.to_string()),
        figures: figures.iter().map(link).collect(),
        gone: asked.figures.iter().filter(|id| programme.indicator(id).is_none()).cloned().collect(),
        answer: live(&made),
        needs: made.needs_profiles,
        missing: made.lacks.iter().map(lack_line).collect(),
        owed: own && requests.iter().any(|(_, state)| state.is_owed()),
        requests: requests.iter().map(request_line).collect(),
        due: may_ask.then(|| due.required().value(day).error(&errors)),
        own,
        kept: kept.iter().map(|row| kept_line(row, &href)).collect(),
        changes,
        errors: errors.clone(),
        href,
    };
    let page = Page::new(row.title.clone(), "从已有的记录里答；每个数点开看到逐条记录。")
        .clause("S1.3")
        .back("/questions", "临时要数")
        .kind("detail");
    Ok(Reply::view("reporting/questions/show.html", page, &view)?.refused(!errors.is_empty()))
}

fn done(row: &QuestionRow, text: &str) -> Reply {
    Reply::done(format!("/questions/{}", row.id), Flash::done(text))
}

pub async fn keep(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, programme, version) = (opened(ctx).await?, ctx.programme(), ctx.form_version()?);
    let kept = actions::keep(&mut ctx.tx, &programme, &row, version).await?;
    let text =
        if kept { "已存下这次的答案。" } else { "与今天存下的一样，没有再存。" };
    Ok(done(&row, text))
}

pub async fn ask(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, programme, version) = (opened(ctx).await?, ctx.programme(), ctx.form_version()?);
    let due = ctx.form.values.date("due");
    match actions::ask(&mut ctx.tx, &programme, &row, version, due).await.or_wrong()? {
        Ok(_) => {
            let text = "已请缺数的学校补报，现在在它们的工作台上；报了的自动消失，其他学校不打扰。";
            Ok(done(&row, text))
        }
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn cancel(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::cancel(&mut ctx.tx, &row, version).await?;
    Ok(done(&row, "已撤销，还没有报的学校不用再报。"))
}
