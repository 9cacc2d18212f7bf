//! Setting up the second step of signing in, by the holder of the account.

use super::super::actions::factor;
use super::super::actions::tries::{self, Counter};
use super::super::data::FactorRow;
use super::super::rules::totp;
use jiedui_documents::paper::code::squares;
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, when};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;
use std::fmt::Write as _;

const HERE: &str = "/my/second-factor";

#[derive(Serialize)]
struct FactorView {
    /// How far it is: nothing yet, a secret to be confirmed, in use.
    stage: &'static str,
    /// The square code as a picture, and the secret as text, until it is confirmed.
    picture: String,
    secret: String,
    since: String,
    codes_left: Figure,
    /// The role needs it: it cannot be turned off.
    required: bool,
    /// Recovery codes, shown this once.
    codes: Vec<String>,
    field: Field,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, codes: Vec<String>) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    let left = factor::codes_left(&mut ctx.tx, &account).await?;
    let factor = factor::of(&mut ctx.tx, &account).await?;
    let login = ctx.session.as_ref().ok_or(Error::SignedOut)?.login.clone();
    let (stage, open) = match &factor {
        None => ("none", None),
        Some(FactorRow { confirmed_at: None, secret, .. }) => ("open", Some(secret)),
        Some(_) => ("on", None),
    };
    let help = "手机验证器上现在显示的六位数字。";
    let view = FactorView {
        stage,
        picture: open.map(|secret| picture(&totp::address(&login, secret))).transpose()?.unwrap_or_default(),
        secret: open.map_or_else(String::new, |secret| totp::grouped(secret)),
        since: factor.as_ref().and_then(|factor| factor.confirmed_at).map(when).unwrap_or_default(),
        codes_left: Figure::of(Reported::Value(left), Unit::Items, HERE, "没有用过的备用码"),
        required: ctx.app.needs_second_factor(&ctx.actor.roles),
        codes,
        field: Field::new("code", "动态验证码").required().help(help),
    };
    let page = Page::new("两步验证", "登录时，密码之外再输入手机上的动态验证码：只知道密码的人登录不了。");
    let page = page.back("/my", "我的账号").kind("detail");
    Reply::view("identity/accounts/second_factor.html", page, &view)
}

/// A square code as a picture within the page: the policy lets no other kind in, and no style.
fn picture(address: &str) -> Result<String> {
    const QUIET: usize = 4;
    let (width, dark) = squares(address).map_err(Error::internal)?;
    let mut path = String::new();
    for (at, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
        let _ = write!(path, "M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET);
    }
    let side = width + 2 * QUIET;
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}' shape-rendering='crispEdges'>\
         <path fill='#fff' d='M0 0h{side}v{side}h-{side}z'/><path d='{path}'/></svg>"
    );
    let encoded: String = form_urlencoded::byte_serialize(svg.as_bytes()).collect();
    Ok(format!("data:image/svg+xml,{}", encoded.replace('+', "%20")))
}

pub async fn start(ctx: &mut RequestContext) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    factor::start(&mut ctx.tx, &account).await?;
    Ok(Reply::to(HERE))
}

/// Counts a try; the answer where it has to wait.
async fn waits(ctx: &mut RequestContext) -> Result<Option<Reply>> {
    let counter = Counter::inside(ctx.actor.account());
    let looked_at = tries::count(&mut ctx.tx, &counter).await?;
    let words = "动态验证码连续输错，请过几分钟再试。";
    Ok((!looked_at).then(|| Reply::done(HERE, Flash::problem(words))))
}

/// A wrong code is told on the way back, so that the try stays counted.
fn wrong() -> Reply {
    let words = "动态验证码不对。请看手机时间是否准确，等下一个数字出现后再试；每个数字只能用一次。";
    Reply::done(HERE, Flash::problem(words))
}

async fn was_right(ctx: &mut RequestContext) -> Result<()> {
    let counter = Counter::inside(ctx.actor.account());
    tries::was_right(&mut ctx.tx, &counter).await
}

pub async fn confirm(ctx: &mut RequestContext) -> Result<Reply> {
    if let Some(reply) = waits(ctx).await? {
        return Ok(reply);
    }
    let (account, typed) = (ctx.actor.account().to_owned(), ctx.form.values.get("code").to_owned());
    let Some(codes) = factor::confirm(&mut ctx.tx, &account, &typed).await? else { return Ok(wrong()) };
    was_right(ctx).await?;
    page(ctx, codes).await
}

/// Whether a code was typed by which the holder shows to have the telephone.
async fn accepted(ctx: &mut RequestContext, field: &str) -> Result<bool> {
    let (account, typed) = (ctx.actor.account().to_owned(), ctx.form.values.get(field).to_owned());
    factor::accept(&mut ctx.tx, &account, &typed).await
}

pub async fn renew_codes(ctx: &mut RequestContext) -> Result<Reply> {
    if let Some(reply) = waits(ctx).await? {
        return Ok(reply);
    }
    if !accepted(ctx, "renew").await? {
        return refuse(ctx).await;
    }
    was_right(ctx).await?;
    let account = ctx.actor.account().to_owned();
    let codes = factor::renew_codes(&mut ctx.tx, &account).await?;
    page(ctx, codes).await
}

pub async fn turn_off(ctx: &mut RequestContext) -> Result<Reply> {
    if ctx.app.needs_second_factor(&ctx.actor.roles) {
        return Err(Error::Forbidden("您的角色必须使用两步验证，不能关闭。".to_owned()));
    }
    if let Some(reply) = waits(ctx).await? {
        return Ok(reply);
    }
    if !accepted(ctx, "code").await? {
        return refuse(ctx).await;
    }
    was_right(ctx).await?;
    let account = ctx.actor.account().to_owned();
    factor::turn_off(&mut ctx.tx, &account).await?;
    Ok(Reply::done(HERE, Flash::done("两步验证已关闭，登录只用密码。")))
}

/// A wrong code within a session has its record too.
async fn refuse(ctx: &mut RequestContext) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    factor::note_refusal(&mut ctx.tx, &account).await?;
    Ok(wrong())
}
