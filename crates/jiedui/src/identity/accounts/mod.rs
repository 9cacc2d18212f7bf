//! Signing in and out, one's own account, and the role one acts in (principle 11: local accounts, argon2id, lock-out).

mod actions;
mod data;
mod pages;
mod rules;
mod tasks;

#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use jiedui_kernel::{Code, Error, Instant, Result};
use jiedui_store::{AuditRecord, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use jiedui_web::session;
pub use rules::demo;
pub use rules::passwords;

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
    ],
    words: Words {
        actions: &[
            ("session.open", "登录"),
            ("session.refuse", "密码输错"),
            ("session.close", "退出"),
            ("session.seat", "切换单位"),
            ("account.create", "新建账号"),
            ("account.role", "增加角色"),
            ("account.role_remove", "取消角色"),
            ("account.password", "修改密码"),
            ("account.link", "发出开通码"),
            ("account.open", "用开通码设好密码"),
            ("account.reset", "重置密码"),
            ("account.reset_own", "确认重置是本人要求"),
            ("account.reset_denied", "说明重置不是本人要求"),
            ("account.disable", "停用账号"),
            ("account.enable", "恢复账号"),
            ("account.lock", "锁定账号"),
            ("account.unlock", "解除锁定"),
        ],
        resources: &[("account", "账号")],
        jobs: &[("user", "命令行：新建账号"), ("公众", "未登录的人")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 5, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{code}", "0".repeat(20))], ..Samples::NONE },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/signin", Access::Public, pages::sign_in_form).about(Subject::None, "登录页"),
        route!(Post "/signin", Access::Public, pages::check_password => pages::sign_in)
            .about(Subject::None, "登录"),
        route!(Post "/signout", Access::SignedIn, pages::sign_out).about(Subject::None, "退出"),
        route!(Get "/my", Access::SignedIn, pages::my).about(Subject::None, "我的账号"),
        route!(Post "/my/password", Access::SignedIn, pages::hash_password => pages::change_password)
            .about(Subject::None, "修改密码"),
        route!(Post "/my/reset", Access::SignedIn, pages::answer_reset)
            .about(Subject::None, "说明密码重置是不是本人要求"),
        route!(Get "/welcome", Access::Public, pages::welcome::ask).about(Subject::None, "输入开通码"),
        route!(Post "/welcome", Access::Public, pages::welcome::look).about(Subject::None, "提交开通码"),
        route!(Get "/welcome/{code}", Access::Public, pages::welcome::show)
            .about(Subject::Open, "用开通码设密码")
            .fresh(),
        route!(Post "/welcome/{code}", Access::Public, pages::welcome::hash => pages::welcome::set)
            .about(Subject::Open, "提交用开通码设的密码"),
        route!(Get "/my/seat", Access::SignedIn, pages::choose_seat)
            .about(Subject::None, "选择以哪个单位工作"),
        route!(Post "/my/seat", Access::SignedIn, pages::change_seat).about(Subject::None, "切换单位"),
        route!(Get "/healthz", Access::Public, probe jiedui_web::ready::answer)
            .about(Subject::None, "就绪检查"),
        // The name by which orchestrators ask for the same.
        route!(Get "/readyz", Access::Public, probe jiedui_web::ready::answer)
            .about(Subject::None, "就绪检查，供编排系统使用"),
    ]
}

/// So many wrong passwords in a row, and the account rests (domain.md §7.1; the values are ours).
pub const TRIES: i64 = 5;
pub const REST_MINUTES: i64 = 15;

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
    tx.write(&data::INSERT, args![&id, &login, new.name, hash, new.must_change, 0_i64, false, now])
        .await
        .map_err(|error| match error {
            Error::Conflict(_) => {
                Error::field("login", Code::Duplicate.says(format!("账号“{login}”已经有人用了，请换一个。")))
            }
            other => other,
        })?;
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
    actions::act_as_holder(tx, (person.account, person.name), (org, org_name));
    let (token, csrf) = session::open(tx, person.account, org).await?;
    tx.write(&data::FAILED, args![person.account, 0_i64, None::<Instant>]).await?;
    let leaf = AuditRecord { action: "session.open", resource: "account", resource_id: person.account };
    tx.audit(leaf, &serde_json::json!({ "login": person.login })).await?;
    Ok((token, csrf))
}

/// Who signs in.
pub struct Person<'a> {
    pub account: &'a str,
    pub login: &'a str,
    pub name: &'a str,
}
