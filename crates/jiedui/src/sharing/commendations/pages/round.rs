//! A year's round: while it is open what the caller may see of it, afterwards the list that everybody reads; objections to it,
//! and what the office does next.

use super::objection::ObjectionLine;
use super::{NominationLine, line};
use crate::shared::objections::REASON;
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::commendations::actions::{self, objections};
use crate::sharing::commendations::data::{RoundRow, RoundState};
use crate::sharing::commendations::rules::{CLAUSE, STEPS, takes_nominations, words};
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::CommendationClass;
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// A class with its names, in the order of names.
#[derive(Serialize)]
struct ClassView {
    name: String,
    rows: Vec<NominationLine>,
}

/// Who nominates for a class, and for what.
#[derive(Serialize)]
struct ClassRule {
    name: String,
    nominators: String,
    reasons: String,
}

#[derive(Serialize)]
struct RoundView {
    href: String,
    state: StateMark,
    issuer: String,
    opened_on: String,
    nominate_until: String,
    noticed_on: Option<String>,
    notice_until: Option<String>,
    decided_on: Option<String>,
    classes: Vec<ClassView>,
    rules: Vec<ClassRule>,
    raised: Vec<ObjectionLine>,
    /// Where the caller nominates, while that is possible.
    nominate: Option<String>,
    /// The notice that is made of what was decided, for whoever sees the records of the office.
    notice: Option<String>,
    /// Somebody else in the office releases it.
    waits: bool,
    reason: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<RoundRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

/// What the caller sees of a round, by class: of a list that is shown, what stands on it.
async fn classes(ctx: &mut RequestContext, row: &RoundRow) -> Result<Vec<ClassView>> {
    let programme = ctx.programme();
    let rules = programme.commendations.as_ref();
    let mut all = actions::nominations(&mut ctx.tx, &row.id).await?;
    all.sort_by_key(|one| words::place(rules, &one.class));
    let mut found: Vec<(String, Vec<NominationLine>)> = Vec::new();
    for one in &all {
        let view = line(&mut ctx.names, one, words::class_name(&programme, &one.class));
        match found.last_mut() {
            Some((class, rows)) if *class == one.class => rows.push(view),
            _ => found.push((one.class.clone(), vec![view])),
        }
    }
    let named = |(class, rows): (String, Vec<NominationLine>)| ClassView {
        name: words::class_name(&programme, &class),
        rows,
    };
    Ok(found.into_iter().map(named).collect())
}

/// The paper of the year, where the caller sees what it lists.
fn notice(ctx: &RequestContext, row: &RoundRow) -> Option<String> {
    let output = ctx.programme().commendations.as_ref()?.output.clone()?;
    let sees = ctx.can("output", "read") && ctx.actor.scope.covers(&row.issuer_path);
    (sees && row.state == RoundState::Decided).then(|| format!("/outputs/notices/{output}/{}", row.year))
}

fn rules(ctx: &RequestContext) -> Vec<ClassRule> {
    let programme = ctx.programme();
    let classes = programme.commendations.iter().flat_map(|rules| &rules.classes);
    let rule = |class: &CommendationClass| ClassRule {
        name: class.name.clone(),
        nominators: words::nominators(class),
        reasons: words::reasons(&programme, class),
    };
    classes.map(rule).collect()
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let row = &opened.row;
    let href = format!("/commendations/{}", row.id);
    let classes = classes(ctx, row).await?;
    let raised = objections::of(&mut ctx.tx, &row.id).await?;
    let may = actions::nominate::may(ctx.can("commendation", "nominate"), &ctx.tx, &programme);
    let released = |action: &str| ctx.is_released_by_another("commendation", action);
    let reason = Field::new("reason", "为什么撤回").required().value(ctx.form.values.get("reason"));
    let view = RoundView {
        state: row.state.mark(),
        issuer: row.issuer_name.clone(),
        opened_on: row.opened_on.to_string(),
        nominate_until: row.nominate_until.to_string(),
        noticed_on: row.noticed_on.map(|day| day.to_string()),
        notice_until: row.notice_until.map(|day| day.to_string()),
        decided_on: row.decided_on.map(|day| day.to_string()),
        classes,
        rules: rules(ctx),
        raised: raised.iter().map(ObjectionLine::of).collect(),
        nominate: (may && takes_nominations(row, ctx.today)).then(|| format!("{href}/nominate")),
        notice: notice(ctx, row),
        waits: match row.state {
            RoundState::Open => opened.can(Action::Submit) && released("publish"),
            RoundState::Noticed => opened.can(Action::Accept) && released("decide"),
            _ => false,
        },
        reason: Field { maxlength: Some(REASON), ..reason.error(&errors) },
        review: opened.view(ctx, &STEPS),
        errors: errors.clone(),
        href,
    };
    let lead = match row.state {
        RoundState::Open => "公示以前，提名只有提名的单位、被提名的单位和评审的人看得到。",
        RoundState::Noticed => "公示期内各单位都看得到这份名单，可以对其中一条提出异议。",
        RoundState::Decided => "已经决定，名单记在建设成果里，通报代拟稿从那里来。",
        RoundState::Withdrawn => "这一次已经撤回，名单不再有效。",
    };
    let page = Page::new(words::title(row.year), lead)
        .clause(CLAUSE)
        .back("/commendations", "返回通报表扬")
        .kind("detail");
    Ok(Reply::view("sharing/commendations/round.html", page, &view)?.refused(!errors.is_empty()))
}

fn done(row: &RoundRow, text: &str) -> Reply {
    Reply::done(format!("/commendations/{}", row.id), Flash::done(text))
}

pub async fn publish(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    actions::publish(&mut ctx.tx, &programme, &opened, version).await?;
    Ok(done(&opened.row, "已公示，各单位都看得到名单，公示期内可以提出异议。"))
}

pub async fn discard(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::discard(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已放弃，可以重新开始。"))
}

pub async fn decide(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    match actions::decide(&mut ctx.tx, &programme, &opened, version).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已决定，名单已记入建设成果，通报代拟稿可以打开了。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    let reason = ctx.form.values.get("reason").to_owned();
    match actions::withdraw(&mut ctx.tx, &programme, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已撤回，名单里的单位和提名的单位都收到了消息。")),
        Err(errors) => page(ctx, errors).await,
    }
}
