//! One nomination: whom and for what, what must hold and does not, and what each of those concerned may do to it now.

use super::objection::ObjectionLine;
use super::{NominationLine, line};
use crate::evidence::ledger::EntryRow;
use crate::network::registry;
use crate::shared::confirmation;
use crate::shared::objections::REASON;
use crate::shared::review::{Action, ReviewView};
use crate::sharing::commendations::actions::objections;
use crate::sharing::commendations::actions::reviewing::{self, LoadedNomination};
use crate::sharing::commendations::data::{AgreedHow, NominationRow, NominationState};
use crate::sharing::commendations::rules::{self, CLAUSE, NOMINATION_STEPS, words};
use jiedui_kernel::{FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// An entry that was named as a reason.
#[derive(Serialize)]
struct ReasonLine {
    href: String,
    activity: String,
    school: String,
    from: String,
    to: String,
    state: StateMark,
}

/// One thing that must hold.
#[derive(Serialize)]
struct CheckLine {
    what: &'static str,
    holds: bool,
}

#[derive(Serialize)]
struct ShowView {
    #[serde(flatten)]
    line: NominationLine,
    round: Link,
    school: String,
    /// The registry entry of the school, where the caller sees it.
    school_href: Option<String>,
    is_person: bool,
    agreed_on: Option<String>,
    on_paper: bool,
    /// As far as the caller sees them.
    reasons: Vec<ReasonLine>,
    /// For the office and for whoever nominated.
    checks: Option<Vec<CheckLine>>,
    /// The record that it became, for whoever sees it.
    output: Option<String>,
    /// It is the caller's own name.
    own: bool,
    agreed: Field,
    reason: Field,
    raised: Vec<ObjectionLine>,
    /// The form by which the caller's unit objects, and until when.
    object: Option<Field>,
    until: Option<String>,
    /// Somebody else in the office confirms it.
    waits: bool,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<LoadedNomination> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    reviewing::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn reasons(ctx: &mut RequestContext, row: &NominationRow) -> Result<Vec<ReasonLine>> {
    if !ctx.can("entry", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let line = |one: EntryRow| ReasonLine {
        href: format!("/entries/{}", one.id),
        activity: programme.activity(&one.activity).map_or_else(String::new, |of| of.name.clone()),
        school: one.county_name,
        from: one.from_day.to_string(),
        to: one.to_day.to_string(),
        state: confirmation::mark(one.state),
    };
    Ok(reviewing::reasons(&mut ctx.tx, row).await?.into_iter().map(line).collect())
}

/// What must hold, for those who nominate and review; once it is decided nothing is asked any more.
async fn checks(ctx: &mut RequestContext, row: &NominationRow) -> Result<Option<Vec<CheckLine>>> {
    let org = &ctx.actor.org;
    let over = matches!(
        row.state,
        NominationState::Commended | NominationState::Withdrawn | NominationState::LeftOut
    );
    if over || ![&row.issuer, &row.nominator].contains(&org) {
        return Ok(None);
    }
    let programme = ctx.programme();
    let all = reviewing::eligibility(&mut ctx.tx, &programme, row).await?;
    Ok(Some(all.into_iter().map(|(what, holds)| CheckLine { what: what.label(), holds }).collect()))
}

/// The form by which the caller's unit objects.
fn object(
    ctx: &RequestContext,
    row: &NominationRow,
    raised: &[ObjectionLine],
    field: impl Fn(&str) -> Field,
) -> Option<Field> {
    let once = !raised.iter().any(|one| one.is_of(&ctx.actor.org));
    let may = once && rules::is_open(row, ctx.today) && ctx.can("commendation", "appeal");
    may.then(|| field("哪里不对").help("写清哪一点和事实不符，由省领导小组办公室核对答复。"))
}

/// The record, where the caller sees what the office records.
fn output(ctx: &RequestContext, row: &NominationRow) -> Option<String> {
    let sees = ctx.can("output", "read") && ctx.actor.org == row.issuer;
    row.output.as_ref().filter(|_| sees).map(|id| format!("/outputs/{id}"))
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let row = &opened.row;
    let reasons = reasons(ctx, row).await?;
    let checks = checks(ctx, row).await?;
    let raised = objections::to(&mut ctx.tx, &row.id).await?;
    let raised: Vec<ObjectionLine> = raised.iter().map(ObjectionLine::of).collect();
    let sees_school = registry::find(&mut ctx.tx, &row.school).await.is_ok();
    let field = |label: &str| {
        let field =
            Field::new("reason", label).required().value(ctx.form.values.get("reason")).error(&errors);
        Field { maxlength: Some(REASON), ..field }
    };
    let day = Field::new("agreed_on", "本人书面同意的日期").value(ctx.form.values.get("agreed_on"));
    let view = ShowView {
        round: Link::new(format!("/commendations/{}", row.round), words::title(row.year)),
        school: row.school_name.clone(),
        school_href: sees_school.then(|| registry::link(&row.school, &row.school_name).href),
        is_person: row.person.is_some(),
        agreed_on: row.agreed_on.map(|day| day.to_string()),
        on_paper: row.agreed_how == AgreedHow::Paper,
        reasons,
        checks,
        output: output(ctx, row),
        own: row.is_own(&ctx.actor),
        agreed: Field { max: ctx.today.to_string(), ..day.required().error(&errors) },
        reason: field("理由"),
        object: object(ctx, row, &raised, field),
        raised,
        until: row.notice_until.map(|day| day.to_string()),
        waits: opened.can(Action::Accept) && ctx.is_released_by_another("commendation", "confirm"),
        review: opened.view(ctx, &NOMINATION_STEPS),
        line: line(&mut ctx.names, row, words::class_name(&programme, &row.class)),
        errors: errors.clone(),
    };
    let lead = "由别的单位提名；符合哪些条件照记录核对，理由是台账里已确认的工作。";
    let page = Page::new(format!("{}提名", words::class_name(&programme, &row.class)), lead)
        .clause(CLAUSE)
        .back(format!("/commendations/{}", row.round), "返回这一年的表扬")
        .kind("detail");
    Ok(Reply::view("sharing/commendations/show.html", page, &view)?.refused(!errors.is_empty()))
}

fn done(row: &NominationRow, text: &str) -> Reply {
    Reply::done(format!("/nominations/{}", row.id), Flash::done(text))
}

pub async fn agree(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let day = ctx.form.values.date("agreed_on");
    match reviewing::agree(&mut ctx.tx, &opened, version, day).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已同意，提名进入评审。通报印发以前本人随时可以不同意。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn decline(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    reviewing::decline(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已记下不同意，姓名已从名单里去掉。"))
}

pub async fn recall(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    reviewing::recall(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已撤回提名。"))
}

pub async fn propose(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    reviewing::propose(&mut ctx.tx, &programme, &opened, version).await?;
    Ok(done(&opened.row, "已提出列入的意见，等另一个人核对。"))
}

pub async fn confirm(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    reviewing::confirm(&mut ctx.tx, &programme, &opened, version).await?;
    Ok(done(&opened.row, "已核对通过，列入名单；公示以前别的单位看不到。"))
}

async fn turn(ctx: &mut RequestContext, action: Action, text: &str) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let reason = ctx.form.values.get("reason").to_owned();
    match reviewing::turn(&mut ctx.tx, &opened, version, (action, &reason)).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, text)),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn send_back(ctx: &mut RequestContext) -> Result<Reply> {
    turn(ctx, Action::Return, "已退回，等重新评审。").await
}

pub async fn leave_out(ctx: &mut RequestContext) -> Result<Reply> {
    turn(ctx, Action::Refuse, "已写明理由不列入，提名的单位看得到。").await
}

pub async fn put_back(ctx: &mut RequestContext) -> Result<Reply> {
    turn(ctx, Action::Reopen, "已重新列入评审。").await
}

/// Objects in the name of the caller's unit.
pub async fn raise(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, reason) = (opened(ctx).await?, ctx.form.values.get("reason").to_owned());
    match objections::raise(&mut ctx.tx, &opened.row, &reason).await.or_wrong()? {
        Ok(_) => Ok(done(&opened.row, "已提出异议，省领导小组办公室会答复；答复以前不作决定。")),
        Err(errors) => page(ctx, errors).await,
    }
}
