//! The work of clocks, kept so that no page adds up entries: brought up to date when an entry changes, in its transaction.
//!
//! Kept work says by what it was computed. Where that is not what a reader finds (another programme, other paired days, a
//! reader who sees only some of the pairings), the reader computes it from the entries of that one clock, and [`ensure`]
//! puts it right soon after.

use super::super::data::{self, WorkRow};
use super::super::pairing_facts;
use super::arrangements;
use crate::evidence::ledger;
use crate::network::pairings;
use crate::shared::background::Progress;
use jiedui_kernel::{Actor, Date, Period, Result};
use jiedui_programme::{ClockFrame, ClockWork, EntryFact, Programme, clock_frames};
use jiedui_store::{AuditRecord, Db, Derived, Tx, args, named, settings};
use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

const NAME: &str = "clock work";
/// Where the programme by which all of it was computed is noted.
const MADE_WITH: &str = "clocks";

/// County school, activity, helper, days.
type EntryAt = (String, String, String, Period);

/// The clocks that entries of this transaction can have moved.
struct Clocks {
    programme: Arc<Programme>,
    moved: BTreeSet<EntryAt>,
}

/// Notes what an entry moves, as it was or as it is.
pub fn entry_changed(tx: &mut Tx, programme: &Arc<Programme>, fact: &EntryFact) -> Result<()> {
    if !programme.obligations.iter().any(|duty| duty.activity == fact.activity) {
        return Ok(());
    }
    let new = || Clocks { programme: Arc::clone(programme), moved: BTreeSet::new() };
    let kept = tx.unsettled(NAME, new)?;
    for helper in &fact.helpers {
        let place = (fact.county_school.clone(), fact.activity.clone(), helper.clone(), fact.period);
        kept.moved.insert(place);
    }
    Ok(())
}

impl Derived for Clocks {
    fn settle<'a>(self: Box<Self>, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            let schools: BTreeSet<&String> = self.moved.iter().map(|moved| &moved.0).collect();
            for school in schools {
                keep_of_school(tx, &self.programme, school, &self.moved).await?;
            }
            Ok(())
        })
    }
}

async fn keep_of_school(
    tx: &mut Tx,
    programme: &Programme,
    school: &str,
    moved: &BTreeSet<EntryAt>,
) -> Result<()> {
    let rows = pairings::of_county_school(tx, school).await?;
    let (arranged, facts) = (arrangements(tx).await?, pairing_facts(&rows));
    // A stay may reach into a period that has not begun.
    let last = moved.iter().map(|one| one.3.to).chain([tx.today()]).max().unwrap_or(tx.today());
    let touched = |frame: &ClockFrame<'_>| {
        moved.iter().any(|(county, activity, helper, days)| {
            (county, activity, helper) == (&frame.county_school, &frame.activity().id, &frame.helper)
                && frame.period.period.intersect(*days).is_some()
        })
    };
    for frame in clock_frames(programme, &facts, &arranged, last).iter().filter(|frame| touched(frame)) {
        keep(tx, programme, frame).await?;
    }
    Ok(())
}

/// Computes the work of one clock again and keeps it. The row is taken before the entries are read: of two transactions
/// that move one clock, the second reads what the first wrote.
async fn keep(tx: &mut Tx, programme: &Programme, frame: &ClockFrame<'_>) -> Result<()> {
    if !frame.period.dated {
        return Ok(());
    }
    let (obligation, period) = (frame.obligation.id.as_str(), frame.period.id.as_str());
    let (helper, county_school) = (frame.helper.as_str(), frame.county_school.as_str());
    tx.write(&data::TAKE_WORK, args![obligation, helper, county_school, period]).await?;
    let done = work(tx, programme, frame).await?;
    named!(data::KEEP_WORK {
        obligation,
        helper,
        county_school,
        period,
        basis: frame.basis(programme),
        claimed: done.claimed,
        confirmed: done.confirmed,
        latest_start: done.latest_start,
    })
    .write(tx)
    .await?;
    Ok(())
}

/// What the entries of one clock come to, counted from them.
pub async fn work(tx: &mut Tx, programme: &Programme, frame: &ClockFrame<'_>) -> Result<ClockWork> {
    let place = (frame.helper.as_str(), frame.county_school.as_str());
    let facts = ledger::clock_facts(tx, &frame.activity().id, place, frame.period.period).await?;
    Ok(frame.work(programme, &facts.iter().collect::<Vec<_>>()))
}

/// Duty, helper, county school and period of a clock.
fn place(frame: &ClockFrame<'_>) -> [String; 4] {
    let (obligation, period) = (frame.obligation.id.clone(), frame.period.id.clone());
    [obligation, frame.helper.clone(), frame.county_school.clone(), period]
}

/// Kept work by duty, helper, county school and period.
pub struct Kept(HashMap<[String; 4], WorkRow>);

impl Kept {
    /// Of the clocks visible to the caller.
    pub async fn read(tx: &mut Tx) -> Result<Self> {
        tx.settle().await?;
        let rows = tx.all::<WorkRow>(&data::WORK, Vec::new()).await?;
        let key = |row: &WorkRow| {
            let WorkRow { obligation, helper, county_school, period, .. } = row;
            [obligation.clone(), helper.clone(), county_school.clone(), period.clone()]
        };
        Ok(Self(rows.into_iter().map(|row| (key(&row), row)).collect()))
    }

    fn row(&self, frame: &ClockFrame<'_>) -> Option<&WorkRow> {
        self.0.get(&place(frame))
    }

    /// Whether what is kept of a clock is what its entries come to.
    fn agrees(&self, programme: &Programme, frame: &ClockFrame<'_>, found: &ClockWork) -> bool {
        let Some(row) = self.row(frame) else { return found.entries.is_empty() };
        self.work(programme, frame).is_some()
            && (row.claimed, row.confirmed, row.latest_start)
                == (found.claimed, found.confirmed, found.latest_start)
    }

