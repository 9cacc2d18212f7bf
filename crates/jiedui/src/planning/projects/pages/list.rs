//! The list of projects: over everything visible to the caller, with filters that live in the address.

use super::index;
use super::views::{ProjectLine, line};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::listing::Listed;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<ProjectLine>,
    can_draft: bool,
    year_href: String,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let list = index::page(ctx, "/projects", false).await?;
    let view = ListView {
        list: list.map(|row| line(&mut ctx.names, &row, ctx.today)),
        can_draft: ctx.can("project", "draft"),
        year_href: format!("/projects/year?{}", ctx.query.with("sort", "")),
    };
    let lead = "各校每年约定办成的事。进度由双方确认的台账算出，不另外填报。";
    let page = Page::new("协作项目", lead).clause("S4.1").clause("S4.2").kind("list");
    Reply::view("planning/projects/list.html", page, &view)
}
