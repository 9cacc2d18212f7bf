//! Putting something beside an entry, and taking it back.

use super::super::actions::attached;
use super::attached::asked;
use super::show::show_page;
use crate::shared::attachments;
use crate::shared::handed_in::{self, Sent};
use jiedui_kernel::Result;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Reply;
use jiedui_web::work::Prepared;

/// The file is kept where the caller may put it there at all.
pub async fn receive(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let entry = asked(ctx).await?;
    attached::matter(&entry, "").demand(&ctx.actor.org)?;
    let full = attachments::full(&mut ctx.tx, &entry.id).await?;
    if !full.is_empty() {
        return Ok(Prepared::Answered(show_page(ctx, full).await?));
    }
    handed_in::receive(ctx, attachments::types(), "材料", true)
}

pub async fn attach(ctx: &mut RequestContext, sent: Sent) -> Result<Reply> {
    let (entry, programme) = (asked(ctx).await?, ctx.programme());
    let file = match sent {
        Ok(file) => file,
        Err(error) => return show_page(ctx, vec![error]).await,
    };
    match attached::attach(&mut ctx.tx, &programme, &entry, &file).await.or_wrong()? {
        Ok(()) => Ok(attachments::added(&attached::matter(&entry, ""))),
        Err(errors) => show_page(ctx, errors).await,
    }
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, attachment) = (asked(ctx).await?, ctx.param("attachment"));
    attached::take_back(&mut ctx.tx, &entry, &attachment).await?;
    Ok(attachments::taken_back(&attached::matter(&entry, "")))
}
