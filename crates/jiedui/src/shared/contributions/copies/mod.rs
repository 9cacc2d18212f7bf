//! What copies of an entry add: as much as the entry, on other days. For the demonstration multiplied; what counts once
//! among all of them (a person) is brought in line by whoever aligns the figures afterwards.

mod data;

use super::check::BEHIND_ALL;
use super::data::{ALL, ALL_NAMED, ContributionRow, Named};
use super::month_of;
use super::write::contribution_row;
use chrono::TimeDelta;
use data::WholeChange;
use jiedui_kernel::Result;
use jiedui_programme::{EntryFact, PERSON, Programme, contributions_of_entry};
use jiedui_store::{Tx, args, line};
use std::collections::HashMap;

/// Everything that one thing adds.
#[derive(Debug, Clone, Default)]
pub struct ContributionCopy {
    rows: Vec<ContributionRow>,
    changes: Vec<WholeChange>,
    named: Vec<Named>,
}

impl ContributionCopy {
    /// The same of another entry, so many days later. `fact` is that entry, where it stands: the days of a stay lie in other
    /// months then, and its contributions are told as if nobody had ever corrected it.
    pub fn moved(&self, programme: &Programme, fact: Option<&EntryFact>, id: &str, days: i64) -> Self {
        let by = TimeDelta::days(days);
        let mut copy = self.clone();
        for row in &mut copy.rows {
            id.clone_into(&mut row.resource);
            row.day += by;
        }
        for change in &mut copy.changes {
            id.clone_into(&mut change.resource);
            change.day += by;
            change.at += by;
            change.made_on += by;
        }
        if let Some(fact) = fact {
            copy.split(programme, fact);
        }
        for one in &mut copy.named {
            id.clone_into(&mut one.entry);
            one.day += by;
        }
        copy
    }

    /// Takes what the entry adds on its own days, where these are not simply later ones.
    fn split(&mut self, programme: &Programme, fact: &EntryFact) {
        let pairing = self.rows.first().and_then(|row| row.pairing.clone());
        let own = contributions_of_entry(programme, fact).into_iter().filter(|one| one.kind != PERSON);
        let mut rows: Vec<_> = own.map(|one| contribution_row(one, pairing.clone())).collect();
        rows.sort_unstable_by(|a, b| (&a.indicator, a.day).cmp(&(&b.indicator, b.day)));
        let ends = self.changes.first().cloned().zip(self.changes.last().cloned());
        let Some((first, last)) = ends.filter(|_| rows != self.rows) else { return };
        let new = rows.iter().map(|row| change_of(row, &first, "new", (row.claimed, 0)));
        let answered = rows.iter().filter(|row| row.confirmed != 0);
        let confirmed = answered.map(|row| change_of(row, &last, "confirmed", (0, row.confirmed)));
        self.changes = new.chain(confirmed).collect();
        self.rows = rows;
    }
}

/// A line of the journal about a row, written when another was.
fn change_of(
    row: &ContributionRow,
    like: &WholeChange,
    cause: &str,
    (claimed, confirmed): (i64, i64),
) -> WholeChange {
    WholeChange {
        at: like.at,
        made_on: like.made_on,
        indicator: row.indicator.clone(),
        resource: row.resource.clone(),
        day: row.day,
        kind: row.kind.clone(),
        school: row.school.clone(),
        pairing: row.pairing.clone(),
        d_claimed: claimed,
        d_confirmed: confirmed,
        cause: cause.to_owned(),
    }
}

/// What each thing adds, by its id.
pub async fn all(tx: &mut Tx) -> Result<HashMap<String, ContributionCopy>> {
    let mut found: HashMap<String, ContributionCopy> = HashMap::new();
    for row in tx.all::<ContributionRow>(&ALL, args!["", BEHIND_ALL]).await? {
        found.entry(row.resource.clone()).or_default().rows.push(row);
    }
    for change in tx.all::<WholeChange>(&data::CHANGES, Vec::new()).await? {
        found.entry(change.resource.clone()).or_default().changes.push(change);
    }
    for one in tx.all::<Named>(&ALL_NAMED, args!["", BEHIND_ALL]).await? {
        found.entry(one.entry.clone()).or_default().named.push(one);
    }
    Ok(found)
}

/// Writes copies. The audit record is the caller's.
pub async fn add(tx: &mut Tx, copies: Vec<ContributionCopy>) -> Result<()> {
    let (mut rows, mut changes, mut named) = (Vec::new(), Vec::new(), Vec::new());
    for copy in copies {
        rows.extend(copy.rows.into_iter().map(line_of_row));
        changes.extend(copy.changes.into_iter().map(|one| line_of_change(tx.random().id(one.at), one)));
        named.extend(copy.named.into_iter().map(|one| {
            line!(data::ADD_NAMED {
                indicator: one.indicator,
                person: one.person,
                entry: one.entry,
                day: one.day,
                school: one.school,
                confirmed: one.confirmed,
            })
        }));
    }
    tx.add_rows(&data::ADD_ROWS, rows).await?;
    tx.add_rows(&data::ADD_CHANGES, changes).await?;
    tx.add_rows(&data::ADD_NAMED, named).await.map(drop)
}

fn line_of_row(row: ContributionRow) -> Vec<jiedui_store::Arg> {
    line!(data::ADD_ROWS {
        indicator: row.indicator,
        resource: row.resource,
        day: row.day,
        month: month_of(row.day),
        kind: row.kind,
        school: row.school,
        pairing: row.pairing,
        claimed: row.claimed,
        confirmed: row.confirmed,
    })
}

fn line_of_change(id: String, change: WholeChange) -> Vec<jiedui_store::Arg> {
    line!(data::ADD_CHANGES {
        id,
        at: change.at,
        made_on: change.made_on,
        indicator: change.indicator,
        resource: change.resource,
        day: change.day,
        month: month_of(change.day),
        kind: change.kind,
        school: change.school,
        pairing: change.pairing,
        d_claimed: change.d_claimed,
        d_confirmed: change.d_confirmed,
        cause: change.cause,
    })
}
