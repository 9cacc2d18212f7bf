//! One allocation: as it would be today while it is a draft, as it was published afterwards; and the objections to it.

use super::appeal::AppealLine;
use super::taken::{self, TakenView};
use super::{DividedView, divided};
use crate::shared::frozen::KeptView;
use crate::shared::objections::REASON;
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::allocation::actions::{self, claims};
use crate::sharing::allocation::data::{AllocationRow, AllocationState};
use crate::sharing::allocation::rules::{self, STEPS};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::StateMark;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    href: String,
    state: StateMark,
    issuer: String,
    drafted_on: String,
    published_on: Option<String>,
    appeal_until: Option<String>,
    /// None where the draft cannot be divided any more; `errors` say why.
    divided: Option<DividedView>,
    kept: Option<KeptView>,
    /// What of it was taken up where it serves.
    taken: Option<TakenView>,
    /// Somebody else in the office releases it.
    waits: bool,
    reason: Field,
    appeals: Vec<AppealLine>,
    /// The form by which the caller's school objects.
    appeal: Option<Field>,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<AllocationRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

/// What the row says, and of what was published what is kept of it.
async fn content(
    ctx: &mut RequestContext,
    row: &AllocationRow,
    href: &str,
) -> Result<(Option<DividedView>, Option<KeptView>, Vec<FieldError>)> {
    let (programme, own) = (ctx.programme(), ctx.actor.org.clone());
    let opens = super::opened_by(ctx).await?;
    if row.published_on.is_some() {
        let parcel = actions::parcel(row)?;
        let found = parcel.asked.divide().map_err(Error::Invalid)?;
        let text = (row.parcel.as_str(), row.digest.as_str());
        let kept = KeptView::of(&parcel.stamp, text, format!("{href}/parcel"), parcel.adds_up(&found));
        return Ok((Some(divided(&parcel.asked, &found, (&own, href), &opens)), Some(kept), Vec::new()));
    }
    // A draft that was given up may name a rule that is gone.
    let Some(rule) = programme.allocation(&row.rule) else { return Ok((None, None, Vec::new())) };
    let part = (row.issuer_path.as_str(), row.total);
    let asked = claims::asked(&mut ctx.tx, &programme, rule, part).await?;
    Ok(match asked.divide() {
        Ok(found) => (Some(divided(&asked, &found, (&own, href), &opens)), None, Vec::new()),
        Err(wrong) => (None, None, wrong),
    })
}

/// The page of an allocation, with what is wrong where a form on it was refused.
async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = &opened.row;
    let href = format!("/allocations/{}", row.id);
    let (divided, kept, wrong) = content(ctx, row, &href).await?;
    let taken = taken::view(ctx, row).await?;
    let appeals = actions::appeals(&mut ctx.tx, row).await?;
    let own = actions::own_share(&mut ctx.tx, row).await?.is_some();
    let objected = appeals.iter().any(|one| one.school == ctx.actor.org);
    let may_appeal = own && !objected && rules::is_open(row, ctx.today) && ctx.can("allocation", "appeal");
    let field = |label: &str| {
        let field =
            Field::new("reason", label).required().value(ctx.form.values.get("reason")).error(&errors);
        Field { maxlength: Some(REASON), ..field }
    };
    let view = ShowView {
        state: row.state.mark(),
        issuer: row.issuer_name.clone(),
        drafted_on: row.drafted_on.to_string(),
        published_on: row.published_on.map(|day| day.to_string()),
        appeal_until: row.appeal_until.map(|day| day.to_string()),
        divided,
        kept,
        taken,
        waits: row.state == AllocationState::Draft && ctx.is_released_by_another("allocation", "publish"),
        reason: field("为什么撤回"),
        appeals: appeals.iter().map(|row| AppealLine::of(row)).collect(),
        appeal: may_appeal
            .then(|| field("哪里不对").help("如人数、是否典型县、取整；写清是哪个数，应是多少。")),
        review: opened.view(ctx, &STEPS),
        errors: errors.iter().cloned().chain(wrong).collect(),
        href,
    };
    let lead = match row.state {
        AllocationState::Draft => "按今天的数算；公布时按当天的数重新计算，公布以后不再改动。",
        _ => "公布时的规则、各校的数和结果，不再改动；谁都能照着算一遍。",
    };
    let programme = ctx.programme();
    let clauses = programme.allocation(&row.rule).map_or(&[][..], |rule| &rule.clauses);
    let page = Page::new(row.title.clone(), lead)
        .clauses(clauses)
        .back("/allocations", "返回倾斜分配")
        .kind("detail");
    Ok(Reply::view("sharing/allocation/show.html", page, &view)?.refused(!errors.is_empty()))
}

/// What is kept, byte for byte.
pub async fn parcel(ctx: &mut RequestContext) -> Result<Reply> {
    let row = opened(ctx).await?.row.into_row();
    if row.parcel.is_empty() {
        return Err(Error::NotFound);
    }
    let name = format!("倾斜分配 {}.json", row.title);
    Ok(Reply::Kept(File { name, mime: "application/json", bytes: row.parcel.into_bytes() }))
}

fn done(row: &AllocationRow, text: &str) -> Reply {
    Reply::done(format!("/allocations/{}", row.id), Flash::done(text))
}

pub async fn publish(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    match actions::publish(&mut ctx.tx, &programme, &opened, version).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已公布，参加分配的学校都收到了消息，可以在期限内提出异议。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn discard(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::discard(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已放弃，没有公布过。"))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    opened.demand(Action::Withdraw)?;
    let reason = ctx.form.values.get("reason").to_owned();
    match actions::withdraw(&mut ctx.tx, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已撤回，参加分配的学校都收到了消息。")),
        Err(errors) => page(ctx, errors).await,
    }
}

/// Objects in the name of the caller's school.
pub async fn raise(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, reason) = (opened(ctx).await?, ctx.form.values.get("reason").to_owned());
    match actions::raise(&mut ctx.tx, &opened.row, &reason).await.or_wrong()? {
        Ok(_) => Ok(done(&opened.row, "已提出异议，公布的单位会答复。")),
        Err(errors) => page(ctx, errors).await,
    }
}
