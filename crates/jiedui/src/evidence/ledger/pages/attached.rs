//! What the sides put beside an entry.

use super::super::actions::attached;
use super::super::data::EntryRow;
use crate::shared::attachments::{self, AttachmentsView};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::context::RequestContext;
use jiedui_web::history::HistoryRow;
use jiedui_web::reply::Reply;

/// What the caller sees of it on the page of the entry.
pub async fn beside(
    ctx: &mut RequestContext,
    row: &EntryRow,
    steps: &[HistoryRow],
    errors: &[FieldError],
) -> Result<Option<AttachmentsView>> {
    let may = ctx.can("entry", "reply");
    attachments::view(ctx, &attached::matter(row, ""), &row.concerned(), (steps, may), errors).await
}

pub(super) async fn asked(ctx: &mut RequestContext) -> Result<Found<EntryRow>> {
    let id = ctx.param("id");
    super::super::find(&mut ctx.tx, &id).await
}

pub async fn download(ctx: &mut RequestContext) -> Result<Reply> {
    let entry = asked(ctx).await?;
    attachments::sent(ctx, &entry.id, &entry.concerned(), false).await
}

/// Within the page.
pub async fn look(ctx: &mut RequestContext) -> Result<Reply> {
    let entry = asked(ctx).await?;
    attachments::sent(ctx, &entry.id, &entry.concerned(), true).await
}
