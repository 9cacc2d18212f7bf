//! Putting something beside an entry, and taking it back.

use super::super::actions::attached::{lock, matter};
use super::super::rules;
use super::attached::asked;
use super::show::show_page;
use crate::shared::attachments;
use crate::shared::handed_in::Sent;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Reply;
use jiedui_web::work::Prepared;

/// The file is kept where the caller may put it there at all.
pub async fn receive(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let entry = asked(ctx).await?;
    match attachments::receive(ctx, &matter(&entry, "")).await? {
        Ok(work) => Ok(work),
        Err(full) => Ok(Prepared::Answered(show_page(ctx, full).await?)),
    }
}

pub async fn attach(ctx: &mut RequestContext, sent: Sent) -> Result<Reply> {
    let (entry, programme) = (asked(ctx).await?, ctx.programme());
    let title = rules::title(&programme, &entry);
    match attachments::attach(ctx, lock(&entry), &matter(&entry, &title), sent).await? {
        Ok(reply) => Ok(reply),
        Err(errors) => show_page(ctx, errors).await,
    }
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let entry = asked(ctx).await?;
    attachments::take_back(ctx, lock(&entry), &matter(&entry, "")).await
}
