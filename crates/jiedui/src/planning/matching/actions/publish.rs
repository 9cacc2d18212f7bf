//! Publishing a scenario, and taking that back: both are acts with a record of their own.

use super::super::data::{self, Effect, EffectRow, ScenarioState};
use super::super::rules::facts::Facts;
use super::super::rules::life::Action;
use super::consult;
use super::course::Course;
use super::scenario::{FASTER, LoadedScenario, describe, step};
use crate::network::pairings::{self, Ending, NewPairing, PairingRow};
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_matching::{Assigned, Status, verify};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::history;
use serde_json::json;

const UNSOLVED: &str = "这个方案还没有可行的结对结果，不能公布；请先按页面上说的原因调整。";
const UNPROVEN: &str = "这个方案的结果没有通过独立核验，不能公布；请重新计算后再试。";

/// From which day the new pairings run, and why where that needs a word.
#[derive(Debug, Clone, Copy)]
pub struct Publishing<'a> {
    pub starts: Date,
    /// Of a first day that is past, or of publishing without having heard the parties.
    pub reason: &'a str,
}

/// Publishes a scenario: ends what it replaces, begins what it chose, and freezes it.
///
/// # Errors
/// It has no proven pairing, its first day is past and nobody says why, somebody edited it meanwhile, or the registry
/// refuses a pairing: each told with its school.
pub async fn publish(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedScenario,
    version: i64,
    publishing: Publishing<'_>,
) -> Result<()> {
    opened.row.state.apply(Action::Publish)?;
    let Some((instance, solution)) = opened.answer.instance().zip(opened.answer.solution()) else {
        return Err(Error::NotNow(UNSOLVED.to_owned()));
    };
    if !matches!(solution.status, Status::Optimal | Status::Feasible) {
        return Err(Error::NotNow(UNSOLVED.to_owned()));
    }
    if verify(instance, solution).is_err() {
        return Err(Error::NotNow(UNPROVEN.to_owned()));
    }
    let Publishing { starts, reason } = publishing;
    let (id, today) = (&opened.row.id, tx.today());
    let heard = consult::heard(tx, opened).await?;
    if reason.is_empty() && (starts < today || !heard) {
        let what = if heard { "开始日期早于今天" } else { "没有征求过各方意见" };
        return Err(Error::field("reason", Code::Missing.says(format!("{what}，请写明理由。"))));
    }
    data::PUBLISH.at(id, version, args![today, starts]).write(tx, FASTER).await?;
    let rows = pairings::in_scope(tx).await?;
    let course = Course::of(solution, &rows, starts);
    Error::of(course.hindrances(&opened.setting.facts))?;
    carry_out(tx, programme, opened, &course, publishing).await?;
    let change = json!({
        "starts_on": starts, "result": describe(&opened.answer), "body": opened.setting.body,
        "certificate": jiedui_matching::Certificate::clone(&solution.certificate),
        "heard": heard, "begins": course.begins.len(), "ends": course.ends.len(), "stays": course.stays.len(),
    });
    history::record(tx, &step(id, "publish", reason, opened.row.revision, change)).await
}

async fn carry_out(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedScenario,
    course: &Course,
    Publishing { starts, reason }: Publishing<'_>,
) -> Result<()> {
    let (id, list) = (&opened.row.id, format!("{}公布的结对名单", tx.today()));
    let why = format!("按{list}调整");
    let last = starts.pred_opt().unwrap_or(starts);
    for row in &course.ends {
        let row = pairings::found(tx, &row.id).await?;
        pairings::end_on(tx, &row, row.version, Ending { to: last, reason: &why, scheme: id }).await?;
        tx.write(&data::INSERT_EFFECT, args![id, &row.id, Effect::Ends]).await?;
    }
    let mut errors: Vec<FieldError> = Vec::new();
    for pair in &course.begins {
        let new = NewPairing {
            county_school: pair.county_school.clone(),
            lead: pair.lead.clone(),
            nearby: pair.nearby.clone(),
            from: starts,
            source: list.clone(),
            reason: reason.to_owned(),
            ..NewPairing::default()
        };
        let school = opened.setting.facts.name(&pair.county_school);
        match begin(tx, programme, id, &new).await.or_wrong()? {
            Ok(()) => {}
            Err(refused) => errors.extend(refused.into_iter().map(|error| of_school(school, error))),
        }
    }
    Error::of(errors)?;
    let begun = course.begins.iter().map(|pair| (pair, "begins"));
    for (pair, becomes) in begun.chain(course.stays.iter().map(|pair| (pair, "stays"))) {
        let Assigned { county_school, lead, nearby } = pair;
        tx.write(&data::INSERT_ASSIGNED, args![id, county_school, lead, nearby, becomes]).await?;
    }
    Ok(())
}

