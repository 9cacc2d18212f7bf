//! A version rehearsed on the facts: whose status and which figures it moves. What comes out is kept beside the version, is
//! looked at before it is activated, and is the note for users afterwards.
//!
//! Facts are read in parts, each in a transaction of its own, and both versions are given the same ones: an entry that changes
//! meanwhile is told by neither or by both.

use super::super::data::{self, EffectRow, VersionRow};
use super::take_up::files_of;
use crate::evidence::ledger;
use crate::network::registry;
use crate::shared::background::{JobKind, Task, Work, Wrote};
use crate::standing::{duties, indicators};
use jiedui_kernel::{Actor, Error, Period, Result};
use jiedui_programme::{Programme, Rehearsal, Side, StatusChange, World, load};
use jiedui_store::{AuditRecord, Db, Tx, args, line};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// So many effects are kept; more are only counted.
const MOST: usize = 20_000;
/// Entries that are looked at a time.
const ENTRIES: i64 = 2_000;

pub const REHEARSE: JobKind = JobKind {
    id: "programme.rehearse",
    name: "方案变更的演算",
    right: ("programme", "prepare"),
    work: Work::Write(|task| Box::pin(rehearse(task))),
};

/// Everything the rules see but the entries, and how pages call the organisations.
struct FewFacts {
    few: World,
    bodies: Vec<(Side, String)>,
    names: HashMap<String, String>,
}

async fn known(tx: &mut Tx) -> Result<FewFacts> {
    let few = indicators::few(tx).await?;
    let debtors = duties::debtors(tx).await?;
    let schools = registry::schools(tx).await?;
    let mut names: HashMap<String, String> =
        schools.into_iter().map(|school| (school.id, school.name)).collect();
    names.extend(debtors.iter().map(|debtor| (debtor.org.clone(), debtor.name.clone())));
    Ok(FewFacts { few, bodies: debtors.into_iter().map(|one| (one.side, one.org)).collect(), names })
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
pub async fn effects(
    db: &Db,
    actor: &Arc<Actor>,
    old: &Programme,
    new: &Programme,
) -> Result<Vec<EffectRow>> {
    let mut tx = db.read(Arc::clone(actor)).await?;
    let (known, today) = (known(&mut tx).await?, tx.today());
    drop(tx);
    let mut both = [old, new].map(|of| Rehearsal::of(of, &known.few, &known.bodies, today));
    let owed: BTreeSet<&str> =
        [old, new].into_iter().flat_map(|of| &of.obligations).map(|one| one.activity.as_str()).collect();
    give_work(db, actor, (&known.few, &owed), &mut both).await?;
    give_entries(db, actor, &mut both).await?;
    let [before, after] = both;
    let found = before.against(after);
    let mut all: Vec<EffectRow> = found.into_iter().map(|change| status(change, &known.names)).collect();
    for moved in indicators::moved(db, actor, new).await? {
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

/// The entries of each helper at each county school by which the clocks of either version move.
async fn give_work(
    db: &Db,
    actor: &Arc<Actor>,
    (few, owed): (&World, &BTreeSet<&str>),
    both: &mut [Rehearsal<'_>; 2],
) -> Result<()> {
    let joined =
        |all: Period, one: Period| Period::new(all.from.min(one.from), all.to.max(one.to)).unwrap_or(all);
    let Some(days) = both.iter().filter_map(|one| one.clock_days()).reduce(joined) else { return Ok(()) };
    let relations: BTreeSet<(&str, &str)> =
        few.pairings.iter().map(|one| (one.helper.as_str(), one.county_school.as_str())).collect();
    for of in relations {
        let (mut tx, mut entries) = (db.read(Arc::clone(actor)).await?, Vec::new());
        for activity in owed {
            entries.extend(ledger::clock_facts(&mut tx, activity, of, days).await?);
        }
        drop(tx);
        both.iter_mut().for_each(|one| one.add_work(of, &entries));
    }
    Ok(())
}

/// All entries, for what they add to figures.
async fn give_entries(db: &Db, actor: &Arc<Actor>, both: &mut [Rehearsal<'_>; 2]) -> Result<()> {
    let mut after = String::new();
    loop {
        let entries = ledger::facts_after(&mut db.read(Arc::clone(actor)).await?, &after, ENTRIES).await?;
        let Some(last) = entries.last() else { return Ok(()) };
        after.clone_from(&last.id);
        both.iter_mut().for_each(|one| one.add_entries(&entries));
    }
}

async fn rehearse(task: &Task) -> Result<Wrote> {
    task.progress.begin("正在按两版方案各算一遍", None);
    // Its author sees the whole province; the rules see everything there is.
    let actor = Arc::new(Actor::system("rehearsal"));
    let mut tx = task.app.db.read(Arc::clone(&actor)).await?;
    let row = tx.one::<VersionRow>(&data::SHOW, args![task.args.as_str()]).await?;
    let mut read = async |digest: &str| {
        let files = files_of(&mut tx, digest).await?;
        load(&files).map_err(|_| Error::internal("a kept programme can no longer be read"))
    };
    let (old, new) = (read(&row.base).await?, read(&row.digest).await?);
    drop(tx);
    let found = effects(&task.app.db, &actor, &old, &new).await?;
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
