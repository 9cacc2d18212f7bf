//! A version rehearsed on the facts: whose status and which figures it moves. What comes out is kept beside the version, is
//! looked at before it is activated, and is the note for users afterwards.

use super::super::data::{self, EffectRow, VersionRow};
use super::take_up::files_of;
use crate::network::registry;
use crate::shared::background::{JobKind, Task, Work, Wrote};
use crate::standing::{duties, indicators};
use jiedui_kernel::{Actor, Error, Result};
use jiedui_programme::{Programme, Side, StatusChange, World, load, replay};
use jiedui_store::{AuditRecord, Tx, args, line};
use std::collections::HashMap;
use std::sync::Arc;

/// So many effects are kept; more are only counted.
const MOST: usize = 20_000;

pub const REHEARSE: JobKind = JobKind {
    id: "programme.rehearse",
    name: "方案变更的演算",
    right: ("programme", "prepare"),
    work: Work::Write(|task| Box::pin(rehearse(task))),
};

/// Everything the rules see, and how pages call the organisations.
struct Played {
    world: World,
    bodies: Vec<(Side, String)>,
    names: HashMap<String, String>,
}

async fn facts(tx: &mut Tx) -> Result<Played> {
    let world = indicators::world(tx).await?;
    let debtors = duties::debtors(tx).await?;
    let schools = registry::schools(tx).await?;
    let mut names: HashMap<String, String> =
        schools.into_iter().map(|school| (school.id, school.name)).collect();
    names.extend(debtors.iter().map(|debtor| (debtor.org.clone(), debtor.name.clone())));
    Ok(Played { world, bodies: debtors.into_iter().map(|one| (one.side, one.org)).collect(), names })
}

/// A status of somebody as pages and the command line show it.
fn status(change: StatusChange, names: &HashMap<String, String>) -> EffectRow {
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let about = change.subject;
    let actor = match (about.unit.as_str(), about.towards.as_str()) {
        ("", _) => String::new(),
        (unit, "") => name(unit),
        (unit, towards) => format!("{}对{}", name(unit), name(towards)),
    };
    let word = |status: Option<&'static str>| status.unwrap_or("没有这一项").to_owned();
    let parts = [actor, change.name, about.period];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    EffectRow {
        kind: "status".to_owned(),
        clause: about.clause,
        org: about.unit,
        what: parts.join(" "),
        was: word(change.before),
        becomes: word(change.after),
    }
}

/// Whose status changes from one programme to another, and which figures move, in the order of sentences.
pub async fn effects(tx: &mut Tx, old: &Programme, new: &Programme) -> Result<Vec<EffectRow>> {
    let (played, today) = (facts(tx).await?, tx.today());
    let found = replay(old, new, &played.world, &played.bodies, today);
    let mut all: Vec<EffectRow> = found.into_iter().map(|change| status(change, &played.names)).collect();
    drop(played.world);
    for moved in indicators::moved(tx, new).await? {
        let of = new.indicator(&moved.indicator).or_else(|| old.indicator(&moved.indicator));
        let by = |value: i64| match of {
            Some(of) => {
                format!("{}{}{}", if value > 0 { "+" } else { "" }, of.unit.format(value), of.unit.label())
            }
            None => value.to_string(),
        };
        all.push(EffectRow {
            kind: "figure".to_owned(),
            clause: of.map_or_else(String::new, |of| of.clause.clone()),
            org: String::new(),
            what: of.map_or_else(|| moved.indicator.clone(), |of| of.name.clone()),
            was: format!("{} 处记录", moved.rows),
            becomes: format!("登记 {}，确认 {}", by(moved.claimed), by(moved.confirmed)),
        });
    }
    Ok(all)
}

async fn rehearse(task: &Task) -> Result<Wrote> {
    task.progress.begin("正在按两版方案各算一遍", None);
    // Its author sees the whole province; the rules see everything there is.
    let mut tx = task.app.db.read(Arc::new(Actor::system("rehearsal"))).await?;
    let row = tx.one::<VersionRow>(&data::SHOW, args![task.args.as_str()]).await?;
    let mut read = async |digest: &str| {
        let files = files_of(&mut tx, digest).await?;
        load(&files).map_err(|_| Error::internal("a kept programme can no longer be read"))
    };
    let (old, new) = (read(&row.base).await?, read(&row.digest).await?);
    let found = effects(&mut tx, &old, &new).await?;
    drop(tx);
    task.progress.begin("正在写入结果", None);
    let mut tx = task.begin().await?;
    let row = tx.one::<VersionRow>(&data::SHOW, args![task.args.as_str()]).await?;
    tx.write(&data::FORGET_EFFECTS, args![&row.id]).await?;
    let kept = found.iter().take(MOST).zip(0_i64..).map(|(one, place)| {
        line!(data::EFFECTS {
            moved_by: &row.id,
            place,
            kind: &one.kind,
            clause: &one.clause,
            org: &one.org,
            what: &one.what,
            was: &one.was,
            becomes: &one.becomes
        })
    });
    tx.add_rows(&data::EFFECTS, kept.collect()).await?;
    let now = Some(tx.now());
    data::REPLAYED
        .at(row.id.as_str(), row.version, args![now])
        .write(&mut tx, "这一版刚被别人处理过。")
        .await?;
    let record =
        AuditRecord { action: "programme.rehearse", resource: "programme_version", resource_id: &row.id };
    tx.audit(record, &serde_json::json!({ "effects": found.len() })).await?;
    let words = match found.len() {
        0 => "没有单位的状态和指标会变化。".to_owned(),
        count => format!("有 {count} 项状态或指标会变化，在“方案版本”里看。"),
    };
    Ok(Wrote { tx, words })
}
