//! Putting something beside an output, and taking it back.

use super::super::actions::attached;
use super::super::data::OutputRow;
use super::attached::{asked, right};
use super::show::show_page;
use crate::shared::attachments;
use crate::shared::handed_in::{self, Sent};
use jiedui_kernel::Result;
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Reply;
use jiedui_web::work::Prepared;

/// One that the caller, as the side that it is, may put something beside.
async fn asked_as_side(ctx: &mut RequestContext) -> Result<Found<OutputRow>> {
    let output = asked(ctx).await?;
    ctx.require("output", right(&ctx.actor.org, &output))?;
    Ok(output)
}

/// The file is kept where the caller may put it there at all.
pub async fn receive(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let output = asked_as_side(ctx).await?;
    attached::matter(&output).demand(&ctx.actor.org)?;
    let full = attachments::full(&mut ctx.tx, &output.id).await?;
    if !full.is_empty() {
        return Ok(Prepared::Answered(show_page(ctx, "", full).await?));
    }
    handed_in::receive(ctx, attachments::types(), "材料", true)
}

pub async fn attach(ctx: &mut RequestContext, sent: Sent) -> Result<Reply> {
    let output = asked_as_side(ctx).await?;
    let file = match sent {
        Ok(file) => file,
        Err(error) => return show_page(ctx, "", vec![error]).await,
    };
    match attached::attach(&mut ctx.tx, &output, &file).await.or_wrong()? {
        Ok(()) => Ok(attachments::added(&attached::matter(&output))),
        Err(errors) => show_page(ctx, "", errors).await,
    }
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let (output, attachment) = (asked_as_side(ctx).await?, ctx.param("attachment"));
    attached::take_back(&mut ctx.tx, &output, &attachment).await?;
    Ok(attachments::taken_back(&attached::matter(&output)))
}
