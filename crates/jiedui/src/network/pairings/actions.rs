//! Its writes, without HTTP: making, ending and bringing back a pairing, and what an earlier day costs.

mod undo;

pub use undo::{PairingDone, before_file, changed_since, done_by_file, take_back};

use super::data::{self, Basis, PairingRow};
use super::rules::{self, Changed, Facts, NoResume, Past};
use super::{found, in_scope, of_county_school};
use crate::network::registry;
use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::{Arrangements, Programme, clock_frames};
use jiedui_store::{Found, Tx, args, line};
use jiedui_web::history::{self, HistoryEntry, HistoryRow};
use serde_json::{Value, json};

const FASTER: &str = "这组结对刚被别人改过。请重新打开页面，看过新内容再定。";

/// A pairing as the office's table has it.
#[derive(Debug, Clone, Default)]
pub struct NewPairing {
    pub county_school: String,
    pub lead: String,
    pub nearby: String,
    pub agreed_on: Option<Date>,
    pub from: Date,
    pub to: Option<Date>,
    pub source: String,
    /// Why a day that is past is written down or changed only now.
    pub reason: String,
}

/// What became of a row of the office's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Made,
    Changed,
    Same,
}

/// A pairing as far as the office's table says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairingTerms {
    pub id: String,
    pub county_school: String,
    pub lead: String,
    pub nearby: String,
    pub agreed_on: Option<Date>,
    pub from: Date,
    pub to: Option<Date>,
    pub end_reason: String,
    pub source: String,
}

impl From<&PairingRow> for PairingTerms {
    fn from(row: &PairingRow) -> Self {
        Self {
            id: row.id.clone(),
            county_school: row.county_school.clone(),
            lead: row.lead.clone(),
            nearby: row.nearby.clone(),
            agreed_on: row.agreed_on,
            from: row.from_day,
            to: row.to_day,
            end_reason: row.end_reason.clone(),
            source: row.source.clone(),
        }
    }
}

/// What a row of the office's table comes to. Nothing of it is written yet.
#[derive(Debug, Clone)]
pub struct Judged {
    pub outcome: Outcome,
    /// The pairing as it will stand.
    pub now: PairingTerms,
    /// The last day that it had before; the outer none where it is new.
    before: Option<Option<Date>>,
    reason: String,
}

/// Makes a pairing, or brings an existing one (same three schools, same first day) up to date. The checks of G1.1 and of
/// days that are past come first; every broken one is told. Days before `in_use_since` are the first load.
pub async fn ensure(tx: &mut Tx, new: &NewPairing, in_use_since: Option<Date>) -> Result<Outcome> {
    // Two at once would both find the days free.
    registry::lock(tx, &new.county_school).await?;
    let mine = of_county_school(tx, &new.county_school).await?;
    let mine: Vec<PairingTerms> = mine.iter().map(PairingTerms::from).collect();
    let marks = Facts {
        is_county_school: registry::has_flag(tx, &new.county_school, "county_school", new.from).await?,
        lead_is_high_level: registry::has_flag(tx, &new.lead, "high_level", new.from).await?,
        nearby_is_county_school: registry::has_flag(tx, &new.nearby, "county_school", new.from).await?,
        others: Vec::new(),
    };
    let found = judge(tx, new, (&mine, marks), in_use_since).await?;
    keep(tx, &found).await?;
    Ok(found.outcome)
}

/// What a row comes to beside all pairings of its county school, as they are or as a file will have made them by then; `marks`
/// are those of the three schools on its first day.
///
/// # Errors
/// Every broken rule.
pub async fn judge(
    tx: &mut Tx,
    new: &NewPairing,
    (mine, marks): (&[PairingTerms], Facts),
    in_use_since: Option<Date>,
) -> Result<Judged> {
    let twin =
        mine.iter().find(|old| old.lead == new.lead && old.nearby == new.nearby && old.from == new.from);
    let others = mine.iter().filter(|old| twin.is_none_or(|twin| twin.id != old.id));
    let facts = Facts { others: others.map(|old| (old.from, old.to)).collect(), ..marks };
    let mut errors = rules::check(new, &facts);
    let same =
        twin.filter(|old| old.agreed_on == new.agreed_on && old.to == new.to && old.source == new.source);
    if same.is_none() {
        let loses = match (twin, new.to) {
            (Some(old), Some(to)) if old.to != new.to => {
                tx.one::<Basis>(&data::BASIS, args_of(&old.id, to)).await?
            }
            _ => Basis::default(),
        };
        let changed = Changed { before: twin.map(|old| old.to), from: new.from, to: new.to };
        let past = Past { today: tx.today(), in_use_since, loses };
        errors.extend(rules::past_days(changed, past, &new.reason));
    }
    Error::of(errors)?;
    let outcome = match (same, twin) {
        (Some(_), _) => Outcome::Same,
        (None, Some(_)) => Outcome::Changed,
        (None, None) => Outcome::Made,
    };
    let id = twin.map_or_else(|| tx.new_id(), |old| old.id.clone());
    let now = as_it_will_stand(new, twin, id);
    Ok(Judged { outcome, now, before: twin.map(|old| old.to), reason: new.reason.clone() })
}

