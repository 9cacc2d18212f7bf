//! Signing in and out, one's own account, and the role one acts in (principle 11: local accounts, argon2id, waits after wrong
//! tries; docs/decisions/0061).

mod actions;
mod data;
mod pages;
mod rules;
mod tasks;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use jiedui_kernel::{Code, Error, Result};
use jiedui_store::{AuditRecord, Tx, args, table};
pub use jiedui_web::delay::{FREE_TRIES, STEPS};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use jiedui_web::session;
pub use pages::OPEN_WORDS;
pub use rules::demo;
pub use rules::guessed::KnownToOthers;
pub use rules::outside::named as provider_file;
pub use rules::passwords;

pub use actions::asking::follow as follow_provider;
pub use actions::persons;
pub use actions::{Account, NewLink, add_role, disable, enable, lock_role, make_link, remove_role, unlock};
pub use data::DeniedRow;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/identity/accounts",
    routes,
    menu: &[entry(1080, "系统", "/my", "我的账号", ("desk", "read"))],
    phone_menu: &[entry(40, "person", "/my", "我的", ("desk", "read"))],
    tables: &[
        table!(plain "account" of "id" sealed ["password"]),
        table!(plain "account_role" of "account"),
        table!(plain "account_link" of "account" sealed ["digest"]),
        table!(plain "second_factor" of "account" sealed ["secret"]),
        table!(plain "recovery_code" of "account" sealed ["digest"]),
        table!(plain "outside_account" of "account" sealed ["digest"]),
        table!(plain "sign_in_try" outside "counts tries; what is refused has a record of its own"),
        table!(plain "sign_in_pending" outside "a sign-in half done lives for minutes; what comes of it has its record"),
    ],
    words: Words {
        actions: &[
            ("session.open", "登录"),
            ("session.refuse", "登录未通过"),
            ("session.close", "退出"),
            ("session.seat", "切换单位"),
            ("session.end", "结束别处的登录"),
            ("account.create", "新建账号"),
            ("account.role", "增加角色"),
            ("account.role_remove", "取消角色"),
            ("account.password", "修改密码"),
            ("account.password_wrong", "修改密码时现在的密码不对"),
            ("account.link", "发出开通码"),
            ("account.open", "用开通码设好密码"),
            ("account.reset", "重置密码"),
            ("account.reset_own", "确认重置是本人要求"),
            ("account.reset_denied", "说明重置不是本人要求"),
            ("account.disable", "停用账号"),
            ("account.enable", "恢复账号"),
            ("account.join", "认作同一人的账号"),
            ("account.part", "不再认作同一人的账号"),
            // Of records from before accounts were delayed instead.
            ("account.lock", "锁定账号"),
            ("account.unlock", "解除暂缓登录"),
            ("second_factor.start", "开始设置两步验证"),
            ("second_factor.confirm", "启用两步验证"),
            ("second_factor.codes", "重新生成备用码"),
            ("second_factor.refuse", "动态验证码输错"),
            ("second_factor.off", "关闭两步验证"),
            ("outside.vouch", "身份平台确认了本人"),
            ("outside.link", "关联外部账号"),
            ("outside.unlink", "解除外部账号"),
        ],
        resources: &[("account", "账号")],
        jobs: &[("user", "命令行：账号"), ("公众", "未登录的人")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 5, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{code}", "0".repeat(20))], ..Samples::NONE },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    [ways_in(), own(), probes()].concat()
}

/// Signing in and out, and opening an account by a code.
fn ways_in() -> Vec<Route> {
    vec![
        route!(Get "/signin", Access::Public, pages::sign_in::form).about(Subject::None, "登录页"),
        route!(Post "/signin", Access::Public, counting pages::sign_in::count => pages::sign_in::sign_in)
            .about(Subject::None, "登录"),
        route!(Get "/signin/code", Access::Public, pages::second_step::form)
            .about(Subject::None, "输入动态验证码"),
        route!(Post "/signin/code", Access::Public, pages::second_step::check)
            .about(Subject::None, "提交动态验证码"),
        route!(Get "/signin/outside", Access::Public, pages::outside::start)
            .about(Subject::None, "去身份平台登录")
            .fresh(),
        route!(Get "/signin/outside/back", Access::Public, pages::outside::back)
            .about(Subject::None, "从身份平台返回")
            .fresh(),
        route!(Get "/signin/outside/confirm", Access::Public, pages::outside::confirm)
            .about(Subject::None, "身份平台答复以后")
            .fresh(),
        route!(Post "/signin/outside/confirm", Access::Public, pages::outside::ask => pages::outside::sign_in)
            .about(Subject::None, "用外部账号登录"),
        route!(Post "/signout", Access::SignedIn, pages::sign_in::sign_out).about(Subject::None, "退出"),
        route!(Get "/welcome", Access::Public, pages::welcome::ask).about(Subject::None, "输入开通码"),
        route!(Post "/welcome", Access::Public, pages::welcome::look).about(Subject::None, "提交开通码"),
        route!(Get "/welcome/{code}", Access::Public, pages::welcome::show)
            .about(Subject::Open, "用开通码设密码")
            .fresh(),
        route!(Post "/welcome/{code}", Access::Public, pages::welcome::hash => pages::welcome::set)
            .about(Subject::Open, "提交用开通码设的密码"),
    ]
}

/// One's own account.
fn own() -> Vec<Route> {
    vec![
        route!(Get "/my", Access::SignedIn, pages::my).about(Subject::None, "我的账号"),
        route!(Post "/my/password", Access::SignedIn, counting pages::password::count => pages::password::change)
            .about(Subject::None, "修改密码"),
        route!(Get "/my/sessions", Access::SignedIn, pages::sessions::list)
            .about(Subject::None, "我的登录")
            .fresh(),
        route!(Post "/my/sessions/end", Access::SignedIn, pages::sessions::end)
            .about(Subject::None, "结束别处的登录"),
        route!(Get "/my/second-factor", Access::SignedIn, pages::second_factor::show)
            .about(Subject::None, "两步验证")
            .fresh(),
        route!(Post "/my/second-factor/start", Access::SignedIn, pages::second_factor::start)
            .about(Subject::None, "开始设置两步验证"),
        route!(Post "/my/second-factor/confirm", Access::SignedIn, pages::second_factor::confirm)
            .about(Subject::None, "启用两步验证"),
        route!(Post "/my/second-factor/codes", Access::SignedIn, pages::second_factor::renew_codes)
            .about(Subject::None, "重新生成备用码"),
        route!(Post "/my/second-factor/off", Access::SignedIn, pages::second_factor::turn_off)
            .about(Subject::None, "关闭两步验证"),
        route!(Get "/my/outside", Access::SignedIn, pages::outside_link::show)
            .about(Subject::None, "外部登录")
            .fresh(),
        route!(Post "/my/outside", Access::SignedIn, counting pages::outside_link::count => pages::outside_link::link)
            .about(Subject::None, "关联外部账号"),
        route!(Post "/my/outside/off", Access::SignedIn, pages::outside_link::unlink)
            .about(Subject::None, "解除外部账号"),
        route!(Post "/my/reset", Access::SignedIn, pages::answer_reset)
            .about(Subject::None, "说明密码重置是不是本人要求"),
        route!(Get "/my/seat", Access::SignedIn, pages::choose_seat)
            .about(Subject::None, "选择以哪个单位工作"),
        route!(Post "/my/seat", Access::SignedIn, pages::change_seat).about(Subject::None, "切换单位"),
    ]
}

fn probes() -> Vec<Route> {
    vec![
        route!(Get "/healthz", Access::Public, probe jiedui_web::ready::answer)
            .about(Subject::None, "就绪检查"),
        // The name by which orchestrators ask for the same.
        route!(Get "/readyz", Access::Public, probe jiedui_web::ready::answer)
            .about(Subject::None, "就绪检查，供编排系统使用"),
    ]
}

/// How long a denied reset is shown to those who watch over accounts.
const DENIED_DAYS: i64 = 90;

/// Denied resets, newest first: for whoever watches over accounts.
pub async fn denied(tx: &mut Tx) -> Result<Vec<DeniedRow>> {
    let since = tx.now() - chrono::TimeDelta::days(DENIED_DAYS);
    tx.all(&data::DENIED, args![since]).await
}

/// What a new account needs.
pub struct NewAccount<'a> {
    pub login: &'a str,
    pub name: &'a str,
    /// `None` where its holder sets it by a link: nobody can sign in before.
    pub password: Option<&'a rules::passwords::Hashed>,
    pub must_change: bool,
    pub org: &'a str,
    pub role: &'a str,
}

