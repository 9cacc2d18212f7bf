//! Which weight would part each pair of a scenario: queued, made in the background from many solutions, and kept.

use super::super::data::{self, ScenarioRow, StabilityRow};
use super::super::rules::stability::firmness;
use super::scenario::{self, LoadedScenario, step};
use crate::shared::background::{JobKind, Task, Work, Wrote};
use crate::shared::jobs::{self, NewJob};
use jiedui_kernel::{Code, Error, Result};
use jiedui_programme::WEIGHTS;
use jiedui_store::{AuditRecord, Tx, args};
use jiedui_web::history;
use serde_json::{Value, json};
use std::sync::Arc;

pub const STABILITY: JobKind = JobKind {
    id: "matching.stability",
    name: "结对测算：权重改多少结对会变",
    right: ("matching", "edit"),
    work: Work::Write(|task| Box::pin(make(task))),
};

/// Queues it; returns the job.
///
/// # Errors
/// The answer of the scenario is not proven.
pub async fn begin(tx: &mut Tx, opened: &LoadedScenario) -> Result<String> {
    if opened.answer.status() != "optimal" {
        let words = "这次测算还没有已证明最优的结对，不能说哪一对稳不稳；请先调整条件重算。";
        return Err(Error::field("", Code::NotFitting.says(words)));
    }
    let (id, revision) = (&opened.row.id, opened.row.revision);
    let new = NewJob { kind: STABILITY.id, title: STABILITY.name, args: id.clone(), input: None };
    let job = jobs::queue(tx, &new).await?;
    tx.write(&data::BEGIN_STABILITY, args![id, revision, &job]).await?;
    history::record(tx, &step(id, "firmness", "", revision, Value::Null)).await?;
    Ok(job)
}

async fn make(task: &Task) -> Result<Wrote> {
    task.progress.begin("正在逐项改变权重、逐次重算", Some(*WEIGHTS.end()));
    let mut tx = task.app.db.read(Arc::clone(&task.actor)).await?;
    let opened = scenario::open(&mut tx, &task.args).await?;
    drop(tx);
    let (revision, progress, mut far) = (opened.row.revision, task.progress.clone(), 0);
    let solved = move || {
        firmness(&opened.setting, &opened.answer, |now| {
            progress.add(usize::try_from(now - far).unwrap_or(0));
            far = now.max(far);
        })
    };
    let found = tokio::task::spawn_blocking(solved).await.map_err(Error::internal)?;
    let mut tx = task.begin().await?;
    let row = tx.one::<ScenarioRow>(&data::SHOW, args![task.args.as_str()]).await?;
    let asked = tx.maybe::<StabilityRow>(&data::STABILITY, args![&row.id]).await?;
    // What was asked of a scenario that was changed before the job began is not asked of what it says now.
    let same = row.revision == revision && asked.is_some_and(|asked| asked.revision == revision);
    let words = match found.filter(|_| same) {
        None => "提交以后这次测算改过，没有写入；请在它的页面上重新提交。".to_owned(),
        Some(found) => {
            tx.write(&data::KEEP_STABILITY, args![&row.id, revision, found.json()?]).await?;
            let record = AuditRecord {
                action: "matching_scenario.keep_firmness",
                resource: "matching_scenario",
                resource_id: &row.id,
            };
            let going = found.going().len();
            tx.audit(record, &json!({ "revision": revision, "going": going, "solved": found.solved }))
                .await?;
            format!("一次只改一项权重，有 {going} 对会变；在测算的“权重改多少，结对会变”里看。")
        }
    };
    Ok(Wrote { tx, words })
}
