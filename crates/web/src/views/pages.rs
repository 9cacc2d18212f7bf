//! Saving from the list itself, and the page on which names are changed and views deleted.

use super::data::{self, ViewRow};
use super::{address, evened, note, refused};
use crate::context::RequestContext;
use crate::figure::Link;
use crate::form::FormValues;
use crate::local_path::LocalPath;
use crate::reply::{Flash, Page, Reply};
use jiedui_kernel::{Code, Error, Result};
use jiedui_store::args;
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    views: Vec<ViewLine>,
}

#[derive(Serialize)]
struct ViewLine {
    id: String,
    name: String,
    link: Link,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    let rows = ctx.tx.all::<ViewRow>(&data::OF_ACCOUNT, args![account]).await?;
    let site = &ctx.app.site;
    let line = |row: ViewRow| {
        let label = site.page_at(&row.list).map_or("", |(route, _)| route.about);
        ViewLine { link: Link::new(address(&row.list, &row.query), label), id: row.id, name: row.name }
    };
    let view = ListView { views: rows.into_iter().map(line).collect() };
    let lead = "在列表上筛选后存下的条件，只有自己看得到，排在那个列表的最上面。";
    Reply::view("my_views.html", Page::new("存下的条件", lead).back("/my", "我的账号").kind("form"), &view)
}

fn incomplete(field: &str) -> Error {
    Error::field(field, Code::Incomplete.says("表单不完整，请回到列表再试。"))
}

/// Back to the list, with the words of what became of it.
fn answered(to: &str, said: Option<String>, done: &str) -> Reply {
    let flash = said.map_or_else(|| Flash::done(done), Flash::problem);
    Reply::done(to, flash)
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let values = ctx.form.values.clone();
    let list = LocalPath::parse(values.get("list")).ok_or_else(|| incomplete("list"))?;
    // A path alone, no longer than what is asked of it: `/a/{b}` would take anything for its place.
    let is_path = !list.as_str().contains(['?', '#']) && list.as_str().len() <= super::LONGEST_QUERY;
    if !is_path || ctx.app.site.page_at(list.as_str()).is_none() {
        return Err(incomplete("list"));
    }
    let query = evened(&FormValues::parse(values.get("query").as_bytes()));
    if query.is_empty() || query.len() > super::LONGEST_QUERY {
        return Err(incomplete("query"));
    }
    let account = ctx.actor.account().to_owned();
    let said = super::save(&mut ctx.tx, &account, (list.as_str(), &query), values.get("view_name")).await?;
    Ok(answered(&address(list.as_str(), &query), said, "已存下，下次在这个列表的最上面点名字就是。"))
}

/// One of the caller's own.
async fn own(ctx: &mut RequestContext) -> Result<ViewRow> {
    let id = ctx.form.values.get("view").to_owned();
    if id.is_empty() {
        return Err(incomplete("view"));
    }
    let account = ctx.actor.account().to_owned();
    let rows = ctx.tx.all::<ViewRow>(&data::OF_ACCOUNT, args![account]).await?;
    rows.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)
}

pub async fn rename(ctx: &mut RequestContext) -> Result<Reply> {
    let row = own(ctx).await?;
    let (account, name) = (ctx.actor.account().to_owned(), ctx.form.values.get("view_name").to_owned());
    let said = refused(&mut ctx.tx, (&account, &row.list, &row.id), &name).await?;
    if said.is_none() {
        ctx.tx.write_one(&data::RENAME, args![&row.id, &account, &name]).await?;
        note(&mut ctx.tx, "view.rename", &row.id, &name).await?;
    }
    Ok(answered("/my/views", said, "已改名。"))
}

pub async fn forget(ctx: &mut RequestContext) -> Result<Reply> {
    let row = own(ctx).await?;
    let account = ctx.actor.account().to_owned();
    ctx.tx.write_one(&data::FORGET, args![&row.id, &account]).await?;
    note(&mut ctx.tx, "view.drop", &row.id, &row.name).await?;
    Ok(answered("/my/views", None, "已删除。"))
}
