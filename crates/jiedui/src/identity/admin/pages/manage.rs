//! What the system administrator changes: each act with its own leaf.

use super::super::data::{self, AccountRow, OrgNamed, SeatRow};
use super::super::rules;
use super::accounts as pages;
use crate::identity::accounts::{self, NewAccount, passwords};
use crate::network::registry::like;
use jiedui_kernel::{Code, Random, Result};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;

/// The page that shows a generated password: once, never in an address, a cookie or the log.
#[derive(Serialize)]
struct SecretView {
    id: String,
    login: String,
    password: String,
}

fn secret(title: &str, id: String, login: String, password: String) -> Result<Reply> {
    let page =
        Page::new(title, "密码只在这一页显示一次，离开后无法再看，只能重置。").back("/accounts", "账号");
    Reply::view("identity/admin/secret.html", page, &SecretView { id, login, password })
}

struct Seat {
    org: OrgNamed,
    role: String,
}

/// Unit and role of a form, checked against each other and against the roles already held.
async fn read_seat(
    ctx: &mut RequestContext,
    pairs: &FormValues,
    held: &[String],
    read: &mut Reader,
) -> Result<Option<Seat>> {
    let programme = ctx.programme();
    let name = read.required(pairs, "org", "单位全称").to_owned();
    let id = read.required(pairs, "role", "角色").to_owned();
    let Some(role) = rules::role(&programme.access, &id) else {
        if !id.is_empty() {
            read.fail("role", Code::NotListed.says("请从列表中选择角色。"));
        }
        return Ok(None);
    };
    if let Some(why) = rules::excluded(&programme.access, held, role) {
        read.fail("role", Code::NotFitting.says(why));
        return Ok(None);
    }
    if name.is_empty() {
        return Ok(None);
    }
    let kind = rules::kind_for(role.at);
    let mut found = ctx.tx.all::<OrgNamed>(&data::ORGS_NAMED, args![&name]).await?;
    if found.is_empty() {
        let near = ctx.tx.all::<OrgNamed>(&data::ORGS_LIKE, args![like(&name), kind]).await?;
        let near: Vec<String> = near.into_iter().map(|org| format!("“{}”", org.name)).collect();
        let hint = if near.is_empty() {
            String::new()
        } else {
            format!("名称相近的有：{}。", near.join("、"))
        };
        read.fail("org", Code::NotListed.says(format!("库中没有“{name}”，请填写全称。{hint}")));
        return Ok(None);
    }
    found.retain(|org| org.kind == kind);
    match found.len() {
        0 => read.fail(
            "role",
            Code::NotFitting.says(format!(
                "{}只能设在{}，“{name}”不是。",
                role.name,
                crate::network::registry::rules::kind_name(kind)
            )),
        ),
        1 => {}
        _ => read.fail(
            "org",
            Code::Ambiguous.says(format!("库中有几个单位都叫“{name}”，请先在院校库中改成可以区分的名称。")),
        ),
    }
    Ok(found.pop().map(|org| Seat { org, role: id }))
}

/// A password for another account, typed or made up, and its hash.
pub struct Initial {
    /// What was made up, to be shown once; "" where the administrator typed one.
    shown: String,
    hashed: Result<passwords::Hashed>,
}

/// The hash of the password that was typed, or of one that is made up.
pub async fn prepare(ctx: &mut RequestContext) -> Result<Prepared<Initial>> {
    let [login, typed] = ["login", "password"].map(|name| ctx.form.values.get(name).to_owned());
    let (login, random) = (login.to_lowercase(), ctx.app.random.clone());
    Ok(Prepared::work(Kind::Hashing, move || Ok(initial(&typed, &login, &random))))
}

fn initial(typed: &str, login: &str, random: &Random) -> Initial {
    let shown = if typed.is_empty() { passwords::initial(random, login) } else { String::new() };
    let password = if typed.is_empty() { &shown } else { typed };
    Initial { hashed: passwords::accept(password, login, random), shown }
}

pub async fn create(ctx: &mut RequestContext, initial: Initial) -> Result<Reply> {
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let login = read.required(&pairs, "login", "账号").to_lowercase();
    let name = read.required(&pairs, "name", "姓名").to_owned();
    read.text(&pairs, "name", "姓名", 40);
    let seat = read_seat(ctx, &pairs, &[], &mut read).await?;
    let Some(seat) = seat.filter(|_| read.errors.is_empty()) else {
        return pages::new_page(ctx, read.errors);
    };
    let hashed = match initial.hashed.or_wrong()? {
        Ok(hashed) => hashed,
        Err(mut errors) => {
            errors.extend(accounts::check_login(&login).or_wrong()?.err().unwrap_or_default());
            return pages::new_page(ctx, errors);
        }
    };
    let new = NewAccount {
        login: &login,
        name: &name,
        password: &hashed,
        must_change: true,
        org: &seat.org.id,
        role: &seat.role,
    };
    let id = match accounts::create(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(id) => id,
        Err(errors) => return pages::new_page(ctx, errors),
    };
    if !initial.shown.is_empty() {
        return secret("账号已建立", id, login, initial.shown);
    }
    let text = format!("已为{name}建立账号，请把账号和您设定的初始密码告诉本人；首次登录必须修改。");
    Ok(Reply::done(format!("/accounts/{id}"), Flash::done(text)))
}

