//! The rows as they are kept, held against everything counted from scratch.

use super::data::{self, ContributionRow, Named, SumOff};
use super::sums::{self, SumTable};
use super::write;
use jiedui_kernel::{Date, Result};
use jiedui_programme::{
    Contribution, PERSON, Posts, Programme, World, contributions, contributions_of_entry, covered_people,
};
use jiedui_store::{Tx, args};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the tables should hold.
pub struct Recomputed {
    pub(super) rows: Vec<Contribution>,
    named: BTreeSet<Named>,
}

impl Recomputed {
    pub fn of(programme: &Programme, world: &World) -> Self {
        let named = world.entries.iter().flat_map(|fact| {
            let people = contributions_of_entry(programme, fact).into_iter().filter(|one| one.kind == PERSON);
            people.map(|one| write::named(&fact.id, one))
        });
        Self { rows: contributions(programme, world), named: named.collect() }
    }

    /// Things alone: who is named by them is counted with the people.
    pub fn of_things(programme: &Programme, world: &World) -> Self {
        let mut found = Self::of(programme, world);
        found.rows.retain(|row| row.kind != PERSON);
        found
    }
}

/// The ids of one part of a comparison: behind the first, up to the last. A comparison of everything goes part by part, so
/// that it never holds the whole ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdRange {
    after: String,
    upto: String,
}

/// Behind every id, which are hexadecimal, and before what people are counted under.
const BEHIND_IDS: &str = "g";
/// Behind everything.
pub(super) const BEHIND_ALL: &str = "zzzz";
/// People that are compared at a time.
const PEOPLE: i64 = 2_000;

impl IdRange {
    pub fn whole() -> Self {
        Self { after: String::new(), upto: BEHIND_ALL.to_owned() }
    }

    /// The things behind an id, up to another; to the last of all where there is none.
    pub fn of_things(after: &str, upto: Option<&str>) -> Self {
        Self { after: after.to_owned(), upto: upto.unwrap_or(BEHIND_IDS).to_owned() }
    }

    pub fn holds(&self, id: &str) -> bool {
        self.after.as_str() < id && id <= self.upto.as_str()
    }
}

/// The next people whom entries name, and what they come to. Begins behind `""`, and says behind whom to go on; `None` where
/// these were the last.
pub async fn people(
    tx: &mut Tx,
    after: &str,
    posts: &Posts,
) -> Result<(Recomputed, IdRange, Option<String>)> {
    let next = tx.all::<(String,)>(&data::NEXT_PEOPLE, args![after, PEOPLE]).await?;
    let full = next.len() as i64 == PEOPLE;
    let last = next.into_iter().next_back().map(|(person,)| person);
    let named =
        tx.all::<Named>(&data::NAMED_OF_PEOPLE, args![after, last.clone().unwrap_or_default()]).await?;
    let rows = covered_people(named.into_iter().map(write::contribution).collect(), posts);
    let last = last.filter(|_| full);
    let range = IdRange {
        after: if after.is_empty() { BEHIND_IDS } else { after }.to_owned(),
        upto: last.clone().unwrap_or_else(|| BEHIND_ALL.to_owned()),
    };
    Ok((Recomputed { rows, named: BTreeSet::new() }, range, last))
}

/// One row that is not what it should be. Both sides are claimed and confirmed; `None` where there is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub indicator: String,
    pub resource: String,
    /// The school at which it is counted.
    pub school: String,
    pub day: Date,
    pub kept: Option<(i64, i64)>,
    pub found: Option<(i64, i64)>,
}

impl Difference {
    /// For the record of a rebuild.
    pub fn named(&self) -> serde_json::Value {
        serde_json::json!([self.indicator, self.resource, self.day, self.kept, self.found])
    }
}

type Key = (String, String, Date);

struct State {
    kept: BTreeMap<Key, ContributionRow>,
    wanted: BTreeMap<Key, ContributionRow>,
    named: BTreeSet<Named>,
    /// Sums of the journal, by row and place.
    journal: Vec<ContributionRow>,
}

fn key(row: &ContributionRow) -> Key {
    (row.resource.clone(), row.indicator.clone(), row.day)
}

async fn read(tx: &mut Tx, found: &Recomputed, part: &IdRange) -> Result<State> {
    let within = || args![&part.after, &part.upto];
    let pairings: HashMap<String, String> =
        tx.all::<(String, String)>(&data::PAIRINGS, within()).await?.into_iter().collect();
    let wanted = found.rows.iter().map(|one| {
        let row = write::contribution_row(one.clone(), pairings.get(&one.resource).cloned());
        (key(&row), row)
    });
    let wanted = wanted.collect();
    let kept = tx
        .all::<ContributionRow>(&data::ALL, within())
        .await?
        .into_iter()
        .map(|row| (key(&row), row))
        .collect();
    let named = tx.all::<Named>(&data::ALL_NAMED, within()).await?.into_iter().collect();
    let journal = tx.all::<ContributionRow>(&data::JOURNAL, within()).await?;
    Ok(State { kept, wanted, named, journal })
}

