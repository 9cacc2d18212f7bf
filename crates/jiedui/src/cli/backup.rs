//! `jiedui backup` and `jiedui restore`: the whole in one file, checked before it counts, and back again.

use super::{DataLocation, in_words, programme};
use crate::oversight::backups::rules::{Depth, Manifest, seconds, size};
use crate::oversight::backups::{self, Checking, Source, Target};
use clap::Args;
use jiedui_kernel::{Clock, caused};
use jiedui_programme::Programme;
use jiedui_store::{Db, PgTools};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the database keeps in its directory beside what people hand in.
const OF_DATABASE: &str = "jiedui.sqlite";

#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    place: DataLocation,
    /// 备份写成哪个文件，例如 backup.zip；服务运行时也可以备份
    file: PathBuf,
    /// 文件已经存在时替换它；新的备份核对通过以后才替换
    #[arg(long)]
    replace: bool,
}

#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    place: DataLocation,
    /// jiedui backup 做的备份
    file: PathBuf,
    /// 只核对：恢复到临时位置，核对以后清除
    #[arg(long)]
    check: bool,
}

/// The programme of the directory that was named; `None` for the one in use in the data.
fn given(place: &DataLocation) -> Result<Option<Arc<Programme>>, String> {
    let named = place.programme.as_deref();
    named.map(|directory| programme::load(Some(directory)).map(Arc::new)).transpose()
}

pub async fn backup(command: Backup) -> Result<(), String> {
    let Backup { place, file, replace } = command;
    let db = Db::look(&place.location(), Clock::System).await.map_err(in_words)?;
    let files = place.files();
    let source = Source { db: &db, files: &files, programme: given(&place)? };
    let made = backups::make(&source, &file, replace).await;
    db.close().await;
    let made = made?;
    let times =
        [made.making, made.checking].map(|time| seconds(i64::try_from(time.as_millis()).unwrap_or(0)));
    println!(
        "备份完毕：{}（{}），备份用时 {}，核对用时 {}。",
        file.display(),
        size(made.bytes),
        times[0],
        times[1]
    );
    describe(&made.manifest, made.depth);
    let others = others(&place);
    if !others.is_empty() {
        println!("数据目录里还有这些没有放进备份，需要的请另外保管：{}", others.join("、"));
    }
    Ok(())
}

fn describe(manifest: &Manifest, depth: Depth) {
    println!("内有 {} 行数据、{} 个文件；{}。", manifest.rows(), manifest.files(), depth.words());
    let contents = &manifest.contents;
    println!("核对时写：--from {}:{}（请抄存在别处）", contents.log_size, contents.log_root);
}

/// What lies in the data directory and belongs to neither database nor files: keys perhaps, which are better kept elsewhere.
fn others(place: &DataLocation) -> Vec<String> {
    if place.database.is_some() {
        return Vec::new();
    }
    let entries = std::fs::read_dir(&place.data).into_iter().flatten().flatten();
    let names = entries.map(|entry| (entry.path(), entry.file_name().to_string_lossy().into_owned()));
    let files = place.files();
    let mut others: Vec<String> = names
        .filter(|(path, name)| !name.starts_with(OF_DATABASE) && *path != files)
        .map(|(_, name)| name)
        .collect();
    others.sort_unstable();
    others
}

pub async fn restore(command: Restore) -> Result<(), String> {
    let Restore { place, file, check } = command;
    let server = place.database.as_deref().map(PgTools::at).transpose().map_err(in_words)?;
    let how = Checking { programme: given(&place)?, clock: Clock::System, server: server.clone() };
    if check {
        return only_check(&file, &how).await;
    }
    let (target, whither) = match server {
        Some(server) => {
            let whither = format!("数据库 {}", server.database());
            (Target::Postgres(Box::new(server)), whither)
        }
        None => (Target::Directory(place.data.clone()), place.data.display().to_string()),
    };
    let (manifest, depth) = backups::restore(&file, &target, &place.files(), &how).await?;
    println!("已恢复到{whither}（{} 的备份）。", manifest.made_at.format("%Y-%m-%dT%H:%M:%SZ"));
    describe(&manifest, depth);
    if depth == Depth::Copy {
        println!("数据是较早版本的程序写下的，用 jiedui serve 启动时升级。");
    }
    Ok(())
}

async fn only_check(file: &Path, how: &Checking) -> Result<(), String> {
    let room = tempfile::Builder::new().prefix("jiedui-check-").tempdir();
    let room = room.map_err(|cause| caused("不能建立临时目录，可用环境变量 TMPDIR 换一个地方。", cause))?;
    let (manifest, depth) = backups::check(file, room.path(), how).await?;
    println!("备份可用：{}。", file.display());
    describe(&manifest, depth);
    Ok(())
}
