//! The matching as files: the question as a workbook and back, its proof as a workbook that recomputes itself, and the
//! table that is annexed to an order. Pure: no database, no clock. The formats stand in `docs/matching.md`.

mod annex;
mod certificate_book;
mod changing;
mod decisions;
mod instance_book;
mod pairs;
mod partings;
mod places;
mod read_book;
#[cfg(test)]
mod tests;

pub use annex::{AnnexHead, AnnexRow, annex_book, annex_paper};
pub use certificate_book::{certificate_book, leaves};
pub use instance_book::instance_book;
pub use pairs::{Bound, Pair, Prices, Question, floor_points};
pub use read_book::read_instance_book;

use std::collections::BTreeMap;

/// What people call a school, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    pub name: String,
    /// May be "".
    pub place: String,
}

/// Id → name. What has none is shown by its id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    pub needs: BTreeMap<String, String>,
    /// County schools and partners alike.
    pub schools: BTreeMap<String, Named>,
    /// Which weight would part each pair; empty where nobody had it made.
    pub weights: Vec<Parting>,
    /// What people decided; where nothing is said, what the question has settled is listed in its place.
    pub decisions: Vec<Decision>,
}

/// Something that a person decided and no score: the proof holds under it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// May be "" where it is about a partner alone.
    pub county_school: String,
    pub what: String,
    pub partner: String,
    pub reason: String,
    /// By how much the sum is less with it.
    pub loss: Option<i64>,
}

/// The nearest weight at which a pair has to go, and who comes instead; all of it empty but the name where none does it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parting {
    pub county_school: String,
    pub weight: String,
    /// From what to what.
    pub moved: Option<(i64, i64)>,
    pub lead: String,
    pub nearby: String,
}

impl Names {
    fn need<'a>(&'a self, id: &'a str) -> &'a str {
        self.needs.get(id).map_or(id, String::as_str)
    }

    fn school<'a>(&'a self, id: &'a str) -> &'a str {
        self.schools.get(id).map_or(id, |named| &named.name)
    }

    fn place(&self, id: &str) -> &str {
        self.schools.get(id).map_or("", |named| &named.place)
    }

    /// A name for each of these that no other of them has: the id is added where two schools are called the same.
    fn labels<'a>(&self, ids: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
        let mut count = BTreeMap::new();
        for id in ids.clone() {
            *count.entry(self.school(id)).or_insert(0) += 1;
        }
        ids.map(|id| match self.school(id) {
            name if name != id && count.get(name).is_some_and(|count| *count > 1) => {
                format!("{name}（{id}）")
            }
            name => name.to_owned(),
        })
        .collect()
    }
}
