//! Signing in and out. Whoever is refused reads one sentence, after one time, whatever the reason was.

use super::super::actions::factor::{self, PENDING_MINUTES};
use super::super::actions::tries::{self, BROWSER_DAYS, Counter};
use super::super::data::{self, Account, Seat};
use super::super::rules::{browsers, demo, passwords};
use super::super::{Person, start_session_in};
use super::{NO_SEAT, REFUSED};
use jiedui_kernel::Result;
use jiedui_store::{AuditRecord, args};
use jiedui_web::context::RequestContext;
use jiedui_web::cookies::Cookie;
use jiedui_web::local_path::LocalPath;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use jiedui_web::session;
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;

#[derive(Serialize)]
struct SignInView {
    login: Field,
    password: Field,
    next: String,
    outside: Option<WayOutside>,
    accounts: &'static [demo::DemoAccount],
    demo_password: &'static str,
}

/// What the page says of a provider of identities outside.
#[derive(Serialize)]
struct WayOutside {
    words: String,
    href: String,
    /// Whether it is there.
    here: bool,
}

impl WayOutside {
    fn of(ctx: &RequestContext, next: &str) -> Option<Self> {
        let provider = ctx.app.provider.as_ref()?;
        let (words, here) = (provider.button.clone(), provider.said().is_some());
        Some(Self { words, href: address_with("/signin/outside", next), here })
    }
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    if ctx.session.is_some() {
        return Ok(Reply::to("/"));
    }
    let view = SignInView {
        login: Field::new("login", "账号").required(),
        password: Field::new("password", "密码").required(),
        next: ctx.query.get("next").to_owned(),
        outside: WayOutside::of(ctx, ctx.query.get("next")),
        accounts: if ctx.app.demo { &demo::ACCOUNTS } else { &[] },
        demo_password: if ctx.app.demo { demo::PASSWORD } else { "" },
    };
    Reply::view("identity/accounts/signin.html", Page::new("登录", ""), &view)
}

/// An account, and whether the password was the one kept with it then.
pub struct Checked {
    account: Option<Account>,
    counter: Counter,
    right: bool,
}

async fn find(ctx: &mut RequestContext) -> Result<Option<Account>> {
    let login = ctx.form.values.get("login").to_lowercase();
    let found = ctx.tx.maybe::<Account>(&data::BY_LOGIN, args![login]).await?;
    Ok(found.filter(|account| !account.disabled))
}

/// The counter of whoever signs in as this account, or with a login that nobody has.
pub async fn counter(ctx: &mut RequestContext, account: Option<&str>) -> Result<Counter> {
    let login = ctx.form.values.get("login").to_lowercase();
    let browser = ctx.cookie(Cookie::Browser).map(str::to_owned);
    Counter::of_sign_in(&mut ctx.tx, account, &login, browser.as_deref()).await
}

/// Counts a try; says whether what was typed is looked at now. Of whoever signed in here before the address does not matter.
pub async fn may_try(ctx: &mut RequestContext, counter: &Counter) -> Result<bool> {
    let by_address = !counter.is_of_strangers() || ctx.app.sign_ins.may_try(ctx.peer(), ctx.now);
    Ok(by_address && tries::count(&mut ctx.tx, counter).await?)
}

/// The page once more, which keeps where one wanted to be.
pub fn refused(ctx: &mut RequestContext, page: &str) -> Reply {
    ctx.answer_like_a_refusal();
    Reply::done(address_with(page, ctx.form.values.get("next")), Flash::problem(REFUSED))
}

pub async fn count(ctx: &mut RequestContext) -> Result<Prepared<Checked>> {
    let account = find(ctx).await?;
    let counter = counter(ctx, account.as_ref().map(|account| account.id.as_str())).await?;
    if !may_try(ctx, &counter).await? {
        return Ok(Prepared::Answered(refused(ctx, "/signin")));
    }
    let (password, random) = (ctx.form.values.get("password").to_owned(), ctx.app.random.clone());
    Ok(Prepared::work(Kind::Hashing, move || {
        // One whose holder has not set a password yet takes as long as one that is not there.
        let stored =
            account.as_ref().map(|account| account.password.as_str()).filter(|stored| !stored.is_empty());
        let right = passwords::matches_or_none(&password, stored, &random);
        Ok(Checked { account, counter, right })
    }))
}

