//! Claiming an entry.

pub use super::check::side_of;
pub use super::new_entry::NewEntry;

use super::super::{data, rules};
use super::check::{Checked, check};
use crate::network::chains;
use crate::network::enterprises::{self, Named, Use};
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::shared::confirmation::{Confirmation, Record};
use crate::shared::retired;
use jiedui_kernel::{Actor, Code, Date, Error, Result, Unit};
use jiedui_programme::{Activity, Post, Programme, Side};
use jiedui_store::{Tx, args, named};
use jiedui_web::fields::{Values, not_offered};
use std::sync::Arc;

/// The posts of a rule, in words, for the form's help.
pub fn post_words(posts: &[Post]) -> String {
    let name = |post: &Post| {
        registry::POSTS.iter().find(|(id, _)| rules::post_of(id) == Some(*post)).map_or("", |(_, name)| *name)
    };
    posts.iter().map(name).collect::<Vec<_>>().join("、")
}

/// Writes a claim of the caller; returns the entry's id. Nothing is written where a check fails.
pub async fn claim(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    activity: &Activity,
    new: &NewEntry,
) -> Result<String> {
    claim_in_batch(tx, programme, activity, new, "").await
}

/// The same as one of several that are claimed together, so that they can be withdrawn together.
pub async fn claim_in_batch(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    activity: &Activity,
    new: &NewEntry,
    batch: &str,
) -> Result<String> {
    let Ready { checked, values, named } = ready(tx, programme, activity, new).await?;
    let claimant = tx.actor().org.clone();
    let (id, now) = (tx.new_id(), tx.now());
    let (next, effect) = Confirmation::begin(true);
    let fields = serde_json::Value::Object(values.clone()).to_string();
    named!(data::INSERT {
        id: &id,
        pairing: &new.pairing.id,
        activity: &activity.id,
        programme: &programme.meta.version,
        claimant: &claimant,
        answerer: &checked.answerer,
        from_day: checked.period.from,
        to_day: checked.period.to,
        person: checked.person.clone(),
        post: &checked.post,
        quantity: checked.quantity,
        state: next.state.text(),
        fields,
        claimed_at: now,
        project: checked.project.clone(),
    })
    .write(tx)
    .await?;
    for (org, share) in &checked.helpers {
        tx.write(&data::INSERT_HELPER, args![&id, org, *share]).await?;
    }
    name_people(tx, &id, &checked.roster).await?;
    let of = naming(&id, activity, (&new.pairing, checked.period.to));
    enterprises::keep(tx, of, &named).await?;
    chains::keep(tx, of, (&activity.fields, &values), &new.pairing.county_school).await?;
    let change = serde_json::json!({
        "from": checked.period.from, "to": checked.period.to, "person": checked.person, "post": checked.post,
        "quantity": checked.quantity, "fields": values, "activity": activity.id, "project": checked.project,
        "roster": checked.roster,
    });
    let record = Record { resource: "entry", id: &id, version: 1, effect, reason: "", batch, change };
    super::record(tx, programme, record).await?;
    Ok(id)
}

/// A claim that passed every check, with what it names.
struct Ready {
    checked: Checked,
    values: Values,
    named: Vec<Named>,
}

/// Everything that comes before the writing of a claim. In a transaction that only reads nothing is registered.
async fn ready(tx: &mut Tx, programme: &Programme, activity: &Activity, new: &NewEntry) -> Result<Ready> {
    retired::refuse(activity, tx.today())?;
    let sides = sides(tx.actor(), activity);
    Error::of(not_offered(&activity.fields, &new.fields, &sides))?;
    let claimant = tx.actor().org.clone();
    let checked = check(tx, programme, activity, &claimant, new, "").await?;
    let mut values = jiedui_web::fields::kept(&activity.fields, new.fields.clone());
    let named = enterprises::register(tx, &activity.fields, &mut values, &new.pairing.county_school).await?;
    all_counted(activity, &named, checked.quantity)?;
    chains::register(tx, &activity.fields, &mut values, &new.pairing.county_school).await?;
    Ok(Ready { checked, values, named })
}

/// What a claim of the caller would be, in a transaction that only reads.
pub async fn tried(
    tx: &mut Tx,
    programme: &Programme,
    activity: &Activity,
    new: &NewEntry,
) -> Result<Checked> {
    ready(tx, programme, activity, new).await.map(|ready| ready.checked)
}

/// The sides on which the caller claims an activity.
pub fn sides(actor: &Actor, activity: &Activity) -> Vec<Side> {
    let mine = |side: &&Side| actor.has_role(side.role());
    activity.claimed_by.iter().filter(mine).copied().collect()
}

/// Of an activity that counts enterprises no more are named than are counted.
pub fn all_counted(activity: &Activity, named: &[Named], quantity: i64) -> Result<()> {
    let number = i64::try_from(named.len()).unwrap_or(i64::MAX);
    if activity.unit == Unit::Enterprises && number > quantity {
        let words = "写了名称的企业比家数多；请核对家数，或者删除多写的名称。";
        return Err(Error::field("quantity", Code::NotFitting.says(words)));
    }
    Ok(())
}

/// An entry as something that names enterprises and chains.
pub fn naming<'a>(entry: &'a str, activity: &'a Activity, (pairing, day): (&'a PairingRow, Date)) -> Use<'a> {
    let (what, pairing) = (activity.id.as_str(), Some(pairing.id.as_str()));
    Use { kind: "entry", resource: entry, what, pairing, org: None, day }
}

/// Sets the people an entry names.
pub async fn name_people(tx: &mut Tx, entry: &str, roster: &[String]) -> Result<()> {
    for person in roster {
        tx.write(&data::INSERT_PERSON, args![entry, person]).await?;
    }
    Ok(())
}

/// The pairings on which the caller can claim an activity today.
pub async fn pairings_for(tx: &mut Tx, activity: &Activity) -> Result<Vec<PairingRow>> {
    let (today, actor) = (tx.today(), std::sync::Arc::clone(tx.actor()));
    let all = pairings::in_scope(tx).await?;
    Ok(fitting(&all, activity, &actor, today).cloned().collect())
}

/// Those among pairings on which somebody can claim an activity on a day.
pub fn fitting<'a>(
    pairings: &'a [PairingRow],
    activity: &'a Activity,
    actor: &'a Actor,
    today: Date,
) -> impl Iterator<Item = &'a PairingRow> {
    pairings.iter().filter(move |row| {
        pairings::rules::runs(row.from_day, row.to_day, today)
            && side_of(row, actor).is_some_and(|side| activity.claimed_by.contains(&side))
    })
}
