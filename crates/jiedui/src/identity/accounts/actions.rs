//! What administrators do to accounts: each act with its audit record. Whether they may is for the caller.

use super::data;
use jiedui_kernel::{Error, Instant, Result};
use jiedui_store::{AuditRecord, Tx, args};
use jiedui_web::session;

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

/// Puts an initial password in the place of the old one: it has to be replaced at the next sign-in.
pub async fn reset(tx: &mut Tx, account: Account<'_>, hash: String) -> Result<()> {
    tx.write_one(&data::SET_PASSWORD, args![account.id, hash, true]).await?;
    session::close_others(tx, account.id, "").await?;
    let body = serde_json::json!({ "login": account.login });
    tx.audit(AuditRecord { action: "account.reset", resource: "account", resource_id: account.id }, &body)
        .await
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

/// Ends the rest after wrong passwords; a conflict where there is none, in these words.
pub async fn unlock(tx: &mut Tx, account: Account<'_>, otherwise: String) -> Result<()> {
    let values = args![account.id, 0_i64, None::<Instant>, tx.now()];
    if tx.write(&data::UNLOCK, values).await? == 0 {
        return Err(Error::Conflict(otherwise));
    }
    let body = serde_json::json!({ "login": account.login });
    tx.audit(AuditRecord { action: "account.unlock", resource: "account", resource_id: account.id }, &body)
        .await
}

/// Lets nobody else give or take this role until the transaction ends.
pub async fn lock_role(tx: &mut Tx, role: &str) -> Result<()> {
    tx.write(&data::LOCK_ROLE, args![role]).await.map(drop)
}
