//! The content of an edition: to be kept, or to be looked at within its page.

use super::folder;
use crate::sharing::resources::actions;
use jiedui_files::{ContentHash, FileKind};
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::download::{PartedFile, ReadPart};
use jiedui_web::reply::Reply;
use std::pin::Pin;

/// The file of the edition that the address names, of an item that the caller sees.
async fn found(ctx: &mut RequestContext) -> Result<(FileKind, PartedFile)> {
    let (id, edition) = (ctx.param("id"), ctx.param("edition"));
    let row = actions::find(&mut ctx.tx, &id).await?;
    let editions = actions::editions(&mut ctx.tx, &row).await?;
    let one = editions
        .into_iter()
        .find(|one| one.edition.to_string() == edition.as_str())
        .ok_or(Error::NotFound)?;
    let lost = || Error::internal(format_args!("edition {edition} of the item {id} names no file"));
    let hash = ContentHash::parse(&one.hash).ok_or_else(lost)?;
    let kind = FileKind::of_mime(&one.mime).ok_or_else(lost)?;
    let size = usize::try_from(one.size).map_err(Error::internal)?;
    let folder = folder(ctx)?;
    // Before anything is answered: a page says so where the file is gone.
    if !folder.path(&hash).is_file() {
        let words = "这个文件在服务器上找不到了，资源的登记还在。请告知系统管理员从备份里恢复。";
        return Err(Error::NotNow(words.to_owned()));
    }
    let read: ReadPart = Box::new(move |place: i64| {
        let (folder, hash) = (folder.clone(), hash.clone());
        let part = async move {
            let number = u64::try_from(place).map_err(Error::internal)?;
            let read = tokio::task::spawn_blocking(move || folder.part(&hash, number));
            read.await.map_err(Error::internal)?.map_err(Error::internal)
        };
        Box::pin(part) as Pin<Box<dyn Future<Output = Result<Option<Vec<u8>>>> + Send>>
    });
    Ok((kind, PartedFile { name: one.name, mime: kind.mime(), size, read }))
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
