//! The page behind a code that opens once: whoever holds the account sets the password, and nobody else ever knew one.

use super::super::actions;
use super::super::data::{self, LinkRow};
use super::super::rules::guessed::KnownToOthers;
use super::super::rules::links;
use super::super::rules::passwords;
use crate::shared::codes;
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use jiedui_web::session::digest;
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;

#[derive(Serialize)]
struct WelcomeView {
    /// None where the link does not open: the page says what to do.
    open: Option<OpenLink>,
    errors: Vec<FieldError>,
}

/// Where a code is typed that stands on paper.
pub async fn ask(_: &mut RequestContext) -> Result<Reply> {
    ask_page()
}

#[derive(Serialize)]
struct AskView {
    field: Field,
}

fn ask_page() -> Result<Reply> {
    let field =
        Field::new("code", "开通码").required().help("五组，每组四个字母或数字；大小写、横线都不要紧。");
    Reply::view("identity/accounts/code.html", Page::new("开通账号", ""), &AskView { field })
}

/// Leads to the page of the code, whether it opens or not.
pub async fn look(ctx: &mut RequestContext) -> Result<Reply> {
    match codes::plain(ctx.form.values.get("code")).as_str() {
        "" => ask_page(),
        code => Ok(Reply::to(format!("/welcome/{code}"))),
    }
}

#[derive(Serialize)]
struct OpenLink {
    action: String,
    login: String,
    name: String,
    until: String,
    /// A password was there before.
    reset: bool,
    asked_name: String,
    made_name: String,
    fields: Vec<Field>,
}

/// The link of the address, where it opens now.
async fn find(ctx: &mut RequestContext) -> Result<Option<LinkRow>> {
    let found =
        ctx.tx.maybe::<LinkRow>(&data::LINK, args![digest(&codes::plain(&ctx.param("code")))]).await?;
    Ok(found
        .filter(|link| !link.disabled && links::opens(link.used_at, link.expires_at, link.answer, ctx.now)))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let link = find(ctx).await?;
    page(ctx, link, Vec::new())
}

fn page(ctx: &RequestContext, link: Option<LinkRow>, errors: Vec<FieldError>) -> Result<Reply> {
    let bad = !errors.is_empty();
    let fields = [("password", "新密码"), ("again", "再输一遍新密码")]
        .map(|(name, label)| Field::new(name, label).required().error(&errors));
    let open = link.map(|link| OpenLink {
        action: format!("/welcome/{}", ctx.param("code")),
        login: link.login,
        name: link.name,
        until: when(link.expires_at),
        reset: link.reset,
        asked_name: link.asked_name,
        made_name: link.made_name,
        fields: fields.to_vec(),
    });
    let page = Page::new("设置密码", "");
    Ok(Reply::view("identity/accounts/welcome.html", page, &WelcomeView { open, errors })?.refused(bad))
}

/// What is wrong with the password, or its hash.
pub type Chosen = Result<passwords::Hashed, Vec<FieldError>>;

pub async fn hash(ctx: &mut RequestContext) -> Result<Prepared<Chosen>> {
    let Some(link) = find(ctx).await? else { return Ok(Prepared::Answered(page(ctx, None, Vec::new())?)) };
    let [new, again] = ["password", "again"].map(|name| ctx.form.values.get(name).to_owned());
    let random = ctx.app.random.clone();
    let (login, name, units) = (link.login, link.name, vec![link.org_name]);
    let known = KnownToOthers { login, name, units };
    Ok(Prepared::work(Kind::Hashing, move || {
        let mut errors = passwords::weaknesses(&new, &known);
        if new != again {
            errors.push(FieldError::new("again", Code::NoMatch.says("两次输入的新密码不一样。")));
        }
        if errors.is_empty() { passwords::hash(&new, &random).map(Ok) } else { Ok(Err(errors)) }
    }))
}

pub async fn set(ctx: &mut RequestContext, chosen: Chosen) -> Result<Reply> {
    // Used, or replaced, while the password was hashed: the old link opens no more.
    let link = find(ctx).await?;
    match (link, chosen) {
        (Some(link), Ok(hashed)) => {
            actions::open(&mut ctx.tx, &link, &hashed).await?;
            // Strangers who try the account all the time could be quicker than its holder, who signs in now.
            let cookie = super::sign_in::know_browser(ctx, &link.account).await?;
            Ok(Reply::known("/signin", cookie, Flash::done(super::PASSWORD_SET)))
        }
        (link, chosen) => page(ctx, link, chosen.err().unwrap_or_default()),
    }
}
