//! Making and changing a scenario, with every check: for the pages and the demonstration. What is slow, the
//! solving, comes before and is handed in.

use super::super::data::{self, ResultRow, ScenarioRow, ScenarioState, StabilityRow};
use super::super::rules::body::Body;
use super::super::rules::facts::{self, Facts};
use super::super::rules::life::Action;
use super::super::rules::setting::{Rules, Setting};
use super::super::rules::solve::{SolveOutcome, solve};
use super::super::rules::stability::Firmness;
use jiedui_kernel::{Code, Error, Result};
use jiedui_matching::{Draft, Instance, Solution};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args, named};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::{Value, json};

pub const FASTER: &str = "这个方案刚被同事改过，您的改动没有写入。请看过新的结果再定。";

/// A scenario visible to the caller, with what it rests on and what came of it.
pub struct LoadedScenario {
    pub row: ScenarioRow,
    pub setting: Setting,
    pub answer: SolveOutcome,
    pub result: ResultRow,
    pub firmness: Kept,
}

/// Which weight would part each pair, as far as that was made for what the scenario says now.
#[derive(Debug, Clone)]
pub enum Kept {
    Nothing,
    /// A job is at it, or was and did not come to its end.
    Asked(String),
    Made(Firmness),
}

impl Kept {
    pub fn made(&self) -> Option<&Firmness> {
        if let Self::Made(found) = self { Some(found) } else { None }
    }
}

impl LoadedScenario {
    pub fn is_draft(&self) -> bool {
        self.row.state == ScenarioState::Draft
    }
}

/// Opens a scenario as it was saved.
///
/// # Errors
/// There is none of this id.
pub async fn open(tx: &mut Tx, id: &str) -> Result<LoadedScenario> {
    let row = tx.one::<ScenarioRow>(&data::SHOW, args![id]).await?;
    load(tx, row).await
}

/// The same, one that was put away too: what parties were shown of it stays readable to them.
///
/// # Errors
/// There is none of this id.
pub async fn open_any(tx: &mut Tx, id: &str) -> Result<LoadedScenario> {
    let row = tx.one::<ScenarioRow>(&data::SHOW_ANY, args![id]).await?;
    load(tx, row).await
}

async fn load(tx: &mut Tx, row: ScenarioRow) -> Result<LoadedScenario> {
    let id = &row.id;
    let result = tx.one::<ResultRow>(&data::RESULT, args![id]).await?;
    let (facts, rules) = (Facts::parse(&result.facts)?, Rules::parse(&result.rules)?);
    let setting = Setting::new(facts, rules, &row.kind, Body::parse(&row.body)?);
    let answer = kept(&result)?;
    let firmness = tx.maybe::<StabilityRow>(&data::STABILITY, args![id]).await?;
    let firmness = match firmness.filter(|kept| kept.revision == row.revision) {
        None => Kept::Nothing,
        Some(kept) if kept.body.is_empty() => Kept::Asked(kept.job),
        Some(kept) => Kept::Made(Firmness::parse(&kept.body)?),
    };
    Ok(LoadedScenario { row, setting, answer, result, firmness })
}

/// The answer as it was kept.
fn kept(result: &ResultRow) -> Result<SolveOutcome> {
    Ok(match Instance::read(result.instance.as_bytes()) {
        Ok(instance) => {
            let solution = Solution::read(result.result.as_bytes()).map_err(Error::Invalid)?;
            SolveOutcome::Solved(Box::new(instance), Box::new(solution))
        }
        Err(errors) => {
            let draft: Draft = serde_json::from_str(&result.instance).map_err(Error::internal)?;
            SolveOutcome::Invalid(Box::new(draft), errors)
        }
    })
}

async fn keep(tx: &mut Tx, id: &str, revision: i64, setting: &Setting, answer: &SolveOutcome) -> Result<()> {
    let (facts, rules, instance) = (setting.facts.json()?, setting.rules.json()?, answer.draft().to_json());
    let solution = answer.solution();
    let result = solution.map(Solution::to_json).unwrap_or_default();
    let (objective, bound) = (answer.objective(), solution.and_then(|solution| solution.bound));
    let (schools, now) = (setting.taking_part().count() as i64, tx.now());
    let status = answer.status();
    let kept = named!(data::PUT_RESULT {
        scenario: id,
        revision,
        facts,
        rules,
        instance,
        result,
        status,
        schools,
        objective,
        bound,
        solved_at: now,
    });
    kept.write(tx).await.map(drop)
}

