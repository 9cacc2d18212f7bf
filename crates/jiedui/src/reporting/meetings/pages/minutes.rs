//! 会议纪要: what a closed meeting says, to read, to print and to file.

use super::opened;
use super::show::parcel_of;
use crate::reporting::meetings::papers as written;
use crate::shared::papers;
use jiedui_documents::paper::Document;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

async fn kept(ctx: &mut RequestContext) -> Result<Document> {
    let opened = opened(ctx).await?;
    let parcel = parcel_of(&opened.row)?.ok_or(Error::NotFound)?;
    Ok(written::minutes(&parcel, &opened.row.digest))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let document = kept(ctx).await?;
    let href = format!("/meetings/{}", ctx.param("id"));
    let page = Page::new(document.title.clone(), "归档时的内容，以后不再改动。")
        .clause("S1.3")
        .back(href.clone(), "返回这次会议")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/minutes"))
}
