//! Making and ending tokens, each with its record.

pub mod hooks;
pub mod send;

use super::rules;
use chrono::TimeDelta;
use jiedui_kernel::{Error, Instant, Result};
use jiedui_store::{AuditRecord, Tx};
use jiedui_web::tokens::{self, Purpose};

/// A token that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    pub account: &'a str,
    /// The organisation in whose place it asks.
    pub org: &'a str,
    /// What it is for.
    pub name: &'a str,
    pub days: i64,
    /// Whether programs also write by it what its holder may write.
    pub writes: bool,
}

/// Makes a token, with every check; returns it, and when it ends. It is not to be had a second time.
pub async fn make(tx: &mut Tx, new: &NewToken<'_>) -> Result<(String, Instant)> {
    let open = tokens::open_ones(tx, new.account).await?;
    Error::of(rules::check(new.name, new.days, open))?;
    let ends_at = tx.now() + TimeDelta::days(new.days);
    let purpose = Purpose { name: new.name, ends_at, writes: new.writes };
    let (id, token) = tokens::make(tx, (new.account, new.org), purpose).await?;
    let body = serde_json::json!({
        "token": id, "name": new.name, "org": new.org, "ends_at": ends_at, "writes": new.writes,
    });
    tx.audit(AuditRecord { action: "token.make", resource: "account", resource_id: new.account }, &body)
        .await?;
    Ok((token, ends_at))
}

/// Its holder ends a token before its time.
pub async fn end(tx: &mut Tx, account: &str, id: &str) -> Result<()> {
    if !tokens::end(tx, account, id).await? {
        return Err(Error::NotNow("这个接口密钥已经到期或停用，没有改动。".to_owned()));
    }
    let body = serde_json::json!({ "token": id });
    tx.audit(AuditRecord { action: "token.end", resource: "account", resource_id: account }, &body).await
}
