//! Audit records of what only looks: files that were taken out, and doors that stayed shut.

use crate::App;
use crate::form::Upload;
use crate::local_path::LocalPath;
use chrono::TimeDelta;
use jiedui_kernel::{Actor, Error, Instant, Result, hex};
use jiedui_store::{AuditRecord, ByToken};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The same refusal of the same account is recorded once in this time: whoever tries again and again fills no disk.
const APART_SECONDS: i64 = 60;
/// So many accounts are remembered at a time.
const REMEMBERED: usize = 10_000;

/// Refusals of late, so that they are not recorded each time.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<(String, String), Instant>>);

impl Refusals {
    fn is_new(&self, account: &str, path: &str, now: Instant) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.retain(|_, at| now - *at < TimeDelta::seconds(APART_SECONDS));
        }
        let key = (account.to_owned(), path.to_owned());
        let due = seen.get(&key).is_none_or(|at| !(0..APART_SECONDS).contains(&(now - *at).num_seconds()));
        if due && seen.len() < REMEMBERED {
            seen.insert(key, now);
        }
        due
    }
}

/// Who is recorded; where a program came in somebody's place, by which token.
type Caller<'a> = (&'a Arc<Actor>, Option<&'a ByToken>);

async fn leave(
    app: &App,
    (actor, token): Caller<'_>,
    action: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<()> {
    let mut tx = app.db.begin(Arc::clone(actor)).await?;
    if let Some(token) = token {
        tx.act_by(token.clone());
    }
    tx.audit(AuditRecord { action, resource: "page", resource_id: path }, body).await?;
    tx.commit().await
}

/// A file was taken out. It is not handed over where this cannot be recorded.
pub(crate) async fn exported(
    app: &App,
    actor: &Arc<Actor>,
    path: &str,
    name: &str,
    bytes: usize,
) -> Result<()> {
    let body = serde_json::json!({ "file": name, "bytes": bytes });
    leave(app, (actor, None), "file.export", path, &body).await
}

/// The scanner for viruses found something in a file, which was not let in: what it was, by its content.
pub(crate) async fn infected(
    app: &App,
    actor: &Arc<Actor>,
    path: &str,
    (file, virus): (&Upload, &str),
) -> Result<()> {
    let sha256 = hex(Sha256::digest(&file.bytes));
    let body = serde_json::json!({ "sha256": sha256, "bytes": file.bytes.len(), "found": virus });
    leave(app, (actor, None), "file.infected", path, &body).await
}

/// Somebody who is signed in, or somebody's program, asked for what the role does not grant.
pub(crate) async fn refused(app: &App, caller: Option<Caller<'_>>, path: &str, fault: &Error) {
    let (Some(caller), Error::Forbidden(right)) = (caller, fault) else { return };
    let now = app.db.clock().now();
    if LocalPath::parse(path).is_none() || !app.refusals.is_new(caller.0.account(), path, now) {
        return;
    }
    let body = serde_json::json!({ "right": right });
    if let Err(cause) = leave(app, caller, "access.refuse", path, &body).await {
        tracing::warn!(%cause, "a refusal could not be recorded");
    }
}