fn of_school(school: &str, error: FieldError) -> FieldError {
    let words = format!("{school}：{}", error.message);
    error.at("").in_words(words)
}

async fn begin(tx: &mut Tx, programme: &Programme, scenario: &str, new: &NewPairing) -> Result<()> {
    pairings::ensure(tx, new, programme.calendar.in_use_since).await?;
    let rows = pairings::of_county_school(tx, &new.county_school).await?;
    let mine = |row: &&PairingRow| {
        row.from_day == new.from && row.lead == new.lead && row.nearby == new.nearby && row.to_day.is_none()
    };
    let row = rows.iter().find(mine).ok_or_else(|| Error::internal("a pairing just made is not there"))?;
    tx.write(&data::INSERT_EFFECT, args![scenario, &row.id, Effect::Begins]).await.map(drop)
}

/// What taking a publication back would do.
#[derive(Debug, Default)]
pub struct Undoing {
    /// The last day on which it can be done.
    pub until: Date,
    /// Pairings that never will have begun.
    pub voided: Vec<PairingRow>,
    /// Pairings that run on.
    pub resumed: Vec<PairingRow>,
    /// Why it cannot be done: what rests on it by now.
    pub hindrances: Vec<FieldError>,
}

/// None where it is not published.
pub async fn undoing(tx: &mut Tx, programme: &Programme, opened: &LoadedScenario) -> Result<Option<Undoing>> {
    let Some(published) = opened.row.published_on.filter(|_| opened.row.state == ScenarioState::Published)
    else {
        return Ok(None);
    };
    let until = pairings::rules::undo_until(programme, published);
    let mut undoing = Undoing { until, ..Undoing::default() };
    if tx.today() > until {
        let words = format!("公布只能在十个工作日内撤销，到 {until} 为止；以后请另建测算调整。");
        undoing.hindrances.push(FieldError::new("", Code::InPast.says(words)));
    }
    for effect in tx.all::<EffectRow>(&data::EFFECTS, args![&opened.row.id]).await? {
        let row = pairings::find(tx, &effect.pairing).await?;
        if effect.effect == Effect::Begins {
            undoing.hindrances.extend(rests_on(tx, programme, &opened.setting.facts, &row).await?);
            undoing.voided.push(row);
        } else {
            undoing.resumed.push(row);
        }
    }
    Ok(Some(undoing))
}

/// What was written down on a pairing that is to be taken back.
async fn rests_on(
    tx: &mut Tx,
    programme: &Programme,
    facts: &Facts,
    row: &PairingRow,
) -> Result<Option<FieldError>> {
    let name = facts.name(&row.county_school);
    if row.to_day.is_some() {
        let words = format!("{name}：公布的结对后来又改过起止，请先撤销那次改动。");
        return Ok(Some(FieldError::new("", Code::Overlap.says(words))));
    }
    let before = row.from_day.pred_opt().unwrap_or(row.from_day);
    let basis = pairings::basis(tx, programme, row, before).await?;
    if !basis.any() {
        return Ok(None);
    }
    let listed = pairings::rules::listed(&basis);
    let words = format!("{name}：新的结对上已有{listed}，撤销会使它们失去依据，请先撤回。");
    Ok(Some(FieldError::new("", Code::Overlap.says(words))))
}

/// Takes a publication back: what it began never began, what it ended runs on.
///
/// # Errors
/// It is not published, it is too long ago, something rests on it, or there was a concurrent edit.
pub async fn take_back(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedScenario,
    version: i64,
    reason: &str,
) -> Result<()> {
    opened.row.state.apply(Action::TakeBack)?;
    let undoing = undoing(tx, programme, opened).await?.ok_or(Error::NotFound)?;
    Error::of(undoing.hindrances)?;
    let id = &opened.row.id;
    data::TAKE_BACK.at(id, version, Vec::new()).write(tx, FASTER).await?;
    for row in &undoing.voided {
        let row = pairings::found(tx, &row.id).await?;
        pairings::void(tx, &row, row.version, reason).await?;
    }
    for row in &undoing.resumed {
        let row = pairings::found(tx, &row.id).await?;
        pairings::resume(tx, programme, &row, row.version, (reason, id)).await?;
    }
    let change = json!({ "voided": undoing.voided.len(), "resumed": undoing.resumed.len() });
    history::record(tx, &step(id, "take_back", reason, opened.row.revision, change)).await
}
