//! One entry that was drawn, as it is recorded, and the two things that a second person can say of it.

use crate::evidence::ledger::{self, RecordedView};
use crate::evidence::spot_checks::actions;
use crate::evidence::spot_checks::data::{CheckRow, CheckState, Why};
use crate::evidence::spot_checks::rules;
use crate::shared::review::{Loaded, ReviewView};
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
    state: StateMark,
    entry: Link,
    recorded: RecordedView,
    unit: String,
    due: String,
    looked_by: String,
    looked_at: Option<String>,
    /// Why nobody looks, or why the caller does not.
    why: String,
    reason: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<CheckRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

/// What stands in place of the buttons.
fn why(ctx: &RequestContext, row: &CheckRow) -> String {
    match row.state {
        CheckState::Waiting if ctx.can("spot_check", "look") => {
            rules::refusal(row, &ctx.actor, ctx.today).map(|error| error.to_string()).unwrap_or_default()
        }
        CheckState::Waiting if row.is_alone() => Why::Alone.words().to_owned(),
        CheckState::Lapsed => Why::of(&row.why).map_or("", Why::words).to_owned(),
        _ => String::new(),
    }
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = &opened.row;
    let recorded = ledger::recorded_view(ctx, &row.entry).await?;
    let reason =
        Field::new("reason", "哪里不符").required().value(ctx.form.values.get("reason")).error(&errors);
    let title = format!("抽查：{}", recorded.title);
    let view = ShowView {
        href: format!("/spot-checks/{}", row.id),
        state: rules::mark(row.state),
        entry: Link::new(format!("/entries/{}", row.entry), "打开这一条台账"),
        unit: row.unit_name.clone(),
        due: row.due.to_string(),
        looked_by: row.looked_name.clone().unwrap_or_default(),
        looked_at: row.looked_at.map(when),
        why: why(ctx, row),
        reason: Field { maxlength: Some(rules::WORDS), ..reason },
        review: opened.view(ctx, &rules::STEPS),
        recorded,
        errors: errors.clone(),
    };
    let lead = "随机抽到的一条已确认记录，请没有经手的人再看一眼；一致的按一下就完成。";
    let page = Page::new(title, lead).back("/spot-checks", "抽查").kind("detail");
    Ok(Reply::view("evidence/spot_checks/show.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn look(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    // Whose it is comes before what the form says.
    actions::may_look(&ctx.tx, &opened.row)?;
    let version = ctx.form_version()?;
    let to = format!("/spot-checks/{}", opened.row.id);
    if ctx.form.values.get("verdict") == "hold" {
        actions::hold(&mut ctx.tx, &opened, version).await?;
        return Ok(Reply::done(to, Flash::done("已复看：与记录一致。")));
    }
    let words = ctx.form.values.get("reason").to_owned();
    let own = ctx.actor.org == opened.row.unit;
    match actions::differ(&mut ctx.tx, &programme, &opened, version, &words).await.or_wrong()? {
        Ok(()) if own => {
            let text = "已写明不符之处：原来的确认已撤销并提出异议，对方更正以后请重新确认。";
            Ok(Reply::done(to, Flash::done(text)))
        }
        Ok(()) => Ok(Reply::done(to, Flash::done("已写明不符之处，双方都会看到，由他们更正。"))),
        Err(errors) => page(ctx, errors).await,
    }
}
