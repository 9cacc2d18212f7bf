//! A comment round: what is proposed is shown to those it concerns, each may say something once, and the office closes it.

use super::super::data::{self, ProposalRow, RemarkRow, RoundRow};
use super::super::rules::life::Action;
use super::scenario::{FASTER, LoadedScenario, describe, step};
use jiedui_kernel::{Code, Date, Error, Result};
use jiedui_programme::{Programme, earliest_deadline};
use jiedui_store::{Found, Tx, args};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::json;

const UNSOLVED: &str = "这个方案还没有可行的结对结果，不能征求意见；请先按页面上说的原因调整。";
const CLOSED: &str = "征求意见已经结束，意见没有写入。";
const REMARK_CHANGED: &str = "本单位的意见刚被同事改过，您的改动没有写入。请看过再定。";

/// The last round of a scenario.
pub async fn last_round(tx: &mut Tx, scenario: &str) -> Result<Option<RoundRow>> {
    tx.maybe(&data::LAST_ROUND, args![scenario]).await
}

/// Whether a round was held and closed on what the scenario says now.
pub async fn heard(tx: &mut Tx, opened: &LoadedScenario) -> Result<bool> {
    let round = last_round(tx, &opened.row.id).await?;
    Ok(round.is_some_and(|round| round.closed_on.is_some() && round.revision == opened.row.revision))
}

/// Opens a round until a day.
///
/// # Errors
/// There is no pairing yet, the day is nearer than the least notice, or there was a concurrent edit.
pub async fn consult(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedScenario,
    version: i64,
    closes_on: Date,
) -> Result<()> {
    opened.row.state.apply(Action::Consult)?;
    let Some(solution) = opened.answer.solution().filter(|found| found.objective.is_some()) else {
        return Err(Error::NotNow(UNSOLVED.to_owned()));
    };
    let (id, today) = (&opened.row.id, tx.today());
    let earliest = earliest_deadline(programme, today);
    if closes_on < earliest {
        let words = format!("截止日期最早可以定在 {earliest}：要给各方留足时间。");
        return Err(Error::field("closes_on", Code::OutOfRange.says(words)));
    }
    data::CONSULT.at(id, version, Vec::new()).write(tx, FASTER).await?;
    let round = tx.new_id();
    tx.write(&data::INSERT_ROUND, args![&round, id, opened.row.revision, today, closes_on]).await?;
    for pair in &solution.assignment {
        let proposal = tx.new_id();
        let values = args![&proposal, &round, id, &pair.county_school, &pair.lead, &pair.nearby];
        tx.write(&data::INSERT_PROPOSAL, values).await?;
    }
    let change = json!({ "closes_on": closes_on, "result": describe(&opened.answer) });
    history::record(tx, &step(id, "consult", "", opened.row.revision, change)).await
}

/// How many parties were asked, and how many have spoken.
pub async fn turnout(tx: &mut Tx, round: &RoundRow) -> Result<(i64, i64)> {
    let pairs = tx.number(&data::PROPOSALS_OF_ROUND, args![&round.id]).await?;
    Ok((pairs * 3, tx.number(&data::REMARKS_OF_ROUND, args![&round.id]).await?))
}

/// Closes the round.
///
/// # Errors
/// None is open, or it closes before its day without a reason.
pub async fn close(tx: &mut Tx, opened: &LoadedScenario, version: i64, reason: &str) -> Result<()> {
    opened.row.state.apply(Action::Close)?;
    let round = last_round(tx, &opened.row.id).await?.filter(|round| round.closed_on.is_none());
    let round = round.ok_or(Error::NotFound)?;
    let (asked, said) = turnout(tx, &round).await?;
    if tx.today() <= round.closes_on && said < asked && reason.is_empty() {
        let words = "还没有到截止日期，也还有单位没有提意见：提前结束请写明理由。";
        return Err(Error::field("reason", Code::Missing.says(words)));
    }
    let (id, today) = (&opened.row.id, tx.today());
    data::CLOSE.at(id, version, Vec::new()).write(tx, FASTER).await?;
    tx.write_one(&data::CLOSE_ROUND, args![&round.id, today]).await?;
    let change = json!({ "asked": asked, "said": said });
    history::record(tx, &step(id, "close", reason, opened.row.revision, change)).await
}

/// What a party says of its pair.
pub struct NewRemark<'a> {
    pub agrees: bool,
    pub text: &'a str,
    /// Of the remark that it had, 0 where it had none.
    pub version: i64,
}

/// Keeps the remark of the caller's organisation, in place of the one that it had.
///
/// # Errors
/// The caller is no party, the round is over, or there was a concurrent edit.
pub async fn remark(tx: &mut Tx, row: &Found<ProposalRow>, new: &NewRemark<'_>) -> Result<()> {
    let org = tx.actor().org.clone();
    if !row.is_party(&org) {
        return Err(Error::Forbidden("意见由这一对的三所院校自己提。".to_owned()));
    }
    if !row.is_open(tx.today()) {
        return Err(Error::NotNow(CLOSED.to_owned()));
    }
    let now = tx.now();
    let id = match tx.find_maybe::<RemarkRow>(&data::MY_REMARK, args![&row.id, &org]).await? {
        Some(old) => {
            let values = args![new.agrees, new.text, now];
            data::CHANGE_REMARK.at(&old, new.version, values).write(tx, REMARK_CHANGED).await?;
            old.id.clone()
        }
        None => {
            let id = tx.new_id();
            let values = args![&id, &org, new.agrees, new.text, now];
            tx.change(row, &data::INSERT_REMARK, values).await?;
            id
        }
    };
    let change = json!({ "proposal": row.id, "agrees": new.agrees });
    let entry = HistoryEntry {
        resource: "matching_remark",
        id: &id,
        kind: "say",
        reason: new.text,
        revision: 1,
        change,
    };
    history::record(tx, &entry).await
}
