//! Objecting to a name while the list is shown, and the answer. What is right takes the name off the list in the same moment.

use super::{reviewing, tell};
use crate::network::registry;
use crate::shared::objections::{ObjectionState, REASON, check_text};
use crate::shared::review::{self, Action, Loaded, Said};
use crate::sharing::commendations::data::{self, NominationRow, ObjectionRow, RoundState};
use crate::sharing::commendations::rules::{self, words};
use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args};
use serde_json::json;

/// Those to a round that the caller sees, in the order in which they were raised.
pub async fn of(tx: &mut Tx, round: &str) -> Result<Vec<ObjectionRow>> {
    tx.all(&data::OBJECTIONS_OF, args![round]).await
}

/// Those to a nomination that the caller sees.
pub async fn to(tx: &mut Tx, nomination: &str) -> Result<Vec<ObjectionRow>> {
    tx.all(&data::OBJECTIONS_TO, args![nomination]).await
}

/// What waits for an answer of the caller's organisation, the oldest first.
pub async fn to_answer(tx: &mut Tx) -> Result<Vec<ObjectionRow>> {
    let org = tx.actor().org.clone();
    tx.all(&data::TO_ANSWER, args![org, RoundState::Noticed, ObjectionState::Raised]).await
}

/// One visible to the caller.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<ObjectionRow>>> {
    let row = tx.find::<ObjectionRow>(&data::OBJECTION, args![id]).await?;
    review::open(tx, programme, row).await
}

/// Objects in the name of the caller's organisation; returns the id of the objection.
pub async fn raise(tx: &mut Tx, row: &Found<NominationRow>, reason: &str) -> Result<String> {
    if !rules::is_open(row, tx.today()) {
        let words = "现在不能提出异议：还没有公示、已经决定，或者过了期限。";
        return Err(Error::NotNow(words.to_owned()));
    }
    let org = tx.actor().org.clone();
    // Two at once would both find none.
    registry::lock(tx, &org).await?;
    if to(tx, &row.id).await?.iter().any(|one| one.org == org) {
        let words = "本单位对这一条已经提过异议，请在下面看答复。";
        return Err(Error::NotNow(words.to_owned()));
    }
    Error::of(check_text("reason", "哪里不对", reason, REASON).into_iter().collect())?;
    let (id, today) = (tx.new_id(), tx.today());
    tx.change(row, &data::INSERT_OBJECTION, args![&id, &org, reason, today]).await?;
    let change = json!({ "nomination": row.id, "reason": reason });
    review::begun::<ObjectionRow>(tx, &id, "raise", change).await?;
    let words = format!("对{}的公示提出异议", words::title(row.year));
    tell(tx, &row.issuer, ("commendation_objection", &id), (&words, reason)).await?;
    Ok(id)
}

/// Answers an objection; where it is right, the name is off the list.
pub async fn answer(
    tx: &mut Tx,
    opened: &Loaded<Found<ObjectionRow>>,
    version: i64,
    (action, answer): (Action, &str),
) -> Result<()> {
    let next = opened.demand(action)?;
    Error::of(check_text("answer", "答复", answer, REASON).into_iter().collect())?;
    let (row, today) = (&opened.row, tx.today());
    let columns = args![answer, Some(today)];
    review::carry_out(tx, row, next, version, (&data::MOVE_OBJECTION, columns), Said::reason(answer)).await?;
    if action == Action::Accept {
        fall_out(tx, &row.nomination, answer).await?;
    }
    let verdict = if action == Action::Accept { "认可" } else { "没有认可" };
    let words = format!("{verdict}对{}公示的异议", words::title(row.year));
    tell(tx, &row.org, ("commendation_objection", &row.id), (&words, answer)).await
}

async fn fall_out(tx: &mut Tx, nomination: &str, reason: &str) -> Result<()> {
    let row = reviewing::find(tx, nomination).await?;
    let Some(next) = rules::follows(&row, Action::Replace) else { return Ok(()) };
    let write = (&data::MOVE_NOMINATION, Vec::new());
    review::carry_out(tx, &row, next, row.version, write, Said::reason(reason)).await?;
    let words = format!("异议成立，没有列入{}：{}", words::title(row.year), row.school_name);
    tell(tx, &row.nominator, ("commendation_nomination", &row.id), (&words, reason)).await
}

/// Takes the objection back before it is answered.
pub async fn take_back(tx: &mut Tx, opened: &Loaded<Found<ObjectionRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    let columns = args!["", None::<Date>];
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE_OBJECTION, columns), Said::default()).await
}