impl State {
    fn differences(&self) -> Vec<Difference> {
        let keys: BTreeSet<&Key> = self.kept.keys().chain(self.wanted.keys()).collect();
        let amounts = |row: Option<&ContributionRow>| row.map(|row| (row.claimed, row.confirmed));
        let differing = keys.into_iter().filter(|key| self.kept.get(key) != self.wanted.get(key));
        let school = |key: &Key| {
            let row = self.kept.get(key).or_else(|| self.wanted.get(key));
            row.map(|row| row.school.clone()).unwrap_or_default()
        };
        differing
            .map(|key| Difference {
                school: school(key),
                resource: key.0.clone(),
                indicator: key.1.clone(),
                day: key.2,
                kept: amounts(self.kept.get(key)),
                found: amounts(self.wanted.get(key)),
            })
            .collect()
    }

    /// Where the sums of the journal are not what is kept: the line that brings them in line.
    fn unsaid(&self) -> Vec<(ContributionRow, i64, i64)> {
        let mut said: BTreeSet<Key> = BTreeSet::new();
        let mut lines = Vec::new();
        for sum in &self.journal {
            let here = self.kept.get(&key(sum)).filter(|row| write::same_place(row, sum));
            let (claimed, confirmed) = here.map_or((0, 0), |row| (row.claimed, row.confirmed));
            said.extend(here.map(key));
            if (claimed, confirmed) != (sum.claimed, sum.confirmed) {
                lines.push((sum.clone(), claimed - sum.claimed, confirmed - sum.confirmed));
            }
        }
        let silent = self.kept.values().filter(|row| !said.contains(&key(row)));
        lines.extend(silent.map(|row| (row.clone(), row.claimed, row.confirmed)));
        lines
    }
}

/// Everything in which a part of the tables is not what it should be, the journal included.
pub async fn compare(tx: &mut Tx, found: &Recomputed, part: &IdRange) -> Result<Vec<Difference>> {
    let state = read(tx, found, part).await?;
    let mut all = state.differences();
    all.extend(state.unsaid().into_iter().map(|(row, claimed, confirmed)| Difference {
        kept: Some((row.claimed, row.confirmed)),
        found: Some((row.claimed + claimed, row.confirmed + confirmed)),
        indicator: row.indicator,
        resource: row.resource,
        school: row.school,
        day: row.day,
    }));
    let wrongly = state.named.symmetric_difference(&found.named);
    all.extend(wrongly.map(|one| Difference {
        indicator: one.indicator.clone(),
        resource: one.person.clone(),
        school: one.school.clone(),
        day: one.day,
        kept: state.named.contains(one).then_some((1, one.confirmed)),
        found: found.named.contains(one).then_some((1, one.confirmed)),
    }));
    Ok(all)
}

/// The rows of a part alone that the running code counts otherwise: what it makes of the facts, beside what is kept.
pub async fn recounted(tx: &mut Tx, found: &Recomputed, part: &IdRange) -> Result<Vec<Difference>> {
    Ok(read(tx, found, part).await?.differences())
}

/// Where kept sums are not those of their rows.
pub async fn sums_off(tx: &mut Tx) -> Result<Vec<Difference>> {
    Ok(sums::compare(tx).await?.into_iter().map(sum_off).collect())
}

/// A sum that is not that of its rows: what it lacks, or has too much.
fn sum_off((table, off): (SumTable, SumOff)) -> Difference {
    let (year, month) =
        if table == SumTable::Year { (off.month, 1) } else { (off.month / 100, off.month % 100) };
    let first = |(year, month)| Date::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month).ok()?, 1);
    Difference {
        indicator: off.indicator,
        resource: format!("{} {} {} {}", table.name(), off.school, off.pairing, off.kind)
            .trim_end()
            .to_owned(),
        school: off.school,
        day: first((year, month)).unwrap_or_default(),
        kept: None,
        found: Some((off.claimed, off.confirmed)),
    }
}

/// Brings a part of the tables in line; each difference becomes a line of the journal. The leaf is the caller's, who calls
/// [`align_sums`] at the end.
pub async fn align(tx: &mut Tx, found: &Recomputed, part: &IdRange) -> Result<Vec<Difference>> {
    let state = read(tx, found, part).await?;
    for (row, claimed, confirmed) in state.unsaid() {
        write::append_change(tx, &row, claimed, confirmed, "rebuilt").await?;
    }
    let differences = state.differences();
    let resources: BTreeSet<&str> = differences.iter().map(|one| one.resource.as_str()).collect();
    for resource in resources {
        let first = (resource.to_owned(), String::new(), Date::MIN);
        let own = state.wanted.range(first..).map(|(_, row)| row).take_while(|row| row.resource == resource);
        let own: Vec<&ContributionRow> = own.collect();
        let pairing = own.first().and_then(|row| row.pairing.clone());
        let own = own.into_iter().cloned().map(contribution).collect();
        write::reconcile(tx, resource, own, pairing, Some("rebuilt")).await?;
    }
    let entries: BTreeSet<&str> =
        state.named.symmetric_difference(&found.named).map(|one| one.entry.as_str()).collect();
    for entry in &entries {
        tx.write(&data::DROP_NAMED, args![*entry]).await?;
    }
    for one in found.named.iter().filter(|one| entries.contains(one.entry.as_str())) {
        write::add_named(tx, one).await?;
    }
    Ok(differences)
}

/// Brings the sums in line with their rows.
pub async fn align_sums(tx: &mut Tx) -> Result<()> {
    sums::align(tx).await
}

fn contribution(row: ContributionRow) -> Contribution {
    Contribution {
        indicator: row.indicator,
        resource: row.resource,
        kind: row.kind,
        school: row.school,
        day: row.day,
        claimed: row.claimed,
        confirmed: row.confirmed,
    }
}
