//! What the caller was told, and urging.

use super::super::actions;
use super::super::data::{self, NoticeRow};
use super::super::rules::Kind;
use super::parts::address_of;
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::form::Reader;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::site::Site;
use serde::Serialize;

#[derive(Serialize)]
struct NoticeLine {
    open: String,
    href: String,
    kind: &'static str,
    by: String,
    words: String,
    said: String,
    /// How many, where several were done together.
    times: Option<Figure>,
    state: StateMark,
    unread: bool,
    at: String,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<NoticeLine>,
    /// Whether something on this page is unread.
    unread: bool,
}

fn line(site: &Site, row: NoticeRow) -> NoticeLine {
    let several = row.times > 1;
    let href = address_of(site, &row.resource, &row.resource_id, several);
    let times = several.then(|| Figure::of(Reported::Value(row.times), Unit::Entries, &href, "一并办理的"));
    let unread = row.seen == 0;
    let state = if unread {
        StateMark::new("pending", "未读", "○")
    } else {
        StateMark::new("done", "已读", "●")
    };
    NoticeLine {
        open: format!("/notices/{}/open", row.id),
        href,
        kind: row.kind.label(),
        by: row.by_org,
        words: row.words,
        said: row.said,
        times,
        state,
        unread,
        at: when(row.at),
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let [muted, _] = actions::choice(&mut ctx.tx, &programme, &ctx.actor).await?.texts();
    let (account, org) = (ctx.actor.account().to_owned(), actions::unit(&ctx.app, &ctx.actor).to_owned());
    let mut list = Listing::at("/notices", Unit::Items, &ctx.query);
    let kinds = Kind::ALL.map(|kind| (kind, kind.id(), kind.label()));
    let kind = list.one_of("kind", "类别", kinds).map_or("", Kind::id);
    let states = [("unread", "unread", "未读"), ("read", "read", "已读")];
    let state = list.one_of("state", "状态", states).unwrap_or_default();
    let call = values!(data::LIST { org, account, muted, kind, state });
    let app = std::sync::Arc::clone(&ctx.app);
    let list = list.fetch::<NoticeRow>(&mut ctx.tx, &call).await?.map(|row| line(&app.site, row));
    let unread = list.rows.iter().any(|row| row.unread);
    let lead = "别的单位办的、与本单位有关的事；要您办的在工作台上。谁读过、什么时候读的，别人看不到。";
    Reply::view("shared/notices/list.html", Page::new("消息", lead).kind("list"), &ListView { list, unread })
}

pub async fn read_all(ctx: &mut RequestContext) -> Result<Reply> {
    actions::read_all(ctx).await?;
    Ok(Reply::done("/notices", Flash::done("已全部标为已读。")))
}

/// Read from now on, and on to what it is about.
pub async fn open(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = actions::open(ctx, &id).await?;
    Ok(Reply::to(address_of(&ctx.app.site, &row.resource, &row.resource_id, row.times > 1)))
}

pub async fn urge(ctx: &mut RequestContext) -> Result<Reply> {
    let (resource, id) = (ctx.param("resource"), ctx.param("id"));
    let waits = actions::waits(&resource).ok_or(Error::NotFound)?;
    let mut read = Reader::default();
    let line = read.text(&ctx.form.values, "line", "捎一句话", super::super::rules::LINE as usize).to_owned();
    read.done()?;
    actions::urge(ctx, waits, &id, &line).await?;
    let text = "已催办：对方的工作台和消息里都看得到，这里留有记录。";
    Ok(Reply::done(address_of(&ctx.app.site, waits.resource, &id, false), Flash::done(text)))
}
