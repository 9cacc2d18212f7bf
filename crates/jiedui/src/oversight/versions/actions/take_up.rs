//! Taking up a programme on running data (decision "Programme on running data"): what would take away the ground of data,
//! or judge a closed period again, is refused; what changes is written into the log.

use super::super::data;
use super::super::rules::{Files, State};
use jiedui_kernel::{Actor, Error, Result};
use jiedui_programme::{Change, Programme, breaks, diff, table};
use jiedui_store::{AuditRecord, Db, Tx, args, line, named, settings};
use std::sync::Arc;

/// Where the digest of the programme in use is noted.
const IN_USE: &str = "programme";
/// Where it is noted that somebody chose it, and not the start of a binary.
pub(super) const CHOSEN: &str = "programme.chosen";

/// Who put it in use where nobody signed in for it.
const BY_ITSELF: &str = "系统";

/// The digest of the programme in use; none before the first start.
pub async fn in_use(tx: &mut Tx) -> Result<Option<String>> {
    settings::read(tx, IN_USE).await
}

/// The files of a programme that was in use or was prepared.
pub async fn files_of(tx: &mut Tx, digest: &str) -> Result<Files> {
    Ok(tx.all::<(String, String)>(&data::FILES, args![digest]).await?.into_iter().collect())
}

pub(super) async fn keep_files(tx: &mut Tx, digest: &str, files: &Files) -> Result<()> {
    if tx.number(&data::KNOWN, args![digest]).await? == 0 {
        let kept = files.iter().map(|(name, text)| line!(data::KEEP { digest, name, text }));
        tx.add_rows(&data::KEEP, kept.collect()).await?;
    }
    Ok(())
}

/// Takes up the programme of this start, and says what it changes against the one before. Nothing is written where it is
/// refused. The files are asked for only where it is another one.
pub async fn take_up(
    db: &Db,
    files: impl FnOnce() -> std::io::Result<Files>,
    programme: &Programme,
) -> Result<Vec<Change>> {
    let actor = Arc::new(Actor::system("programme"));
    let mut tx = db.read(Arc::clone(&actor)).await?;
    let before = in_use(&mut tx).await?;
    if before.as_deref() == Some(&programme.digest) {
        return Ok(Vec::new());
    }
    if before.is_some() && before == settings::read(&mut tx, CHOSEN).await? {
        let words = "这个数据目录已经启用了另一版方案。不写 --programme 就用那一版；要换成这个目录，\
                     请先运行 jiedui programme activate 看清变化再启用。";
        return Err(Error::CannotStart(words.to_owned()));
    }
    let changes = compare(&mut tx, before.as_deref(), programme).await?;
    drop(tx);
    put(db, &files().map_err(Error::internal)?, programme, (before, &changes), "启动时采用")
        .await?
        .commit()
        .await?;
    Ok(changes)
}

/// Puts a programme in use that nobody prepared on a page; the commit is the caller's.
async fn put(
    db: &Db,
    files: &Files,
    programme: &Programme,
    (before, changes): (Option<String>, &[Change]),
    about: &str,
) -> Result<Tx> {
    let mut tx = db.begin(Arc::new(Actor::system("programme"))).await?;
    keep_files(&mut tx, &programme.digest, files).await?;
    let (id, now) = (tx.new_id(), tx.now());
    tx.write(&data::END_ACTIVE, Vec::new()).await?;
    named!(data::ADD {
        id: &id,
        digest: &programme.digest,
        base: before.unwrap_or_default(),
        about,
        state: State::Active,
        by: BY_ITSELF,
        now,
        decided_by: BY_ITSELF,
        decided_at: Some(now),
        job: "",
    })
    .write(&mut tx)
    .await?;
    put_in_use(&mut tx, programme, changes).await?;
    Ok(tx)
}

/// What a programme changes against the one in use; an error where it may not be put in use.
pub async fn held_against(db: &Db, programme: &Programme) -> Result<Vec<Change>> {
    let mut tx = db.read(Arc::new(Actor::system("programme"))).await?;
    let before = in_use(&mut tx).await?;
    compare(&mut tx, before.as_deref(), programme).await
}

/// Puts a programme in use because the command line says so; servers go by it from then on, whatever their binary brings.
pub async fn choose(db: &Db, files: &Files, programme: &Programme) -> Result<()> {
    let mut tx = db.read(Arc::new(Actor::system("programme"))).await?;
    let before = in_use(&mut tx).await?;
    let changes = compare(&mut tx, before.as_deref(), programme).await?;
    drop(tx);
    let mut tx = put(db, files, programme, (before, &changes), "由命令行启用").await?;
    settings::write(&mut tx, CHOSEN, &programme.digest).await?;
    tx.commit().await
}

/// From now on data are made by this programme.
pub(super) async fn put_in_use(tx: &mut Tx, programme: &Programme, changes: &[Change]) -> Result<()> {
    let digest = &programme.digest;
    let told: Vec<[&str; 3]> =
        changes.iter().map(|one| [one.what.as_str(), one.before.as_str(), one.after.as_str()]).collect();
    let body = serde_json::json!({ "version": programme.meta.version, "programme": digest, "changes": told });
    let record = AuditRecord { action: "programme.activate", resource: "programme", resource_id: digest };
    tx.audit(record, &body).await?;
    settings::write(tx, IN_USE, digest).await
}

/// What changes against the programme in use; an error where data would not survive it.
pub(super) async fn compare(tx: &mut Tx, in_use: Option<&str>, programme: &Programme) -> Result<Vec<Change>> {
    let Some(digest) = in_use else { return Ok(Vec::new()) };
    let Ok(before) = jiedui_programme::load(&files_of(tx, digest).await?) else {
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
