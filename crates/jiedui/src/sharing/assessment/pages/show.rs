//! One assessment. The office sees all of the assessed and what depends on the weights; each of the assessed is led to its own
//! sheet, a bureau to those below it.

use super::objection::ObjectionLine;
use super::table::{TableView, table};
use super::{CLAUSE, YearView, year};
use crate::shared::frozen::KeptView;
use crate::shared::jobs;
use crate::shared::objections::REASON;
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::assessment::actions::weighing::{self, Weighing};
use crate::sharing::assessment::actions::{self, objections};
use crate::sharing::assessment::data::{AssessmentRow, AssessmentState, SheetRow};
use crate::sharing::assessment::rules::STEPS;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct ShowView {
    href: String,
    state: StateMark,
    year: YearView,
    issuer: String,
    drafted_on: String,
    presented_on: Option<String>,
    object_until: Option<String>,
    frozen_on: Option<String>,
    /// For the office alone; none where the draft cannot be computed any more.
    table: Option<TableView>,
    /// The sheets that the caller sees, where it does not see everything.
    sheets: Vec<Link>,
    kept: Option<KeptView>,
    /// What the office looks at, for the form that shows it to the assessed.
    seen: BTreeMap<&'static str, String>,
    /// Of a draft of which it is not computed yet what depends on the weights.
    weighing: Option<WeighView>,
    /// Somebody else in the office looks once more.
    waits: bool,
    reason: Field,
    raised: Vec<ObjectionLine>,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct WeighView {
    /// The job that is at it; none where the figures have changed since, or nobody asked.
    job: Option<String>,
    begins: bool,
}

/// What the caller sees of it.
#[derive(Default)]
struct Content {
    table: Option<TableView>,
    sheets: Vec<Link>,
    kept: Option<KeptView>,
    seen: BTreeMap<&'static str, String>,
    weighing: Option<WeighView>,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<AssessmentRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

async fn content(ctx: &mut RequestContext, row: &AssessmentRow, href: &str) -> Result<Content> {
    let sheets = actions::sheets(&mut ctx.tx, &row.id).await?;
    if let Some(text) = actions::parcel_text(&mut ctx.tx, row).await? {
        let parcel = actions::read(&text, &row.id)?;
        let both = (text.as_str(), row.digest.as_str());
        let kept = KeptView::of(&parcel.stamp, both, format!("{href}/parcel"), parcel.adds_up());
        let found = table(&parcel.asked, (&parcel.outturns, Some(&parcel.dependences)), &sheets);
        return Ok(Content { table: Some(found), kept: Some(kept), ..Content::default() });
    }
    if row.state != AssessmentState::Draft || !actions::sees_all(&mut ctx.tx, row).await? {
        let link = |sheet: &SheetRow| Link::new(format!("/assessment-sheets/{}", sheet.id), &sheet.name);
        return Ok(Content { sheets: sheets.iter().map(link).collect(), ..Content::default() });
    }
    let programme = ctx.programme();
    // The programme may have dropped the scheme since.
    if programme.assessment(&row.scheme).is_none() {
        return Ok(Content::default());
    }
    drafted(ctx, row).await
}

/// A draft as it would be shown today. It can be shown when it is computed what of it depends on the weights.
async fn drafted(ctx: &mut RequestContext, row: &AssessmentRow) -> Result<Content> {
    let programme = ctx.programme();
    let asked = actions::asked_of(&mut ctx.tx, &programme, row).await?;
    let outturns = match asked.outturns() {
        Ok(outturns) => outturns,
        Err(errors) => return Ok(Content { errors, ..Content::default() }),
    };
    let seen = actions::seen(&asked)?;
    let job = match weighing::of(&mut ctx.tx, row, &seen).await? {
        Weighing::Made(made) => {
            let table = Some(table(&asked, (&outturns, Some(&made)), &[]));
            return Ok(Content { table, seen: BTreeMap::from([("seen", seen)]), ..Content::default() });
        }
        Weighing::Asked(job) => Some(format!("/jobs/{job}")),
        Weighing::Unknown => None,
    };
    let begins = ctx.can("assessment", "draft") && ctx.actor.org == row.issuer;
    Ok(Content {
        table: Some(table(&asked, (&outturns, None), &[])),
        weighing: Some(WeighView { job, begins }),
        ..Content::default()
    })
}

/// The page of an assessment, with what is wrong where a form on it was refused.
async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = &opened.row;
    let href = format!("/assessments/{}", row.id);
    let content = content(ctx, row, &href).await?;
    let raised = objections::of(&mut ctx.tx, &row.id).await?;
    let reason = Field::new("reason", "为什么撤回").required().value(ctx.form.values.get("reason"));
    let view = ShowView {
        state: row.state.mark(),
        year: year(i32::try_from(row.year).unwrap_or_default()),
        issuer: row.issuer_name.clone(),
        drafted_on: row.drafted_on.to_string(),
        presented_on: row.presented_on.map(|day| day.to_string()),
        object_until: row.object_until.map(|day| day.to_string()),
        frozen_on: row.frozen_on.map(|day| day.to_string()),
        table: content.table,
        sheets: content.sheets,
        kept: content.kept,
        seen: content.seen,
        weighing: content.weighing,
        waits: row.state == AssessmentState::Presented && ctx.is_released_by_another("assessment", "freeze"),
        reason: Field { maxlength: Some(REASON), ..reason.error(&errors) },
        raised: raised.iter().map(ObjectionLine::of).collect(),
        review: opened.view(ctx, &STEPS),
        errors: errors.iter().cloned().chain(content.errors).collect(),
        href,
    };
    let lead = match row.state {
        AssessmentState::Draft => "按今天的数算；先看清结果取决于权重的有哪些，再送被考核单位核对。",
        AssessmentState::Presented => "被考核单位正在核对自己的每一分，期限内可以提出异议。",
        _ => "定稿以后不再改动；谁都能照着办法和数字算一遍。",
    };
    let page =
        Page::new(row.title.clone(), lead).clause(CLAUSE).back("/assessments", "返回考核").kind("detail");
    Ok(Reply::view("sharing/assessment/show.html", page, &view)?.refused(!errors.is_empty()))
}

/// What is kept, byte for byte: for whoever sees everything.
pub async fn parcel(ctx: &mut RequestContext) -> Result<Reply> {
    let row = opened(ctx).await?.row.into_row();
    let text = actions::parcel_text(&mut ctx.tx, &row).await?.ok_or(Error::NotFound)?;
    let name = format!("考核 {} {}.json", row.title, row.year);
    Ok(Reply::Kept(File { name, mime: "application/json", bytes: text.into_bytes() }))
}

fn done(row: &AssessmentRow, text: &str) -> Reply {
    Reply::done(format!("/assessments/{}", row.id), Flash::done(text))
}

pub async fn present(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    let seen = ctx.form.values.get("seen").to_owned();
    match actions::present(&mut ctx.tx, &programme, &opened, version, &seen).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已送核对，被考核单位都收到了消息，只看得到自己的核对表。")),
        Err(errors) => page(ctx, errors).await,
    }
}

/// Has it computed again what of a draft depends on the weights.
pub async fn weigh(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Submit)?;
    match weighing::begin(&mut ctx.tx, &opened.row).await.or_wrong()? {
        Ok(job) => Ok(jobs::queued(&job)),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn discard(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::discard(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已放弃，没有送核对过。"))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    opened.demand(Action::Withdraw)?;
    let reason = ctx.form.values.get("reason").to_owned();
    match actions::withdraw(&mut ctx.tx, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已撤回，被考核单位都收到了消息。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn freeze(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    match actions::freeze(&mut ctx.tx, &programme, &opened, version).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已定稿，带着日志的总校验值存下，不再改动。")),
        Err(errors) => page(ctx, errors).await,
    }
}
