//! The content of an edition: to be kept, or to be looked at within its page.

use crate::shared::handed_in::{self, NamedFile};
use crate::sharing::resources::actions;
use jiedui_files::FileKind;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::download::PartedFile;
use jiedui_web::reply::Reply;

/// The file of the edition that the address names, of an item that the caller sees.
async fn found(ctx: &mut RequestContext) -> Result<(FileKind, PartedFile)> {
    let (id, edition) = (ctx.param("id"), ctx.param("edition"));
    let row = actions::find(&mut ctx.tx, &id).await?;
    let editions = actions::editions(&mut ctx.tx, &row).await?;
    let one = editions
        .into_iter()
        .find(|one| one.edition.to_string() == edition.as_str())
        .ok_or(Error::NotFound)?;
    let named = NamedFile { hash: &one.hash, size: one.size, mime: &one.mime, name: &one.name };
    handed_in::sent_again(ctx, named)
}

pub async fn download(ctx: &mut RequestContext) -> Result<Reply> {
    let (_, file) = found(ctx).await?;
    Ok(Reply::Parted(file))
}

/// Only what browsers show without running anything of it.
pub async fn view(ctx: &mut RequestContext) -> Result<Reply> {
    let (kind, file) = found(ctx).await?;
    if !kind.is_shown() {
        return Err(Error::NotFound);
    }
    Ok(Reply::Shown(file))
}
