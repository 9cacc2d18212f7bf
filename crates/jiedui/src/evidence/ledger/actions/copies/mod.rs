//! Entries of which there shall be many more on other days: for the demonstration multiplied. Nothing is checked here; a
//! copy is as right as what it is a copy of, and as the day to which it is moved.

mod data;

use crate::shared::confirmation::State;
use chrono::TimeDelta;
use data::{WholeEntry, WholePart};
use jiedui_kernel::{Date, Instant, Result};
use jiedui_store::{Tx, line};
use std::collections::HashMap;

/// An entry with everything that hangs on it.
#[derive(Debug, Clone)]
pub struct EntryCopy {
    entry: WholeEntry,
    helpers: Vec<(String, i64)>,
    people: Vec<String>,
    parts: Vec<WholePart>,
}

impl EntryCopy {
    pub fn id(&self) -> &str {
        &self.entry.id
    }

    pub fn pairing(&self) -> &str {
        &self.entry.pairing
    }

    pub fn days(&self) -> (Date, Date) {
        (self.entry.from_day, self.entry.to_day)
    }

    pub fn claimed_at(&self) -> Instant {
        self.entry.claimed_at
    }

    /// Whether somebody is still to say something about it.
    pub fn is_open(&self) -> bool {
        !matches!(self.entry.state, State::Confirmed | State::Withdrawn)
    }

    /// Who has to be in which post on its days.
    pub fn posts(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.entry.person.as_deref().map(|person| (person, self.entry.post.as_str()));
        let parts = self.parts.iter().filter_map(|part| Some((part.person.as_deref()?, part.post.as_str())));
        own.into_iter().chain(parts)
    }

    /// What it is one of, for whoever compares a ledger with its copies.
    #[cfg(test)]
    pub fn kinds(&self) -> [String; 3] {
        [&self.entry.activity, self.entry.state.text(), &self.entry.pairing].map(str::to_owned)
    }

    /// The same so many days later.
    pub fn moved(&self, id: &str, days: i64) -> Self {
        let by = TimeDelta::days(days);
        let mut copy = self.clone();
        let entry = &mut copy.entry;
        id.clone_into(&mut entry.id);
        entry.from_day += by;
        entry.to_day += by;
        entry.disputed_from = entry.disputed_from.map(|day| day + by);
        entry.disputed_to = entry.disputed_to.map(|day| day + by);
        entry.claimed_at += by;
        entry.answered_at = entry.answered_at.map(|at| at + by);
        copy
    }
}

/// How many entries there are.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    tx.number(&data::COUNT, Vec::new()).await
}

/// Every entry of the ledger.
pub async fn all(tx: &mut Tx) -> Result<Vec<EntryCopy>> {
    let mut helpers: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    for (entry, org, share) in tx.all::<(String, String, i64)>(&data::HELPERS, Vec::new()).await? {
        helpers.entry(entry).or_default().push((org, share));
    }
    let mut people: HashMap<String, Vec<String>> = HashMap::new();
    for (entry, person) in tx.all::<(String, String)>(&data::PEOPLE, Vec::new()).await? {
        people.entry(entry).or_default().push(person);
    }
    let mut parts: HashMap<String, Vec<WholePart>> = HashMap::new();
    for part in tx.all::<WholePart>(&data::PARTS, Vec::new()).await? {
        parts.entry(part.entry.clone()).or_default().push(part);
    }
    let entries = tx.all::<WholeEntry>(&data::ENTRIES, Vec::new()).await?;
    let one = |entry: WholeEntry| EntryCopy {
        helpers: helpers.remove(&entry.id).unwrap_or_default(),
        people: people.remove(&entry.id).unwrap_or_default(),
        parts: parts.remove(&entry.id).unwrap_or_default(),
        entry,
    };
    Ok(entries.into_iter().map(one).collect())
}

/// Writes copies. History, figures and the audit record are the caller's.
pub async fn add(tx: &mut Tx, copies: Vec<EntryCopy>) -> Result<()> {
    let (mut helpers, mut people, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for copy in &copies {
        let entry = &copy.entry.id;
        helpers.extend(
            copy.helpers.iter().map(|(org, share)| line!(data::ADD_HELPERS { entry, org, share: *share })),
        );
        people.extend(copy.people.iter().map(|person| line!(data::ADD_PEOPLE { entry, person })));
        parts.extend(copy.parts.iter().map(|part| {
            line!(data::ADD_PARTS { entry, org: &part.org, person: part.person.clone(), post: &part.post })
        }));
    }
    let entries = copies.into_iter().map(|copy| line_of(copy.entry)).collect();
    tx.add_rows(&data::ADD_ENTRIES, entries).await?;
    tx.add_rows(&data::ADD_HELPERS, helpers).await?;
    tx.add_rows(&data::ADD_PEOPLE, people).await?;
    tx.add_rows(&data::ADD_PARTS, parts).await.map(drop)
}

fn line_of(entry: WholeEntry) -> Vec<jiedui_store::Arg> {
    line!(data::ADD_ENTRIES {
        id: entry.id,
        pairing: entry.pairing,
        activity: entry.activity,
        programme: entry.programme,
        claimant: entry.claimant,
        answerer: entry.answerer,
        from_day: entry.from_day,
        to_day: entry.to_day,
        person: entry.person,
        post: entry.post,
        quantity: entry.quantity,
        confirmed: entry.confirmed,
        disputed_from: entry.disputed_from,
        disputed_to: entry.disputed_to,
        state: entry.state.text(),
        fields: entry.fields,
        claimed_at: entry.claimed_at,
        answered_at: entry.answered_at,
        answered_by: entry.answered_by,
        version: entry.version,
        project: entry.project,
    })
}
