//! Recording, changing, answering and withdrawing an agreement, with every check: for the pages and the demonstration.

use super::data::{self, AgreementRow, AgreementState};
use super::rules::{self, NewAgreement};
use crate::network::pairings::{self, PairingRow};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Date, Error, Result, hex};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::form::Upload;
use serde_json::{Value, json};
use sha2::Digest as _;

const ENDED: &str = "这组结对已经结束，不能再登记新的协议；原有的协议仍可查看。";
const OPEN: &str = "已有一份协议在等各方确认，同一时间只能有一份；请先确认或撤回它。";

/// Says why this organisation cannot record an agreement now.
pub fn may_record(org: &str, pairing: &PairingRow, rows: &[AgreementRow], today: Date) -> Result<()> {
    if !rules::is_party(org, pairing) {
        return Err(Error::Forbidden("三方协议由结对的三所院校之一登记。".to_owned()));
    }
    if pairing.to_day.is_some_and(|end| end < today) {
        return Err(Error::Forbidden(ENDED.to_owned()));
    }
    if rules::open_one(rows).is_some() {
        return Err(Error::NotNow(OPEN.to_owned()));
    }
    Ok(())
}

/// Records an agreement of the caller; returns its id. Nothing is written where a check fails.
pub async fn record(tx: &mut Tx, pairing: &PairingRow, new: &NewAgreement) -> Result<String> {
    let rows = super::of_pairing(tx, &pairing.id).await?;
    let org = tx.actor().org.clone();
    may_record(&org, pairing, &rows, tx.today())?;
    let after_first = rows.iter().any(|row| row.state == AgreementState::Signed);
    let new = NewAgreement { from_day: new.from_day.or(Some(pairing.from_day)), ..new.clone() };
    let (signed_on, from_day) = checked(&new, after_first, tx)?;
    let kind = if after_first { new.kind.clone() } else { "first".to_owned() };
    let id = tx.new_id();
    let edition = rows.iter().map(|row| row.edition).max().unwrap_or(0) + 1;
    let name = new.file.as_ref().map(kept_name).unwrap_or_default();
    let insert = named!(data::INSERT {
        id: &id,
        pairing: &pairing.id,
        edition,
        kind: &kind,
        signed_on,
        from_day,
        to_day: new.to_day,
        summary: &new.summary,
        recorder: &org,
        file_name: &name,
    });
    if insert.write(tx).await? == 0 {
        return Err(Error::Conflict(OPEN.to_owned()));
    }
    let row = super::find(tx, &id).await?;
    keep_file(tx, &row, new.file.as_ref()).await?;
    let change = json!({
        "pairing": pairing.id, "edition": edition, "kind": kind, "signed_on": signed_on, "from": from_day,
        "to": new.to_day, "summary": new.summary, "file": digest(new.file.as_ref()),
    });
    review::begun::<AgreementRow>(tx, &id, "record", change).await?;
    Ok(id)
}

/// The day of signing and the first day of the term, where all is right.
fn checked(new: &NewAgreement, after_first: bool, tx: &Tx) -> Result<(Date, Date)> {
    let errors = rules::check(new, after_first, tx.today());
    match new.signed_on.zip(new.from_day) {
        Some(days) if errors.is_empty() => Ok(days),
        _ => Err(Error::Invalid(errors)),
    }
}

fn kept_name(file: &Upload) -> String {
    let ending = rules::kind_of_file(&file.bytes).map_or("pdf", |(_, ending)| ending);
    rules::file_name(&file.name, ending)
}

async fn keep_file(tx: &mut Tx, row: &Found<AgreementRow>, file: Option<&Upload>) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let (mime, _) = rules::kind_of_file(&file.bytes).map_err(|mistake| Error::field("file", mistake))?;
    tx.change(row, &data::KEEP_FILE, args![mime, file.bytes.clone()]).await.map(drop)
}

/// The log keeps the digest of a file, so that one who has the paper can show that it is the same.
fn digest(file: Option<&Upload>) -> Value {
    let sum = |file: &Upload| hex(sha2::Sha256::digest(&file.bytes));
    file.map_or(Value::Null, |file| json!({ "name": kept_name(file), "sha256": sum(file) }))
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    Same,
    /// Answers given so far still hold.
    Kept,
    /// What counts has changed: the two others are asked again.
    AsksAgain,
}

/// A change by the recorder. What the others agree to is the paper: its kind, its days, what it says, and the file
/// once one is there.
pub async fn edit(
    tx: &mut Tx,
    opened: &Loaded<Found<AgreementRow>>,
    version: i64,
    new: &NewAgreement,
) -> Result<Edited> {
    opened.demand(Action::Edit)?;
    let row = &opened.row;
    let later = row.kind != "first";
    let (signed_on, from_day) = checked(new, later, tx)?;
    let kind = if later { new.kind.as_str() } else { "first" };
    let facts = |kind: &str, signed, from, to, summary: &str| {
        json!({
            "kind": kind, "signed_on": signed, "from": from, "to": to, "summary": summary,
        })
    };
    let before = facts(&row.kind, row.signed_on, row.from_day, row.to_day, &row.summary);
    let after = facts(kind, signed_on, from_day, new.to_day, &new.summary);
    let again = before != after || (new.file.is_some() && !row.file_name.is_empty());
    if !again && new.file.is_none() && version == row.version {
        return Ok(Edited::Same);
    }
    let next = opened.demand(if again { Action::Edit } else { Action::Complete })?;
    let write = named!(data::EDIT {
        version,
        state: next.to(),
        kind,
        signed_on,
        from_day,
        to_day: new.to_day,
        summary: &new.summary,
        revision: next.revision(row.revision),
        file_name: new.file.as_ref().map_or_else(|| row.file_name.clone(), kept_name),
    });
    let change =
        json!({ "before": before, "after": after, "file": digest(new.file.as_ref()), "asks_again": again });
    review::carry_out(tx, row, next, version, write, Said::change(change)).await?;
    keep_file(tx, row, new.file.as_ref()).await?;
    Ok(if again { Edited::AsksAgain } else { Edited::Kept })
}

/// The answer of one of the two other parties: agreed, or returned with a reason. Says whether all three have now
/// agreed: then the agreement is signed, on the day that stands on the paper.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<AgreementRow>>,
    answer: (Action, i64, &str),
) -> Result<bool> {
    let (row, sign) = review::answer(tx, programme, opened, answer, &data::MOVE).await?;
    let Some(sign) = sign else { return Ok(false) };
    let pairing = pairings::found(tx, &row.pairing).await?;
    let first = pairing.agreed_on.is_none();
    if first {
        pairings::set_agreed(tx, &pairing, row.signed_on).await?;
    }
    let change = json!({ "pairing": row.pairing, "signed_on": row.signed_on, "sets_pairing": first });
    review::carry_out(tx, &row, sign, row.version, (&data::MOVE, Vec::new()), Said::change(change)).await?;
    Ok(true)
}

/// Takes back what was recorded, before all have agreed.
pub async fn withdraw(tx: &mut Tx, opened: &Loaded<Found<AgreementRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    let said = Said::change(json!({ "edition": opened.row.edition }));
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), said).await
}
