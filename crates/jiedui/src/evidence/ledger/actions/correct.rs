//! Corrections by the claimant. Where a counting field changes (dates, person, quantity), the other side is asked again;
//! where only words change, what was answered stays (decisions.md "Part confirmation").

use super::super::data::{self, EntryRow};
use super::apply;
use super::check::{self, Checked};
use super::claim;
use super::new_entry::NewEntry;
use crate::network::{chains, enterprises};
use crate::shared::confirmation::{self, Action, Change, Effect, Record};
use jiedui_kernel::{Code, Date, Error, Result};
use jiedui_programme::{Activity, Programme};
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::fields::{Values, not_offered};
use serde_json::Value;
use std::sync::Arc;

/// Whether something that is counted changed: what the form always asks, the people named, or a field that an indicator
/// sums or sorts by.
async fn counting_changed(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
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

/// Whoever answers stays the same: what another side has to confirm is another entry.
fn same_confirmer(activity: &Activity, before: &Values, after: &Values) -> Result<()> {
    let of = |fields: &Values| activity.confirmer(|field| fields.get(field)?.as_str());
    if of(before) == of(after) {
        return Ok(());
    }
    let decides = |field: &&jiedui_programme::Field| {
        field.options.iter().any(|option| option.confirmed_by.is_some())
            && before.get(&field.id) != after.get(&field.id)
    };
    let field = activity.fields.iter().find(decides).map_or("", |field| field.id.as_str());
    let words = "这样改要由另一方来确认：请撤回这一条，重新登记。";
    Err(Error::field(field, Code::NotFitting.says(words)))
}

/// What changed, in the words of the form: label, before, after.
fn told(activity: &Activity, entry: &EntryRow, new: &NewEntry, checked: &Checked) -> Vec<[String; 3]> {
    let days = |from: Date, to: Date| if from == to { from.to_string() } else { format!("{from} 至 {to}") };
    let mut told = vec![
        ["日期".to_owned(), days(entry.from_day, entry.to_day), days(checked.period.from, checked.period.to)],
        [
            activity.unit.label().to_owned(),
            activity.unit.format(entry.quantity),
            activity.unit.format(checked.quantity),
        ],
    ];
    let before = jiedui_web::fields::parse(&entry.fields);
    for field in &activity.fields {
        let text = |value: Option<&Value>| match value {
            None | Some(Value::Null) => "（空）".to_owned(),
            Some(Value::String(text)) => {
                let option = field.options.iter().find(|option| option.id == *text);
                option.map_or_else(|| text.clone(), |option| option.name.clone())
            }
            Some(Value::Bool(yes)) => if *yes { "是" } else { "否" }.to_owned(),
            Some(Value::Number(number)) => match (field.unit, number.as_i64()) {
                (Some(unit), Some(number)) => unit.format(number),
                _ => number.to_string(),
            },
            Some(other) => other.to_string(),
        };
        told.push([field.label.clone(), text(before.get(&field.id)), text(new.fields.get(&field.id))]);
    }
    if entry.person != checked.person {
        // Histories are read by more people than the name is for: what stands there stays masked.
        let before = entry.person_name.as_ref().map(ToString::to_string).unwrap_or_default();
        told.push(["人员".to_owned(), before, "另一人".to_owned()]);
    }
    told.retain(|[_, before, after]| before != after);
    told
}

/// What it names now, in place of what was named before.
async fn name_again(tx: &mut Tx, of: enterprises::Use<'_>, named: &[enterprises::Named]) -> Result<()> {
    enterprises::clear(tx, of.resource).await?;
    enterprises::keep(tx, of, named).await
}

fn replied(entry: &EntryRow, reply: &str) -> Result<()> {
    if entry.state.is_contested() && reply.is_empty() {
        return Err(Error::field(
            "reply",
            Code::Missing.says("对方提过异议，请用一句话答复：改了什么，为什么。"),
        ));
    }
    Ok(())
}

/// A correction of the caller, with every check. Says whether the other side is asked again. Whoever was objected to says
/// in a line what was done about it.
pub async fn correct(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    version: i64,
    (new, reply): (&NewEntry, &str),
) -> Result<bool> {
    replied(entry, reply)?;
    apply(tx, programme, entry, version, Action::Correct(Change::Words))?;
    super::not_half_written(tx, &entry.id).await?;
    let activity = programme.activity(&entry.activity).ok_or(Error::NotFound)?;
    let sides = claim::sides(tx.actor(), activity);
    Error::of(not_offered(&activity.fields, &new.fields, &sides))?;
    // Of another kind now: what was said of the old one goes, and the history says so.
    let mut fields = jiedui_web::fields::kept(&activity.fields, new.fields.clone());
    same_confirmer(activity, &jiedui_web::fields::parse(&entry.fields), &fields)?;
    let school = &new.pairing.county_school;
    let named = enterprises::register(tx, &activity.fields, &mut fields, school).await?;
    chains::register(tx, &activity.fields, &mut fields, school).await?;
    let new = &NewEntry { fields, ..new.clone() };
    let checked = check::check(tx, programme, activity, &entry.claimant, new, &entry.id).await?;
    claim::all_counted(activity, &named, checked.quantity)?;
    let change = Change::counting(counting_changed(tx, programme, entry, new, &checked).await?);
    let (state, effect) = apply(tx, programme, entry, version, Action::Correct(change))?;
    let again = effect.asks_again;
    let (confirmed, hole) =
        if again { (0, (None, None)) } else { (entry.confirmed, (entry.disputed_from, entry.disputed_to)) };
    super::leaves(tx, programme, &entry.id).await?;
    let write = named!(data::CORRECT {
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
    write.on(entry).write(tx, confirmation::CHANGED).await?;
    if again {
        // What the other helper said was about what it was before.
        tx.change(entry, &data::CLEAR_PARTS, Vec::new()).await?;
    }
    tx.change(entry, &data::CLEAR_PEOPLE, Vec::new()).await?;
    claim::name_people(tx, &entry.id, &checked.roster).await?;
    let before = enterprises::beside(tx, &entry.id).await?;
    let of = claim::naming(&entry.id, activity, (&new.pairing, checked.period.to));
    name_again(tx, of, &named).await?;
    chains::keep(tx, of, (&activity.fields, &new.fields), school).await?;
    let change = serde_json::json!({
        "before": { "from": entry.from_day, "to": entry.to_day, "person": entry.person, "quantity": entry.quantity, "project": entry.project },
        "after": { "from": checked.period.from, "to": checked.period.to, "person": checked.person, "quantity": checked.quantity, "project": checked.project },
        "fields": new.fields, "roster": checked.roster, "asks_again": again,
        "told": told(activity, entry, new, &checked),
    });
    note(tx, programme, entry, version, reply, (effect, change)).await?;
    super::count_all(tx, programme, &before).await?;
    Ok(again)
}

async fn note(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    version: i64,
    reason: &str,
    (effect, change): (Effect, serde_json::Value),
) -> Result<()> {
    let record = Record { resource: "entry", id: &entry.id, version, effect, reason, batch: "", change };
    super::record(tx, programme, record).await
}

/// Takes the other side's part confirmation for the whole: what is claimed becomes what was confirmed.
pub async fn accept(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    version: i64,
) -> Result<()> {
    let (state, effect) = apply(tx, programme, entry, version, Action::Accept)?;
    let values = args![state.text(), entry.confirmed, entry.confirmed];
    data::CLOSE.at(entry, version, values).write(tx, confirmation::CHANGED).await?;
    let change = serde_json::json!({ "before": { "quantity": entry.quantity }, "after": { "quantity": entry.confirmed } });
    note(tx, programme, entry, version, "", (effect, change)).await
}

/// Takes an entry out of everything that counts; its history stays.
pub async fn withdraw(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    version: i64,
) -> Result<()> {
    super::not_half_written(tx, &entry.id).await?;
    take_out(tx, programme, entry, version).await
}

async fn take_out(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    version: i64,
) -> Result<()> {
    let (state, effect) = apply(tx, programme, entry, version, Action::Withdraw)?;
    let values = args![state.text(), entry.quantity, 0_i64];
    data::CLOSE.at(entry, version, values).write(tx, confirmation::CHANGED).await?;
    note(tx, programme, entry, version, "", (effect, serde_json::json!({}))).await
}

/// Withdraws what the caller claimed together, all of it or nothing: `rows` is how many there were, and of what was answered or
/// corrected since there are fewer left.
pub async fn withdraw_batch(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    (batch, rows): (&str, i64),
) -> Result<usize> {
    let ids = match batch {
        "" => Vec::new(),
        batch => confirmation::actions_of_batch(tx, "entry", batch).await?,
    };
    if ids.is_empty() {
        return Err(Error::NotFound);
    }
    if usize::try_from(rows) != Ok(ids.len()) {
        let words = "其中有的已经答复、更正或撤回，不能整批撤销；请在台账里逐条撤回。";
        return Err(Error::Conflict(words.to_owned()));
    }
    take_all_out(tx, programme, &ids).await?;
    Ok(ids.len())
}

/// Some of those that stand of what the caller claimed together, where nobody else touches them: how many there were.
pub async fn withdraw_some(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    batch: &str,
    most: usize,
) -> Result<usize> {
    let mut ids = confirmation::actions_of_batch(tx, "entry", batch).await?;
    ids.truncate(most);
    take_all_out(tx, programme, &ids).await?;
    Ok(ids.len())
}

async fn take_all_out(tx: &mut Tx, programme: &Arc<Programme>, ids: &[String]) -> Result<()> {
    for id in ids {
        let entry = tx.find::<EntryRow>(&data::SHOW, args![id]).await?;
        take_out(tx, programme, &entry, entry.version).await?;
    }
    Ok(())
}
