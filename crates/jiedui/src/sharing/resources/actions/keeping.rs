//! Whether each content that somebody names is there, and nothing for long that nobody names: asked every night.

use super::super::data::{self, ContentRow};
use crate::shared::attachments;
use jiedui_files::{ContentHash, Folder};
use jiedui_kernel::{Actor, Error, Instant, Result};
use jiedui_store::{Db, Tx, args, settings};
use jiedui_web::App;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::SystemTime;

/// Contents that are read at a time, between two short transactions.
const AT_A_TIME: i64 = 200;
/// For so many days what nobody names stays: its form may still be on the way, or a backup of the rows be put back.
const GRACE_DAYS: i64 = 7;
/// Where the last clearing is noted.
const CLEARED: &str = "library.cleared";

/// What was cleared away last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    pub at: Instant,
    pub contents: i64,
}

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("library"))
}

/// A content that is named, and that the folder has not, or has otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostFile {
    pub hash: String,
    /// One of the things that name it.
    pub of: String,
}

/// Those of some named contents that are lost; each is read to its end.
async fn lost_of(folder: &Folder, named: Vec<LostFile>) -> Result<Vec<LostFile>> {
    let folder = folder.clone();
    let is_off = move |one: &LostFile| ContentHash::parse(&one.hash).is_none_or(|hash| !folder.holds(&hash));
    let off = move || named.into_iter().filter(is_off).collect::<Vec<_>>();
    tokio::task::spawn_blocking(off).await.map_err(Error::internal)
}

/// The contents that an edition or an attachment names and the folder has not, or has otherwise.
pub async fn lost(db: &Db, folder: &Folder) -> Result<Vec<LostFile>> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let rows: Vec<ContentRow> =
            db.read(system()).await?.all(&data::CONTENTS, args![&after, AT_A_TIME]).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.hash);
        let named = rows
            .into_iter()
            .map(|row| LostFile {
                of: format!("资源 {} 第 {} 版", row.item, row.edition), hash: row.hash
            });
        found.extend(lost_of(folder, named.collect()).await?);
    }
    after.clear();
    loop {
        let rows = attachments::contents(&mut db.read(system()).await?, &after, AT_A_TIME).await?;
        let Some((last, _)) = rows.last() else { return Ok(found) };
        after.clone_from(last);
        let named = rows.into_iter().map(|(hash, id)| LostFile { of: format!("{id} 所附材料"), hash });
        found.extend(lost_of(folder, named.collect()).await?);
    }
}

/// Takes out what neither an edition nor an attachment names and nobody has handed in since `before`; says how much.
pub async fn clear(db: &Db, folder: &Folder, before: SystemTime) -> Result<i64> {
    let refused = |cause: std::io::Error| Error::Unavailable(format!("files: {cause}"));
    let mut gone = 0;
    for shelf in 0..=u8::MAX {
        let of = folder.clone();
        let listed = tokio::task::spawn_blocking(move || of.older(shelf, before)).await;
        let old = listed.map_err(Error::internal)?.map_err(refused)?;
        if old.is_empty() {
            continue;
        }
        // Hexadecimal digits end with f.
        let (first, last) = (format!("{shelf:02x}"), format!("{shelf:02x}g"));
        let mut tx = db.read(system()).await?;
        let beside = attachments::named_between(&mut tx, &first, &last).await?;
        let named = tx.all::<(String,)>(&data::NAMED, args![first, last]).await?;
        drop(tx);
        let named: HashSet<String> = named.into_iter().chain(beside).map(|(hash,)| hash).collect();
        let (of, unnamed) = (folder.clone(), old.into_iter().filter(|hash| !named.contains(hash.as_str())));
        let unnamed: Vec<ContentHash> = unnamed.collect();
        let remove = move || -> std::io::Result<i64> {
            let mut removed = 0;
            for hash in &unnamed {
                removed += i64::from(of.remove(hash, before)?);
            }
            Ok(removed)
        };
        gone += tokio::task::spawn_blocking(remove).await.map_err(Error::internal)?.map_err(refused)?;
    }
    Ok(gone)
}

/// Clears the folder of the installation, and notes it where anything went.
pub async fn clear_old(app: &App) -> Result<i64> {
    if app.files.as_os_str().is_empty() {
        return Ok(0);
    }
    let now = app.db.clock().now();
    let before = SystemTime::from(now - chrono::TimeDelta::days(GRACE_DAYS));
    let contents = clear(&app.db, &Folder::at(&app.files), before).await?;
    if contents > 0 {
        note(&app.db, &Cleared { at: now, contents }).await?;
    }
    Ok(contents)
}

pub async fn note(db: &Db, what: &Cleared) -> Result<()> {
    let mut tx = db.begin(system()).await?;
    settings::write(&mut tx, CLEARED, &serde_json::to_string(what).map_err(Error::internal)?).await?;
    tx.commit().await
}

/// What was cleared away last; none where nothing ever was.
pub async fn cleared(tx: &mut Tx) -> Result<Option<Cleared>> {
    let text = settings::read(tx, CLEARED).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
