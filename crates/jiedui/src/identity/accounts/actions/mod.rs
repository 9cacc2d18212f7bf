//! What is done to accounts, by administrators and by their holders: each act with its audit record. Whether they may is
//! for the caller.

pub mod asking;
pub mod factor;
pub mod outside;
pub mod persons;
pub mod tries;

use super::data::{self, LinkRow};
use super::rules::links::{Answer, OPEN_FOR};
use super::rules::passwords::Hashed;
use crate::shared::codes::{code, plain};
use jiedui_kernel::{Actor, ActorKind, Error, Random, Result, Scope};
use jiedui_store::{AuditRecord, Tx, args, named};
use jiedui_web::{session, tokens};
use std::sync::Arc;

/// An account by its id and its login.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    pub id: &'a str,
    pub login: &'a str,
}

/// Gives an account one more role.
pub async fn add_role(tx: &mut Tx, account: &str, org: &str, role: &str) -> Result<()> {
    tx.write(&data::ADD_ROLE, args![account, org, role]).await?;
    let body = serde_json::json!({ "org": org, "role": role });
    tx.audit(AuditRecord { action: "account.role", resource: "account", resource_id: account }, &body).await
}

/// Takes a role away; where it was the last one at the organisation, sessions there are over.
pub async fn remove_role(tx: &mut Tx, account: Account<'_>, org: &str, role: &str) -> Result<()> {
    tx.write_one(&data::REMOVE_ROLE, args![account.id, org, role]).await?;
    if tx.number(&data::ROLES_AT, args![account.id, org]).await? == 0 {
        session::close_at(tx, account.id, org).await?;
    }
    let body = serde_json::json!({ "login": account.login, "org": org, "role": role });
    tx.audit(
        AuditRecord { action: "account.role_remove", resource: "account", resource_id: account.id },
        &body,
    )
    .await
}

/// For whom a link is made, and on whose word.
#[derive(Debug, Clone, Copy)]
pub struct NewLink<'a> {
    pub account: &'a str,
    pub request: &'a str,
    pub asked_name: &'a str,
    /// Whether there is a password already; it holds until the link is used.
    pub reset: bool,
}

/// Makes a code that opens once, and gives it; it is kept nowhere. One that was made before opens no more.
pub async fn make_link(tx: &mut Tx, new: NewLink<'_>, random: &Random) -> Result<String> {
    let (code, now) = (code(random), tx.now());
    let made_name = tx.actor().name().to_owned();
    named!(data::SET_LINK {
        account: new.account,
        request: new.request,
        digest: session::digest(&plain(&code)),
        reset: new.reset,
        now,
        asked_name: new.asked_name,
        made_name,
        expires: now + OPEN_FOR,
    })
    .write(tx)
    .await?;
    let body = serde_json::json!({ "request": new.request, "reset": new.reset });
    record(tx, "account.link", new.account, &body).await?;
    Ok(code)
}

async fn record(
    tx: &mut Tx,
    action: &'static str,
    account: &str,
    body: &(impl serde::Serialize + Sync),
) -> Result<()> {
    tx.audit(AuditRecord { action, resource: "account", resource_id: account }, body).await
}

/// From here on the transaction acts as the holder of an account, who has no rights yet: so the audit record names them.
pub fn act_as_holder(tx: &mut Tx, (account, name): (&str, &str), (org, org_name): (&str, &str)) {
    let kind = ActorKind::Person { account: account.to_owned(), others: Vec::new(), name: name.to_owned() };
    let (org, org_name) = (org.to_owned(), org_name.to_owned());
    tx.act_as(Arc::new(Actor { kind, org, org_name, roles: Vec::new(), scope: Scope::nothing() }));
}

/// Sets the password by a link, as its holder. Every session and token of before is over, and with them waits after wrong tries, the account
/// outside, and the second step: whoever lost the telephone asks for this too.
pub async fn open(tx: &mut Tx, link: &LinkRow, hashed: &Hashed) -> Result<()> {
    act_as_holder(tx, (&link.account, &link.name), (&link.org, &link.org_name));
    let now = tx.now();
    tx.write_one(&data::USE_LINK, args![&link.account, now]).await?;
    tx.write_one(&data::SET_PASSWORD, args![&link.account, hashed.as_str(), false]).await?;
    tries::forget(tx, &link.account).await?;
    factor::end_pending(tx, &link.account).await?;
    let dropped = factor::forget(tx, &link.account).await?;
    session::close_others(tx, &link.account, "").await?;
    let ended = tokens::end_all(tx, &link.account).await?;
    let outside = outside::forget(tx, &link.account).await?;
    let body = serde_json::json!({ "reset": link.reset, "second_factor": dropped, "tokens": ended, "outside": outside });
    record(tx, "account.open", &link.account, &body).await
}

/// What the holder says of a reset; where it was not wanted, its link opens no more.
pub async fn answer_reset(tx: &mut Tx, account: &str, own: bool) -> Result<bool> {
    let link = tx.maybe::<LinkRow>(&data::LINK_OF, args![account]).await?;
    if link.is_none_or(|link| !link.reset || link.answer != Answer::NotYet) {
        return Ok(false);
    }
    let answer = if own { Answer::Own } else { Answer::NotOwn };
    let now = tx.now();
    tx.write_one(&data::ANSWER_LINK, args![account, answer.id(), now]).await?;
    if !own {
        tx.write_one(&data::DENY_LINK, args![account, now]).await?;
    }
    let action = if own { "account.reset_own" } else { "account.reset_denied" };
    record(tx, action, account, &serde_json::json!({})).await?;
    Ok(true)
}

pub async fn disable(tx: &mut Tx, account: Account<'_>) -> Result<()> {
    tx.write_one(&data::DISABLE, args![account.id, true]).await?;
    session::close_others(tx, account.id, "").await?;
    let body = serde_json::json!({ "login": account.login });
    tx.audit(AuditRecord { action: "account.disable", resource: "account", resource_id: account.id }, &body)
        .await
}

pub async fn enable(tx: &mut Tx, account: Account<'_>) -> Result<()> {
    tx.write_one(&data::DISABLE, args![account.id, false]).await?;
    let body = serde_json::json!({ "login": account.login });
    tx.audit(AuditRecord { action: "account.enable", resource: "account", resource_id: account.id }, &body)
        .await
}

/// Ends the wait after wrong tries; refused where there is none, in these words.
pub async fn unlock(tx: &mut Tx, account: Account<'_>, otherwise: String) -> Result<()> {
    let values = args![account.id, tx.now()];
    if tx.write(&data::UNLOCK, values).await? == 0 {
        return Err(Error::NotNow(otherwise));
    }
    let body = serde_json::json!({ "login": account.login });
    tx.audit(AuditRecord { action: "account.unlock", resource: "account", resource_id: account.id }, &body)
        .await
}

/// Lets nobody else give or take this role until the transaction ends.
pub async fn lock_role(tx: &mut Tx, role: &str) -> Result<()> {
    tx.write(&data::LOCK_ROLE, args![role]).await.map(drop)
}
