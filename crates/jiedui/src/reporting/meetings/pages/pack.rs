//! 会议材料 as a paper: before the meeting for its host, as it was kept for all who see a closed one.

use super::opened;
use super::show::parcel_of;
use crate::reporting::meetings::actions::{close, pack};
use crate::reporting::meetings::data::MeetingState;
use crate::reporting::meetings::papers as written;
use crate::shared::papers;
use crate::shared::settled;
use jiedui_documents::paper::Document;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

async fn paper(ctx: &mut RequestContext) -> Result<Document> {
    let (row, programme) = (opened(ctx).await?.row, ctx.programme());
    if let Some(kept) = parcel_of(&row)? {
        return Ok(written::pack(&programme, &row, &kept.agenda, &kept.pack));
    }
    if row.state != MeetingState::Announced || row.host != ctx.actor.org {
        return Err(Error::NotFound);
    }
    let last = pack::before_it(&mut ctx.tx, &row).await?;
    let made = pack::make(&mut ctx.tx, &programme, &row, last.as_ref()).await?;
    let agenda = close::items(&mut ctx.tx, &row.id).await?;
    let mut document = written::pack(&programme, &row, &agenda, &made);
    if let Some(settled) = settled::until(ctx, made.months.1).await? {
        document.text(&settled.line());
    }
    Ok(document)
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let document = paper(ctx).await?;
    let href = format!("/meetings/{}", ctx.param("id"));
    let page = Page::new(document.title.clone(), "由系统从记录里备好；没有变化的不列。")
        .clause("S1.3")
        .back(href.clone(), "返回这次会议")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/pack"))
}
