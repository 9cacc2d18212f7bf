//! Two records of one person become one: the old one leads to the new, by a second person where others rest on it, and back
//! again while nothing was built on it.

use super::super::data::{self, MergeRow, RecordRow};
use super::super::{lock, lock_person, rules};
use crate::shared::contributions;
use crate::shared::mechanism::{self, Led};
use jiedui_kernel::{Code, Date, Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::json;
use std::sync::Arc;

const CONCURRENT: &str = "这两条记录刚被别人办理过，您的操作没有写入。请看过现在的内容再定。";
const BY_ANOTHER: &str = "提出合并的人不能自己同意：请本单位另一个账号或省办办理。";

/// Says of a record, kept at an organisation that was found in scope, that it is another one's. It holds at once where nothing
/// names the record; else a second person agrees first. Says whether it holds.
pub async fn propose(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    org: &str,
    (record, to): (&str, &str),
    reason: &str,
) -> Result<bool> {
    lock(tx, org).await?;
    // Who is not the caller's to speak of is not locked either.
    for id in [record, to] {
        find(tx, id).await?;
    }
    lock_both(tx, record, to).await?;
    let (one, other) = (find(tx, record).await?, find(tx, to).await?);
    if let Some(mistake) = rules::merge_refused(&one, &other) {
        return Err(Error::field("into", mistake));
    }
    let holds = tx.number(&data::NAMED_IN, args![&one.id]).await? == 0;
    let (today, actor) = (tx.today(), Arc::clone(tx.actor()));
    let agreed = holds.then_some(today);
    tx.write(&data::INSERT_MERGE, args![&one.id, &other.id, org, actor.account(), today, agreed]).await?;
    note(tx, (&one.id, 1), if holds { "join" } else { "propose" }, reason, &other.id).await?;
    if holds {
        follow(tx, programme, Led { record: &one.id, to: &other.id, holds }).await?;
    }
    Ok(holds)
}

/// In one order everywhere: two who speak of the same records come one after the other, and so does whoever claims a stay of
/// one of them.
async fn lock_both(tx: &mut Tx, record: &str, to: &str) -> Result<()> {
    let (first, second) = if record < to { (record, to) } else { (to, record) };
    lock_person(tx, first).await?;
    lock_person(tx, second).await
}

async fn find(tx: &mut Tx, record: &str) -> Result<RecordRow> {
    let words = "请从列出的人员里选；在别的单位任职的，由省办办理。";
    let unknown = || Error::field("into", Code::NotListed.says(words));
    tx.find_maybe::<RecordRow>(&data::RECORD, args![record]).await?.map(Found::into_row).ok_or_else(unknown)
}

/// Agrees to what somebody else proposed.
pub async fn agree(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    row: &Found<MergeRow>,
    version: i64,
) -> Result<()> {
    if row.agreed_on.is_some() {
        return Err(Error::Conflict(CONCURRENT.to_owned()));
    }
    if tx.actor().is(&row.proposed_by) {
        return Err(Error::Forbidden(BY_ANOTHER.to_owned()));
    }
    lock_both(tx, &row.id, &row.leads_to).await?;
    let today = tx.today();
    data::AGREE_MERGE.at(row, version, args![today]).write(tx, CONCURRENT).await?;
    note(tx, (&row.id, version + 1), "join", "", &row.leads_to).await?;
    follow(tx, programme, Led { record: &row.id, to: &row.leads_to, holds: true }).await
}

/// Refuses a proposal, or takes a merge back: both records stand for themselves. What was built on it meanwhile stands in
/// the way.
pub async fn part(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    row: &Found<MergeRow>,
    version: i64,
) -> Result<()> {
    if let Some(since) = row.agreed_on {
        unbuilt(tx, row, since).await?;
    }
    data::LOCK_MERGE.at(row, version, Vec::new()).write(tx, CONCURRENT).await?;
    tx.change_one(row, &data::PART_MERGE, Vec::new()).await?;
    let kind = if row.agreed_on.is_some() { "part" } else { "refuse" };
    note(tx, (&row.id, version), kind, "", &row.leads_to).await?;
    if row.agreed_on.is_none() {
        return Ok(());
    }
    follow(tx, programme, Led { record: &row.id, to: &row.leads_to, holds: false }).await
}

async fn unbuilt(tx: &mut Tx, row: &MergeRow, since: Date) -> Result<()> {
    let built = tx.all::<(Date, String)>(&data::BUILT, args![&row.id, &row.leads_to, since]).await?;
    if built.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = built.iter().map(|(day, what)| format!("{day} {what}")).collect();
    let words = format!("合并之后有登记用到了它，不能撤销：{}。请先更正或撤回这些登记。", named.join("、"));
    Err(Error::NotNow(words))
}

async fn note(
    tx: &mut Tx,
    (id, revision): (&str, i64),
    kind: &'static str,
    reason: &str,
    into: &str,
) -> Result<()> {
    let step =
        HistoryEntry { resource: "person", id, kind, reason, revision, change: json!({ "into": into }) };
    history::record(tx, &step).await
}

/// What names the record counts under the other one, or no longer does; and so do the days in post.
async fn follow(tx: &mut Tx, programme: &Arc<Programme>, led: Led<'_>) -> Result<()> {
    mechanism::tell_led(tx, programme, led).await?;
    contributions::person_led(tx, led.to).await?;
    contributions::person_led(tx, led.record).await
}
