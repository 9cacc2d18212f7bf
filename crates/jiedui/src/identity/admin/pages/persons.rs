//! 同一人的账号: what the security administrator says of accounts that are one person's, and those that may be.

use super::super::actions;
use super::super::data::persons::{self as data, PersonRow};
use super::super::data::{self as all, AccountRow, SeatRow};
use super::super::rules;
use crate::identity::accounts::persons;
use jiedui_kernel::{FieldError, Result};
use jiedui_store::{Statement, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

const AT: &str = "/access/persons";
/// Characters of a login at most.
const LOGIN: usize = 32;

#[derive(Serialize)]
struct PersonsView {
    joined: Vec<PersonLine>,
    namesakes: Vec<PersonLine>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct PersonLine {
    id: String,
    login: String,
    name: String,
    /// Units with roles.
    seats: Vec<String>,
    /// The login of the first of those it stands with; "" of the first itself.
    beside: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let given = ctx.form.values.clone();
    let field = |name: &str, label: &str| {
        let value = Field::new(name, label).required().value(given.get(name));
        value.help("登录用的账号，例如 zhangsan。").error(&errors)
    };
    let view = PersonsView {
        joined: lines(ctx, &data::JOINED).await?,
        namesakes: lines(ctx, &data::NAMESAKES).await?,
        fields: vec![field("one", "一个账号"), field("other", "另一个账号")],
        errors: errors.clone(),
    };
    let lead = "一个人的几个账号在每件事上都是一方：用一个账号办过，就不能再用另一个账号代表别的单位办理、确认或批准。";
    let page = Page::new("同一人的账号", lead).back("/access", "权限与登录").kind("detail");
    Ok(Reply::view("identity/admin/persons.html", page, &view)?.refused(!errors.is_empty()))
}

async fn lines(ctx: &mut RequestContext, statement: &'static Statement) -> Result<Vec<PersonLine>> {
    let programme = ctx.programme();
    let rows = ctx.tx.all::<PersonRow>(statement, Vec::new()).await?;
    let mut lines = Vec::new();
    let mut first: Option<PersonRow> = None;
    for row in rows {
        let seats = ctx.tx.all::<SeatRow>(&all::SEATS, args![&row.id]).await?;
        let seat =
            |seat: SeatRow| format!("{} {}", seat.org_name, rules::role_name(&programme.access, &seat.role));
        let beside = match &first {
            Some(first) if first.same == row.same => first.login.clone(),
            _ => String::new(),
        };
        lines.push(PersonLine {
            id: row.id.clone(),
            login: row.login.clone(),
            name: row.name.clone(),
            seats: seats.into_iter().map(seat).collect(),
            beside: beside.clone(),
        });
        if beside.is_empty() {
            first = Some(row);
        }
    }
    Ok(lines)
}

/// Two accounts are one person's.
pub async fn join(ctx: &mut RequestContext) -> Result<Reply> {
    let (given, mut read) = (ctx.form.values.clone(), Reader::default());
    let mut login = |name: &str, label: &str| {
        read.required(&given, name, label);
        read.text(&given, name, label, LOGIN).to_owned()
    };
    let (one, other) = (login("one", "一个账号"), login("other", "另一个账号"));
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    let programme = ctx.programme();
    match actions::join(&mut ctx.tx, &programme.access, [&one, &other]).await.or_wrong()? {
        Ok(()) => {
            let text = format!("已认作同一人：{one}、{other}。立即生效，以前办过的也算。");
            Ok(Reply::done(AT, Flash::done(text)))
        }
        Err(errors) => page(ctx, errors).await,
    }
}

/// An account is another person's after all.
pub async fn part(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let account = ctx.tx.one::<AccountRow>(&all::ACCOUNT, args![&id]).await?;
    persons::part(&mut ctx.tx, &id).await?;
    let text = format!("{}（{}）不再同别的账号认作一个人。", account.name, account.login);
    Ok(Reply::done(AT, Flash::done(text)))
}
