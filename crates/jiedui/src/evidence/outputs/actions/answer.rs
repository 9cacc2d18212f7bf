//! Answers of the other side, and the decision of a bureau on what nobody answered in time.

use super::super::data::OutputRow;
use super::super::rules;
use super::{apply, check_reason, put_state};
use crate::shared::confirmation::{Action, Ruling};
use jiedui_kernel::Result;
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx};

/// The answer of the caller, or the decision of a bureau above on what nobody answered in time.
pub async fn respond(
    tx: &mut Tx,
    programme: &Programme,
    output: &Found<OutputRow>,
    version: i64,
    ruling: Ruling,
    reason: &str,
) -> Result<()> {
    let caller = rules::caller(tx.actor(), output, programme, tx.today());
    let action = match ruling {
        ruling if caller.oversees => Action::Adjudicate(ruling),
        Ruling::Confirm => Action::Confirm,
        Ruling::Dispute => Action::Dispute,
    };
    let done = apply(tx, programme, output, version, action)?;
    let needed = action != Action::Confirm;
    check_reason(reason, needed, "请写明理由，一句话即可，让对方知道怎样更正。")?;
    put_state(tx, programme, (output, version), done, reason).await
}

/// Takes one's answer back: it waits again.
pub async fn take_back(
    tx: &mut Tx,
    programme: &Programme,
    output: &Found<OutputRow>,
    version: i64,
) -> Result<()> {
    let done = apply(tx, programme, output, version, Action::TakeBack)?;
    put_state(tx, programme, (output, version), done, "").await
}
