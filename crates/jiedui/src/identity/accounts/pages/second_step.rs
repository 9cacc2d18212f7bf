//! The second step of signing in, behind a right password.

use super::super::actions::factor;
use super::super::data::Account;
use super::PENDING_OVER;
use super::sign_in::{counter, may_try, note_refusal, open_session, refused};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::cookies::Cookie;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct CodeView {
    field: Field,
    next: String,
}

async fn pending(ctx: &mut RequestContext) -> Result<Option<Account>> {
    let Some(token) = ctx.cookie(Cookie::Pending).map(str::to_owned) else { return Ok(None) };
    factor::pending(&mut ctx.tx, &token).await
}

fn over() -> Reply {
    Reply::done("/signin", Flash::problem(PENDING_OVER))
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    if pending(ctx).await?.is_none() {
        return Ok(over());
    }
    let field = Field::new("code", "动态验证码").required();
    let field = field.help("手机验证器上现在显示的六位数字。手机不在身边，输入一个备用码，每个只能用一次。");
    let view = CodeView { field, next: ctx.query.get("next").to_owned() };
    Reply::view("identity/accounts/second_step.html", Page::new("两步验证", ""), &view)
}

/// Tries are counted with those of the password: whoever knows the one has no more tries for the other.
pub async fn check(ctx: &mut RequestContext) -> Result<Reply> {
    let Some(account) = pending(ctx).await? else { return Ok(over()) };
    let counter = counter(ctx, Some(&account.id)).await?;
    if !may_try(ctx, &counter).await? {
        return Ok(refused(ctx, "/signin/code"));
    }
    let typed = ctx.form.values.get("code").to_owned();
    if !factor::accept(&mut ctx.tx, &account.id, &typed).await? {
        note_refusal(ctx, Some(&account)).await?;
        return Ok(refused(ctx, "/signin/code"));
    }
    if counter.is_of_strangers() {
        ctx.app.sign_ins.was_right(ctx.peer());
    }
    open_session(ctx, &account, &counter).await
}
