//! When there was a backup, how long it took and what came of it.

use super::BACKUP;
use super::data::{self, RunRow};
use super::rules::{seconds, size};
use crate::shared::jobs::{self, NewJob};
use jiedui_kernel::Result;
use jiedui_web::attempt::Attempt;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{StateMark, when};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    /// Where they are kept; none where the server makes none by itself.
    folder: Option<String>,
    last_good: Option<String>,
    rows: Vec<RunLine>,
    may_make: bool,
}

#[derive(Serialize)]
struct RunLine {
    at: String,
    state: StateMark,
    file: String,
    size: String,
    making: String,
    checking: String,
    words: String,
}

fn line(row: RunRow) -> RunLine {
    let good = row.fault.is_empty();
    let state = if good {
        StateMark::new("done", "可用", "●")
    } else {
        StateMark::new("missed", "没有做成", "■")
    };
    RunLine {
        at: when(row.at),
        state,
        file: row.file,
        size: size(u64::try_from(row.bytes).unwrap_or(0)),
        making: seconds(row.making_ms),
        checking: seconds(row.checking_ms),
        words: if good { row.depth.words().to_owned() } else { row.fault },
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let rows = ctx.tx.all::<RunRow>(&data::LAST, Vec::new()).await?;
    let good = super::last_good(&mut ctx.tx).await?;
    let is_on = ctx.app.backups.is_on();
    let view = View {
        folder: is_on.then(|| ctx.app.backups.folder.display().to_string()),
        last_good: good.map(|row| when(row.at)),
        rows: rows.into_iter().map(line).collect(),
        may_make: is_on && ctx.can("system", "repair"),
    };
    let lead = "每天凌晨把数据和文件做成一份备份，随即恢复到临时位置核对；核对通过的才算备份。";
    Reply::view("oversight/backups/list.html", Page::new("备份", lead).kind("list"), &view)
}

pub async fn queue(ctx: &mut RequestContext) -> Result<Reply> {
    let new = NewJob { kind: BACKUP.id, title: BACKUP.name, args: String::new(), input: None };
    Ok(match jobs::queue(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(id) => jobs::queued(&id),
        Err(errors) => {
            let why = errors.into_iter().map(|error| error.message).collect::<String>();
            Reply::done("/backups", Flash::problem(why))
        }
    })
}
