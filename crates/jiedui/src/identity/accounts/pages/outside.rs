//! Signing in by a provider of identities outside. Whoever is refused reads one sentence, whatever the reason was.
//!
//! Cookies of ours do not come along from another site (`SameSite=Strict`): so the page to which the provider leads back only
//! goes on to one of this site, where a button sends the form. Nobody is signed in by having followed an address.

use super::super::actions::asking::{self, Vouched};
use super::super::actions::factor::{self, PENDING_MINUTES};
use super::super::actions::outside;
use super::super::actions::tries::Counter;
use super::super::rules::outside::{Bound, fitting, kept};
use super::sign_in::{address_with, note_refusal, open_session};
use super::{LINK_AWAY, LINK_REFUSED, OUTSIDE_AWAY, OUTSIDE_REFUSED};
use jiedui_kernel::Result;
use jiedui_web::Provider;
use jiedui_web::context::RequestContext;
use jiedui_web::cookies::Cookie;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;
use std::sync::Arc;

/// How long the way there and back may take.
const MINUTES: i64 = 10;
/// The longest code of a provider.
const LONGEST_CODE: usize = 2_000;

/// To where one came from, the own account or the sign-in page, with the words for whoever links and for whoever signs in.
fn over(ctx: &RequestContext, [linking, signing_in]: [&str; 2]) -> Reply {
    let (page, words) =
        if ctx.session.is_some() { ("/my/outside", linking) } else { ("/signin", signing_in) };
    Reply::done(page, Flash::problem(words))
}

/// To the provider. Nothing is written: what binds the way back lies with the browser.
pub async fn start(ctx: &mut RequestContext) -> Result<Reply> {
    let token = ctx.app.random.token();
    let provider = ctx.app.provider.as_deref();
    let Some(to) = provider.and_then(|provider| asking::way_there(provider, &Bound::by(&token))) else {
        return Ok(over(ctx, [LINK_AWAY, OUTSIDE_AWAY]));
    };
    let kept = kept(&token, ctx.query.get("next"));
    let cookie = ctx.app.cookies.set(Cookie::Outside, &kept, Some(MINUTES * 60));
    Ok(Reply::Outside { to, cookie })
}

#[derive(Serialize)]
struct BackView {
    href: String,
}

/// Where the provider leads back to.
pub async fn back(ctx: &mut RequestContext) -> Result<Reply> {
    let [code, echo] = ["code", "state"].map(|name| ctx.query.get(name).to_owned());
    let view = BackView { href: confirm_at(&code, &echo) };
    Reply::view("identity/accounts/outside_back.html", Page::new("正在返回结对通", ""), &view)
}

/// The page on which one goes on.
pub fn confirm_at(code: &str, echo: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("code", code).append_pair("state", echo);
    format!("/signin/outside/confirm?{}", query.finish())
}

#[derive(Serialize)]
struct ConfirmView {
    /// Whether an account is linked; else somebody signs in.
    links: bool,
    provider: String,
    code: String,
    echo: String,
    next: String,
    password: Field,
}

/// The provider, what binds the way, and where one wanted to be: where the answer belongs to this browser.
pub fn bound_here(ctx: &RequestContext, echo: &str) -> Option<(Arc<Provider>, Bound, String)> {
    let provider = ctx.app.provider.clone()?;
    let (bound, next) = fitting(ctx.cookie(Cookie::Outside)?, echo)?;
    Some((provider, bound, next))
}

/// Asks once more whether it is meant: to sign in, or, of whoever is signed in, to link.
pub async fn confirm(ctx: &mut RequestContext) -> Result<Reply> {
    let [code, echo] = ["code", "state"].map(|name| ctx.query.get(name).to_owned());
    let fits = !code.is_empty() && code.len() <= LONGEST_CODE;
    let Some((provider, _, next)) = bound_here(ctx, &echo).filter(|_| fits) else {
        return Ok(over(ctx, [LINK_REFUSED, OUTSIDE_REFUSED]));
    };
    let links = ctx.session.is_some();
    let (words, help) =
        ("现在的密码", "关联以后，谁能登录这个外部账号，谁就能登录这里，所以再核对一次密码。");
    let password = Field::new("password", words).required().help(help);
    let view = ConfirmView { links, provider: provider.button.clone(), code, echo, next, password };
    let page = Page::new(if links { "关联外部账号" } else { "登录结对通" }, "").kind("form");
    Reply::view("identity/accounts/outside_confirm.html", page, &view)
}

fn refused(ctx: &mut RequestContext) -> Reply {
    ctx.answer_like_a_refusal();
    Reply::done(address_with("/signin", ctx.form.values.get("next")), Flash::problem(OUTSIDE_REFUSED))
}

/// Asks the provider, without holding anything of the database.
pub async fn ask(ctx: &mut RequestContext) -> Result<Prepared<Option<Vouched>>> {
    let [code, echo] = ["code", "state"].map(|name| ctx.form.values.get(name).to_owned());
    let Some((provider, bound, _)) = bound_here(ctx, &echo) else {
        return Ok(Prepared::Answered(refused(ctx)));
    };
    if !ctx.app.sign_ins.may_try(ctx.peer(), ctx.now) {
        return Ok(Prepared::Answered(refused(ctx)));
    }
    Ok(Prepared::work(Kind::Asking, move || Ok(asking::vouched_now(&provider, &bound, code))))
}

pub async fn sign_in(ctx: &mut RequestContext, vouched: Option<Vouched>) -> Result<Reply> {
    let found = match &vouched {
        Some(vouched) => outside::whose(&mut ctx.tx, vouched).await?,
        None => None,
    };
    let (Some(vouched), Some(account)) = (vouched, found) else {
        note_refusal(ctx, None).await?;
        return Ok(refused(ctx));
    };
    ctx.app.sign_ins.was_right(ctx.peer());
    let issuer = ctx.app.provider.as_ref().map_or_else(String::new, |provider| provider.issuer.clone());
    outside::note(&mut ctx.tx, &account.id, &issuer, vouched.strong).await?;
    if factor::is_on(&mut ctx.tx, &account.id).await? && !vouched.strong {
        let token = factor::begin_pending(&mut ctx.tx, &account.id).await?;
        let pending = ctx.app.cookies.set(Cookie::Pending, &token, Some(PENDING_MINUTES * 60));
        let to = address_with("/signin/code", ctx.form.values.get("next"));
        return Ok(Reply::session(to, vec![pending, ctx.app.cookies.clear(Cookie::Outside)]));
    }
    let browser = ctx.cookie(Cookie::Browser).map(str::to_owned);
    let counter =
        Counter::of_sign_in(&mut ctx.tx, Some(&account.id), &account.login, browser.as_deref()).await?;
    let mut reply = open_session(ctx, &account, &counter).await?;
    if let Reply::Session { cookies, .. } = &mut reply {
        cookies.push(ctx.app.cookies.clear(Cookie::Outside));
    }
    Ok(reply)
}