/// Makes an account with one role. The login is kept in lower case.
pub async fn create(tx: &mut Tx, new: &NewAccount<'_>) -> Result<String> {
    let login = new.login.to_lowercase();
    check_login(&login)?;
    let (id, hash) = (tx.new_id(), new.password.map_or("", rules::passwords::Hashed::as_str));
    let now = tx.now();
    tx.write(&data::INSERT, args![&id, &login, new.name, hash, new.must_change, false, now]).await.map_err(
        |error| match error {
            Error::Conflict(_) => {
                Error::field("login", Code::Duplicate.says(format!("账号“{login}”已经有人用了，请换一个。")))
            }
            other => other,
        },
    )?;
    tx.write(&data::ADD_ROLE, args![&id, new.org, new.role]).await?;
    let body = serde_json::json!({ "login": login, "name": new.name, "org": new.org, "role": new.role });
    tx.audit(AuditRecord { action: "account.create", resource: "account", resource_id: &id }, &body).await?;
    Ok(id)
}

/// What a login may look like.
pub fn check_login(login: &str) -> Result<()> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if login.len() < 2 || login.len() > 32 || !login.chars().all(fine) {
        return Err(Error::field(
            "login",
            Code::Characters.says("账号用小写字母、数字和 . - _，长度二到三十二个字符。"),
        ));
    }
    Ok(())
}