    /// `None` where nothing is kept that was computed by what the caller sees. Where no entry ever moved a clock there is
    /// no row, and no work.
    pub fn work(&self, programme: &Programme, frame: &ClockFrame<'_>) -> Option<ClockWork> {
        match self.row(frame) {
            _ if !frame.period.dated => None,
            None => Some(frame.work(programme, &[])),
            Some(row) if row.basis != frame.basis(programme) => None,
            Some(row) => Some(ClockWork {
                claimed: row.claimed,
                confirmed: row.confirmed,
                latest_start: row.latest_start,
                entries: Vec::new(),
            }),
        }
    }
}

/// A clock whose kept work is not what its entries come to.
pub struct WorkOff {
    /// Obligation, helper, county school and period, as in its address.
    pub clock: String,
    pub kept: Option<(i64, i64, Option<Date>)>,
    pub found: (i64, i64, Option<Date>),
}

/// All clocks in which kept work differs from what the entries come to. For the system, which sees everything.
pub async fn compare(tx: &mut Tx, programme: &Programme) -> Result<Vec<WorkOff>> {
    let (kept, mut off) = (Kept::read(tx).await?, Vec::new());
    for frame in frames(tx, programme).await? {
        let found = work(tx, programme, &frame).await?;
        let row = kept.row(&frame).map(|row| (row.claimed, row.confirmed, row.latest_start));
        let found_row = (found.claimed, found.confirmed, found.latest_start);
        let right = match (row, kept.work(programme, &frame)) {
            (None, _) => found.entries.is_empty(),
            (Some(row), Some(_)) => row == found_row,
            // Computed by something else: not wrong, and soon computed again.
            (Some(_), None) => true,
        };
        if !right {
            let clock = [frame.obligation.id.as_str(), &frame.helper, &frame.county_school, &frame.period.id];
            off.push(WorkOff { clock: clock.join("/"), kept: row, found: found_row });
        }
    }
    Ok(off)
}

/// The clocks of which work is kept.
async fn frames<'a>(tx: &mut Tx, programme: &'a Programme) -> Result<Vec<ClockFrame<'a>>> {
    let rows = pairings::in_scope(tx).await?;
    let arranged = arrangements(tx).await?;
    let mut frames = clock_frames(programme, &pairing_facts(&rows), &arranged, tx.today());
    frames.retain(|frame| frame.period.dated);
    Ok(frames)
}

/// Brings kept work in line where it was computed by another programme or for other paired days, and all of it where none
/// was kept yet. Says how many clocks were computed again.
pub async fn ensure(db: &Db, programme: &Programme) -> Result<usize> {
    let actor = Arc::new(Actor::system("clocks"));
    let mut tx = db.read(Arc::clone(&actor)).await?;
    let whole = settings::read(&mut tx, MADE_WITH).await?.is_none_or(|digest| digest != programme.digest);
    if !whole && stale(&mut tx, programme, false).await?.is_empty() {
        return Ok(0);
    }
    drop(tx);
    let mut tx = db.begin(actor).await?;
    let computed = rebuild(&mut tx, programme, whole).await?;
    tx.commit().await?;
    Ok(computed)
}

/// Computes kept work again: all of it, or what holds no more. The commit is the caller's.
pub async fn rebuild(tx: &mut Tx, programme: &Programme, whole: bool) -> Result<usize> {
    let stale = stale(tx, programme, whole).await?;
    for frame in &stale {
        keep(tx, programme, frame).await?;
    }
    settings::write(tx, MADE_WITH, &programme.digest).await?;
    record(tx, programme, stale.len()).await?;
    Ok(stale.len())
}

/// Clocks that are computed again in one transaction of [`repair`].
const CLOCKS: usize = 50;

/// Puts right, a few at a time and in transactions of its own, each clock whose kept work is not what its entries come to.
/// Says how many there were.
pub async fn repair(db: &Db, programme: &Programme, progress: &Progress) -> Result<usize> {
    let actor = || Arc::new(Actor::system("clocks"));
    let (mut after, mut repaired) = (None, 0);
    loop {
        let mut tx = db.begin(actor()).await?;
        let kept = Kept::read(&mut tx).await?;
        let mut frames: Vec<_> = frames(&mut tx, programme).await?;
        frames.retain(|frame| after.as_ref().is_none_or(|after| place(frame) > *after));
        frames.sort_by_cached_key(place);
        frames.truncate(CLOCKS);
        let Some(last) = frames.last() else { return Ok(repaired) };
        after = Some(place(last));
        let mut off = 0;
        for frame in &frames {
            let found = work(&mut tx, programme, frame).await?;
            if !kept.agrees(programme, frame, &found) {
                keep(&mut tx, programme, frame).await?;
                off += 1;
            }
        }
        if off > 0 {
            record(&mut tx, programme, off).await?;
        }
        tx.commit().await?;
        repaired += off;
        progress.add(frames.len());
    }
}

async fn record(tx: &mut Tx, programme: &Programme, clocks: usize) -> Result<()> {
    let body = serde_json::json!({ "programme": programme.digest, "clocks": clocks });
    tx.audit(AuditRecord { action: "clock.rebuild", resource: "clock", resource_id: "" }, &body).await
}

async fn stale<'a>(tx: &mut Tx, programme: &'a Programme, whole: bool) -> Result<Vec<ClockFrame<'a>>> {
    let kept = Kept::read(tx).await?;
    let mut frames = frames(tx, programme).await?;
    frames.retain(|frame| whole || kept.work(programme, frame).is_none());
    Ok(frames)
}