async fn find(ctx: &mut RequestContext) -> Result<AccountRow> {
    let id = ctx.param("id");
    ctx.tx.one(&data::ACCOUNT, args![id]).await
}

fn named(account: &AccountRow) -> accounts::Account<'_> {
    accounts::Account { id: &account.id, login: &account.login }
}

fn back(account: &AccountRow, flash: Flash) -> Reply {
    Reply::done(format!("/accounts/{}", account.id), flash)
}

pub async fn add_role(ctx: &mut RequestContext) -> Result<Reply> {
    let account = find(ctx).await?;
    let pairs = ctx.form.values.clone();
    let seats = ctx.tx.all::<SeatRow>(&data::SEATS, args![&account.id]).await?;
    let held: Vec<String> = seats.iter().map(|seat| seat.role.clone()).collect();
    let mut read = Reader::default();
    let seat = read_seat(ctx, &pairs, &held, &mut read).await?;
    if let Some(seat) = &seat
        && seats.iter().any(|held| held.org == seat.org.id && held.role == seat.role)
    {
        read.fail("role", Code::Duplicate.says("这个账号在这个单位已经有这个角色。"));
    }
    let Some(seat) = seat.filter(|_| read.errors.is_empty()) else {
        return pages::show_page(ctx, read.errors).await;
    };
    accounts::add_role(&mut ctx.tx, &account.id, &seat.org.id, &seat.role).await?;
    let text = format!("已为{}在“{}”增加角色；本人下一次打开页面就生效。", account.name, seat.org.name);
    Ok(back(&account, Flash::done(text)))
}

pub async fn remove_role(ctx: &mut RequestContext) -> Result<Reply> {
    let account = find(ctx).await?;
    let (org, role) = (ctx.form.values.get("org").to_owned(), ctx.form.values.get("role").to_owned());
    let keeps = rules::keepers(&ctx.programme().access).contains(&role);
    if keeps && account.id == ctx.actor.account() {
        return Ok(back(&account, Flash::problem("不能取消自己的管理角色，请由另一位系统管理员操作。")));
    }
    if keeps && is_last_keeper(ctx, &account.id).await? {
        return Ok(back(&account, Flash::problem(LAST)));
    }
    accounts::remove_role(&mut ctx.tx, named(&account), &org, &role).await?;
    let left = ctx.tx.all::<SeatRow>(&data::SEATS, args![&account.id]).await?;
    let text = if left.is_empty() {
        "角色已取消；这个账号没有别的角色，暂时不能登录。"
    } else {
        "角色已取消，立即生效。"
    };
    Ok(back(&account, Flash::done(text)))
}

pub async fn prepare_reset(ctx: &mut RequestContext) -> Result<Prepared<Initial>> {
    let account = find(ctx).await?;
    if account.id == ctx.actor.account() {
        let text = "自己的密码请在“我的账号”里修改。";
        return Ok(Prepared::Answered(back(&account, Flash::problem(text))));
    }
    let random = ctx.app.random.clone();
    Ok(Prepared::work(Kind::Hashing, move || Ok(initial("", &account.login, &random))))
}

pub async fn reset(ctx: &mut RequestContext, initial: Initial) -> Result<Reply> {
    let account = find(ctx).await?;
    let hashed = initial.hashed?;
    accounts::reset(&mut ctx.tx, named(&account), hashed.as_str().to_owned()).await?;
    secret("密码已重置", account.id, account.login, initial.shown)
}

const LAST: &str = "这是最后一个能管理账号的系统管理员，不能停用或取消；请先设好另一位。";

/// Whether nobody could manage accounts any more without this account.
async fn is_last_keeper(ctx: &mut RequestContext, account: &str) -> Result<bool> {
    let (mut keeps, mut others) = (0, 0);
    for role in rules::keepers(&ctx.programme().access) {
        accounts::lock_role(&mut ctx.tx, &role).await?;
        keeps += ctx.tx.number(&data::HAS_ROLE, args![account, &role]).await?;
        others += ctx.tx.number(&data::OTHER_KEEPERS, args![account, &role]).await?;
    }
    Ok(keeps > 0 && others == 0)
}

pub async fn disable(ctx: &mut RequestContext) -> Result<Reply> {
    let account = find(ctx).await?;
    if account.id == ctx.actor.account() {
        return Ok(back(&account, Flash::problem("不能停用自己的账号，请由另一位系统管理员操作。")));
    }
    if is_last_keeper(ctx, &account.id).await? {
        return Ok(back(&account, Flash::problem(LAST)));
    }
    if account.disabled {
        return Ok(back(&account, Flash::problem("这个账号已经停用，没有改动。")));
    }
    accounts::disable(&mut ctx.tx, named(&account)).await?;
    let text = format!("已停用{}的账号，打开的登录都已退出；以前的记录不变。", account.name);
    let undo = format!("/accounts/{}/enable", account.id);
    Ok(back(&account, Flash::done(text).undo(undo, "恢复这个账号")))
}

pub async fn enable(ctx: &mut RequestContext) -> Result<Reply> {
    let account = find(ctx).await?;
    if !account.disabled {
        return Ok(back(&account, Flash::problem("这个账号没有停用，没有改动。")));
    }
    accounts::enable(&mut ctx.tx, named(&account)).await?;
    let text = format!("已恢复{}的账号，可以用原来的密码登录。", account.name);
    Ok(back(&account, Flash::done(text)))
}
