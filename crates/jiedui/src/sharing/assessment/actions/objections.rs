//! Objecting to a sheet, and the second look.

use super::{is_own, tell};
use crate::network::registry;
use crate::shared::objections::{ObjectionState, REASON, check_text};
use crate::shared::review::{self, Action, Loaded, Said};
use crate::sharing::assessment::data::{self, ObjectionRow, SheetRow};
use crate::sharing::assessment::rules;
use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args};
use serde_json::json;

/// Those to an assessment that the caller sees, in the order in which they were raised.
pub async fn of(tx: &mut Tx, assessment: &str) -> Result<Vec<ObjectionRow>> {
    tx.all(&data::OBJECTIONS_OF, args![assessment]).await
}

/// Those to a sheet that the caller sees.
pub async fn to(tx: &mut Tx, sheet: &str) -> Result<Vec<ObjectionRow>> {
    tx.all(&data::OBJECTIONS_TO, args![sheet]).await
}

/// What waits for an answer of the caller's organisation, the oldest first.
pub async fn to_answer(tx: &mut Tx) -> Result<Vec<ObjectionRow>> {
    let org = tx.actor().org.clone();
    tx.all(&data::TO_ANSWER, args![org, ObjectionState::Raised]).await
}

/// One visible to the caller.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<ObjectionRow>>> {
    let row = tx.find::<ObjectionRow>(&data::OBJECTION, args![id]).await?;
    review::open(tx, programme, row).await
}

/// Objects in the name of the caller's organisation; returns the id of the objection.
pub async fn raise(tx: &mut Tx, row: &Found<SheetRow>, reason: &str) -> Result<String> {
    if !rules::is_open(row, tx.today()) {
        let words = "现在不能提出异议：已经定稿、已经撤回，或者过了期限。";
        return Err(Error::NotNow(words.to_owned()));
    }
    if !is_own(tx, row).await? {
        return Err(Error::Forbidden("只有被考核的单位可以对自己的核对表提出异议。".to_owned()));
    }
    let org = tx.actor().org.clone();
    // Two at once would both find none.
    registry::lock(tx, &org).await?;
    if to(tx, &row.id).await?.iter().any(|one| one.org == org) {
        let words = "本单位对这张核对表已经提过异议，请在下面看答复。";
        return Err(Error::NotNow(words.to_owned()));
    }
    Error::of(check_text("reason", "哪里不对", reason, REASON).into_iter().collect())?;
    let (id, today) = (tx.new_id(), tx.today());
    tx.change(row, &data::INSERT_OBJECTION, args![&id, &org, reason, today]).await?;
    let change = json!({ "sheet": row.id, "reason": reason });
    review::begun::<ObjectionRow>(tx, &id, "raise", change).await?;
    let words = format!("对{}提出异议", row.title);
    tell(tx, &row.issuer, ("assessment_objection", &id), (&words, reason)).await?;
    Ok(id)
}

/// Answers after a second look. What was shown stays until it is frozen: then the figures of whoever was right are read once
/// more.
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
    let verdict = if action == Action::Accept { "认可" } else { "没有认可" };
    let words = format!("{verdict}对{}的异议", row.title);
    tell(tx, &row.org, ("assessment_sheet", &row.sheet), (&words, answer)).await
}

/// Takes the objection back before it is answered.
pub async fn take_back(tx: &mut Tx, opened: &Loaded<Found<ObjectionRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    let columns = args!["", None::<Date>];
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE_OBJECTION, columns), Said::default()).await
}
