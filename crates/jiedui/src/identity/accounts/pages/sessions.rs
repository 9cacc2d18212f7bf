//! Where one is signed in, as the holder of the account sees and ends it.

use jiedui_kernel::{Error, Result};
use jiedui_store::AuditRecord;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::session;
use serde::Serialize;

/// What stands for all but this one.
const OTHERS: &str = "others";

#[derive(Serialize)]
struct SessionsView {
    rows: Vec<SessionRow>,
    others: &'static str,
}

#[derive(Serialize)]
struct SessionRow {
    id: String,
    browser: String,
    org_name: String,
    since: String,
    used: String,
    /// The one in which this page is shown.
    here: bool,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (account, own) = who(ctx)?;
    let open = session::open_ones(&mut ctx.tx, &account).await?;
    let rows = open.into_iter().map(|row| SessionRow {
        here: row.id == own,
        id: row.id,
        browser: row.browser,
        org_name: row.org_name,
        since: when(row.created_at),
        used: when(row.seen_at),
    });
    let view = SessionsView { rows: rows.collect(), others: OTHERS };
    let lead = "您现在在哪些地方登录着。最多同时三处，再登录一处，最久没用的一处退出。";
    let page = Page::new("我的登录", lead).back("/my", "我的账号").kind("detail");
    Reply::view("identity/accounts/sessions.html", page, &view)
}

/// The account, and the session by which it is asked for.
fn who(ctx: &RequestContext) -> Result<(String, String)> {
    let session = ctx.session.as_ref().ok_or(Error::SignedOut)?;
    Ok((ctx.actor.account().to_owned(), session.id.clone()))
}

pub async fn end(ctx: &mut RequestContext) -> Result<Reply> {
    let (account, own) = who(ctx)?;
    let chosen = ctx.form.values.get("session").to_owned();
    if chosen == own {
        return Ok(Reply::done("/my/sessions", Flash::problem("这里的登录请用页面上方的“退出”结束。")));
    }
    let ended = if chosen == OTHERS {
        session::end_others(&mut ctx.tx, &account, &own).await?
    } else {
        u64::from(session::end_one(&mut ctx.tx, &account, &chosen).await?)
    };
    if ended == 0 {
        return Err(Error::Conflict("别处的登录已经结束，没有改动。".to_owned()));
    }
    let leaf = AuditRecord { action: "session.end", resource: "account", resource_id: &account };
    ctx.tx.audit(leaf, &serde_json::json!({ "count": ended })).await?;
    Ok(Reply::done("/my/sessions", Flash::done("已结束；那里下一次打开页面时会要求登录。")))
}
