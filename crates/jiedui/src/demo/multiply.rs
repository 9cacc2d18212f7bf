//! The demonstration's ledger with as many entries as are asked for, to see what the program costs with a ledger of years:
//! each entry again and again on other days, with its history, what it adds to the figures, and the log.
//!
//! What stays as in the demonstration: schools, pairings, activities, states, joint work, objections, the season and the
//! day of the week. A copy lies in its pairing's time, on days on which its people were in their posts, and is over, and
//! answered, before today; what waits for an answer stays in the last weeks. What does not hold in a multiplied ledger:
//! the same people are at several places on one day, an occasion may be entered twice, and a project has more done for it
//! than was promised.

use super::rng::SeededRng;
use crate::evidence::ledger;
use crate::evidence::ledger::copies::{self as entries, EntryCopy};
use crate::network::{pairings, registry};
use crate::oversight::burden;
use crate::shared::contributions;
use crate::shared::contributions::copies::{self as figures, ContributionCopy};
use crate::shared::search;
use crate::standing::indicators;
use jiedui_kernel::{Actor, Date, Error, Instant, Period, Result, shanghai_date};
use jiedui_programme::{EntryFact, Programme, Repeated};
use jiedui_store::{AuditRecord, Tx};
use jiedui_web::App;
use jiedui_web::history::copies::{self as history, StepCopy};
use std::collections::HashMap;
use std::sync::Arc;

/// More entries than a demonstration ever has: such a ledger was multiplied before.
const OF_A_DEMONSTRATION: i64 = 10_000;
/// So many entries in one record of the log, as in an import of a workbook.
const A_RECORD: usize = 100;
/// So many in one transaction.
const A_COMMIT: usize = 4_000;
/// What is open stays in the last weeks.
const OPEN_WEEKS: i64 = 2;
/// A copy in another year lies so many weeks around the day.
const SEASON_WEEKS: i64 = 3;
const YEAR_WEEKS: i64 = 52;

/// An entry of the demonstration with everything that is said again of its copies.
struct Original {
    entry: EntryCopy,
    /// As the rules see it, where it stands.
    fact: Option<EntryFact>,
    steps: Vec<StepCopy>,
    figures: ContributionCopy,
    /// By how many weeks it can be moved.
    weeks: Vec<i64>,
}

/// One copy to be made.
struct Planned {
    claimed: Instant,
    of: usize,
    days: i64,
}

/// Brings the ledger to so many entries; says how many were added. `told` hears how many of how many are there.
pub async fn multiply(app: &Arc<App>, wanted: i64, told: impl Fn(usize, usize)) -> Result<usize> {
    let actor = Arc::new(Actor::system("demo"));
    let mut tx = app.db.read(Arc::clone(&actor)).await?;
    let there = entries::count(&mut tx).await?;
    if wanted <= there {
        return Ok(0);
    }
    if there > OF_A_DEMONSTRATION {
        return Err(Error::CannotStart("台账已经扩充过，请换一个新的数据目录。".to_owned()));
    }
    let originals = read(&mut tx).await?;
    drop(tx);
    let plan = planned(&originals, usize::try_from(wanted - there).unwrap_or(0));
    let programme = app.programme();
    app.db.make_room().await?;
    for (at, commit) in plan.chunks(A_COMMIT).enumerate() {
        let mut tx = app.db.begin(Arc::clone(&actor)).await?;
        for record in commit.chunks(A_RECORD) {
            add(&mut tx, &programme, &originals, record).await?;
        }
        tx.commit().await?;
        told(at * A_COMMIT + commit.len(), plan.len());
    }
    // What counts once among all copies, and whatever else is derived from the entries.
    let mut tx = app.db.begin(actor).await?;
    indicators::rebuild(&mut tx, &programme).await?;
    contributions::note_made_by(&mut tx, &programme).await?;
    tx.commit().await?;
    // The copies were claimed on days that are over.
    burden::recount(&app.db).await?;
    Ok(plan.len())
}