fn as_it_will_stand(new: &NewPairing, twin: Option<&PairingTerms>, id: String) -> PairingTerms {
    let end_reason = match (new.to, twin) {
        (None, _) | (Some(_), None) => "",
        (Some(_), Some(old)) if old.to == new.to => old.end_reason.as_str(),
        (Some(_), Some(_)) => new.reason.as_str(),
    };
    PairingTerms {
        id,
        county_school: new.county_school.clone(),
        lead: new.lead.clone(),
        nearby: new.nearby.clone(),
        agreed_on: new.agreed_on,
        from: new.from,
        to: new.to,
        end_reason: end_reason.to_owned(),
        source: new.source.clone(),
    }
}

/// Writes what a row came to, with its step and its leaf. Nothing is checked again: between the two nobody else may write.
pub async fn keep(tx: &mut Tx, found: &Judged) -> Result<()> {
    match found.outcome {
        Outcome::Same => Ok(()),
        Outcome::Changed => change(tx, found).await,
        Outcome::Made => insert(tx, found).await,
    }
}

fn step<'a>(id: &'a str, kind: &'static str, reason: &'a str, change: Value) -> HistoryEntry<'a> {
    HistoryEntry { resource: "pairing", id, kind, reason, revision: 1, change }
}

async fn change(tx: &mut Tx, found: &Judged) -> Result<()> {
    let (now, before) = (&found.now, found.before.flatten());
    let values = args![&now.id, now.agreed_on, now.to, &now.source, &now.end_reason];
    tx.write_one(&data::UPDATE, values).await?;
    if before == now.to {
        return Ok(());
    }
    let change = json!({ "before": before, "to": now.to });
    history::record(tx, &step(&now.id, "dates", &found.reason, change)).await
}

/// Writes down the day on which the three parties signed, where none is known yet; the leaf is the caller's.
pub async fn set_agreed(tx: &mut Tx, pairing: &Found<PairingRow>, day: Date) -> Result<()> {
    tx.change(pairing, &data::SET_AGREED, args![day]).await.map(drop)
}

/// How a pairing ends: its last day, why, and the scheme that does it, "" where a person does.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    pub to: Date,
    pub reason: &'a str,
    pub scheme: &'a str,
}

/// Writes down the last day of a pairing, with the reason.
pub async fn end_on(tx: &mut Tx, row: &Found<PairingRow>, version: i64, ending: Ending<'_>) -> Result<()> {
    let Ending { to, reason, scheme } = ending;
    data::END.at(row, version, args![to, reason]).write(tx, FASTER).await?;
    let change = json!({ "to": to, "before": row.to_day, "scheme": scheme });
    history::record(tx, &step(&row.id, "end", reason, change)).await
}

/// The pairings of a school, on whichever side, that run on a day or later.
pub async fn running_of(tx: &mut Tx, school: &str, day: Date) -> Result<Vec<PairingRow>> {
    let mut rows = in_scope(tx).await?;
    rows.retain(|row| {
        [&row.county_school, &row.lead, &row.nearby].iter().any(|id| *id == school)
            && row.to_day.is_none_or(|to| to >= day)
    });
    Ok(rows)
}

/// Ends what still runs of a school, on whichever side, before a day, in the same step in which something happened to it; says
/// which they were.
pub async fn end_of_school(tx: &mut Tx, school: &str, day: Date, reason: &str) -> Result<Vec<PairingRow>> {
    let mut ended = Vec::new();
    for row in running_of(tx, school, day).await? {
        let to = day.pred_opt().unwrap_or(day).max(row.from_day);
        let row = found(tx, &row.id).await?;
        end_on(tx, &row, row.version, Ending { to, reason, scheme: "" }).await?;
        ended.push(row.into_row());
    }
    Ok(ended)
}

/// What was written down on a pairing and lies behind a day, as part of a sentence; "" where nothing does.
pub async fn hanging(tx: &mut Tx, pairing: &str, to: Date) -> Result<String> {
    let basis = tx.one::<Basis>(&data::BASIS, args_of(pairing, to)).await?;
    Ok(rules::listed(&basis))
}

/// The last ending of a pairing, as its history keeps it.
pub struct LastEnding {
    pub done: Date,
    /// The last day that it had before; none where it had none.
    pub before: Option<Date>,
    /// The scheme that ended it, "" where a person did.
    pub scheme: String,
}

impl LastEnding {
    /// None where the last thing that was done to its days was something else.
    pub fn of(steps: &[HistoryRow]) -> Option<Self> {
        let last = steps.iter().rfind(|step| rules::STEPS.iter().any(|(kind, _)| *kind == step.kind))?;
        if last.kind != "end" {
            return None;
        }
        let change: Value = serde_json::from_str(&last.change).unwrap_or_default();
        Some(Self {
            done: jiedui_kernel::shanghai_date(last.at),
            before: change["before"].as_str().and_then(|day| day.parse().ok()),
            scheme: change["scheme"].as_str().unwrap_or_default().to_owned(),
        })
    }
}

