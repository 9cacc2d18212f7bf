//! What the sides put beside an output.

use super::super::actions::attached;
use super::super::data::OutputRow;
use crate::shared::attachments::{self, AttachmentsView};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::context::RequestContext;
use jiedui_web::history::HistoryRow;
use jiedui_web::reply::Reply;

/// What the role has to be able to do for its side: whoever recorded it records, whoever answers answers.
pub(super) fn right(org: &str, output: &OutputRow) -> &'static str {
    if org == output.org { "record" } else { "answer" }
}

/// What the caller sees of it on the page of the output.
pub async fn beside(
    ctx: &mut RequestContext,
    output: &OutputRow,
    steps: &[HistoryRow],
    errors: &[FieldError],
) -> Result<Option<AttachmentsView>> {
    let may = ctx.can("output", right(&ctx.actor.org, output));
    attachments::view(ctx, &attached::matter(output), &output.concerned(), (steps, may), errors).await
}

pub(super) async fn asked(ctx: &mut RequestContext) -> Result<Found<OutputRow>> {
    let id = ctx.param("id");
    super::super::find(&mut ctx.tx, &id).await
}

pub async fn download(ctx: &mut RequestContext) -> Result<Reply> {
    let output = asked(ctx).await?;
    attachments::sent(ctx, &output.id, &output.concerned(), false).await
}

/// Within the page.
pub async fn look(ctx: &mut RequestContext) -> Result<Reply> {
    let output = asked(ctx).await?;
    attachments::sent(ctx, &output.id, &output.concerned(), true).await
}
