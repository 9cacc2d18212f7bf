//! What copies of an entry add: as much as the entry, on other days. For the demonstration multiplied; what counts once
//! among all of them (a person) is brought in line by whoever aligns the figures afterwards.

mod data;

use super::data::{ALL, ALL_NAMED, ContributionRow, Named};
use super::month_of;
use chrono::TimeDelta;
use data::WholeChange;
use jiedui_kernel::Result;
use jiedui_store::{Tx, line};
use std::collections::HashMap;

/// Everything that one thing adds.
#[derive(Debug, Clone, Default)]
pub struct ContributionCopy {
    rows: Vec<ContributionRow>,
    changes: Vec<WholeChange>,
    named: Vec<Named>,
}

impl ContributionCopy {
    /// The same of another thing, so many days later.
    pub fn moved(&self, id: &str, days: i64) -> Self {
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
        for one in &mut copy.named {
            id.clone_into(&mut one.entry);
            one.day += by;
        }
        copy
    }
}

/// What each thing adds, by its id.
pub async fn all(tx: &mut Tx) -> Result<HashMap<String, ContributionCopy>> {
    let mut found: HashMap<String, ContributionCopy> = HashMap::new();
    for row in tx.all::<ContributionRow>(&ALL, Vec::new()).await? {
        found.entry(row.resource.clone()).or_default().rows.push(row);
    }
    for change in tx.all::<WholeChange>(&data::CHANGES, Vec::new()).await? {
        found.entry(change.resource.clone()).or_default().changes.push(change);
    }
    for one in tx.all::<Named>(&ALL_NAMED, Vec::new()).await? {
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
