//! Corrections by the claimant. Where a counting field changes (dates, person, quantity), the other side is asked again;
//! where only words change, what was answered stays (decisions.md "Part confirmation").

use super::super::data::{self, EntryRow};
use super::apply;
use super::claim::{self, Checked, NewEntry};
use crate::shared::confirmation::{self, Action, Change, Effect, Record};
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args, named};

/// Whether something that is counted changed: what the form always asks, the people named, or a field that an indicator
/// sums or sorts by.
async fn counting_changed(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    new: &NewEntry,
    checked: &Checked,
) -> Result<bool> {
    let named = tx.all::<(String, String)>(&data::PEOPLE_OF, args![&entry.id]).await?;
    let mut named: Vec<String> = named.into_iter().map(|(person, _)| person).collect();
    named.sort_unstable();
    let before = jiedui_web::fields::parse(&entry.fields);
    let counted = programme.counting_fields(&entry.activity);
    Ok(named != checked.roster
        || counted.iter().any(|field| before.get(*field) != new.fields.get(*field))
        || entry.from_day != checked.period.from
        || entry.to_day != checked.period.to
        || entry.person != checked.person
        || entry.post != checked.post
        || entry.quantity != checked.quantity)
}

/// A correction of the caller, with every check. Says whether the other side is asked again.
pub async fn correct(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    version: i64,
    new: &NewEntry,
) -> Result<bool> {
    apply(tx, programme, entry, version, Action::Correct(Change::Words))?;
    let activity = programme.activity(&entry.activity).ok_or(Error::NotFound)?;
    let checked = claim::check(tx, activity, &entry.claimant, new, &entry.id).await?;
    let change = Change::counting(counting_changed(tx, programme, entry, new, &checked).await?);
    let (state, effect) = apply(tx, programme, entry, version, Action::Correct(change))?;
    let again = effect.asks_again;
    let (confirmed, hole) =
        if again { (0, (None, None)) } else { (entry.confirmed, (entry.disputed_from, entry.disputed_to)) };
    let write = named!(data::CORRECT {
        id: &entry.id,
        version,
        from_day: checked.period.from,
        to_day: checked.period.to,
        person: checked.person.clone(),
        post: &checked.post,
        quantity: checked.quantity,
        fields: serde_json::Value::Object(new.fields.clone()).to_string(),
        state: state.text(),
        confirmed,
        disputed_from: hole.0,
        disputed_to: hole.1,
        claimed_at: if again { tx.now() } else { entry.claimed_at },
        project: checked.project.clone(),
    });
    write.write(tx, confirmation::CHANGED).await?;
    if again {
        // What the other helper said was about what it was before.
        tx.write(&data::CLEAR_PARTS, args![&entry.id]).await?;
    }
    tx.write(&data::CLEAR_PEOPLE, args![&entry.id]).await?;
    claim::name_people(tx, &entry.id, &checked.roster).await?;
    let change = serde_json::json!({
        "before": { "from": entry.from_day, "to": entry.to_day, "person": entry.person, "quantity": entry.quantity, "project": entry.project },
        "after": { "from": checked.period.from, "to": checked.period.to, "person": checked.person, "quantity": checked.quantity, "project": checked.project },
        "fields": new.fields, "roster": checked.roster, "asks_again": again,
    });
    note(tx, programme, entry, version, (effect, change)).await?;
    Ok(again)
}

async fn note(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    version: i64,
    (effect, change): (Effect, serde_json::Value),
) -> Result<()> {
    let record = Record { resource: "entry", id: &entry.id, version, effect, reason: "", batch: "", change };
    super::record(tx, programme, record).await
}

/// Takes the other side's part confirmation for the whole: what is claimed becomes what was confirmed.
pub async fn accept(tx: &mut Tx, programme: &Programme, entry: &EntryRow, version: i64) -> Result<()> {
    let (state, effect) = apply(tx, programme, entry, version, Action::Accept)?;
    let values = args![state.text(), entry.confirmed, entry.confirmed];
    data::CLOSE.at(&entry.id, version, values).write(tx, confirmation::CHANGED).await?;
    let change = serde_json::json!({ "before": { "quantity": entry.quantity }, "after": { "quantity": entry.confirmed } });
    note(tx, programme, entry, version, (effect, change)).await
}

/// Takes an entry out of everything that counts; its history stays.
pub async fn withdraw(tx: &mut Tx, programme: &Programme, entry: &EntryRow, version: i64) -> Result<()> {
    let (state, effect) = apply(tx, programme, entry, version, Action::Withdraw)?;
    let values = args![state.text(), entry.quantity, 0_i64];
    data::CLOSE.at(&entry.id, version, values).write(tx, confirmation::CHANGED).await?;
    note(tx, programme, entry, version, (effect, serde_json::json!({}))).await
}
