//! One movement of money: what it says, and its answer.

use super::moves::MoveLine;
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::funding::actions;
use crate::sharing::funding::data::MoveRow;
use crate::sharing::funding::rules::{REASON, STEPS};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    #[serde(flatten)]
    line: MoveLine,
    org: String,
    answerer: String,
    /// Whose money it is; none where no output and no project carries it.
    of: Option<Link>,
    project: Option<Link>,
    reason: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<MoveRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

fn linked(path: &str, id: Option<&String>, title: Option<&String>) -> Option<Link> {
    id.map(|id| Link::new(format!("{path}{id}"), title.map_or("", String::as_str)))
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, opened) = (ctx.programme(), opened(ctx).await?);
    let rules = actions::rules_of(&programme)?;
    let row = &opened.row;
    let reason = Field::new("reason", "哪里不对").required().value(ctx.form.values.get("reason"));
    let view = ShowView {
        line: MoveLine::of(row, rules),
        org: row.org_name.clone(),
        answerer: row.answerer_name.clone(),
        of: linked("/outputs/", row.output.as_ref(), row.output_title.as_ref())
            .or_else(|| linked("/allocations/", row.share_of.as_ref(), row.share_title.as_ref())),
        project: linked("/projects/", row.project.as_ref(), row.project_title.as_ref()),
        reason: Field { maxlength: Some(REASON), ..reason.error(&errors) },
        review: opened.view(ctx, &STEPS),
        errors: errors.clone(),
    };
    let lead = "登记的一方可以在确认以前撤回；另一方确认，或写明哪里不对。";
    let page = Page::new(format!("一笔{}", row.kind.label()), lead)
        .clauses(&rules.clauses)
        .back(format!("/funding/schools/{}", row.school), "返回学校的经费")
        .kind("detail");
    Ok(Reply::view("sharing/funding/show.html", page, &view)?.refused(!errors.is_empty()))
}

fn done(row: &MoveRow, text: &str) -> Reply {
    Reply::done(format!("/funding/moves/{}", row.id), Flash::done(text))
}

pub async fn confirm(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::confirm(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已确认，计入确认数。"))
}

pub async fn dispute(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    opened.demand(Action::Return)?;
    let reason = ctx.form.values.get("reason").to_owned();
    match actions::dispute(&mut ctx.tx, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已提出异议，登记的一方看得到。改正以后会重新登记。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    actions::withdraw(&mut ctx.tx, &programme, &opened, version).await?;
    Ok(done(&opened.row, "已撤回，不再计入。"))
}