async fn read(tx: &mut Tx) -> Result<Vec<Original>> {
    let mut runs = HashMap::new();
    for row in pairings::in_scope(tx).await? {
        runs.insert(row.id, (row.from_day, row.to_day));
    }
    let mut posts: HashMap<(String, String), (Date, Option<Date>)> = HashMap::new();
    for school in registry::everyone(tx).await? {
        for one in registry::people(tx, &school.id).await? {
            posts.insert((one.id, one.post), (one.from_day, one.to_day));
        }
    }
    let mut steps: HashMap<String, Vec<StepCopy>> = HashMap::new();
    for step in history::of_kind(tx, "entry").await? {
        steps.entry(step.resource_id().to_owned()).or_default().push(step);
    }
    let mut adds = figures::all(tx).await?;
    let facts = ledger::facts(tx).await?.into_iter().map(|fact| (fact.id.clone(), fact));
    let mut facts: HashMap<String, EntryFact> = facts.collect();
    let last = super::rng::plus(tx.today(), -1);
    let mut originals = Vec::new();
    for entry in entries::all(tx).await? {
        let steps = steps.remove(entry.id()).unwrap_or_default();
        let mut bounds: Vec<(Date, Option<Date>)> = runs.get(entry.pairing()).copied().into_iter().collect();
        let own = entry.posts().map(|(person, post)| (person.to_owned(), post.to_owned()));
        bounds.extend(own.filter_map(|post| posts.get(&post)));
        let weeks = weeks(&entry, &steps, &bounds, last);
        let figures = adds.remove(entry.id()).unwrap_or_default();
        let fact = facts.remove(entry.id());
        originals.push(Original { entry, fact, steps, figures, weeks });
    }
    Ok(originals)
}

/// By how many weeks an entry can be moved within these bounds, so that it is answered by the last day.
fn weeks(entry: &EntryCopy, steps: &[StepCopy], bounds: &[(Date, Option<Date>)], last: Date) -> Vec<i64> {
    let (from, to) = entry.days();
    let said = steps.iter().map(StepCopy::at).max().unwrap_or(entry.claimed_at());
    let whole = |days: i64| days.div_euclid(7);
    let earliest = bounds.iter().map(|(begin, _)| -whole((from - *begin).num_days())).max().unwrap_or(0);
    let ends = bounds.iter().filter_map(|(_, end)| end.map(|end| end - to));
    let latest =
        ends.chain([last - shanghai_date(said)]).map(|left| whole(left.num_days())).min().unwrap_or(0);
    // What lies outside the bounds already, perhaps on purpose, stays where it is.
    let (earliest, latest) = (earliest.min(0), latest.max(0));
    if entry.is_open() {
        return (earliest.max(-OPEN_WEEKS)..=latest.min(OPEN_WEEKS)).collect();
    }
    let seasons = (earliest..=latest).filter(|week| {
        let off = week.rem_euclid(YEAR_WEEKS);
        off <= SEASON_WEEKS || off >= YEAR_WEEKS - SEASON_WEEKS
    });
    seasons.collect()
}

/// As many copies of each as of any other, in the order of time, as a ledger grows.
fn planned(originals: &[Original], count: usize) -> Vec<Planned> {
    let rng = SeededRng::new(29);
    let copies = originals.iter().enumerate().cycle().take(count).map(|(of, original)| {
        let days = rng.pick(&original.weeks).copied().unwrap_or(0) * 7;
        Planned { claimed: original.entry.claimed_at() + chrono::TimeDelta::days(days), of, days }
    });
    let mut plan: Vec<Planned> = copies.collect();
    plan.sort_by_key(|one| one.claimed);
    plan
}

/// The same so many days later.
fn moved(fact: &EntryFact, id: &str, days: i64) -> Option<EntryFact> {
    let later =
        |period: Period| Period::new(super::rng::plus(period.from, days), super::rng::plus(period.to, days));
    Some(EntryFact {
        id: id.to_owned(),
        period: later(fact.period)?,
        disputed_days: fact.disputed_days.and_then(later),
        // A copy is kept out of the register of enterprises: it names none again.
        repeated: Repeated::default(),
        ..fact.clone()
    })
}

/// Writes copies under one record of the log.
async fn add(tx: &mut Tx, programme: &Programme, originals: &[Original], record: &[Planned]) -> Result<()> {
    let (mut copies, mut steps, mut adds) = (Vec::new(), Vec::new(), Vec::new());
    for one in record {
        let Some(original) = originals.get(one.of) else { continue };
        let id = tx.random().id(one.claimed);
        steps.extend(original.steps.iter().map(|step| step.moved(&id, one.days)));
        let fact = original.fact.as_ref().and_then(|fact| moved(fact, &id, one.days));
        adds.push(original.figures.moved(programme, fact.as_ref(), &id, one.days));
        copies.push(original.entry.moved(&id, one.days));
    }
    let span = Period::new(
        record.first().map_or(tx.today(), |one| shanghai_date(one.claimed)),
        record.last().map_or(tx.today(), |one| shanghai_date(one.claimed)),
    );
    let body = serde_json::json!({
        "entries": copies.len(), "from": span.map(|span| span.from), "to": span.map(|span| span.to),
    });
    entries::add(tx, copies).await?;
    // Nobody looks for copies; `jiedui search rebuild` takes them in where the search is measured.
    search::pass_over(tx)?;
    history::add(tx, steps).await?;
    figures::add(tx, adds).await?;
    tx.audit(AuditRecord { action: "demo.multiply", resource: "entry", resource_id: "" }, &body).await
}
