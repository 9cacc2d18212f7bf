//! Putting something beside an output, and taking it back.

use super::super::actions::attached::{lock, matter};
use super::super::data::OutputRow;
use super::attached::{asked, right};
use super::show::show_page;
use crate::shared::attachments;
use crate::shared::handed_in::Sent;
use jiedui_kernel::Result;
use jiedui_store::Found;
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
    match attachments::receive(ctx, &matter(&output)).await? {
        Ok(work) => Ok(work),
        Err(full) => Ok(Prepared::Answered(show_page(ctx, "", full).await?)),
    }
}

pub async fn attach(ctx: &mut RequestContext, sent: Sent) -> Result<Reply> {
    let output = asked_as_side(ctx).await?;
    match attachments::attach(ctx, lock(&output), &matter(&output), sent).await? {
        Ok(reply) => Ok(reply),
        Err(errors) => show_page(ctx, "", errors).await,
    }
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let output = asked_as_side(ctx).await?;
    attachments::take_back(ctx, lock(&output), &matter(&output)).await
}
