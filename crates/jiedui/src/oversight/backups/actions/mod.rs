//! The backup of the night, and what came of it.

pub mod archive;
pub mod check;
pub mod make;
pub mod restore;

use super::data::{self, RunRow};
use super::rules::{self, Depth};
use crate::oversight::invariants;
use crate::shared::background::{JobKind, Task, Work};
use crate::shared::notices::{self, Kind, News};
use chrono::{Days, TimeDelta};
use jiedui_kernel::{Actor, Error, Instant, Result};
use jiedui_store::{AuditRecord, Tx, args, named};
use jiedui_web::App;
use make::{Made, Source};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What came of each is kept for so many days.
const KEPT: u64 = 400;
/// So long before the nightly check of the data, which reads as much.
const BEFORE_THE_CHECK: TimeDelta = TimeDelta::hours(2);
/// What is older and half done was given up: no backup takes as long.
const LEFT_OVER: TimeDelta = TimeDelta::days(2);
/// The right that those have who are told where it failed.
const TOLD: (&str, &str) = ("system", "repair");

/// The same at once, for whoever does not want to wait for the night.
pub const BACKUP: JobKind = JobKind {
    id: "backup.make",
    name: "备份",
    right: TOLD,
    work: Work::Repair(|task| Box::pin(at_once(task))),
};

async fn at_once(task: &Task) -> Result<String> {
    if !task.app.backups.is_on() {
        return Ok("这台服务器没有设置备份目录（启动时加 --backup-dir），没有备份。".to_owned());
    }
    task.progress.begin("正在备份，并恢复到临时位置核对", None);
    let run = back_up(&task.app).await?;
    Ok(match run.fault.as_str() {
        "" => format!("备份完毕：{}。", run.file),
        fault => format!("备份没有做成：{fault}"),
    })
}

/// How long until the next night's backup.
pub fn until_next(now: Instant) -> Duration {
    invariants::until_next(now + BEFORE_THE_CHECK)
}

/// Makes a backup in the folder of backups, puts it back beside itself and checks it; keeps what came of it, clears away the
/// oldest, and tells the system administrators where it failed.
pub async fn back_up(app: &App) -> Result<RunRow> {
    let (at, folder) = (app.db.clock().now(), &app.backups.folder);
    let file = rules::nightly_name(at);
    let source = Source { db: &app.db, files: &app.files, programme: Some(app.programme()) };
    let made = if folder.is_dir() {
        make::make(&source, &folder.join(&file), false).await
    } else {
        // Made where it is missing, it would fill the disk on which a share was to be.
        Err(format!("备份目录 {} 不在（没有挂载？），请检查后重试。", folder.display()))
    };
    if folder.is_dir()
        && let Err(cause) = clear(folder, app.backups.keep, at).await
    {
        // What was made is one all the same, and is told.
        tracing::warn!(%cause, "old backups are still there");
    }
    let run = row(at, file, &made);
    let mut tx = app.db.begin(Arc::new(Actor::system("backup"))).await?;
    keep(&mut tx, &run, made.as_ref().ok()).await?;
    if !run.fault.is_empty() {
        tracing::error!(fault = run.fault, "the backup failed");
        tell(&mut tx, app, &run.fault).await?;
    }
    tx.commit().await?;
    Ok(run)
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn row(at: Instant, file: String, made: &Result<Made, String>) -> RunRow {
    let nothing =
        RunRow { at, file, bytes: 0, making_ms: 0, checking_ms: 0, depth: Depth::None, fault: String::new() };
    match made {
        Ok(made) => RunRow {
            bytes: i64::try_from(made.bytes).unwrap_or(i64::MAX),
            making_ms: milliseconds(made.making),
            checking_ms: milliseconds(made.checking),
            depth: made.depth,
            ..nothing
        },
        Err(fault) => RunRow { fault: fault.clone(), ..nothing },
    }
}

async fn keep(tx: &mut Tx, run: &RunRow, made: Option<&Made>) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    let log = made.map(|made| (made.manifest.contents.log_size, made.manifest.contents.log_root.clone()));
    let (log_size, log_root) = log.unwrap_or_default();
    let body = serde_json::json!({
        "file": run.file, "bytes": run.bytes, "depth": run.depth.id(), "size": log_size, "root": log_root,
        "fault": run.fault,
    });
    named!(data::KEEP {
        id: &id,
        at: run.at,
        file: &run.file,
        bytes: run.bytes,
        making_ms: run.making_ms,
        checking_ms: run.checking_ms,
        depth: run.depth.id(),
        log_size,
        log_root,
        fault: &run.fault,
    })
    .write(tx)
    .await?;
    let long_ago = now.checked_sub_days(Days::new(KEPT)).unwrap_or(now);
    tx.write(&data::FORGET, args![long_ago]).await?;
    tx.audit(AuditRecord { action: "backup.make", resource: "backup", resource_id: &id }, &body).await
}

/// Tells each account that may do something about it.
async fn tell(tx: &mut Tx, app: &App, fault: &str) -> Result<()> {
    let programme = app.programme();
    let grants = programme.access.grants.iter();
    let mine =
        grants.filter(|one| one.resource == TOLD.0 && one.actions.iter().any(|action| action == TOLD.1));
    let roles: BTreeSet<&String> = mine.flat_map(|one| &one.roles).collect();
    let mut accounts = BTreeSet::new();
    for role in roles {
        let holders = tx.all::<(String,)>(&data::HOLDERS, args![role]).await?;
        accounts.extend(holders.into_iter().map(|(account,)| account));
    }
    for account in accounts {
        let said: String = fault.chars().take(200).collect();
        let words = "系统：备份没有做成";
        let news =
            News { kind: Kind::Account, resource: TOLD.0, id: "backup", words, said: &said, batch: "" };
        notices::tell_person(tx, &account, news).await?;
    }
    Ok(())
}

/// Takes away the oldest nightly backups beyond those that are kept, and what earlier nights left half done: a copy of all
/// data, which nobody looks for.
async fn clear(folder: &Path, keep: usize, now: Instant) -> Result<()> {
    let (folder, before) = (folder.to_owned(), SystemTime::from(now - LEFT_OVER));
    let cleared = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&folder)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        for name in names.iter().filter(|name| rules::is_left_over(name)) {
            let path = folder.join(name);
            // One that is gone by now, or is in use, is none.
            match path.symlink_metadata() {
                Ok(known) if known.modified()? >= before => {}
                Ok(known) if known.is_dir() => std::fs::remove_dir_all(path)?,
                Ok(_) => std::fs::remove_file(path)?,
                Err(_) => {}
            }
        }
        let surplus = rules::surplus(&names, keep);
        surplus.iter().try_for_each(|name| std::fs::remove_file(folder.join(name)))
    });
    cleared.await.map_err(Error::internal)?.map_err(|cause| Error::Unavailable(format!("backups: {cause}")))
}

/// The last one that was put back and found whole.
pub async fn last_good(tx: &mut Tx) -> Result<Option<RunRow>> {
    tx.maybe(&data::LAST_GOOD, Vec::new()).await
}
