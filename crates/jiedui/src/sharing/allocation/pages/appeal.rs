//! An objection to an allocation, on a page of its own: what was published stands beside it, it is answered or taken back.

use crate::network::registry;
use crate::shared::objections;
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::allocation::actions;
use crate::sharing::allocation::data::{AllocationRow, AppealRow};
use crate::sharing::allocation::rules::words;
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// An objection as its allocation lists it.
#[derive(Serialize)]
pub struct AppealLine {
    href: String,
    school: Link,
    reason: String,
    raised_on: String,
    state: StateMark,
    answer: String,
}

impl AppealLine {
    pub fn of(row: &AppealRow) -> Self {
        Self {
            href: format!("/appeals/{}", row.id),
            school: registry::link(&row.school, &row.school_name),
            reason: row.reason.clone(),
            raised_on: row.raised_on.to_string(),
            state: row.state.mark(),
            answer: row.answer.clone(),
        }
    }
}

#[derive(Serialize)]
struct AppealView {
    #[serde(flatten)]
    line: AppealLine,
    allocation: Link,
    answered_on: Option<String>,
    /// Why the school got what it got, as it was published; "" where it was not.
    why: String,
    verdict: Field,
    words: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<AppealRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open_appeal(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = &opened.row;
    let allocation = actions::find(&mut ctx.tx, &row.allocation).await?;
    let help = "认可的，请随后撤回这次分配，改正以后重新拟定；已经公布的不会自动改。";
    let (verdict, words) = objections::answer_fields(&ctx.form.values, &errors, help);
    let view = AppealView {
        line: AppealLine::of(row),
        allocation: Link::new(format!("/allocations/{}", row.allocation), &row.title),
        answered_on: row.answered_on.map(|day| day.to_string()),
        why: why(&allocation, row)?,
        verdict,
        words,
        review: opened.view(ctx, &objections::STEPS),
        errors: errors.clone(),
    };
    let programme = ctx.programme();
    let clauses = programme.allocation(&allocation.rule).map_or(&[][..], |rule| &rule.clauses);
    let page = Page::new("对分配的异议", "学校说哪里不对，公布的单位核对以后答复，每条答复一次。")
        .clauses(clauses)
        .back(format!("/allocations/{}", row.allocation), "返回这次分配")
        .kind("detail");
    Ok(Reply::view("sharing/allocation/appeal.html", page, &view)?.refused(!errors.is_empty()))
}

fn why(allocation: &AllocationRow, row: &AppealRow) -> Result<String> {
    if allocation.parcel.is_empty() {
        return Ok(String::new());
    }
    let asked = actions::parcel(allocation)?.asked;
    let divided = asked.divide().map_err(jiedui_kernel::Error::Invalid)?;
    let share = divided.with.shares.iter().find(|share| share.id == row.school);
    let told = share.zip(asked.claim(&row.school));
    Ok(told.map_or_else(String::new, |(share, claim)| words::why(&asked, claim, share, &divided.with)))
}

fn done(row: &AppealRow, text: &str) -> Reply {
    Reply::done(format!("/appeals/{}", row.id), Flash::done(text))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let said = ctx.form.values.get("answer").to_owned();
    let action = match objections::verdict(&ctx.form.values) {
        Ok(action) => action,
        Err(error) => return page(ctx, vec![error]).await,
    };
    let text = match action {
        Action::Accept => "已认可。请撤回这次分配，改正以后重新拟定。",
        _ => "已答复，提出的学校看得到。",
    };
    match actions::answer(&mut ctx.tx, &opened, version, (action, &said)).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, text)),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::take_back(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已收回异议。"))
}
