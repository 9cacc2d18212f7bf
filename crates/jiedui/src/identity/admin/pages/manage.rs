//! What the system administrator changes: each act with its own leaf.

use super::super::actions::{self, NewRequest, Seat};
use super::super::data::{self, AccountRow, SeatRow};
use super::super::rules;
use super::super::rules::requests::Kind;
use super::accounts as pages;
use crate::identity::accounts;
use jiedui_kernel::{Code, Result};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Flash, Reply};

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
    if name.is_empty() || id.is_empty() {
        return Ok(None);
    }
    let found = actions::seat(&mut ctx.tx, &programme.access, (&name, &id), held).await?;
    Ok(found.map_err(|error| read.errors.push(error)).ok())
}

const ASKED: &str = "安全管理员批准后生效。";

fn asked(what: &str) -> Reply {
    Reply::done("/accounts/requests", Flash::done(format!("{what}，{ASKED}")))
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let login = read.required(&pairs, "login", "账号").to_owned();
    let name = read.required(&pairs, "name", "姓名").to_owned();
    read.text(&pairs, "name", "姓名", actions::NAME_LENGTH);
    let seat = read_seat(ctx, &pairs, &[], &mut read).await?;
    let Some(seat) = seat.filter(|_| read.errors.is_empty()) else {
        return pages::new_page(ctx, read.errors);
    };
    let new = NewRequest {
        kind: Kind::Create,
        account: None,
        login: &login,
        name: &name,
        org: &seat.org.id,
        role: &seat.role,
    };
    match actions::ask(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(_) => Ok(asked(&format!("已申请为{name}新建账号"))),
        Err(errors) => pages::new_page(ctx, errors),
    }
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
    let new = NewRequest {
        kind: Kind::Role,
        account: Some(&account.id),
        login: &account.login,
        name: &account.name,
        org: &seat.org.id,
        role: &seat.role,
    };
    match actions::ask(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(_) => Ok(asked(&format!("已申请为{}在“{}”增加角色", account.name, seat.org.name))),
        Err(errors) => pages::show_page(ctx, errors).await,
    }
}

pub async fn remove_role(ctx: &mut RequestContext) -> Result<Reply> {
    let account = find(ctx).await?;
    let (org, role) = (ctx.form.values.get("org").to_owned(), ctx.form.values.get("role").to_owned());
    let keeps = rules::guards(&ctx.programme().access).contains(&role);
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

pub async fn reset(ctx: &mut RequestContext) -> Result<Reply> {
    let account = find(ctx).await?;
    if account.id == ctx.actor.account() {
        return Ok(back(&account, Flash::problem("自己的密码请在“我的账号”里修改。")));
    }
    let new = NewRequest {
        kind: Kind::Reset,
        account: Some(&account.id),
        login: &account.login,
        name: &account.name,
        org: "",
        role: "",
    };
    match actions::ask(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(_) => Ok(asked(&format!("已申请重置{}的密码", account.name))),
        Err(errors) => {
            let said = errors.first().map(|error| error.message.clone()).unwrap_or_default();
            Ok(back(&account, Flash::problem(said)))
        }
    }
}

const LAST: &str = "这是最后一个在用的这类管理员，不能停用或取消；请先设好另一位。";

/// Whether an administrators' role would be left without anybody.
async fn is_last_keeper(ctx: &mut RequestContext, account: &str) -> Result<bool> {
    for role in rules::guards(&ctx.programme().access) {
        accounts::lock_role(&mut ctx.tx, &role).await?;
        let holds = ctx.tx.number(&data::HAS_ROLE, args![account, &role]).await? > 0;
        if holds && ctx.tx.number(&data::OTHER_KEEPERS, args![account, &role]).await? == 0 {
            return Ok(true);
        }
    }
    Ok(false)
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
