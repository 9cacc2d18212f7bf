//! Counting what was filled in, and keeping what days that are over came to. Steps are only ever added, and as of now: what is
//! counted of a day that is over stays so. A page adds the few days since (docs/decisions/0089).

pub mod load;

use super::data::{self, TurnRow};
use crate::shared::mechanism::{self, Recorded};
use chrono::Days;
use jiedui_kernel::{Actor, Date, Months, Result};
use jiedui_store::{Db, Tx, args, line};
use jiedui_web::history;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Organisation, kind and id of the form, month from 0 → times.
pub type Counted = BTreeMap<(String, &'static str, String, i64), i64>;

/// Counts what those visible to the caller filled in.
pub async fn counted(tx: &mut Tx, months: &Months) -> Result<Counted> {
    let mut sums = Counted::new();
    for recorder in mechanism::all().filter_map(|one| one.recorded) {
        for Recorded { org, form: (kind, id), month, times } in recorder(tx, months).await? {
            *sums.entry((org, kind.id(), id, month)).or_default() += times;
        }
    }
    for (org, resource, kind, month, times) in history::recorded(tx, months).await? {
        let mut steps = mechanism::all().flat_map(|one| one.steps);
        if let Some(step) = steps.find(|step| step.resource == resource && step.kind == kind) {
            let (form, id) = step.form;
            *sums.entry((org, form.id(), id.to_owned(), month)).or_default() += times;
        }
    }
    Ok(sums)
}

/// What is counted as which form: sums that were made by another list are made again.
fn steps() -> String {
    let steps = mechanism::all().flat_map(|one| one.steps);
    let steps = steps.map(|step| {
        let (kind, id) = step.form;
        format!("{}.{}={}/{id}", step.resource, step.kind, kind.id())
    });
    steps.collect::<Vec<_>>().join(";")
}

/// Whether sums still hold: they were made by the list of now, and of days that are over.
fn holds(turn: &TurnRow, today: Date) -> bool {
    turn.counted_until <= today && turn.steps == steps()
}

/// The day before which all is counted, where anything is.
pub async fn counted_until(tx: &mut Tx) -> Result<Option<Date>> {
    let today = tx.today();
    let turn = tx.maybe::<TurnRow>(&data::TURN, Vec::new()).await?;
    Ok(turn.filter(|turn| holds(turn, today)).map(|turn| turn.counted_until))
}

/// Counts the days that are over and not counted yet, up to yesterday: who began before midnight may commit after it.
pub async fn keep(db: &Db) -> Result<()> {
    let actor = Arc::new(Actor::system("burden"));
    let mut tx = db.read(Arc::clone(&actor)).await?;
    let today = tx.today();
    let (months, until) = (Months::up_to(today), today.checked_sub_days(Days::new(1)).unwrap_or(today));
    let before = tx.maybe::<TurnRow>(&data::TURN, Vec::new()).await?;
    let since = before.as_ref().filter(|turn| holds(turn, today)).map(|turn| turn.counted_until);
    if since.is_some_and(|since| since >= until) {
        return Ok(());
    }
    let sums = counted(&mut tx, &months.before(until).since(since)).await?;
    drop(tx);
    let keys = months.keys();
    let lines = sums.iter().filter_map(|((org, kind, form, month), times)| {
        let month = keys.get(usize::try_from(*month).ok()?)?;
        Some(line!(data::ADD { org, kind: *kind, form, month, times: *times }))
    });
    let lines: Vec<_> = lines.collect();
    let mut tx = db.begin(actor).await?;
    let turned = match &before {
        Some(turn) => {
            let values = args![until, steps(), turn.counted_until, &turn.steps];
            tx.write(&data::MOVE_TURN, values).await?
        }
        None => tx.write(&data::FIRST_TURN, args![until, steps()]).await?,
    };
    if turned == 0 {
        return Ok(());
    }
    match (since, keys.first()) {
        (Some(_), Some(oldest)) => tx.write(&data::FORGET_BEFORE, args![oldest]).await?,
        _ => tx.write(&data::FORGET, Vec::new()).await?,
    };
    tx.add_rows(&data::ADD, lines).await?;
    tx.commit().await
}

/// Counts all again: where steps of earlier days were added, as no form adds them.
pub async fn recount(db: &Db) -> Result<()> {
    let mut tx = db.begin(Arc::new(Actor::system("burden"))).await?;
    tx.write(&data::FORGET, Vec::new()).await?;
    tx.write(&data::FORGET_TURN, Vec::new()).await?;
    tx.commit().await?;
    keep(db).await
}
