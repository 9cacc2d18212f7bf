//! The kept figures and clocks brought in line in the background, while others work: each part is one short transaction that
//! reads the facts of that part and puts right what is kept of them.

use super::verify::{self, Parts};
use crate::shared::background::{JobKind, Task, Work};
use crate::shared::contributions;
use crate::standing::obligations;
use jiedui_kernel::{Actor, Code, Error, Result};
use jiedui_store::audit;
use std::sync::Arc;

/// Entries of a part: SQLite's one writer is held for some tens of milliseconds.
const ENTRIES: i64 = 250;

pub const REPAIR: JobKind = JobKind {
    id: "figure.repair",
    name: "按台账重算指标和履职进度",
    right: ("system", "repair"),
    work: Work::Repair(|task| Box::pin(repair(task))),
};

async fn repair(task: &Task) -> Result<String> {
    let (db, programme) = (&task.app.db, task.app.programme());
    let actor = || Arc::new(Actor::system("indicators"));
    task.progress.begin("正在核对数据与审计日志", None);
    let faults = audit::faults(&mut db.read(actor()).await?).await?.len();
    if faults > 0 {
        // Figures are not made of facts that somebody changed.
        let words =
            format!("有{faults}处数据与审计日志不一致，没有重算。请审计管理员先到“核验审计日志”查看。");
        return Err(Error::field("", Code::Faulty.says(words)));
    }
    task.progress.begin("正在重算指标", None);
    let (mut parts, mut moved) = (Parts::of(ENTRIES), 0);
    loop {
        let mut tx = db.begin(actor()).await?;
        // Others write between two parts: what a part is made of is read with it.
        parts.renew(&mut tx).await?;
        let Some((found, part)) = parts.next(&mut tx, &programme).await? else { break };
        let differences = contributions::align(&mut tx, &found, &part).await?;
        if !differences.is_empty() {
            verify::record(&mut tx, &programme, &differences).await?;
        }
        tx.commit().await?;
        moved += differences.len();
        task.progress.add(1);
    }
    task.progress.begin("正在核对合计", None);
    let sums = contributions::sums_off(&mut db.read(actor()).await?).await?.len();
    if sums > 0 {
        let mut tx = db.begin(actor()).await?;
        contributions::align_sums(&mut tx).await?;
        verify::record(&mut tx, &programme, &[]).await?;
        tx.commit().await?;
    }
    task.progress.begin("正在重算履职进度", None);
    let clocks = obligations::repair(db, &programme, &task.progress).await?;
    Ok(format!("已按台账重算：改动指标明细{moved}处、合计{sums}处、履职进度{clocks}处；当时报的数不变。"))
}
