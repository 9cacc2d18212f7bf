//! What is done to links to screens on a wall, each with its audit record. Whether somebody may make one is for the caller.

use super::data;
use super::rules::walls::{self, MOST_OPEN};
use jiedui_kernel::{Actor, Date, Error, Result};
use jiedui_store::{AuditRecord, Tx, args, named};
use jiedui_web::App;
use jiedui_web::session::digest;
use std::sync::Arc;

/// Makes a link for the unit of the caller, to a day; gives its token, which is kept nowhere.
pub async fn make(tx: &mut Tx, label: &str, ends_on: Option<Date>) -> Result<String> {
    let (actor, today, now) = (Arc::clone(tx.actor()), tx.today(), tx.now());
    let ends_on = walls::check(label, ends_on, today)?;
    if tx.number(&data::OPEN_LINKS, args![&actor.org, today]).await? >= MOST_OPEN {
        let words = "本单位正在使用的大屏链接已经很多，请先停用不再需要的，再生成新的。";
        return Err(Error::NotNow(words.to_owned()));
    }
    let (id, token) = (tx.new_id(), tx.random().token());
    named!(data::MAKE_LINK {
        id: &id,
        digest: digest(&token),
        org: &actor.org,
        account: actor.account(),
        made_name: actor.name(),
        label,
        now,
        ends_on,
    })
    .write(tx)
    .await?;
    let body = serde_json::json!({ "label": label, "ends_on": ends_on.to_string() });
    let record = AuditRecord { action: "wall_link.make", resource: "wall_link", resource_id: &id };
    tx.audit(record, &body).await?;
    Ok(token)
}

/// Nothing is shown by a link of the caller's unit from here on.
pub async fn revoke(tx: &mut Tx, id: &str) -> Result<()> {
    let (actor, now) = (Arc::clone(tx.actor()), tx.now());
    if tx.write(&data::REVOKE_LINK, args![id, &actor.org, now, actor.name()]).await? == 0 {
        return Err(Error::Conflict("这个链接已经停用，没有改动。".to_owned()));
    }
    let record = AuditRecord { action: "wall_link.revoke", resource: "wall_link", resource_id: id };
    tx.audit(record, &serde_json::json!({})).await
}

/// A screen opens a link for the first time. A page that is read writes nothing, so this is a transaction of its own.
pub async fn note_first(app: &App, id: &str) -> Result<()> {
    let mut tx = app.db.begin(Arc::new(Actor::public())).await?;
    let now = tx.now();
    if tx.write(&data::FIRST_USE, args![id, now]).await? == 0 {
        return Ok(());
    }
    let record = AuditRecord { action: "wall_link.first", resource: "wall_link", resource_id: id };
    tx.audit(record, &serde_json::json!({})).await?;
    tx.commit().await
}
