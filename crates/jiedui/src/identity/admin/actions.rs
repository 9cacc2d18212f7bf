//! Asking for accounts, roles and passwords, and deciding about it: each act with its audit record.

use super::data::requests::{self as data, RequestRow};
use super::data::{HOLDERS, ORGS_LIKE, ORGS_NAMED, OrgNamed, SEATS, SeatRow};
use super::rules;
use super::rules::requests::{Action, DECIDED, Kind, State};
use super::rules::split::{self, Split};
use crate::identity::accounts::{self, NewAccount, NewLink};
use crate::network::registry::like;
use crate::network::registry::rules::kind_name;
use jiedui_kernel::{Actor, Code, Error, FieldError, Mistake, Random, Result};
use jiedui_programme::Access;
use jiedui_store::{AuditRecord, Tx, args, named, settings};
use jiedui_web::App;
use serde::Serialize;
use std::sync::Arc;

/// Characters of a name at most.
pub const NAME_LENGTH: usize = 40;

/// A role at a unit.
#[derive(Debug)]
pub struct Seat {
    pub org: OrgNamed,
    pub role: String,
}

/// The unit of this name with a role that fits it and those held already; or what is wrong, at `org` or `role`.
pub async fn seat(
    tx: &mut Tx,
    access: &Access,
    (name, role): (&str, &str),
    held: &[String],
) -> Result<Result<Seat, FieldError>> {
    let wrong = |field: &str, mistake: Mistake| Ok(Err(FieldError::new(field, mistake)));
    let Some(role) = rules::role(access, role) else {
        return wrong("role", Code::NotListed.says("请从列表中选择角色。"));
    };
    if let Some(why) = rules::excluded(access, held, role) {
        return wrong("role", Code::NotFitting.says(why));
    }
    let kind = rules::kind_for(role.at);
    let mut found = tx.all::<OrgNamed>(&ORGS_NAMED, args![name]).await?;
    if found.is_empty() {
        let near = tx.all::<OrgNamed>(&ORGS_LIKE, args![like(name), kind]).await?;
        let near: Vec<String> = near.into_iter().map(|org| format!("“{}”", org.name)).collect();
        let near = if near.is_empty() {
            String::new()
        } else {
            format!("名称相近的有：{}。", near.join("、"))
        };
        return wrong("org", Code::NotListed.says(format!("库中没有“{name}”，请填写全称。{near}")));
    }
    found.retain(|org| org.kind == kind);
    let several = found.len() > 1;
    match found.pop() {
        None => {
            let only = format!("{}只能设在{}，“{name}”不是。", role.name, kind_name(kind));
            wrong("role", Code::NotFitting.says(only))
        }
        Some(_) if several => {
            let words = format!("库中有几个单位都叫“{name}”，请先在院校库中改成可以区分的名称。");
            wrong("org", Code::Ambiguous.says(words))
        }
        Some(org) => Ok(Ok(Seat { org, role: role.id.clone() })),
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewRequest<'a> {
    pub kind: Kind,
    /// `None` for one that is not made yet.
    pub account: Option<&'a str>,
    pub login: &'a str,
    pub name: &'a str,
    /// "" where a password is to be reset, as is the role.
    pub org: &'a str,
    pub role: &'a str,
}

/// Asks; the same again while it waits is refused in words.
pub async fn ask(tx: &mut Tx, new: &NewRequest<'_>) -> Result<String> {
    let login = may_be_asked(tx, new).await?;
    let (id, now) = (tx.new_id(), tx.now());
    let (asked_by, asked_name) = (tx.actor().account().to_owned(), tx.actor().name().to_owned());
    named!(data::ASK {
        id: &id,
        kind: new.kind.id(),
        state: State::Waiting.id(),
        account: new.account,
        login: &login,
        name: new.name,
        org: new.org,
        role: new.role,
        asked_by,
        asked_name,
        now,
    })
    .write(tx)
    .await?;
    let body = serde_json::json!({
        "kind": new.kind.id(), "login": login, "name": new.name, "org": new.org, "role": new.role,
    });
    record(tx, "account_request.ask", &id, &body).await?;
    Ok(id)
}

/// Every check of a request, which writes nothing; the account's name as it is kept.
pub async fn may_be_asked(tx: &mut Tx, new: &NewRequest<'_>) -> Result<String> {
    let login = new.login.to_lowercase();
    if new.kind == Kind::Create {
        accounts::check_login(&login)?;
        if tx.number(&data::LOGIN_TAKEN, args![&login]).await? > 0 {
            let words = format!("账号“{login}”已经有人用了或正在申请，请换一个。");
            return Err(Error::field("login", Code::Duplicate.says(words)));
        }
    }
    if let Some(account) = new.account
        && tx.number(&data::DISABLED, args![account]).await? > 0
    {
        return Err(Error::field("role", Code::NotFitting.says("这个账号已停用，请先恢复再申请。")));
    }
    if tx.number(&data::TWIN, args![&login, new.kind.id(), new.org, new.role]).await? > 0 {
        let words = "同样的申请已经提出，正在等安全管理员批准。";
        return Err(Error::field("role", Code::Duplicate.says(words)));
    }
    Ok(login)
}

async fn record(tx: &mut Tx, action: &'static str, id: &str, body: &(impl Serialize + Sync)) -> Result<()> {
    tx.audit(AuditRecord { action, resource: "account_request", resource_id: id }, body).await
}

/// One of many: does what was asked for, or returns it with the reason why it cannot be done.
pub async fn approve_or_return(
    tx: &mut Tx,
    access: &Access,
    request: &RequestRow,
    random: &Random,
) -> Result<Result<Option<String>, String>> {
    match approve(tx, access, request, random).await {
        Ok(code) => Ok(Ok(code)),
        Err(Error::Conflict(said) | Error::NotNow(said)) => {
            return_to_submitter(tx, request, &said).await?;
            Ok(Err(said))
        }
        Err(other) => Err(other),
    }
}

/// Does what was asked for, and gives the code by which the holder sets the password; none where a role alone was asked
/// for. Checks again what may have changed since: other roles, a login that was taken.
pub async fn approve(
    tx: &mut Tx,
    access: &Access,
    request: &RequestRow,
    random: &Random,
) -> Result<Option<String>> {
    let next = next(tx, request, Action::Approve)?;
    let account = match (request.kind, &request.account) {
        (Kind::Create, _) => {
            if tx.number(&data::LOGIN_IN_USE, args![&request.login]).await? > 0 {
                let words = format!("账号“{}”已经有人用了，请退回这项申请。", request.login);
                return Err(Error::NotNow(words));
            }
            let new = NewAccount {
                login: &request.login,
                name: &request.name,
                password: None,
                must_change: false,
                org: &request.org,
                role: &request.role,
            };
            accounts::create(tx, &new).await?
        }
        (Kind::Role, Some(account)) => {
            fits(tx, access, account, &request.role).await?;
            accounts::add_role(tx, account, &request.org, &request.role).await?;
            account.clone()
        }
        (Kind::Reset, Some(account)) => account.clone(),
        (Kind::Role | Kind::Reset, None) => {
            return Err(Error::internal("an account request without its account"));
        }
    };
    decide(tx, request, next, Some(&account), "").await?;
    record(tx, "account_request.approve", &request.id, &serde_json::json!({ "account": account })).await?;
    Ok(if request.kind.makes_link() { Some(link(tx, request, &account, random).await?) } else { None })
}

/// Whether an account may have one more role, with those that it has now.
async fn fits(tx: &mut Tx, access: &Access, account: &str, role: &str) -> Result<()> {
    accounts::persons::lock(tx, account, account).await?;
    let seats = tx.all::<SeatRow>(&SEATS, args![account]).await?;
    let held: Vec<String> = seats.into_iter().map(|seat| seat.role).collect();
    let new = rules::role(access, role)
        .ok_or_else(|| Error::NotNow("这个角色已经没有了，请退回这项申请。".to_owned()))?;
    let person = accounts::persons::roles(tx, account).await?;
    let why = rules::excluded(access, &held, new)
        .or_else(|| rules::not_one_person(access, &person, &[role.to_owned()]));
    why.map_or(Ok(()), |why| Err(Error::NotNow(why)))
}

/// Says that two accounts are one person's, by their logins.
pub async fn join(tx: &mut Tx, access: &Access, [one, other]: [&str; 2]) -> Result<()> {
    let mut ids = Vec::new();
    let mut wrong = Vec::new();
    for (field, login) in [("one", one), ("other", other)] {
        match accounts::id_of(tx, login).await? {
            Some(id) => ids.push(id),
            None => {
                let words = format!("没有账号“{login}”，请照“账号”写。");
                wrong.push(FieldError::new(field, Code::NotListed.says(words)));
            }
        }
    }
    Error::of(wrong)?;
    let [first, second] = ids.as_slice() else { return Err(Error::NotFound) };
    accounts::persons::lock(tx, first, second).await?;
    let (mine, theirs) =
        (accounts::persons::roles(tx, first).await?, accounts::persons::roles(tx, second).await?);
    if let Some(why) = rules::not_one_person(access, &mine, &theirs) {
        return Err(Error::field("other", Code::NotFitting.says(why)));
    }
    accounts::persons::join(tx, first, second).await
}

async fn link(tx: &mut Tx, request: &RequestRow, account: &str, random: &Random) -> Result<String> {
    let new = NewLink {
        account,
        request: &request.id,
        asked_name: &request.asked_name,
        reset: request.kind == Kind::Reset,
    };
    accounts::make_link(tx, new, random).await
}

/// So long after the decision another code may be made; later it is asked for again.
const AGAIN_DAYS: i64 = 14;

/// Another code in the place of one that was lost or not used in time.
pub async fn link_again(tx: &mut Tx, request: &RequestRow, random: &Random) -> Result<String> {
    let Some(account) =
        request.account.as_deref().filter(|_| request.state == State::Approved && request.link_open)
    else {
        return Err(Error::NotNow("密码已经设好，或本人说明不是自己要求的，没有发新的开通码。".to_owned()));
    };
    let oldest = tx.now() - chrono::TimeDelta::days(AGAIN_DAYS);
    if request.decided_at.is_none_or(|decided| decided < oldest) {
        let words = format!("批准已过 {AGAIN_DAYS} 天，请系统管理员再提出申请。");
        return Err(Error::NotNow(words));
    }
    // Of two who press at once one gets a code: the other one's would open no more before it was read.
    let held = args![request.state.id()];
    data::HOLD.at(request.id.as_str(), request.version, held).write(tx, DECIDED).await?;
    link(tx, request, account, random).await
}

/// Refuses it, with the reason for whoever asked.
pub async fn return_to_submitter(tx: &mut Tx, request: &RequestRow, reason: &str) -> Result<()> {
    let next = next(tx, request, Action::Return)?;
    decide(tx, request, next, request.account.as_deref(), reason).await?;
    record(tx, "account_request.return", &request.id, &serde_json::json!({ "reason": reason })).await
}

pub async fn withdraw(tx: &mut Tx, request: &RequestRow) -> Result<()> {
    let next = next(tx, request, Action::Withdraw)?;
    decide(tx, request, next, request.account.as_deref(), "").await?;
    record(tx, "account_request.withdraw", &request.id, &serde_json::json!({})).await
}

fn next(tx: &Tx, request: &RequestRow, action: Action) -> Result<State> {
    Ok(request.state.apply(action, is_own(tx.actor(), request))?)
}

/// Whether the caller asked for it, or it is about an account of the caller's own: somebody else decides.
pub fn is_own(actor: &Actor, request: &RequestRow) -> bool {
    actor.is(&request.asked_by) || request.account.as_deref().is_some_and(|account| actor.is(account))
}

async fn decide(
    tx: &mut Tx,
    request: &RequestRow,
    next: State,
    account: Option<&str>,
    reason: &str,
) -> Result<()> {
    let (by, name, now) = (tx.actor().account().to_owned(), tx.actor().name().to_owned(), tx.now());
    let values = args![next.id(), account, by, name, now, reason];
    data::DECIDE.at(request.id.as_str(), request.version, values).write(tx, DECIDED).await
}

/// Where it is noted why the office does without 经办 and 审核.
const SPLIT_OFF: &str = "office.split_off";

/// How the split stands; none where the programme splits nothing.
pub async fn split(tx: &mut Tx, access: &Access) -> Result<Option<Split>> {
    let Some((prepares, releases)) = split::roles(access) else { return Ok(None) };
    Ok(Some(Split {
        holders: tx.number(&HOLDERS, args![releases]).await?,
        off: settings::read(tx, SPLIT_OFF).await?.unwrap_or_default(),
        prepares: rules::role_name(access, prepares).to_owned(),
        releases: rules::role_name(access, releases).to_owned(),
    }))
}

/// Switches the split off for a reason, or on again ("").
pub async fn switch_split(tx: &mut Tx, reason: &str) -> Result<()> {
    settings::write(tx, SPLIT_OFF, reason).await?;
    let record = AuditRecord { action: "access.split", resource: "access", resource_id: "" };
    tx.audit(record, &serde_json::json!({ "off": reason })).await
}

/// The server goes by how the split stands now.
pub async fn follow_split(app: &App) -> Result<()> {
    let mut tx = app.db.read(Arc::new(Actor::system("access"))).await?;
    let found = split(&mut tx, &app.programme().access).await?;
    app.split(found.is_some_and(|split| split.is_on()));
    Ok(())
}
