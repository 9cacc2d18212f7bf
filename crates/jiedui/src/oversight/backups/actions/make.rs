//! Making a backup. It has its name when it was put back and checked; until then, and where that fails, it has another.

use super::super::rules::{Depth, FAILED, FORMAT, HALF, Manifest, ROOM, copy_of};
use super::archive::{self, failed};
use super::check::{Checking, check};
use jiedui_programme::Programme;
use jiedui_store::Db;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Of what a backup is made.
pub struct Source<'a> {
    pub db: &'a Db,
    /// The folder of what people hand in; empty where there is none.
    pub files: &'a Path,
    /// `None`: the programme that is in use.
    pub programme: Option<Arc<Programme>>,
}

/// A backup that was put back and found whole.
#[derive(Debug)]
pub struct Made {
    pub manifest: Manifest,
    pub bytes: u64,
    pub making: Duration,
    pub checking: Duration,
    pub depth: Depth,
}

/// The same path with an ending behind it.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

/// The archive while it is made. Where it comes to nothing it is taken away.
struct Half {
    path: PathBuf,
    kept: bool,
}

impl Drop for Half {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing is there where it failed before it began.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Makes a backup under this name, puts it back beside itself and checks it.
pub async fn make(source: &Source<'_>, to: &Path, replace: bool) -> Result<Made, String> {
    if to.is_dir() {
        return Err(format!("{} 是目录，请写备份文件的名字。", to.display()));
    }
    if !replace && to.symlink_metadata().is_ok() {
        return Err(format!("{} 已经存在，没有覆盖；请换一个名字，或加 --replace。", to.display()));
    }
    let half = with_ending(to, HALF);
    if half.symlink_metadata().is_ok() {
        return Err(format!("{} 已经存在：可能正在做另一次备份。如果没有，请删除它再试。", half.display()));
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let room = tempfile::Builder::new().prefix(ROOM).tempdir_in(folder);
    let room = room.map_err(|cause| failed("建立临时目录", folder, &cause))?;
    let began = Instant::now();
    let mut half = Half { path: half, kept: false };
    written(source, &half.path, room.path()).await?;
    let (making, began) = (began.elapsed(), Instant::now());
    let how = Checking {
        programme: source.programme.clone(),
        clock: source.db.clock().clone(),
        server: source.db.pg_tools(),
    };
    let checked = check(&half.path, room.path(), &how).await;
    half.kept = true;
    let (manifest, depth) = match checked {
        Ok(checked) => checked,
        Err(words) => return Err(set_aside(&half.path, to, &words)),
    };
    let bytes = named(&half.path, to, replace).map_err(|cause| failed("命名", to, &cause))?;
    archive::sync_folder(folder).map_err(|cause| failed("写", folder, &cause))?;
    Ok(Made { manifest, bytes, making, checking: began.elapsed(), depth })
}

/// Writes the archive; the copy of the database is gone afterwards, so that the check finds room.
async fn written(source: &Source<'_>, half: &Path, room: &Path) -> Result<(), String> {
    let db = source.db;
    let contents = db.copy_to(room).await.map_err(|error| error.to_string())?;
    let head = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        engine: db.engine_name().to_owned(),
        made_at: db.clock().now(),
        contents,
        members: Vec::new(),
    };
    let copy = room.join(copy_of(db.engine_name()));
    let (to, from, files) = (half.to_owned(), copy.clone(), source.files.to_owned());
    let done = tokio::task::spawn_blocking(move || archive::write(&to, head, &from, &files)).await;
    done.map_err(|cause| cause.to_string())?.map_err(|cause| failed("写", half, &cause))?;
    fs::remove_file(&copy).map_err(|cause| failed("删除", &copy, &cause))
}

/// Gives it its name; says how many bytes it has.
fn named(half: &Path, to: &Path, replace: bool) -> std::io::Result<u64> {
    if replace {
        fs::rename(half, to)?;
    } else {
        // Unlike a renaming, a second name is refused where the name is taken by now. A share may know no second names.
        match fs::hard_link(half, to) {
            Ok(()) => fs::remove_file(half)?,
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => return Err(cause),
            Err(_) => fs::rename(half, to)?,
        }
    }
    Ok(to.metadata()?.len())
}

/// What is no backup does not get the name of one.
fn set_aside(half: &Path, to: &Path, words: &str) -> String {
    let bad = with_ending(to, FAILED);
    let name = if fs::rename(half, &bad).is_ok() { bad } else { half.to_owned() };
    format!(
        "备份没有通过核对，已改名为 {}，不要用它恢复：{words}。如果 jiedui audit verify 对正在使用的数据也这样说，\
         问题出在数据本身。",
        name.display()
    )
}
