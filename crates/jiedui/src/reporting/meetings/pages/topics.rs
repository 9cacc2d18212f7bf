//! 拟提请研究: what the records offer now, for the next meeting of the caller, or for somebody to see to at once.

use super::{OfferLine, offer};
use crate::reporting::meetings::actions;
use crate::reporting::meetings::rules;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct TopicsView {
    moved: Vec<OfferLine>,
    unchanged: Vec<OfferLine>,
    /// The next meeting of one's own, onto whose agenda a press puts it.
    meeting: Option<Link>,
    version: i64,
    convene: Vec<Link>,
    can_assign: bool,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, actor) = (ctx.programme(), std::sync::Arc::clone(&ctx.actor));
    let kinds: Vec<_> = rules::held_by(&programme, |role| actor.has_role(role)).collect();
    let (next, last) = actions::agenda::around(&mut ctx.tx, &programme).await?;
    let offers = actions::backlog::offers(&mut ctx.tx, &programme, last.as_ref()).await?;
    let view = TopicsView {
        moved: offers.moved.iter().map(offer).collect(),
        unchanged: offers.unchanged.iter().map(offer).collect(),
        meeting: next
            .as_ref()
            .filter(|_| ctx.can("meeting", "convene"))
            .map(|row| Link::new(format!("/meetings/{}", row.id), row.title.clone())),
        version: next.as_ref().map_or(0, |row| row.version),
        convene: kinds
            .iter()
            .map(|kind| Link::new(format!("/meetings/new/{}", kind.id), format!("召集{}", kind.name)))
            .collect(),
        can_assign: ctx.can("followup", "assign"),
    };
    let lead = "从各校的问题与诉求、履职、结对、需求和过了期限的督办事项里自动列出，按区划排列，不排名。";
    let page = Page::new("拟提请研究", lead).clause("S1.3").back("/meetings", "会议").kind("detail");
    Reply::view("reporting/meetings/topics.html", page, &view)
}
