//! Of which project an output is part, and how much of it is done by it (S4.1).

use super::super::data::{self, OutputRow, StageRow};
use super::super::rules;
use super::places::{OutputPlace, kept_place};
use crate::evidence::ledger::{self, ProjectRow};
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_programme::{Output, Programme, Stage};
use jiedui_store::{Tx, args};

/// The projects in force of the pairing in which it stands that count in its unit. `named` is the one it names already.
async fn in_unit(tx: &mut Tx, kind: &Output, place: &OutputPlace, named: &str) -> Result<Vec<ProjectRow>> {
    let Some(pairing) = place.pairing.as_deref().filter(|_| kind.joins_projects()) else {
        return Ok(Vec::new());
    };
    ledger::projects_in_unit(tx, kind.unit, pairing, named).await
}

/// Those of them that are about what it is for.
pub async fn offered(
    tx: &mut Tx,
    (programme, kind): (&Programme, &Output),
    place: &OutputPlace,
    named: &str,
) -> Result<Vec<ProjectRow>> {
    let rows = in_unit(tx, kind, place, named).await?;
    Ok(rows.into_iter().filter(|row| programme.builds(kind, &row.clause)).collect())
}

/// The project that an output names already; "" for none, and of a new one.
pub(super) async fn kept(tx: &mut Tx, output: &str) -> Result<String> {
    let row = tx.maybe::<(Option<String>,)>(&data::PROJECT_OF, args![output]).await?;
    Ok(row.and_then(|(project,)| project).unwrap_or_default())
}

/// Whether it can be part of the project that it names; `counted` is the day on which it began to count, `kept` the project
/// that it names already.
pub(super) async fn check(
    tx: &mut Tx,
    (programme, kind): (&Programme, &Output),
    place: &OutputPlace,
    (named, counted, kept): (Option<&str>, Option<Date>, &str),
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    let Some(named) = named else { return Ok(()) };
    let known = in_unit(tx, kind, place, kept).await?;
    let mistake = match known.iter().find(|row| row.id == named) {
        None => Code::NotListed.says("这所学校的结对里没有这个已备案、按同一单位计数的项目，请重新选择。"),
        Some(row) if !programme.builds(kind, &row.clause) => {
            ledger::of_another_task(programme, &kind.name, (&row.title, &row.clause))
        }
        // What was there before the project began is none of its work.
        Some(row) if counted.is_some_and(|day| day < row.from_day) => Code::NotInPeriod
            .says(format!("这个项目从 {} 开始，在此之前建成的不能算进它；请不选项目。", row.from_day)),
        Some(_) => return Ok(()),
    };
    errors.push(FieldError::new("project", mistake));
    Ok(())
}

/// The same at its next stage, where it begins to count in it.
pub(super) async fn check_stage(
    tx: &mut Tx,
    (programme, kind): (&Programme, &Output),
    output: &OutputRow,
    (to, from): (&Stage, Date),
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    let counted = rules::stage(kind, &output.stage).is_some_and(|stage| stage.counts);
    if !to.counts || counted {
        return Ok(());
    }
    let place = kept_place(tx, output, &[]).await?;
    let project = output.project.as_deref();
    let named = (project, Some(from), project.unwrap_or_default());
    let mut found = Vec::new();
    check(tx, (programme, kind), &place, named, &mut found).await?;
    errors.extend(found.into_iter().map(|error| error.at("from")));
    Ok(())
}

/// The same for one that went through several stages, of which a correction names another project.
pub(super) async fn check_kept(
    tx: &mut Tx,
    (programme, kind): (&Programme, &Output),
    place: &OutputPlace,
    (output, named): (&OutputRow, Option<&str>),
) -> Result<()> {
    let stages = tx.all::<StageRow>(&data::STAGES_OF, args![&output.id]).await?;
    let counts = |row: &&StageRow| rules::stage(kind, &row.stage).is_some_and(|stage| stage.counts);
    let first = stages.iter().skip(1).find(counts).map(|row| row.from_day);
    let kept = output.project.as_deref().unwrap_or_default();
    let mut errors = Vec::new();
    check(tx, (programme, kind), place, (named, first, kept), &mut errors).await?;
    Error::of(errors)
}

/// How much of its project is done by it; nothing where it names none.
pub(super) fn part(named: Option<&str>, stage: Option<&Stage>, quantity: i64) -> Option<i64> {
    named.map(|_| if stage.is_some_and(|stage| stage.counts) { quantity } else { 0 })
}
