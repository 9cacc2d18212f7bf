//! One handover: what the one wrote down, what was done, and the other one's answer.

use super::{DoneLine, Group, done, groups, parties};
use crate::planning::handovers::data::{HandoverRow, HandoverState};
use crate::planning::handovers::{actions, find, rules};
use crate::shared::review::{self, Action, Loaded, ReviewView};
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::former_partner_until;
use jiedui_store::Found;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    handover: String,
    state: StateMark,
    parties: Vec<(&'static str, Link)>,
    /// The later pairing, where the caller may open it.
    successor: Option<Link>,
    ended: Option<String>,
    since: String,
    until: Option<String>,
    note: String,
    groups: Vec<Group>,
    done: Vec<DoneLine>,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

/// The handover that the address names.
pub async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<HandoverRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let row = find(&mut ctx.tx, &id).await?;
    review::open(&mut ctx.tx, &programme, row).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let (row, programme) = (&opened.row, ctx.programme());
    let reach = row.reach;
    let items = rules::items_of(row)?;
    let mut review = opened.view(ctx, &rules::STEPS);
    if row.state == HandoverState::Withdrawn {
        review.consents.clear();
    }
    let view = ShowView {
        handover: row.id.clone(),
        state: match row.state {
            HandoverState::Withdrawn => StateMark::new("none", "已撤回", "–"),
            state => rules::mark(state.into()),
        },
        parties: parties((&row.leaving, &row.leaving_name), (&row.arriving, &row.arriving_name)),
        successor: reach.later().then(|| {
            Link::new(format!("/pairings/{}", row.successor), format!("{}现在的结对", row.county_name))
        }),
        ended: row.ended.map(|day| day.to_string()),
        since: row.since.to_string(),
        until: row
            .ended
            .filter(|_| row.state == HandoverState::Proposed)
            .map(|end| former_partner_until(&programme, end).to_string()),
        note: row.note.clone(),
        groups: groups(&items, reach, false),
        done: done(ctx, &programme, &row.pairing, reach).await?,
        review,
        errors: errors.clone(),
    };
    let title = format!("{}的院校交接", row.county_name);
    let lead = "前任院校没有办完的事由谁接着办，做过哪些事；双方确认以后各自照办。";
    let page = Page::new(title, lead).clause("G1.1").back("/handovers", "院校交接").kind("detail");
    Ok(Reply::view("planning/handovers/show.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let answer = match review::answer_of(ctx, &opened)? {
        Ok(answer) => answer,
        Err(errors) => return show_page(ctx, errors).await,
    };
    let agreed = actions::answer(&mut ctx.tx, &programme, &opened, answer.parts()).await?;
    let said = [
        "双方都已确认，交接办完；接着办的项目已列入接任后的项目清单。",
        "已确认。",
        "已退回并附上您的意见，对方改好后会再请本单位确认。",
    ];
    let text = answer.said(agreed, said);
    Ok(Reply::done(format!("/handovers/{}", opened.row.id), Flash::done(text)))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Withdraw)?;
    let version = ctx.form_version()?;
    actions::withdraw(&mut ctx.tx, &opened, version).await?;
    let text = "已撤回这份交接，办理记录仍保留；需要时可以重新提出。";
    Ok(Reply::done("/handovers", Flash::done(text)))
}
