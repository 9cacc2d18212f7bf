//! The kept figures against everything counted from scratch. For the command line, as the system, which sees everything.

use crate::evidence::ledger;
use crate::evidence::outputs;
use crate::evidence::profiles;
use crate::network::{pairings, registry};
use crate::shared::contributions::{self, Difference, IdRange, OrgLocation, Recomputed, Source};
use crate::shared::kept::Shifts;
use crate::standing::obligations::{self, arrangements, pairing_facts};
use crate::standing::standards;
use jiedui_kernel::{Actor, Result};
use jiedui_programme::{EntryFact, Programme, SchoolFact, World};
use jiedui_store::{AuditRecord, Db, Tx, audit};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is not done where the facts differ from the log.
pub const DOING: &str = "重算指标";
/// So many moved figures are named in the record of a rebuild; the rest are rows that the record binds.
const NAMED: usize = 200;

/// Everything that the rules see but the entries, visible to the caller. Of entries there are many, and who needs them reads
/// them a part at a time.
pub async fn few(tx: &mut Tx) -> Result<World> {
    let rows = pairings::in_scope(tx).await?;
    let places = contributions::places(tx).await?;
    let (population, today) = (registry::population(tx).await?, tx.today());
    let school = |place: OrgLocation| SchoolFact {
        levels_before: population.levels_before(&place.id),
        typical: !place.typical_class.is_empty(),
        id: place.id,
        level: place.level,
    };
    Ok(World {
        schools: places.into_iter().filter(|place| population.holds(&place.id, today)).map(school).collect(),
        pairings: pairing_facts(&rows),
        arrangements: arrangements(tx).await?,
        entries: Vec::new(),
        posts: contributions::posts(tx).await?,
        outputs: outputs::facts(tx).await?,
        profiles: profiles::facts(tx).await?,
        confirmed_thresholds: standards::confirmed(tx).await?,
    })
}

/// Entries that are looked at a time.
const ENTRIES: i64 = 2_000;

/// All things by their ids, then all people, a part at a time: the ledger is never in memory whole.
pub(super) struct Parts {
    /// What is few: outputs and year-profiles.
    few: World,
    next: Next,
    /// Entries in a part.
    entries: i64,
}

enum Next {
    ThingsAfter(String),
    PeopleAfter(String),
    Done,
}

impl Parts {
    async fn begin(tx: &mut Tx) -> Result<Self> {
        let mut parts = Self::of(ENTRIES);
        parts.renew(tx).await?;
        Ok(parts)
    }

    /// Of so many entries each. [`Self::renew`] comes before the first.
    pub(super) fn of(entries: i64) -> Self {
        Self { few: World::default(), next: Next::ThingsAfter(String::new()), entries }
    }

    /// Reads what is few, as this transaction sees it.
    pub(super) async fn renew(&mut self, tx: &mut Tx) -> Result<()> {
        self.few = World {
            outputs: outputs::facts(tx).await?,
            profiles: profiles::facts(tx).await?,
            posts: contributions::posts(tx).await?,
            ..World::default()
        };
        Ok(())
    }

    /// What the next part should be, and which it is.
    pub(super) async fn next(
        &mut self,
        tx: &mut Tx,
        programme: &Programme,
    ) -> Result<Option<(Recomputed, IdRange)>> {
        match std::mem::replace(&mut self.next, Next::Done) {
            Next::ThingsAfter(after) => {
                let entries = ledger::facts_after(tx, &after, self.entries).await?;
                let full = entries.len() as i64 == self.entries;
                let last = entries.last().filter(|_| full).map(|fact| fact.id.clone());
                let range = IdRange::of_things(&after, last.as_deref());
                let found = Recomputed::of_things(programme, &self.world_of(entries, &range));
                self.next = last.map_or(Next::PeopleAfter(String::new()), Next::ThingsAfter);
                Ok(Some((found, range)))
            }
            Next::PeopleAfter(after) => {
                let (found, range, last) = contributions::people(tx, &after, &self.few.posts).await?;
                self.next = last.map_or(Next::Done, Next::PeopleAfter);
                Ok(Some((found, range)))
            }
            Next::Done => Ok(None),
        }
    }

    fn world_of(&self, entries: Vec<EntryFact>, range: &IdRange) -> World {
        let outputs = self.few.outputs.iter().filter(|fact| range.holds(&fact.id)).cloned();
        let profiles = self.few.profiles.iter().filter(|fact| range.holds(&fact.id)).cloned();
        World { entries, outputs: outputs.collect(), profiles: profiles.collect(), ..World::default() }
    }
}

/// Everything in which the kept figures are not what they should be.
pub async fn verify(tx: &mut Tx, programme: &Programme) -> Result<Vec<Difference>> {
    let (mut parts, mut all) = (Parts::begin(tx).await?, Vec::new());
    while let Some((found, part)) = parts.next(tx, programme).await? {
        all.extend(contributions::compare(tx, &found, &part).await?);
    }
    Ok(all)
}

/// By how much the running code counts the facts otherwise than what is kept, a part at a time.
pub async fn shifts(tx: &mut Tx, programme: &Programme) -> Result<Shifts> {
    let (mut parts, mut sums) = (Parts::begin(tx).await?, Shifts::default());
    while let Some((found, part)) = parts.next(tx, programme).await? {
        for one in contributions::recounted(tx, &found, &part).await? {
            let amounts = (one.kept.unwrap_or_default(), one.found.unwrap_or_default());
            let at = (contributions::month_of(one.day), one.school.as_str());
            sums.add(&one.indicator, at, amounts);
        }
    }
    Ok(sums)
}

/// By how much an indicator moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    pub indicator: String,
    /// Kept rows that become others.
    pub rows: i64,
    pub claimed: i64,
    pub confirmed: i64,
}

