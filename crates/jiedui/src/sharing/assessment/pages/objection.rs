//! An objection to a sheet, on a page of its own: it is looked at once more and answered, or taken back.

use super::CLAUSE;
use crate::shared::objections as shared;
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::assessment::actions::objections;
use crate::sharing::assessment::data::ObjectionRow;
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// An objection as the assessment and the sheet list it.
#[derive(Serialize)]
pub struct ObjectionLine {
    href: String,
    org: String,
    reason: String,
    raised_on: String,
    state: StateMark,
    answer: String,
}

impl ObjectionLine {
    pub fn of(row: &ObjectionRow) -> Self {
        Self {
            href: format!("/assessment-objections/{}", row.id),
            org: row.org_name.clone(),
            reason: row.reason.clone(),
            raised_on: row.raised_on.to_string(),
            state: row.state.mark(),
            answer: row.answer.clone(),
        }
    }
}

#[derive(Serialize)]
struct ObjectionView {
    #[serde(flatten)]
    line: ObjectionLine,
    /// What it is about, where every figure of it opens.
    sheet: Link,
    assessment: Link,
    answered_on: Option<String>,
    verdict: Field,
    words: Field,
    /// Somebody else in the office looks once more.
    waits: bool,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<ObjectionRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    objections::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = &opened.row;
    let help = "认可的，先由学校或市县在原处改正数字，定稿时这一家按改正后的数重算；别家不变。";
    let (verdict, words) = shared::answer_fields(&ctx.form.values, &errors, help);
    let view = ObjectionView {
        line: ObjectionLine::of(row),
        sheet: Link::new(format!("/assessment-sheets/{}", row.sheet), &row.name),
        assessment: Link::new(format!("/assessments/{}", row.assessment), &row.title),
        answered_on: row.answered_on.map(|day| day.to_string()),
        verdict,
        words,
        waits: opened.can(Action::Accept) && ctx.is_released_by_another("assessment", "answer"),
        review: opened.view(ctx, &shared::STEPS),
        errors: errors.clone(),
    };
    let page = Page::new("对考核的异议", "被考核单位说哪里不对，由拟定以外的人复核，每条答复一次。")
        .clause(CLAUSE)
        .back(format!("/assessment-sheets/{}", row.sheet), "返回核对表")
        .kind("detail");
    Ok(Reply::view("sharing/assessment/objection.html", page, &view)?.refused(!errors.is_empty()))
}

fn done(row: &ObjectionRow, text: &str) -> Reply {
    Reply::done(format!("/assessment-objections/{}", row.id), Flash::done(text))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let said = ctx.form.values.get("answer").to_owned();
    let action = match shared::verdict(&ctx.form.values) {
        Ok(action) => action,
        Err(error) => return page(ctx, vec![error]).await,
    };
    let text = match action {
        Action::Accept => "已认可。数字在原处改正以后，定稿时这一家重算。",
        _ => "已答复，提出的单位看得到。",
    };
    match objections::answer(&mut ctx.tx, &opened, version, (action, &said)).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, text)),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    objections::take_back(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已收回异议。"))
}
