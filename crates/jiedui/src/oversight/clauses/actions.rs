//! Taking up a programme on running data (decision "Programme on running data"): what would take away the ground of data
//! is refused at the start; what changes is written into the log.

use super::data;
use jiedui_kernel::{Actor, Error, Result};
use jiedui_programme::{Change, Programme, breaks, diff, table};
use jiedui_store::{AuditRecord, Db, Tx, args, line, settings};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the digest of the programme in use is noted.
const IN_USE: &str = "programme";

/// Takes up the programme of this start, and says what it changes against the one before. Nothing is written where it is
/// refused. The files are asked for only where it is another one.
pub async fn take_up(
    db: &Db,
    files: impl FnOnce() -> std::io::Result<BTreeMap<String, String>>,
    programme: &Programme,
) -> Result<Vec<Change>> {
    let actor = Arc::new(Actor::system("programme"));
    let mut tx = db.read(Arc::clone(&actor)).await?;
    let before = settings::read(&mut tx, IN_USE).await?;
    if before.as_deref() == Some(&programme.digest) {
        return Ok(Vec::new());
    }
    let changes = match before {
        None => Vec::new(),
        Some(digest) => compare(&mut tx, &digest, programme).await?,
    };
    drop(tx);
    let mut tx = db.begin(actor).await?;
    let digest = &programme.digest;
    if tx.number(&data::KNOWN, args![digest]).await? == 0 {
        let files = files().map_err(Error::internal)?;
        let kept = files.iter().map(|(name, text)| line!(data::KEEP { digest, name, text }));
        tx.add_rows(&data::KEEP, kept.collect()).await?;
    }
    let told: Vec<[&str; 3]> =
        changes.iter().map(|one| [one.what.as_str(), one.before.as_str(), one.after.as_str()]).collect();
    let body = serde_json::json!({ "version": programme.meta.version, "programme": digest, "changes": told });
    let record = AuditRecord { action: "programme.activate", resource: "programme", resource_id: digest };
    tx.audit(record, &body).await?;
    settings::write(&mut tx, IN_USE, digest).await?;
    tx.commit().await?;
    Ok(changes)
}

/// What changes against the programme in use; an error where data would not survive it.
async fn compare(tx: &mut Tx, digest: &str, programme: &Programme) -> Result<Vec<Change>> {
    let files: BTreeMap<String, String> =
        tx.all::<(String, String)>(&data::FILES, args![digest]).await?.into_iter().collect();
    let Ok(before) = jiedui_programme::load(&files) else {
        // The checker has become stricter since: what it refuses now may have been in use.
        tracing::warn!("the programme that was in use can no longer be read, so nothing is compared with it");
        return Ok(Vec::new());
    };
    let broken = breaks(&before, programme, tx.today());
    if broken.is_empty() {
        return Ok(diff(&before, programme));
    }
    let words = format!(
        "这版方案有 {} 处改动会使已有的数据失去依据，没有启用，什么也没有改：\n\n{}\n编号只能停用，不能删除；单位和计量方式不能改。\
         请改好方案再启动，或先用原来的方案启动。",
        broken.len(),
        table(&broken)
    );
    Err(Error::CannotStart(words))
}
