//! What of a draft depends on the weights: ten thousand other weightings are tried in the background, and what comes of it is kept
//! as long as the figures are the same.

use super::super::data::{self, AssessmentRow, AssessmentState, WeighingRow};
use super::super::rules::parcel::Dependence;
use crate::shared::background::{JobKind, Task, Work, Wrote};
use crate::shared::frozen;
use crate::shared::jobs::{self, NewJob};
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{AuditRecord, Found, Tx, args};
use serde_json::{Value, json};
use std::sync::Arc;

pub const WEIGH: JobKind = JobKind {
    id: "assessment.weigh",
    name: "考核：换权重逐次重算",
    right: ("assessment", "draft"),
    work: Work::Write(|task| Box::pin(make(task))),
};

/// How far it is, for the figures of now.
pub enum Weighing {
    /// Nobody asked, or the figures are others since.
    Unknown,
    /// The job that is at it.
    Asked(String),
    Made(Vec<Dependence>),
}

/// What is kept for figures with this digest.
pub async fn of(tx: &mut Tx, row: &AssessmentRow, seen: &str) -> Result<Weighing> {
    let found = tx.maybe::<WeighingRow>(&data::WEIGHING, args![&row.id]).await?;
    Ok(match found {
        Some(kept) if kept.body.is_empty() => Weighing::Asked(kept.job),
        Some(kept) if kept.seen == seen => {
            Weighing::Made(frozen::read(&kept.body, format_args!("the weighing of {}", row.id))?)
        }
        _ => Weighing::Unknown,
    })
}

async fn audit(tx: &mut Tx, row: &AssessmentRow, action: &'static str, change: &Value) -> Result<()> {
    tx.audit(AuditRecord { action, resource: "assessment", resource_id: &row.id }, change).await
}

/// Queues it; returns the job.
pub async fn begin(tx: &mut Tx, row: &Found<AssessmentRow>) -> Result<String> {
    let new = NewJob { kind: WEIGH.id, title: WEIGH.name, args: row.id.clone(), input: None };
    let job = jobs::queue(tx, &new).await?;
    tx.change(row, &data::ASK_WEIGHING, args![&job]).await?;
    audit(tx, row, "assessment.ask_weighing", &json!({ "job": job })).await?;
    Ok(job)
}

async fn keep(tx: &mut Tx, row: &Found<AssessmentRow>, seen: &str, dependences: &[Dependence]) -> Result<()> {
    let (body, digest) = frozen::text(&dependences)?;
    tx.change(row, &data::KEEP_WEIGHING, args![seen, body]).await?;
    audit(tx, row, "assessment.weigh", &json!({ "seen": seen, "digest": digest })).await
}

/// The same at once, for whoever has no worker: the demonstration.
pub async fn weigh(tx: &mut Tx, programme: &Programme, row: &Found<AssessmentRow>) -> Result<String> {
    let asked = super::asked_of(tx, programme, row).await?;
    let (_, dependences) = asked.compute().map_err(Error::Invalid)?;
    let seen = super::seen(&asked)?;
    keep(tx, row, &seen, &dependences).await?;
    Ok(seen)
}

async fn make(task: &Task) -> Result<Wrote> {
    task.progress.begin("正在换权重逐次重算", None);
    let programme = task.app.programme();
    let mut tx = task.app.db.read(Arc::clone(&task.actor)).await?;
    let row = super::find(&mut tx, &task.args).await?;
    let asked = super::asked_of(&mut tx, &programme, &row).await?;
    drop(tx);
    let seen = super::seen(&asked)?;
    let computed = tokio::task::spawn_blocking(move || asked.compute()).await.map_err(Error::internal)?;
    let (_, dependences) = computed.map_err(Error::Invalid)?;
    let mut tx = task.begin().await?;
    let row = super::find(&mut tx, &task.args).await?;
    let words = if row.state == AssessmentState::Draft {
        keep(&mut tx, &row, &seen, &dependences).await?;
        let depends = dependences.iter().filter(|one| one.depends()).count();
        format!(
            "换权重以后，{} 家里有 {depends} 家的等次会变；请回到那次考核看过再送核对。",
            dependences.len()
        )
    } else {
        "这次考核已经送核对或者放弃，没有写入。".to_owned()
    };
    Ok(Wrote { tx, words })
}
