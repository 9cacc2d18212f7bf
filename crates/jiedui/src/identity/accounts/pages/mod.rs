//! Sign-in, sign-out, one's own account.

pub mod welcome;

use super::REST_MINUTES;
use super::TRIES;
use super::actions;
use super::data::{self, Account, LinkRow, LookedAt, Seat};
use super::rules::links::Answer;
use super::rules::passwords;
use crate::shared::notices::{self, Reached};
use chrono::TimeDelta;
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result};
use jiedui_store::{AuditRecord, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::local_path::LocalPath;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use jiedui_web::session::{self, COOKIE_NAME};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;

#[derive(Serialize)]
struct SignInView {
    login: Field,
    password: Field,
    next: String,
    accounts: &'static [super::rules::demo::DemoAccount],
    demo_password: &'static str,
}

pub async fn sign_in_form(ctx: &mut RequestContext) -> Result<Reply> {
    if ctx.session.is_some() {
        return Ok(Reply::to("/"));
    }
    let view = SignInView {
        login: Field::new("login", "账号").required(),
        password: Field::new("password", "密码").required(),
        next: ctx.query.get("next").to_owned(),
        accounts: if ctx.app.demo { &super::rules::demo::ACCOUNTS } else { &[] },
        demo_password: if ctx.app.demo { super::rules::demo::PASSWORD } else { "" },
    };
    Reply::view("identity/accounts/signin.html", Page::new("登录", ""), &view)
}

/// An account, and whether the password was the one kept with it then.
pub struct Checked {
    account: Option<Account>,
    right: bool,
}

async fn find(ctx: &mut RequestContext) -> Result<Option<Account>> {
    let login = ctx.form.values.get("login").to_lowercase();
    let found = ctx.tx.maybe::<Account>(&data::BY_LOGIN, args![login]).await?;
    Ok(found.filter(|account| !account.disabled))
}

fn is_locked(ctx: &RequestContext, account: &Account) -> bool {
    account.locked_until.is_some_and(|until| until > ctx.now)
}

fn locked(ctx: &RequestContext) -> Reply {
    let text = "这个账号因多次输错密码暂时锁定，请十五分钟后再试，或请安全管理员解锁。";
    Reply::done(back(ctx), Flash::problem(text))
}

pub async fn check_password(ctx: &mut RequestContext) -> Result<Prepared<Checked>> {
    let account = find(ctx).await?;
    if account.as_ref().is_some_and(|account| is_locked(ctx, account)) {
        return Ok(Prepared::Answered(locked(ctx)));
    }
    let (password, random) = (ctx.form.values.get("password").to_owned(), ctx.app.random.clone());
    Ok(Prepared::work(Kind::Hashing, move || {
        // One whose holder has not set a password yet takes as long as one that is not there.
        let stored =
            account.as_ref().map(|account| account.password.as_str()).filter(|stored| !stored.is_empty());
        let right = passwords::matches_or_none(&password, stored, &random);
        Ok(Checked { account, right })
    }))
}

pub async fn sign_in(ctx: &mut RequestContext, checked: Checked) -> Result<Reply> {
    // Disabled, locked or given another password while this one was checked: that holds.
    let now = find(ctx).await?;
    let account = match now.zip(checked.account) {
        Some((now, _)) if is_locked(ctx, &now) => return Ok(locked(ctx)),
        Some((now, then)) if checked.right && now.password == then.password => now,
        Some((now, _)) => return note_failure(ctx, &now).await,
        None => return Ok(wrong(ctx)),
    };
    let seats = ctx.tx.all::<Seat>(&data::SEATS, args![&account.id]).await?;
    let Some(seat) = seats.first() else {
        return Ok(Reply::done(
            back(ctx),
            Flash::problem("这个账号还没有分配单位和角色，请联系系统管理员。"),
        ));
    };
    let several = seats.iter().any(|other| other.org != seat.org);
    open_session(ctx, &account, seat, several).await
}

async fn open_session(
    ctx: &mut RequestContext,
    account: &Account,
    seat: &Seat,
    several: bool,
) -> Result<Reply> {
    let person = super::Person { account: &account.id, login: &account.login, name: &account.name };
    let (token, _) = super::start_session(&mut ctx.tx, &person, &seat.org, &seat.org_name).await?;
    let cookie = format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Strict");
    let next = ctx.form.values.get("next");
    let to = match (account.must_change, several) {
        (true, _) => "/my".to_owned(),
        // In which unit one acts is chosen, not guessed.
        (false, true) => address_with("/my/seat", next),
        (false, false) => next.to_owned(),
    };
    Ok(Reply::session(&to, cookie))
}

async fn note_failure(ctx: &mut RequestContext, account: &Account) -> Result<Reply> {
    ctx.tx.write(&data::COUNT_FAILURE, args![&account.id]).await?;
    let failed = ctx.tx.number(&data::FAILURES, args![&account.id]).await?;
    let locked = (failed >= TRIES).then(|| ctx.now + TimeDelta::minutes(REST_MINUTES));
    let count = if locked.is_some() { 0 } else { failed };
    ctx.tx.write(&data::FAILED, args![&account.id, count, locked]).await?;
    let action = if locked.is_some() { "account.lock" } else { "session.refuse" };
    let leaf = AuditRecord { action, resource: "account", resource_id: &account.id };
    ctx.tx.audit(leaf, &serde_json::json!({ "login": account.login, "failed": failed })).await?;
    if locked.is_some() {
        let text = "密码连续输错，账号锁定十五分钟。可请安全管理员提前解锁。";
        return Ok(Reply::done(back(ctx), Flash::problem(text)));
    }
    Ok(wrong(ctx))
}

fn wrong(ctx: &RequestContext) -> Reply {
    Reply::done(
        back(ctx),
        Flash::problem("账号或密码不对，请核对大小写后重试。连续输错五次，账号会锁定十五分钟。"),
    )
}

/// The sign-in page once more, which keeps where one wanted to be.
fn back(ctx: &RequestContext) -> String {
    address_with("/signin", ctx.form.values.get("next"))
}

/// A page that keeps where one wanted to be.
fn address_with(page: &str, next: &str) -> String {
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
    let cookie = format!("{COOKIE_NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    Ok(Reply::session("/signin", cookie))
}

#[derive(Serialize)]
struct MyView {
    login: String,
    must_change: bool,
    seats: Vec<SeatView>,
    /// Whether letters reach the caller.
    reached: Reached,
    /// Whether the caller can have work done in the background.
    has_jobs: bool,
    fields: Vec<Field>,
    /// Who had the caller's name shown in full: when, who, of which unit, on which page.
    looked: Vec<[String; 4]>,
    /// A reset of which the holder has not said whether it was wanted: when, who asked, who decided, whether it is done.
    reset: Option<ResetView>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct ResetView {
    at: String,
    asked_name: String,
    made_name: String,
    used: bool,
}

#[derive(Serialize)]
struct SeatView {
    org: String,
    org_name: String,
    roles: Vec<String>,
    current: bool,
}

pub async fn my(ctx: &mut RequestContext) -> Result<Reply> {
    my_page(ctx, Vec::new()).await
}

async fn my_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let seats = seats(ctx).await?;
    let fields = [("old", "现在的密码"), ("password", "新密码"), ("again", "再输一遍新密码")]
        .map(|(name, label)| Field::new(name, label).required().error(&errors))
        .to_vec();
    let session = ctx.session.as_ref().ok_or(Error::SignedOut)?;
    let own = args![ctx.actor.name(), &ctx.actor.org];
    let looked = ctx.tx.all::<LookedAt>(&data::LOOKED_AT, own).await?;
    let link = ctx.tx.maybe::<LinkRow>(&data::LINK_OF, args![ctx.actor.account()]).await?;
    let reset = link.filter(|link| link.reset && link.answer == Answer::NotYet).map(|link| ResetView {
        at: when(link.made_at),
        asked_name: link.asked_name,
        made_name: link.made_name,
        used: link.used_at.is_some(),
    });
    let view = MyView {
        reset,
        looked: looked.into_iter().map(|row| [when(row.at), row.name, row.org_name, row.title]).collect(),
        login: session.login.clone(),
        must_change: session.must_change,
        seats,
        reached: notices::reached(ctx).await?,
        has_jobs: ctx.can("job", "read"),
        fields,
        errors: errors.clone(),
    };
    let page = Page::new("我的账号", "所在单位与角色，修改密码，退出登录。");
    Ok(Reply::view("identity/accounts/my.html", page, &view)?.refused(!errors.is_empty()))
}

/// The units in which the caller may act, each with its roles.
async fn seats(ctx: &mut RequestContext) -> Result<Vec<SeatView>> {
    let rows = ctx.tx.all::<Seat>(&data::SEATS, args![ctx.actor.account()]).await?;
    let programme = ctx.programme();
    let mut seats: Vec<SeatView> = Vec::new();
    for row in rows {
        let known = programme.access.roles.iter().find(|role| role.id == row.role);
        let name = known.map_or(row.role, |role| role.name.clone());
        match seats.iter_mut().find(|seat| seat.org == row.org) {
            Some(seat) => seat.roles.push(name),
            None => {
                let current = row.org == ctx.actor.org;
                seats.push(SeatView { org: row.org, org_name: row.org_name, roles: vec![name], current });
            }
        }
    }
    Ok(seats)
}

#[derive(Serialize)]
struct ChooseView {
    seats: Vec<SeatView>,
    next: String,
}

/// In which unit one acts, asked at sign-in of whoever has several.
pub async fn choose_seat(ctx: &mut RequestContext) -> Result<Reply> {
    let (seats, next) = (seats(ctx).await?, ctx.query.get("next").to_owned());
    let page =
        Page::new("选择单位", "您在几个单位有角色：这一次以哪个单位的身份工作？页面上方一直写着现在的单位。");
    Reply::view("identity/accounts/seat.html", page.kind("form"), &ChooseView { seats, next })
}

/// What the holder says of a reset of the password.
pub async fn answer_reset(ctx: &mut RequestContext) -> Result<Reply> {
    let own = match ctx.form.values.get("own") {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::field("own", Code::NotListed.says("请选择是或不是本人要求的。"))),
    };
    let account = ctx.actor.account().to_owned();
    let flash = match (actions::answer_reset(&mut ctx.tx, &account, own).await?, own) {
        (false, _) => Flash::problem("没有等您说明的重置，没有改动。"),
        (true, true) => Flash::done("已确认，谢谢。"),
        (true, false) => Flash::done("已告诉安全管理员，没用过的开通码已作废。请现在就修改密码。"),
    };
    Ok(Reply::done("/my", flash))
}

/// What came of the password now in use, and the hash of the new one.
pub struct NewPassword {
    /// The hash that the old password was checked against.
    stored: String,
    errors: Vec<FieldError>,
    hashed: Option<passwords::Hashed>,
}

pub async fn hash_password(ctx: &mut RequestContext) -> Result<Prepared<NewPassword>> {
    let pairs = &ctx.form.values;
    let [old, new, again] = ["old", "password", "again"].map(|name| pairs.get(name).to_owned());
    let login = ctx.session.as_ref().ok_or(Error::SignedOut)?.login.clone();
    let account = ctx.actor.account().to_owned();
    let (stored,) = ctx.tx.one::<(String,)>(&data::PASSWORD, args![&account]).await?;
    let random = ctx.app.random.clone();
    Ok(Prepared::work(Kind::Hashing, move || {
        let mut errors = passwords::weaknesses(&new, &login);
        let mut say = |field: &str, mistake: Mistake| {
            errors.push(FieldError::new(field, mistake));
        };
        if !passwords::matches(&old, &stored) {
            say("old", Code::NoMatch.says("现在的密码不对。"));
        }
        if new != again {
            say("again", Code::NoMatch.says("两次输入的新密码不一样。"));
        }
        if new == old {
            say("password", Code::Unchanged.says("新密码要与现在的不同。"));
        }
        let hashed = if errors.is_empty() { Some(passwords::hash(&new, &random)?) } else { None };
        Ok(NewPassword { stored, errors, hashed })
    }))
}

pub async fn change_password(ctx: &mut RequestContext, new: NewPassword) -> Result<Reply> {
    let Some(hashed) = new.hashed else { return my_page(ctx, new.errors).await };
    let session = ctx.session.clone().ok_or(Error::SignedOut)?;
    let account = ctx.actor.account().to_owned();
    let (stored,) = ctx.tx.one::<(String,)>(&data::PASSWORD, args![&account]).await?;
    if stored != new.stored {
        return Err(Error::Conflict("密码刚在别处改过，这一次没有修改。请用新的密码重新登录。".to_owned()));
    }
    ctx.tx.write_one(&data::SET_PASSWORD, args![&account, hashed.as_str(), false]).await?;
    ctx.tx.write(&data::USE_LINK, args![&account, ctx.now]).await?;
    session::close_others(&mut ctx.tx, &account, &session.id).await?;
    let leaf = AuditRecord { action: "account.password", resource: "account", resource_id: &account };
    ctx.tx.audit(leaf, &serde_json::json!({})).await?;
    Ok(Reply::done("/my", Flash::done("密码已修改；在别处的登录都已退出。")))
}

/// Acting for another of one's organisations.
pub async fn change_seat(ctx: &mut RequestContext) -> Result<Reply> {
    let org = ctx.form.values.get("org").to_owned();
    let session = ctx.session.clone().ok_or(Error::SignedOut)?;
    let account = ctx.actor.account().to_owned();
    let seats = ctx.tx.all::<Seat>(&data::SEATS, args![&account]).await?;
    let seat = seats.into_iter().find(|seat| seat.org == org).ok_or(Error::NotFound)?;
    session::move_to(&mut ctx.tx, &session.id, &seat.org).await?;
    let leaf = AuditRecord { action: "session.seat", resource: "account", resource_id: &account };
    ctx.tx.audit(leaf, &serde_json::json!({ "org": seat.org })).await?;
    let next = LocalPath::or_home(ctx.form.values.get("next"));
    Ok(Reply::done(next.as_str(), Flash::done(format!("现在以“{}”的身份工作。", seat.org_name))))
}
