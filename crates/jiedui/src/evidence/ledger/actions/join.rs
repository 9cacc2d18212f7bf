//! Joint work: each helper names its own people (decisions.md "Joint work"). One enters it; the other says of its own part
//! whom it sent, and only then does its clock move.

use super::super::data::{self, EntryRow, HelperRow};
use super::check::check_person;
use crate::network::pairings;
use crate::shared::confirmation::State;
use jiedui_kernel::{Actor, Date, Error, Period, Result};
use jiedui_programme::{PersonOf, Programme};
use jiedui_store::{Found, Tx, args};
use jiedui_web::history::{self, HistoryEntry};
use std::sync::Arc;

/// What the history calls it.
pub const KIND: (&str, &str) = ("join", "写明合办中本单位的人");

/// Whether the caller still has to say its own part.
pub fn joins(
    actor: &Actor,
    entry: &EntryRow,
    helpers: &[HelperRow],
    programme: &Arc<Programme>,
    today: Date,
) -> bool {
    let own = helpers.iter().find(|helper| helper.org == actor.org);
    helpers.len() > 1
        && own.is_some_and(|own| own.part.is_none())
        && entry.claimant != actor.org
        && entry.state != State::Withdrawn
        && pairings::rules::answers_still(entry.pairing_to, programme, today)
}

/// The caller says that it took part, with its own person where the activity names one.
pub async fn join(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    entry: &Found<EntryRow>,
    person: &str,
) -> Result<()> {
    let helpers = tx.all::<HelperRow>(&data::HELPERS_OF, args![&entry.id]).await?;
    let actor = std::sync::Arc::clone(tx.actor());
    if !joins(&actor, entry, &helpers, programme, tx.today()) {
        return Err(Error::Forbidden("这一条不是本单位参与的合办，或者已经写明过本单位的人。".to_owned()));
    }
    super::not_half_written(tx, &entry.id).await?;
    let activity = programme.activity(&entry.activity).ok_or(Error::NotFound)?;
    let period = Period::new(entry.from_day, entry.to_day).ok_or(Error::NotFound)?;
    let named = activity.person.as_ref().is_some_and(|rule| rule.of == PersonOf::Helper);
    let (mut errors, mut post) = (Vec::new(), String::new());
    if named {
        let at = (actor.org.as_str(), period, entry.id.as_str());
        post = check_person(tx, (programme, activity), Some(person), at, &mut errors).await?;
    }
    Error::of(errors)?;
    let person = named.then(|| person.to_owned());
    tx.change(entry, &data::INSERT_PART, args![&actor.org, person.clone(), &post]).await?;
    let change = serde_json::json!({ "person": person, "post": post });
    let step = HistoryEntry {
        resource: "entry",
        id: &entry.id,
        kind: KIND.0,
        reason: "",
        revision: entry.version,
        change,
    };
    history::record(tx, &step).await?;
    super::count(tx, programme, &entry.id).await
}
