//! Bringing the rows of one thing to what it adds now, and writing down each difference.

use super::data::{self, ContributionRow, Named, PostRow};
use super::{month_of, sums};
use jiedui_kernel::{Date, Result};
use jiedui_programme::{Contribution, EntryFact, PERSON, Programme, contributions_of_entry, covered_people};
use jiedui_store::{Tx, args, named};
use std::collections::{BTreeMap, BTreeSet};

/// Why a person counts otherwise where two records of one became one, or two again.
pub(super) const MERGED: &str = "merged";

/// What is kept of a thing and what it adds now, for one indicator and day.
type Pair = (Option<ContributionRow>, Option<ContributionRow>);

pub(super) async fn entry(
    tx: &mut Tx,
    programme: &Programme,
    fact: &EntryFact,
    cause: Option<&'static str>,
) -> Result<()> {
    let found = contributions_of_entry(programme, fact);
    let (people, own): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| one.kind == PERSON);
    let pairing = tx.maybe::<(String,)>(&data::PAIRING_OF, args![&fact.id]).await?;
    reconcile(tx, &fact.id, own, pairing.map(|row| row.0), None).await?;
    sync_covered_people(tx, &fact.id, people, cause).await
}

/// The people whom an entry names: each counts once, so those who are named, or were, are looked at with all the entries
/// that name them.
async fn sync_covered_people(
    tx: &mut Tx,
    entry: &str,
    people: Vec<Contribution>,
    cause: Option<&'static str>,
) -> Result<()> {
    let now: BTreeSet<Named> = people.into_iter().map(|one| named(entry, one)).collect();
    let kept = tx.all::<Named>(&data::NAMED_BY, args![entry]).await?;
    let kept: BTreeSet<Named> = kept.into_iter().collect();
    if now == kept {
        return Ok(());
    }
    tx.write(&data::TAKE_TURN, Vec::new()).await?;
    if !kept.is_empty() {
        tx.write(&data::DROP_NAMED, args![entry]).await?;
    }
    for one in &now {
        add_named(tx, one).await?;
    }
    let touched: BTreeSet<&str> = now.symmetric_difference(&kept).map(|one| one.person.as_str()).collect();
    for person in touched {
        let naming = tx.all::<Named>(&data::NAMING, args![person]).await?;
        count_person(tx, person, naming, cause).await?;
    }
    Ok(())
}

/// To be called by whoever changed when a person is in post: it counts on the days in post alone.
pub async fn post_changed(tx: &mut Tx, person: &str) -> Result<()> {
    count_again(tx, person, None).await
}

/// To be called by whoever said of a record of a person that it leads to this one, or no longer does: the days in post of both
/// are this one's.
pub async fn person_led(tx: &mut Tx, person: &str) -> Result<()> {
    count_again(tx, person, Some(MERGED)).await
}

async fn count_again(tx: &mut Tx, person: &str, cause: Option<&'static str>) -> Result<()> {
    let resource = format!("{PERSON}:{person}");
    if tx.all::<Named>(&data::NAMING, args![&resource]).await?.is_empty() {
        return Ok(());
    }
    tx.write(&data::TAKE_TURN, Vec::new()).await?;
    let naming = tx.all::<Named>(&data::NAMING, args![&resource]).await?;
    count_person(tx, &resource, naming, cause).await
}

/// Counts a person from scratch: by all entries that name them, on the days on which they are in post.
async fn count_person(
    tx: &mut Tx,
    resource: &str,
    naming: Vec<Named>,
    cause: Option<&'static str>,
) -> Result<()> {
    let person = resource.split_once(':').map_or(resource, |(_, id)| id);
    let spans = tx.all::<PostRow>(&data::POSTS_OF, args![person]).await?;
    let posts = data::posts(spans);
    let found = covered_people(naming.into_iter().map(contribution).collect(), &posts);
    reconcile(tx, resource, found, None, cause).await
}

pub(super) async fn add_named(tx: &mut Tx, one: &Named) -> Result<()> {
    let values = args![&one.indicator, &one.person, &one.entry, one.day, &one.school, one.confirmed];
    tx.write(&data::ADD_NAMED, values).await?;
    Ok(())
}

pub(super) fn named(entry: &str, one: Contribution) -> Named {
    Named {
        indicator: one.indicator,
        person: one.resource,
        entry: entry.to_owned(),
        day: one.day,
        school: one.school,
        confirmed: one.confirmed,
    }
}

pub(super) fn contribution(one: Named) -> Contribution {
    Contribution {
        indicator: one.indicator,
        resource: one.person,
        kind: PERSON.to_owned(),
        school: one.school,
        day: one.day,
        claimed: 1,
        confirmed: one.confirmed,
    }
}