pub fn step<'a>(
    id: &'a str,
    kind: &'static str,
    reason: &'a str,
    revision: i64,
    change: Value,
) -> HistoryEntry<'a> {
    HistoryEntry { resource: "matching_scenario", id, kind, reason, revision, change }
}

/// A scenario to be: what it is called, what it asks, and the one it began from.
pub struct NewScenario<'a> {
    pub name: &'a str,
    pub setting: &'a Setting,
    pub answer: &'a SolveOutcome,
    pub base: Option<&'a str>,
}

/// Keeps a new scenario with its answer; returns its id.
///
/// # Errors
/// The name is missing or too long.
pub async fn create(tx: &mut Tx, new: &NewScenario<'_>) -> Result<String> {
    match new.name.chars().count() {
        0 => return Err(Error::field("name", Code::Missing.says("请填写方案名称。"))),
        61.. => return Err(Error::field("name", Code::TooLong.says("方案名称最多六十个字，请写得短些。"))),
        _ => {}
    }
    let (id, today, now) = (tx.new_id(), tx.today(), tx.now());
    let body = new.setting.body.json()?;
    let values = args![&id, new.name, &new.setting.kind, today, body, new.base, now];
    tx.write(&data::INSERT, values).await?;
    keep(tx, &id, 1, new.setting, new.answer).await?;
    let change = json!({
        "name": new.name, "kind": new.setting.kind, "base": new.base, "body": new.setting.body,
        "result": describe(new.answer),
    });
    history::record(tx, &step(&id, "make", "", 1, change)).await?;
    Ok(id)
}

/// The answer as the log keeps it.
pub fn describe(answer: &SolveOutcome) -> Value {
    let solution = answer.solution();
    json!({
        "status": answer.status(), "objective": solution.and_then(|found| found.objective),
        "bound": solution.and_then(|found| found.bound), "instance": answer.instance().map(Instance::sha256),
    })
}

/// What is done to a scenario, and why.
pub struct Change {
    /// weights, stance, choose, lift, limit, refresh.
    pub kind: &'static str,
    pub reason: String,
    pub what: Value,
}

/// Keeps a changed scenario with its answer.
///
/// # Errors
/// It is published, or was edited meanwhile.
pub async fn change(
    tx: &mut Tx,
    opened: &LoadedScenario,
    version: i64,
    setting: &Setting,
    answer: &SolveOutcome,
    change: Change,
) -> Result<()> {
    opened.row.state.apply(Action::Change)?;
    let (id, revision) = (&opened.row.id, opened.row.revision + 1);
    let day = if change.kind == "refresh" { tx.today() } else { opened.row.day };
    data::EDIT.at(id, version, args![setting.body.json()?, day]).write(tx, FASTER).await?;
    keep(tx, id, revision, setting, answer).await?;
    let what = json!({ "what": change.what, "result": describe(answer) });
    history::record(tx, &step(id, change.kind, &change.reason, revision, what)).await
}

/// Puts a draft away; its history stays.
///
/// # Errors
/// It is published, or was edited meanwhile.
pub async fn discard(tx: &mut Tx, opened: &LoadedScenario, version: i64) -> Result<()> {
    opened.row.state.apply(Action::Drop)?;
    data::DROP.at(&opened.row.id, version, Vec::new()).write(tx, FASTER).await?;
    history::record(tx, &step(&opened.row.id, "drop", "", opened.row.revision, Value::Null)).await
}

/// A scenario of this kind on today's facts under the programme's rules, with its answer: nothing is kept yet.
///
/// # Errors
/// The machine's alone.
pub async fn pose(
    tx: &mut Tx,
    programme: &Programme,
    kind: &str,
    body: Body,
) -> Result<(Setting, SolveOutcome)> {
    let facts = facts::read(tx, programme).await?;
    let setting = Setting::new(facts, Rules::of(programme), kind, body);
    let answer = solve(setting.draft(), None, true).await?;
    Ok((setting, answer))
}