/// What another programme makes of the same facts, indicator by indicator; those that stay as they are are left out. Each part
/// is read and compared in a transaction of its own: nobody holds one state of the data for as long as all of it takes.
pub async fn moved(db: &Db, actor: &Arc<Actor>, programme: &Programme) -> Result<Vec<Shift>> {
    let (mut parts, mut all) = (Parts::of(ENTRIES), BTreeMap::<String, Shift>::new());
    let mut seen = None;
    loop {
        let mut tx = db.read(Arc::clone(actor)).await?;
        // Where nobody wrote since the part before, what is few is what it was.
        let revision = Some(tx.revision().await?);
        if revision != seen {
            parts.renew(&mut tx).await?;
            seen = revision;
        }
        let Some((found, part)) = parts.next(&mut tx, programme).await? else { break };
        for one in contributions::compare(&mut tx, &found, &part).await? {
            let (kept, becomes) = (one.kept.unwrap_or_default(), one.found.unwrap_or_default());
            let zero = Shift { indicator: one.indicator.clone(), rows: 0, claimed: 0, confirmed: 0 };
            let sum = all.entry(one.indicator).or_insert(zero);
            sum.rows += 1;
            sum.claimed += becomes.0 - kept.0;
            sum.confirmed += becomes.1 - kept.1;
        }
    }
    Ok(all.into_values().collect())
}

/// What is kept above other rows and is not what they come to, in words: sums of figures, and clocks that this programme
/// computed. Whoever changes such a row by hand changes what pages show.
pub async fn kept_faults(tx: &mut Tx, programme: &Programme) -> Result<Vec<String>> {
    let sum = |off: Difference| {
        let (claimed, confirmed) = off.found.unwrap_or_default();
        format!(
            "{}：{} {}的合计与明细相差 登记 {claimed}、确认 {confirmed}",
            off.resource, off.indicator, off.day
        )
    };
    let clock = |off: obligations::WorkOff| {
        let (kept, found) = (off.kept.unwrap_or_default(), off.found);
        format!(
            "clock_work：{} 保存的是 登记 {}、确认 {}，按台账是 登记 {}、确认 {}",
            off.clock, kept.0, kept.1, found.0, found.1
        )
    };
    let mut faults: Vec<String> = contributions::sums_off(tx).await?.into_iter().map(sum).collect();
    faults.extend(obligations::compare(tx, programme).await?.into_iter().map(clock));
    Ok(faults)
}

/// Brings the kept figures in line with what the programme says now. Each difference is written down, so that what was
/// reported before stays what it was.
pub async fn rebuild(tx: &mut Tx, programme: &Programme) -> Result<Vec<Difference>> {
    let (mut parts, mut differences) = (Parts::begin(tx).await?, Vec::new());
    while let Some((found, part)) = parts.next(tx, programme).await? {
        differences.extend(contributions::align(tx, &found, &part).await?);
    }
    contributions::align_sums(tx).await?;
    obligations::rebuild(tx, programme, true).await?;
    record(tx, programme, &differences).await?;
    Ok(differences)
}

/// Writes down which figures were brought in line.
pub(super) async fn record(tx: &mut Tx, programme: &Programme, differences: &[Difference]) -> Result<()> {
    let named: Vec<_> = differences.iter().take(NAMED).map(Difference::named).collect();
    let body = serde_json::json!({ "programme": programme.digest, "differences": differences.len(), "moved": named });
    tx.audit(AuditRecord { action: "figure.rebuild", resource: "figure", resource_id: "" }, &body).await
}

/// Brings the figures in line where they were made by another programme, or by none yet: before the server answers. Says
/// how many rows became others.
pub async fn ensure(db: &Db, programme: &Programme) -> Result<usize> {
    let actor = Arc::new(Actor::system("indicators"));
    if contributions::made_by(&mut db.read(Arc::clone(&actor)).await?, programme).await? {
        return Ok(0);
    }
    // Looked at without keeping others from writing: most changes of a programme move no figure.
    let mut tx = db.read(Arc::clone(&actor)).await?;
    // Figures are not made of facts that somebody changed.
    audit::must_agree(&mut tx, DOING).await?;
    let differing =
        !verify(&mut tx, programme).await?.is_empty() || !contributions::sums_off(&mut tx).await?.is_empty();
    drop(tx);
    let mut tx = db.begin(actor).await?;
    let changed = if differing { rebuild(&mut tx, programme).await?.len() } else { 0 };
    contributions::note_made_by(&mut tx, programme).await?;
    tx.commit().await?;
    Ok(changed)
}

/// What keeping the figures costs.
pub struct Measured {
    pub writes: usize,
    pub mean: Duration,
    pub p99: Duration,
    /// Everything read and counted from scratch.
    pub whole: Duration,
}

/// Takes each of many entries up and down by one. The caller drops the transaction.
pub async fn measure(tx: &mut Tx, programme: &Programme) -> Result<Measured> {
    const WRITES: usize = 1000;
    let begun = Instant::now();
    let mut parts = Parts::begin(tx).await?;
    while parts.next(tx, programme).await?.is_some() {}
    let whole = begun.elapsed();
    let mut times = Vec::new();
    for mut fact in ledger::facts_after(tx, "", WRITES as i64).await? {
        fact.claimed += 1;
        let begun = Instant::now();
        contributions::refresh(tx, programme, Source::Entry(&fact)).await?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let writes = times.len();
    let p99 = times.get((writes * 99 / 100).min(writes.saturating_sub(1))).copied().unwrap_or_default();
    let total: Duration = times.iter().sum();
    let mean = total / u32::try_from(writes.max(1)).unwrap_or(1);
    Ok(Measured { writes, mean, p99, whole })
}
