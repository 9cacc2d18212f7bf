//! The account outside that opens one's own: linked by its holder, signed in and with the password.

use super::super::actions::asking::{self, Vouched};
use super::super::actions::outside;
use super::super::actions::tries::{self, Counter};
use super::super::data;
use super::super::rules::passwords;
use super::LINK_REFUSED;
use super::outside::{bound_here, confirm_at};
use jiedui_kernel::Result;
use jiedui_store::{AuditRecord, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;

const HERE: &str = "/my/outside";

#[derive(Serialize)]
struct LinkView {
    /// What the provider is called; "" where none was named.
    provider: String,
    /// Whether it answers.
    here: bool,
    linked: Option<LinkedView>,
}

#[derive(Serialize)]
struct LinkedView {
    shown: String,
    since: String,
    /// Of the provider that is named now.
    current: bool,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    let row = outside::of(&mut ctx.tx, &account).await?;
    let provider = ctx.app.provider.as_ref();
    let issuer = provider.map_or("", |provider| provider.issuer.as_str());
    let linked = row.map(|row| LinkedView {
        current: row.issuer == issuer,
        shown: row.shown,
        since: when(row.linked_at),
    });
    let view = LinkView {
        provider: provider.map_or_else(String::new, |provider| provider.button.clone()),
        here: provider.is_some_and(|provider| provider.said().is_some()),
        linked,
    };
    let page = Page::new("外部登录", "用单位的身份平台登录这里的账号；密码仍然可以用。");
    Reply::view("identity/accounts/outside.html", page.back("/my", "我的账号").kind("detail"), &view)
}

/// Whether the password was right, and for whom the provider vouches.
pub struct Linking {
    /// The hash that the password was checked against.
    stored: String,
    right: bool,
    vouched: Option<Vouched>,
}

/// The password is one that is guessed within a session, so that tries at it are counted with those at `/my/password`.
pub async fn count(ctx: &mut RequestContext) -> Result<Prepared<Linking>> {
    let [code, echo, password] =
        ["code", "state", "password"].map(|name| ctx.form.values.get(name).to_owned());
    let Some((provider, bound, _)) = bound_here(ctx, &echo) else {
        return Ok(Prepared::Answered(Reply::done(HERE, Flash::problem(LINK_REFUSED))));
    };
    let account = ctx.actor.account().to_owned();
    if !tries::count(&mut ctx.tx, &Counter::inside(&account)).await? {
        let words = "密码连续输错，请过几分钟再试。";
        return Ok(Prepared::Answered(Reply::done(HERE, Flash::problem(words))));
    }
    let (stored,) = ctx.tx.one::<(String,)>(&data::PASSWORD, args![&account]).await?;
    Ok(Prepared::work(Kind::Asking, move || {
        let right = passwords::matches(&password, &stored);
        let vouched = if right { asking::vouched_now(&provider, &bound, code) } else { None };
        Ok(Linking { stored, right, vouched })
    }))
}

pub async fn link(ctx: &mut RequestContext, linking: Linking) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    if !linking.right {
        let leaf =
            AuditRecord { action: "account.password_wrong", resource: "account", resource_id: &account };
        ctx.tx.audit(leaf, &serde_json::json!({})).await?;
        // The code was not used yet.
        let again = confirm_at(ctx.form.values.get("code"), ctx.form.values.get("state"));
        return Ok(Reply::done(again, Flash::problem("现在的密码不对，没有关联。请再输一次。")));
    }
    tries::was_right(&mut ctx.tx, &Counter::inside(&account)).await?;
    let issuer = ctx.app.provider.as_ref().map(|provider| provider.issuer.clone());
    let (Some(vouched), Some(issuer)) = (linking.vouched, issuer) else {
        return Ok(Reply::done(HERE, Flash::problem(LINK_REFUSED)));
    };
    outside::link(&mut ctx.tx, (&account, &linking.stored), &issuer, &vouched).await?;
    Ok(Reply::done(HERE, Flash::done("已关联，下次可以用它登录。")))
}

pub async fn unlink(ctx: &mut RequestContext) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    outside::unlink(&mut ctx.tx, &account).await?;
    Ok(Reply::done(HERE, Flash::done("已解除，外部账号不能再登录这里。")))
}