/// Until which day the ending of a pairing can be undone, or why it cannot.
pub async fn resumable(
    tx: &mut Tx,
    programme: &Programme,
    row: &PairingRow,
) -> Result<Result<Date, NoResume>> {
    let steps = history::of(tx, &row.id).await?;
    let Some(ending) = LastEnding::of(&steps).filter(|_| row.to_day.is_some()) else {
        return Ok(Err(NoResume::NotEnded));
    };
    if !ending.scheme.is_empty() {
        return Ok(Err(NoResume::ByScheme));
    }
    open_again(tx, programme, row, &ending).await
}

async fn open_again(
    tx: &mut Tx,
    programme: &Programme,
    row: &PairingRow,
    ending: &LastEnding,
) -> Result<Result<Date, NoResume>> {
    let (until, today) = (rules::undo_until(programme, ending.done), tx.today());
    if today > until {
        return Ok(Err(NoResume::Late(until)));
    }
    for (id, name) in
        [(&row.county_school, &row.county_name), (&row.lead, &row.lead_name), (&row.nearby, &row.nearby_name)]
    {
        if registry::find(tx, id).await?.ended_on.is_some() {
            return Ok(Err(NoResume::Gone(name.clone())));
        }
    }
    let others = of_county_school(tx, &row.county_school).await?;
    let mine = (row.from_day, ending.before);
    let other =
        others.iter().find(|one| one.id != row.id && rules::overlaps(mine, (one.from_day, one.to_day)));
    Ok(other.map_or(Ok(until), |other| Err(NoResume::Replaced(other.from_day))))
}

/// Takes the ending of a pairing back: it runs on, as long as it would have.
///
/// # Errors
/// Nothing ended it, it is too long ago, another pairing or the end of a school rests on it, or there was a concurrent edit.
pub async fn resume(
    tx: &mut Tx,
    programme: &Programme,
    row: &Found<PairingRow>,
    version: i64,
    (reason, scheme): (&str, &str),
) -> Result<()> {
    registry::lock(tx, &row.county_school).await?;
    let steps = history::of(tx, &row.id).await?;
    let ending = LastEnding::of(&steps).filter(|ending| row.to_day.is_some() && ending.scheme == scheme);
    let Some(ending) = ending else { return Err(NoResume::ByScheme.into()) };
    open_again(tx, programme, row, &ending).await?.map_err(Error::from)?;
    data::RESUME.at(row, version, args![ending.before]).write(tx, FASTER).await?;
    let change = json!({ "before": row.to_day, "to": ending.before, "scheme": scheme });
    history::record(tx, &step(&row.id, "resume", reason, change)).await
}

/// Takes a pairing back that never should have begun: it ends before it begins, and counts nowhere. What hangs on it must
/// be looked at by the caller.
pub async fn void(tx: &mut Tx, row: &Found<PairingRow>, version: i64, reason: &str) -> Result<()> {
    let to = row.from_day.pred_opt().unwrap_or(row.from_day);
    data::END.at(row, version, args![to, reason]).write(tx, FASTER).await?;
    history::record(tx, &step(&row.id, "void", reason, json!({ "before": row.to_day, "to": to }))).await
}

fn args_of(pairing: &str, to: Date) -> Vec<jiedui_store::Arg> {
    let next = to.succ_opt().unwrap_or(to);
    args![pairing, to, i64::from(chrono::Datelike::year(&next))]
}

/// What of a pairing lies behind a day, and would lose its basis if the pairing ended on it.
pub async fn basis(tx: &mut Tx, programme: &Programme, row: &PairingRow, to: Date) -> Result<Basis> {
    let rows = tx.one::<Basis>(&data::BASIS, args_of(&row.id, to)).await?;
    let frames = clock_frames(programme, &row.facts(), &Arrangements::default(), tx.today());
    let cut = frames.iter().filter(|frame| frame.period.period.to > to);
    Ok(Basis { clocks: cut.count() as i64, ..rows })
}

async fn insert(tx: &mut Tx, found: &Judged) -> Result<()> {
    let new = &found.now;
    let id = new.id.as_str();
    tx.write(
        &data::INSERT,
        args![id, &new.county_school, &new.lead, &new.nearby, new.agreed_on, new.from, new.to, &new.source],
    )
    .await?;
    let parties = [("county_school", &new.county_school), ("lead", &new.lead), ("nearby", &new.nearby)];
    let parties = parties.map(|(party, org)| line!(data::INSERT_PARTY { pairing: id, party, org }));
    tx.add_rows(&data::INSERT_PARTY, parties.into()).await?;
    // Rules read the parties from one table, scope from the other.
    if tx.number(&data::SAME_PARTIES, args![id]).await? != 1 {
        return Err(Error::internal(format_args!("the parties of pairing {id} differ")));
    }
    let change = json!({
        "county_school": new.county_school, "lead": new.lead, "nearby": new.nearby, "agreed_on": new.agreed_on,
        "from": new.from, "to": new.to,
    });
    history::record(tx, &step(id, "make", &found.reason, change)).await
}