/// Brings the rows of a thing to what it adds now. `cause` is given where it does not follow from the change itself.
pub(super) async fn reconcile(
    tx: &mut Tx,
    resource: &str,
    found: Vec<Contribution>,
    pairing: Option<String>,
    cause: Option<&'static str>,
) -> Result<()> {
    let mut pairs: BTreeMap<(String, Date), Pair> = BTreeMap::new();
    for old in tx.all::<ContributionRow>(&data::OF_RESOURCE, args![resource]).await? {
        pairs.insert((old.indicator.clone(), old.day), (Some(old), None));
    }
    for new in found {
        let new = contribution_row(new, pairing.clone());
        let key = (new.indicator.clone(), new.day);
        pairs.entry(key).or_default().1 = Some(new);
    }
    // Of each indicator all days together say what happened.
    let mut of_indicator: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for ((indicator, _), pair) in &pairs {
        of_indicator.entry(indicator).or_default().push(pair);
    }
    for changed in of_indicator.values() {
        let cause = cause.unwrap_or_else(|| cause_of(changed));
        for (old, new) in changed.iter().copied().filter(|(old, new)| old != new) {
            upsert(tx, old.as_ref(), new.as_ref(), cause).await?;
        }
    }
    Ok(())
}

pub(super) fn contribution_row(one: Contribution, pairing: Option<String>) -> ContributionRow {
    ContributionRow {
        indicator: one.indicator,
        resource: one.resource,
        day: one.day,
        kind: one.kind,
        school: one.school,
        pairing,
        claimed: one.claimed,
        confirmed: one.confirmed,
    }
}

async fn upsert(
    tx: &mut Tx,
    old: Option<&ContributionRow>,
    new: Option<&ContributionRow>,
    cause: &'static str,
) -> Result<()> {
    if let Some(row) = old {
        sums::row(tx, row, [-1, -row.claimed, -row.confirmed])?;
    }
    match new {
        Some(row) => {
            sums::row(tx, row, [1, row.claimed, row.confirmed])?;
            named!(data::PUT {
                indicator: &row.indicator,
                resource: &row.resource,
                day: row.day,
                month: month_of(row.day),
                kind: &row.kind,
                school: &row.school,
                pairing: row.pairing.clone(),
                claimed: row.claimed,
                confirmed: row.confirmed,
            })
            .write(tx)
            .await?;
        }
        None => {
            if let Some(row) = old {
                tx.write(&data::DROP, args![&row.indicator, &row.resource, row.day]).await?;
            }
        }
    }
    match (old, new) {
        (Some(old), Some(new)) if same_place(old, new) => {
            append_change(tx, new, new.claimed - old.claimed, new.confirmed - old.confirmed, cause).await
        }
        // Under another school than before: what it was there is taken back there.
        (old, new) => {
            if let Some(row) = old {
                append_change(tx, row, -row.claimed, -row.confirmed, cause).await?;
            }
            if let Some(row) = new {
                append_change(tx, row, row.claimed, row.confirmed, cause).await?;
            }
            Ok(())
        }
    }
}

pub(super) fn same_place(one: &ContributionRow, other: &ContributionRow) -> bool {
    one.school == other.school && one.pairing == other.pairing && one.kind == other.kind
}

pub(super) async fn append_change(
    tx: &mut Tx,
    of: &ContributionRow,
    claimed: i64,
    confirmed: i64,
    cause: &'static str,
) -> Result<()> {
    sums::change(tx, of, [claimed, confirmed])?;
    named!(data::NOTE {
        id: tx.new_id(),
        at: tx.now(),
        made_on: tx.today(),
        indicator: &of.indicator,
        resource: &of.resource,
        day: of.day,
        month: month_of(of.day),
        kind: &of.kind,
        school: &of.school,
        pairing: of.pairing.clone(),
        d_claimed: claimed,
        d_confirmed: confirmed,
        cause,
    })
    .write(tx)
    .await?;
    Ok(())
}

/// What happened to a thing, as far as one indicator shows it.
fn cause_of(pairs: &[&Pair]) -> &'static str {
    let sum = |pick: fn(&Pair) -> Option<&ContributionRow>| {
        pairs.iter().filter_map(|pair| pick(pair)).fold((0, 0, 0), |(rows, claimed, confirmed), row| {
            (rows + 1, claimed + row.claimed, confirmed + row.confirmed)
        })
    };
    let (old_rows, old_claimed, old_confirmed) = sum(|pair| pair.0.as_ref());
    let (new_rows, claimed, confirmed) = sum(|pair| pair.1.as_ref());
    let ceases = |pair: &&&Pair| pair.0.is_none() && pair.1.as_ref().is_some_and(|row| row.claimed < 0);
    match () {
        () if old_rows == 0 => "new",
        () if new_rows == 0 => "gone",
        () if pairs.iter().any(|pair| ceases(&pair)) => "ended",
        () if claimed != old_claimed => "corrected",
        () if confirmed > old_confirmed => "confirmed",
        () if confirmed < old_confirmed => "unconfirmed",
        () => "moved",
    }
}
