//! Where programs are told that something changed: registered and ended by its holder, given up where nothing arrives.

use super::super::api::changes;
use super::super::data::{self, HookRow};
use super::super::rules::hooks;
use crate::shared::notices::{self, Kind, News};
use crate::shared::outside::Reachable;
use axum::http::Uri;
use jiedui_kernel::{Code, Error, Result};
use jiedui_store::{AuditRecord, Tx, args, named};
use jiedui_web::tokens;
use serde_json::json;
use std::sync::Arc;

/// Registers an address for the caller; returns the secret by which messages are signed. It is not to be had a second time.
pub async fn register(tx: &mut Tx, reachable: Reachable, name: &str, typed: &str) -> Result<String> {
    let actor = Arc::clone(tx.actor());
    let open = tx.number(&data::HOOKS_OPEN, args![actor.account()]).await?;
    Error::of(hooks::check(name, open))?;
    let words = "地址要是 https:// 开头、互联网上能到的完整地址，不写账号和密码。";
    let wrong = |_| Error::field("address", Code::Characters.says(words));
    let address = reachable.address(typed).map_err(wrong)?;
    if tokens::open_ones(tx, actor.account()).await? == 0 {
        let words = "收到通知的系统要凭接口密钥来读，请先新建一个接口密钥。";
        return Err(Error::NotNow(words.to_owned()));
    }
    let (told, seen) = changes::now(tx).await?;
    let (id, secret, now) = (tx.new_id(), tx.random().token(), tx.now());
    named!(data::MAKE_HOOK {
        id: &id,
        account: actor.account(),
        org: &actor.org,
        name,
        address: &address,
        secret: &secret,
        now,
        told,
        seen,
    })
    .write(tx)
    .await?;
    // Of the address the host alone: in the rest may stand by what the receiver lets in.
    let host = address.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    record(tx, ("hook.make", actor.account()), &json!({ "hook": id, "name": name, "host": host })).await?;
    Ok(hooks::shown(&secret))
}

async fn record(tx: &mut Tx, (action, account): (&str, &str), body: &serde_json::Value) -> Result<()> {
    tx.audit(AuditRecord { action, resource: "account", resource_id: account }, body).await
}

/// Its holder ends one.
pub async fn end(tx: &mut Tx, id: &str) -> Result<()> {
    let (account, now) = (tx.actor().account().to_owned(), tx.now());
    if tx.write(&data::END_HOOK, args![id, &account, now, hooks::BY_HOLDER]).await? == 0 {
        return Err(Error::NotNow("这个变更通知已经停用，没有改动。".to_owned()));
    }
    record(tx, ("hook.end", &account), &json!({ "hook": id })).await
}

/// Nothing is told there any more, and its holder is told why.
pub async fn give_up(tx: &mut Tx, hook: &HookRow, why: &str) -> Result<()> {
    let now = tx.now();
    if tx.write(&data::END_HOOK, args![&hook.id, &hook.account, now, why]).await? == 0 {
        return Ok(());
    }
    record(tx, ("hook.fail", &hook.account), &json!({ "hook": hook.id, "why": why })).await?;
    let words = format!("变更通知“{}”：{}", hook.name, hooks::why(why));
    let news =
        News { kind: Kind::Account, resource: "hook", id: &hook.id, words: &words, said: "", batch: "" };
    notices::tell_person(tx, &hook.account, news).await
}

/// The newest of an account.
pub async fn of_account(tx: &mut Tx, account: &str) -> Result<Vec<HookRow>> {
    tx.all(&data::HOOKS_OF, args![account]).await
}

/// Notes a try of a message; `fault` is "" where it was taken.
pub async fn note_try(tx: &mut Tx, (hook, attempt): (&str, i64), revision: i64, fault: &str) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.write(&data::NOTE_TRY, args![id, hook, now, revision, attempt, fault]).await.map(drop)
}