/// Opens a session for an account at one of its organisations; returns the cookie's token and the form token. The
/// transaction acts as that person from here on, so that the audit leaf names them.
pub async fn start_session(
    tx: &mut Tx,
    person: &Person<'_>,
    org: &str,
    org_name: &str,
) -> Result<(String, String)> {
    start_session_in(tx, person, (org, org_name), None).await
}

/// The same in a browser, of which the holder is told its kind; there sessions end where they are too many.
async fn start_session_in(
    tx: &mut Tx,
    person: &Person<'_>,
    (org, org_name): (&str, &str),
    browser: Option<&str>,
) -> Result<(String, String)> {
    actions::act_as_holder(tx, (person.account, person.name), (org, org_name));
    let (token, csrf) = session::open(tx, person.account, org, browser.unwrap_or_default()).await?;
    if browser.is_some() {
        session::end_unused(tx, person.account).await?;
    }
    let leaf = AuditRecord { action: "session.open", resource: "account", resource_id: person.account };
    tx.audit(leaf, &serde_json::json!({ "login": person.login })).await?;
    Ok((token, csrf))
}

/// Whether there is any account, for a start that must not find one.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    Ok(tx.number(&data::COUNT, Vec::new()).await? > 0)
}

/// The account with this login, for the command line.
pub async fn id_of(tx: &mut Tx, login: &str) -> Result<Option<String>> {
    let found = tx.maybe::<data::Account>(&data::BY_LOGIN, args![login.to_lowercase()]).await?;
    Ok(found.map(|account| account.id))
}

/// The organisations at which an account has a role, each once, with its name.
pub async fn orgs_of(tx: &mut Tx, account: &str) -> Result<Vec<(String, String)>> {
    let seats = tx.all::<data::Seat>(&data::SEATS, args![account]).await?;
    let mut orgs: Vec<_> = seats.into_iter().map(|seat| (seat.org, seat.org_name)).collect();
    orgs.dedup();
    Ok(orgs)
}

/// Who signs in.
pub struct Person<'a> {
    pub account: &'a str,
    pub login: &'a str,
    pub name: &'a str,
}
