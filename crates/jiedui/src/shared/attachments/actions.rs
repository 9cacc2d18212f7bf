//! Adding and taking back, with every check; and what the folder of files is held against.

use super::data::{self, AttachmentRow};
use super::rules::{self, ADDED, Matter, TAKEN_BACK};
use crate::shared::confirmation;
use crate::shared::handed_in::StoredFile;
use crate::shared::notices::{self, Kind, News};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::{Tx, VersionedCall, args, named};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::json;

/// What stands beside a thing that was found in scope, the oldest first.
pub async fn of(tx: &mut Tx, resource_id: &str) -> Result<Vec<AttachmentRow>> {
    tx.all(&data::OF, args![resource_id]).await
}

/// One of them.
pub async fn find(tx: &mut Tx, resource_id: &str, attachment: &str) -> Result<AttachmentRow> {
    let rows = of(tx, resource_id).await?;
    rows.into_iter().find(|row| row.id == attachment).ok_or(Error::NotFound)
}

/// Why the caller's organisation can put nothing more beside a thing: said before a file is kept for nothing.
pub async fn full(tx: &mut Tx, resource_id: &str) -> Result<Vec<FieldError>> {
    let rows = of(tx, resource_id).await?;
    Ok(rules::full(&rows, &tx.actor().org))
}

/// Puts a file beside a thing in the name of the caller's organisation. `lock` is that of the thing: two at once would both
/// find room; and what the other side answers at this moment is no longer open.
pub async fn add(tx: &mut Tx, lock: VersionedCall, matter: &Matter<'_>, file: &StoredFile) -> Result<()> {
    lock.write(tx, confirmation::CHANGED).await?;
    let org = tx.actor().org.clone();
    matter.demand(&org)?;
    Error::of(rules::wrong(&of(tx, matter.id).await?, &org, file.hash.as_str()))?;
    let (id, now) = (tx.new_id(), tx.now());
    let size = i64::try_from(file.size).map_err(Error::internal)?;
    named!(data::INSERT {
        id: &id,
        resource: matter.resource,
        resource_id: matter.id,
        org: &org,
        hash: file.hash.as_str(),
        size,
        mime: file.kind.mime(),
        name: &file.name,
        added_at: now,
    })
    .write(tx)
    .await?;
    step(tx, matter, ADDED, (&id, file.hash.as_str(), size, file.kind.mime())).await?;
    let Some(other) = matter.other(&org) else { return Ok(()) };
    let words = format!("附了一份材料：{}", matter.title);
    let (kind, resource, id) = (Kind::Replied, matter.resource, matter.id);
    notices::tell(tx, other, News { kind, resource, id, words: &words, said: "", batch: "" }).await
}

/// Takes back what the caller's organisation added, as long as nobody else has acted since.
pub async fn take_back(
    tx: &mut Tx,
    lock: VersionedCall,
    matter: &Matter<'_>,
    attachment: &str,
) -> Result<()> {
    lock.write(tx, confirmation::CHANGED).await?;
    let org = tx.actor().org.clone();
    let row = tx.find::<AttachmentRow>(&data::OWN, args![matter.id, attachment, org]).await?;
    if rules::was_answered(&history::of(tx, matter.id).await?, &row) {
        let words = "附上以后对方已经办理过这一条，材料不能再撤回；有要说明的请回复或者更正。";
        return Err(Error::NotNow(words.to_owned()));
    }
    tx.change_one(&row, &data::DELETE, Vec::new()).await?;
    step(tx, matter, TAKEN_BACK, (&row.id, &row.hash, row.size, &row.mime)).await
}

/// Its line in the history of the thing, with the record in the log: which content, how large, of which type. Its name
/// stands in the row alone.
async fn step(
    tx: &mut Tx,
    matter: &Matter<'_>,
    kind: &'static str,
    (attachment, sha256, bytes, mime): (&str, &str, i64, &str),
) -> Result<()> {
    let change = json!({ "attachment": attachment, "sha256": sha256, "bytes": bytes, "type": mime });
    let (resource, id, revision) = (matter.resource, matter.id, matter.version);
    history::record(tx, &HistoryEntry { resource, id, kind, reason: "", revision, change }).await
}

/// The next contents behind a hash that something names, no more than so many, each with the thing beside which it stands.
pub async fn contents(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<(String, String)>> {
    tx.all(&data::CONTENTS, args![after, most]).await
}

/// Of the contents from one hash to before another those that something names.
pub async fn named_between(tx: &mut Tx, first: &str, before: &str) -> Result<Vec<(String,)>> {
    tx.all(&data::NAMED, args![first, before]).await
}
