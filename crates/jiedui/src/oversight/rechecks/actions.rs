//! The check: everything is read as the system, kind by kind and a few decisions at a time, and kept with its time.

use super::data;
use super::rules::Findings;
use crate::shared::background::{JobKind, Progress, Task, Work};
use crate::shared::kept::{Again, KeptKind, Otherwise, Running};
use crate::shared::mechanism;
use crate::standing::indicators;
use chrono::Days;
use jiedui_kernel::{Actor, Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use std::sync::Arc;

/// Results are kept for so many days.
const KEPT: u64 = 400;

pub const RECHECK: JobKind = JobKind {
    id: "programme.recheck",
    name: "复算已作的决定",
    right: ("recheck", "make_again"),
    work: Work::Repair(|task| Box::pin(recheck(task))),
};

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("recheck"))
}

async fn recheck(task: &Task) -> Result<String> {
    let (db, programme) = (&task.app.db, task.app.programme());
    let found = look(&mut db.read(system()).await?, &programme, &task.progress).await?;
    let mut tx = db.begin(system()).await?;
    keep(&mut tx, &programme, &found).await?;
    tx.commit().await?;
    let (number, otherwise) = found.totals();
    Ok(match otherwise {
        0 => format!("已复算{number}项决定，结果都与当时相同。"),
        _ => format!("已复算{number}项决定，{otherwise}项与当时不同，见“复算已作的决定”。"),
    })
}

/// Makes every kept decision again by the running code. What is held is sums and one decision at a time, never the ledger.
pub async fn look(tx: &mut Tx, programme: &Programme, progress: &Progress) -> Result<Findings> {
    progress.begin("正在按现在的程序重算指标", None);
    let shifts = indicators::shifts(tx, programme).await?;
    let running = Running { programme, shifts: &shifts };
    let mut found = Findings::default();
    progress.begin("正在逐项复算决定", None);
    for kind in mechanism::all().flat_map(|one| one.kept) {
        found.begin(kind);
        let mut last = String::new();
        loop {
            let ids = (kind.after)(tx, &last).await?;
            let Some((end,)) = ids.last().cloned() else { break };
            for (id,) in &ids {
                let again = match (kind.again)(tx, id, running).await {
                    Err(Error::Internal(cause)) => unreadable(kind, id, &cause),
                    other => other?,
                };
                found.add(id, again);
            }
            progress.add(ids.len());
            last = end;
        }
    }
    Ok(found)
}

/// What was kept and cannot be read is what one looks for, and no reason to look at nothing else. Where it was the
/// database that failed, the next question to it fails as well and ends the check.
fn unreadable(kind: &KeptKind, id: &str, cause: &str) -> Again {
    tracing::warn!(%cause, kind = kind.id, id, "what was kept of a decision cannot be read");
    let what = Otherwise::new("存底", "可以读取", "读不出来，请查看运行日志");
    Again {
        title: format!("{}（{id}）", kind.name),
        href: "/programme/recheck".to_owned(),
        found: vec![what],
    }
}

async fn keep(tx: &mut Tx, programme: &Programme, found: &Findings) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    let text = serde_json::to_string(found).map_err(Error::internal)?;
    tx.write(&data::KEEP, args![id, now, &programme.meta.version, &programme.digest, text]).await?;
    let long_ago = now.checked_sub_days(Days::new(KEPT)).unwrap_or(now);
    tx.write(&data::FORGET, args![long_ago]).await.map(drop)
}