pub async fn sign_in(ctx: &mut RequestContext, checked: Checked) -> Result<Reply> {
    let Checked { account: then, counter, right } = checked;
    // Disabled or given another password while this one was checked: that holds.
    let now = find(ctx).await?;
    let same = now.as_ref().zip(then.as_ref()).is_some_and(|(now, then)| now.password == then.password);
    let Some(account) = now.as_ref().filter(|_| right && same) else {
        note_refusal(ctx, now.as_ref()).await?;
        return Ok(refused(ctx, "/signin"));
    };
    if counter.is_of_strangers() {
        ctx.app.sign_ins.was_right(ctx.peer());
    }
    if !factor::is_on(&mut ctx.tx, &account.id).await? {
        return open_session(ctx, account, &counter).await;
    }
    let token = factor::begin_pending(&mut ctx.tx, &account.id).await?;
    let cookie = ctx.app.cookies.set(Cookie::Pending, &token, Some(PENDING_MINUTES * 60));
    Ok(Reply::session(address_with("/signin/code", ctx.form.values.get("next")), vec![cookie]))
}

/// What was typed as a login that nobody has is not kept: people type their passwords there.
pub async fn note_refusal(ctx: &mut RequestContext, account: Option<&Account>) -> Result<()> {
    let (id, body) = match account {
        Some(account) => (account.id.as_str(), serde_json::json!({ "login": account.login })),
        None => ("", serde_json::json!({ "known": false })),
    };
    let leaf = AuditRecord { action: "session.refuse", resource: "account", resource_id: id };
    ctx.tx.audit(leaf, &body).await
}

/// Its holder is here: this browser has a counter of its own from now on. What sets its cookie.
pub async fn know_browser(ctx: &mut RequestContext, account: &str) -> Result<String> {
    let known = ctx.cookie(Cookie::Browser).filter(|token| token.len() == 64).map(str::to_owned);
    let token = known.unwrap_or_else(|| ctx.app.random.token());
    tries::know_browser(&mut ctx.tx, account, &token).await?;
    Ok(ctx.app.cookies.set(Cookie::Browser, &token, Some(BROWSER_DAYS * 24 * 3600)))
}

/// All steps were right: a session in this browser, which has a counter of its own from here on.
pub async fn open_session(ctx: &mut RequestContext, account: &Account, counter: &Counter) -> Result<Reply> {
    tries::was_right(&mut ctx.tx, counter).await?;
    let seats = ctx.tx.all::<Seat>(&data::SEATS, args![&account.id]).await?;
    let Some(seat) = seats.first() else {
        // A code that was used up is bound by this record, too.
        note_refusal(ctx, Some(account)).await?;
        return Ok(Reply::done("/signin", Flash::problem(NO_SEAT)));
    };
    // Signing in over an open session ends that one.
    if let Some(before) = ctx.session.clone() {
        session::close(&mut ctx.tx, &before.id).await?;
    }
    let browser = know_browser(ctx, &account.id).await?;
    factor::end_pending(&mut ctx.tx, &account.id).await?;
    let person = Person { account: &account.id, login: &account.login, name: &account.name };
    let (at, kind) = ((seat.org.as_str(), seat.org_name.as_str()), browsers::words(ctx.user_agent()));
    let (token, _) = start_session_in(&mut ctx.tx, &person, at, Some(&kind)).await?;
    let cookies = ctx.app.cookies;
    let set = vec![cookies.set(Cookie::Session, &token, None), browser, cookies.clear(Cookie::Pending)];
    let several = seats.iter().any(|other| other.org != seat.org);
    let next = ctx.form.values.get("next");
    let to = match (account.must_change, several) {
        (true, _) => "/my".to_owned(),
        // In which unit one acts is chosen, not guessed.
        (false, true) => address_with("/my/seat", next),
        (false, false) => next.to_owned(),
    };
    Ok(Reply::session(&to, set))
}

/// A page that keeps where one wanted to be.
pub fn address_with(page: &str, next: &str) -> String {
    let Some(next) = LocalPath::parse(next) else { return page.to_owned() };
    let next: String = form_urlencoded::byte_serialize(next.as_str().as_bytes()).collect();
    format!("{page}?next={next}")
}

pub async fn sign_out(ctx: &mut RequestContext) -> Result<Reply> {
    if let Some(session) = ctx.session.clone() {
        session::close(&mut ctx.tx, &session.id).await?;
        let account = ctx.actor.account().to_owned();
        let leaf = AuditRecord { action: "session.close", resource: "account", resource_id: &account };
        ctx.tx.audit(leaf, &serde_json::json!({})).await?;
    }
    Ok(Reply::signed_out("/signin", vec![ctx.app.cookies.clear(Cookie::Session)]))
}
