//! One certificate as its own organisation sees it: what it says, what changed in the ledger since, and the paper.

use super::WorkLine;
use crate::evidence::service_certificates::actions;
use crate::evidence::service_certificates::rules::{self, Shown};
use crate::shared::frozen::KeptView;
use crate::shared::review::ReviewView;
use jiedui_kernel::{FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::StateMark;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    href: String,
    state: StateMark,
    number: String,
    person: String,
    org: String,
    from: String,
    to: String,
    issued_on: String,
    withdrawn_on: Option<String>,
    code: String,
    check: String,
    shows: Vec<&'static str>,
    policy: Option<[String; 3]>,
    rows: Vec<WorkLine>,
    changed: bool,
    kept: KeptView,
    reason: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

/// The longest reason, in characters.
const REASON: u32 = 200;

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let opened = actions::open(&mut ctx.tx, &programme, &id).await?;
    let row = &opened.row;
    let parcel = actions::parcel(row)?;
    let changed = actions::changed(&mut ctx.tx, row, &parcel).await?;
    let href = format!("/certificates/{}", row.id);
    let reason =
        Field::new("reason", "为什么作废").required().value(ctx.form.values.get("reason")).error(&errors);
    let view = ShowView {
        state: row.state.mark(),
        number: rules::number(row.year, row.place),
        person: ctx.names.shown(&row.person_name, &[&row.org]),
        org: row.org_name.clone(),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        issued_on: row.issued_on.to_string(),
        withdrawn_on: row.withdrawn_on.map(|day| day.to_string()),
        code: row.code.clone(),
        check: format!("/check/{}", row.code),
        shows: Shown::ALL.into_iter().filter(|one| one.is_in(&row.shows)).map(Shown::label).collect(),
        policy: parcel.policy.clone(),
        rows: parcel
            .rows
            .iter()
            .enumerate()
            .map(|(at, work)| WorkLine::of(work, changed.contains(&at)))
            .collect(),
        changed: !changed.is_empty(),
        kept: KeptView::of(&parcel.stamp, (&row.parcel, &row.digest), format!("{href}/parcel"), true),
        reason: Field { maxlength: Some(REASON), ..reason },
        review: opened.view(ctx, &rules::STEPS),
        errors: errors.clone(),
        href,
    };
    let page = Page::new("协作经历证明", "内容由台账里双方确认过的记录生成，出具以后不再改动。")
        .clause("T4.7")
        .back("/certificates", "返回协作经历证明")
        .kind("detail");
    let reply = Reply::view("evidence/service_certificates/show.html", page, &view)?;
    Ok(reply.refused(!errors.is_empty()))
}

/// What is kept, byte for byte.
pub async fn parcel(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::super::find(&mut ctx.tx, &id).await?.into_row();
    let name = format!("协作经历证明{}.json", rules::number(row.year, row.place));
    Ok(Reply::Kept(File { name, mime: "application/json", bytes: row.parcel.into_bytes() }))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let opened = actions::open(&mut ctx.tx, &programme, &id).await?;
    let version = ctx.form_version()?;
    let mut read = Reader::default();
    let reason = read.text(&ctx.form.values, "reason", "为什么作废", REASON as usize).to_owned();
    let acted = match read.done() {
        Ok(()) => actions::withdraw(&mut ctx.tx, &opened, version, &reason).await,
        Err(error) => Err(error),
    };
    match acted.or_wrong()? {
        Ok(()) => {
            Ok(Reply::done(format!("/certificates/{id}"), Flash::done("已作废，核验的人会看到已作废。")))
        }
        Err(errors) => page(ctx, errors).await,
    }
}
