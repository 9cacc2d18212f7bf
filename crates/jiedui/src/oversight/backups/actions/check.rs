//! Whether an archive is a backup: it is put back into a room of its own, and what is there is compared with what the
//! manifest says, with its own log, figures and files.

use super::super::rules::{Depth, Manifest, SQLITE, copy_of};
use super::archive::{self, Room};
use crate::oversight::versions;
use crate::programme_files::{programme_files, programme_toml};
use crate::sharing::resources;
use crate::standing::indicators;
use jiedui_files::Folder;
use jiedui_kernel::{Actor, Clock, Error, Result as Done};
use jiedui_programme::Programme;
use jiedui_store::{Db, Location, PgTools, audit};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells apart the databases in which this process tries something.
static TRIED: AtomicU64 = AtomicU64::new(0);

/// By what a backup is checked.
#[derive(Clone)]
pub struct Checking {
    /// `None`: the programme that is in use in it.
    pub programme: Option<Arc<Programme>>,
    pub clock: Clock,
    /// Where one of PostgreSQL can be put back beside the data; `None` where it can only be read to its end.
    pub server: Option<PgTools>,
}

fn said(error: Error) -> String {
    error.to_string()
}

/// Puts an archive back into a room and checks it there. What is wrong with it is told in one sentence.
pub async fn check(file: &Path, room: &Path, how: &Checking) -> Result<(Manifest, Depth), String> {
    let room = Room { database: room.join("database"), files: room.join("files"), lasting: false };
    let manifest = unpacked(file, &room).await?;
    let depth = look_into(&manifest, &room, how).await?;
    Ok((manifest, depth))
}

/// On a thread that may wait.
pub async fn unpacked(file: &Path, room: &Room) -> Result<Manifest, String> {
    let (file, room) = (file.to_owned(), room.clone());
    let done = tokio::task::spawn_blocking(move || archive::extract(&file, &room)).await;
    done.map_err(|cause| cause.to_string())?
}

/// Checks what was put into a room.
pub async fn look_into(manifest: &Manifest, room: &Room, how: &Checking) -> Result<Depth, String> {
    if manifest.engine == SQLITE {
        let location = Location::Directory(room.database.clone());
        return look_at(&location, manifest, &room.files, how).await;
    }
    let dump = room.database.join(copy_of(&manifest.engine));
    let scratch = match &how.server {
        None => None,
        Some(server) => {
            let number = TRIED.fetch_add(1, Ordering::Relaxed);
            let made = manifest.made_at.timestamp();
            let name = format!("jiedui_check_{}_{made}_{number}", std::process::id());
            server.beside(&name).await.map_err(said)?.map(|scratch| (server, scratch))
        }
    };
    let Some((server, scratch)) = scratch else {
        PgTools::read_through(&dump).await.map_err(said)?;
        return Ok(Depth::Read);
    };
    let tried = match scratch.put_back(&dump).await {
        Ok(()) => look_at(&scratch.location(), manifest, &room.files, how).await,
        Err(fault) => Err(said(fault)),
    };
    if let Err(cause) = server.remove(&scratch).await {
        tracing::warn!(%cause, database = scratch.database(), "a database made for a check is still there");
    }
    tried
}

/// Checks a database that was put back, and the files beside it.
pub async fn look_at(
    location: &Location,
    manifest: &Manifest,
    files: &Path,
    how: &Checking,
) -> Result<Depth, String> {
    let db = Db::look(location, how.clock.clone()).await.map_err(said)?;
    let found = faults(&db, manifest, files, how).await;
    db.close().await;
    let (depth, faults) = found.map_err(said)?;
    match faults.as_slice() {
        [] => Ok(depth),
        [only] => Err(only.clone()),
        [first, rest @ ..] => Err(format!("{first}；另有 {} 处", rest.len())),
    }
}

async fn faults(db: &Db, manifest: &Manifest, files: &Path, how: &Checking) -> Done<(Depth, Vec<String>)> {
    let mut faults = db.integrity_faults().await?;
    if !faults.is_empty() {
        return Ok((Depth::None, faults));
    }
    faults.extend(db.foreign_key_faults().await?);
    faults.extend(manifest.contents.differences(&db.contents().await?));
    if !db.is_current().await? {
        return Ok((Depth::Copy, faults));
    }
    let programme = match &how.programme {
        Some(programme) => Arc::clone(programme),
        None => Arc::new(programme_in(db).await?),
    };
    let mut tx = db.read(Arc::new(Actor::system("backup"))).await?;
    faults.extend(audit::faults(&mut tx).await?);
    faults.extend(indicators::kept_faults(&mut tx, &programme).await?);
    let figures = indicators::verify(&mut tx, &programme).await?.len();
    drop(tx);
    if figures > 0 {
        faults.push(format!("有 {figures} 处指标数与按事实重新计算的不同"));
    }
    let lost = resources::lost(db, &Folder::at(files)).await?.len();
    if lost > 0 {
        faults.push(format!("资源库和所附材料里有 {lost} 个文件不在备份里，或与登记的校验值不同"));
    }
    Ok((Depth::Whole, faults))
}

/// The programme in use in a database; the embedded one where none was chosen.
async fn programme_in(db: &Db) -> Done<Programme> {
    let files = match versions::chosen(db).await? {
        Some(files) => files,
        None => programme_toml(&programme_files(None).map_err(Error::internal)?),
    };
    let unread = |_| Error::CannotStart("备份里在用的方案读不懂，没有核对指标。".to_owned());
    jiedui_programme::load(&files).map_err(unread)
}
