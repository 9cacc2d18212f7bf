//! The secret address from which one's own calendar program reads the announcements: one for each account at each of its
//! organisations, so that it shows what the seat shows in which it was made.

use crate::planning::calendar::data::{self, AddressRow};
use jiedui_kernel::Result;
use jiedui_store::{AuditRecord, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::session::digest;
use serde::Serialize;

#[derive(Serialize)]
struct AddressView {
    /// Shown once, right after it was made.
    href: Option<String>,
    made: Option<String>,
}

fn seat(ctx: &RequestContext) -> (String, String) {
    (ctx.actor.account().to_owned(), ctx.actor.org.clone())
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (account, org) = seat(ctx);
    let row = ctx.tx.maybe::<AddressRow>(&data::ADDRESS_OF, args![account, org]).await?;
    page(&AddressView { href: None, made: row.map(|row| when(row.made_at)) })
}

fn page(view: &AddressView) -> Result<Reply> {
    let lead = "在手机或电脑的日历里订阅以后，预告会自己出现；日历里只有院校、事项和日期，没有人名。";
    let page = Page::new("日历订阅", lead).back("/calendar", "日程").kind("detail");
    Reply::view("planning/calendar/address.html", page, view)
}

/// A new address; the one before no longer opens.
pub async fn make(ctx: &mut RequestContext) -> Result<Reply> {
    let token = ctx.app.random.token();
    let ((account, org), now) = (seat(ctx), ctx.now);
    ctx.tx.write(&data::SET_ADDRESS, args![&account, &org, digest(&token), now]).await?;
    audit(ctx, "calendar_address.make", &account).await?;
    page(&AddressView { href: Some(format!("/calendar/feed/{token}")), made: Some(when(now)) })
}

pub async fn drop(ctx: &mut RequestContext) -> Result<Reply> {
    let (account, org) = seat(ctx);
    if ctx.tx.write(&data::DROP_ADDRESS, args![&account, &org]).await? > 0 {
        audit(ctx, "calendar_address.drop", &account).await?;
    }
    Ok(Reply::done("/calendar/address", Flash::done("订阅地址已停用，原来的地址打不开了。")))
}

async fn audit(ctx: &mut RequestContext, action: &'static str, account: &str) -> Result<()> {
    let record = AuditRecord { action, resource: "calendar_address", resource_id: account };
    let org = ctx.actor.org.clone();
    ctx.tx.audit(record, &serde_json::json!({ "org": org })).await
}
