//! Rows for the tests that ask every route: each mechanism says how one of its own is made or found, and what else stands
//! in the braces of its paths.

use super::{Province, World};
use crate::network::pairings::PairingRow;
use crate::shared::mechanism::{self, Promise};
use jiedui_store::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A row that was made, with what its mechanism calls such a row.
type Named = (&'static str, String);

type LayOut = for<'a> fn(&'a mut Tx, &'a PairingRow) -> Promise<'a, Vec<Named>>;
type ByOrg = for<'a> fn(&'a World, &'a str) -> Promise<'a, Vec<Named>>;
type Find = fn(&Province, &str, &str, &str) -> Option<String>;

#[derive(Debug, Clone, Copy)]
pub struct Samples {
    /// The subjects of its routes, and to whom such a row belongs.
    pub rows: &'static [(&'static str, Belongs)],
    /// Makes one of each on a pairing.
    pub lay_out: Option<LayOut>,
    /// Makes one of each in the name of an organisation.
    pub by_org: Option<ByOrg>,
    /// Finds one that is in the province by itself: for a subject, an organisation and a pairing.
    pub find: Option<Find>,
    /// What else stands in its paths, braces included.
    pub places: fn(&Province) -> Vec<Named>,
}

impl Samples {
    pub const NONE: Self =
        Self { rows: &[], lay_out: None, by_org: None, find: None, places: |_| Vec::new() };
}

/// Who sees a row beside those in whose part of the province it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// The three of its pairing, also when the pairing is over.
    Pairing,
    /// Whoever is paired with the school now.
    School,
    /// Nobody: its author and the office that answers.
    Author,
    /// Its author, and the bureaus above it.
    Above,
}

/// To whom the rows of a subject belong.
pub fn belongs(subject: &str) -> Belongs {
    let mut rows = mechanism::all().flat_map(|one| one.samples.rows);
    let found = rows.find(|(name, _)| *name == subject);
    found.unwrap_or_else(|| panic!("no mechanism has samples of {subject}")).1
}

/// Rows by their subject and the pairing or organisation for which they were made.
#[derive(Default, Serialize, Deserialize)]
pub struct Rows(BTreeMap<String, BTreeMap<String, String>>);

impl Rows {
    pub async fn lay_out(&mut self, tx: &mut Tx, pairing: &PairingRow) {
        for make in mechanism::all().filter_map(|one| one.samples.lay_out) {
            for (subject, id) in make(tx, pairing).await {
                self.keep(subject, &pairing.id, id);
            }
        }
    }

    pub async fn write(&mut self, world: &World, org: &str) {
        for make in mechanism::all().filter_map(|one| one.samples.by_org) {
            for (subject, id) in make(world, org).await {
                self.keep(subject, org, id);
            }
        }
    }

    fn keep(&mut self, subject: &str, of: &str, id: String) {
        self.0.entry(subject.to_owned()).or_default().insert(of.to_owned(), id);
    }

    fn find(&self, subject: &str, of: &str) -> Option<&String> {
        self.0.get(subject)?.get(of)
    }

    /// One that was made on a pairing.
    pub fn on(&self, subject: &'static str, pairing: &str) -> String {
        self.find(subject, pairing).unwrap_or_else(|| panic!("no {subject} on {pairing}")).clone()
    }
}

/// A row of a subject, for an organisation and a pairing.
pub fn row(p: &Province, subject: &'static str, org: &str, pairing: &str) -> Option<String> {
    let mut owners = mechanism::all().filter(|one| one.samples.rows.iter().any(|(name, _)| *name == subject));
    if let Some(find) = owners.next().and_then(|one| one.samples.find) {
        return find(p, subject, org, pairing);
    }
    p.rows.find(subject, pairing).or_else(|| p.rows.find(subject, org)).cloned()
}
