//! Putting a backup back where nothing is. Until everything is there and checked it has another name, so that half of it
//! never looks whole.

use super::super::rules::{Depth, Manifest, POSTGRES, SQLITE, copy_of};
use super::archive::{self, Room, failed};
use super::check::{Checking, look_at, look_into, unpacked};
use jiedui_store::PgTools;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Where it goes.
pub enum Target {
    /// A directory with the database in it.
    Directory(PathBuf),
    Postgres(Box<PgTools>),
}

/// What is under way, and taken away where it comes to nothing.
struct Staging(Vec<PathBuf>);

impl Drop for Staging {
    fn drop(&mut self) {
        for path in &self.0 {
            // What got its name is not there any more.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// A name beside a directory, on the same disk.
fn beside(path: &Path) -> Result<PathBuf, String> {
    let name = path.file_name().ok_or_else(|| format!("{} 不是目录的名字。", path.display()))?;
    Ok(path.with_file_name(format!(".{}.restoring-{}", name.to_string_lossy(), std::process::id())))
}

/// Where a directory is put together. Staging it where it is not there yet, so that it gets its name in one step; inside where
/// it is: it may be a disk of its own, or lie where nobody may make anything.
fn room_for(directory: &Path, what: &str) -> Result<PathBuf, String> {
    if directory.is_dir() {
        return Ok(directory.join(format!(".{what}.restoring-{}", std::process::id())));
    }
    beside(directory)
}

/// Nothing may be there: what is there is never written over.
fn must_be_empty(path: &Path) -> Result<(), String> {
    match fs::read_dir(path) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(format!(
                "{} 不是空的，没有恢复。请恢复到一个新目录（--data 新目录），核对后再换过去；或先把这个目录改名留存。",
                path.display()
            )),
        },
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(failed("查看", path, &cause)),
    }
}

/// Puts an archive back: the database into the target, what people handed in into `files`.
pub async fn restore(
    file: &Path,
    target: &Target,
    files: &Path,
    how: &Checking,
) -> Result<(Manifest, Depth), String> {
    match target {
        Target::Directory(directory) => into_directory(file, directory, files, how).await,
        Target::Postgres(server) => into_postgres(file, server, files, how).await,
    }
}

fn must_be_of(manifest: &Manifest, engine: &str) -> Result<(), String> {
    if manifest.engine == engine {
        return Ok(());
    }
    Err(match engine {
        SQLITE => "这是 PostgreSQL 的备份，恢复时请用 --database 指明一个空的数据库。".to_owned(),
        _ => "这是 SQLite 的备份，恢复时请用 --data 指明目录，不要写 --database。".to_owned(),
    })
}

async fn into_directory(
    file: &Path,
    directory: &Path,
    files: &Path,
    how: &Checking,
) -> Result<(Manifest, Depth), String> {
    must_be_empty(directory)?;
    // Files that lie elsewhere than in the directory get their name by themselves, before it.
    let inside = files.strip_prefix(directory).ok();
    if inside.is_none() {
        must_be_empty(files)?;
    }
    let database = room_for(directory, "data")?;
    let aside = match inside {
        Some(inside) => database.join(inside),
        None => room_for(files, "files")?,
    };
    let guard = Staging(vec![database.clone(), aside.clone()]);
    let room = Room { database: database.clone(), files: aside.clone(), lasting: true };
    let manifest = unpacked(file, &room).await?;
    must_be_of(&manifest, SQLITE)?;
    let depth = look_into(&manifest, &room, how).await?;
    if inside.is_none() {
        settle(&aside, files, "")?;
    }
    settle(&database, directory, copy_of(SQLITE))?;
    drop(guard);
    Ok((manifest, depth))
}

async fn into_postgres(
    file: &Path,
    server: &PgTools,
    files: &Path,
    how: &Checking,
) -> Result<(Manifest, Depth), String> {
    must_be_empty(files)?;
    if server.tables().await.map_err(|error| error.to_string())? > 0 {
        return Err(format!(
            "数据库 {} 里已有数据表，没有恢复。请另建一个空的数据库（见 README），恢复并核对后再换过去。",
            server.database()
        ));
    }
    let aside = room_for(files, "files")?;
    let dump = aside.with_file_name(format!(".database.restoring-{}", std::process::id()));
    let guard = Staging(vec![aside.clone(), dump.clone()]);
    let room = Room { database: dump.clone(), files: aside.clone(), lasting: true };
    let manifest = unpacked(file, &room).await?;
    must_be_of(&manifest, POSTGRES)?;
    // In one transaction of the tool: all of it or nothing.
    let put_back = server.put_back(&dump.join(copy_of(&manifest.engine))).await;
    put_back.map_err(|error| error.to_string())?;
    let depth = look_at(&server.location(), &manifest, &aside, how).await.map_err(|words| {
        format!("恢复到数据库 {} 的内容没有通过核对，不要使用它，请删除后重建：{words}", server.database())
    })?;
    settle(&aside, files, "")?;
    drop(guard);
    Ok((manifest, depth))
}

/// Gives what was put together its name. In a directory that was there already it gets it piece by piece, and the database
/// last: without one it is not taken for whole.
fn settle(from: &Path, to: &Path, last: &str) -> Result<(), String> {
    if from.parent() != Some(to) {
        return rename(from, to);
    }
    let mut moved = Vec::new();
    let done = pieces(from, last).and_then(|names| {
        for name in names {
            let place = to.join(&name);
            if place.symlink_metadata().is_ok() {
                return Err(ErrorKind::AlreadyExists.into());
            }
            fs::rename(from.join(&name), &place)?;
            moved.push(place);
            archive::sync_folder(to)?;
        }
        fs::remove_dir(from)
    });
    done.map_err(|cause| {
        // There was nothing here, and there is nothing again.
        for place in &moved {
            let _ = if place.is_dir() { fs::remove_dir_all(place) } else { fs::remove_file(place) };
        }
        failed("命名", to, &cause)
    })
}

/// What lies in a directory, with this one as the last.
fn pieces(from: &Path, last: &str) -> io::Result<Vec<OsString>> {
    let names: io::Result<Vec<OsString>> =
        fs::read_dir(from)?.map(|entry| entry.map(|entry| entry.file_name())).collect();
    let mut names = names?;
    names.sort_by_key(|name| name == last);
    Ok(names)
}

/// Gives a directory its name, where nothing or an empty one has it.
fn rename(from: &Path, to: &Path) -> Result<(), String> {
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let named = archive::make_folder(parent).and_then(|()| fs::rename(from, to));
    named.and_then(|()| archive::sync_folder(parent)).map_err(|cause| failed("命名", to, &cause))
}
