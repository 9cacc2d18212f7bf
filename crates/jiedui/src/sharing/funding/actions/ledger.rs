//! Reading what is known of money: each form where it was recorded, and the kept sums of the movements.

use super::super::data::{self, CameRow, PaidRow, SchoolSumRow, ShareRow, ShareSum, SumRow, UsedRow};
use super::super::rules::book::{self, Book, Grouping, Money};
use crate::evidence::outputs;
use crate::network::registry;
use crate::planning::{projects, school_plans};
use crate::standing::applications;
use jiedui_funding::{Balance, Flow, total};
use jiedui_kernel::Result;
use jiedui_programme::{CostPerPupil, Programme};
use jiedui_store::{Tx, args, named};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What of it is asked for; "" for all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrowed<'a> {
    pub school: &'a str,
    pub city: &'a str,
    pub source: &'a str,
    /// `typical` or `other`: the typical counties alone, or the others.
    pub typical: &'a str,
}

impl<'a> Narrowed<'a> {
    pub fn school(school: &'a str) -> Self {
        Self { school, ..Self::default() }
    }
}

/// What outputs and shares carry, with what was used of each.
pub async fn moneys(tx: &mut Tx, programme: &Programme, of: Narrowed<'_>) -> Result<Vec<Money>> {
    let rules = super::rules_of(programme)?;
    let rows = outputs::money(tx, &programme.money_outputs(), of.school).await?;
    let shares = shares(tx, programme, of.school).await?;
    let own = rows.iter().filter_map(|one| Money::of(programme, rules, one));
    let mut found = Book { moneys: own.chain(shares).collect(), ..Book::default() };
    found.use_up(&tx.all::<UsedRow>(&data::USED, args![of.school]).await?);
    narrow(tx, &mut found, of).await?;
    Ok(found.moneys)
}

/// Leaves what is asked for. The divisions are read only where somebody asks for the typical ones among them.
async fn narrow(tx: &mut Tx, book: &mut Book, of: Narrowed<'_>) -> Result<()> {
    let mut typical = HashSet::new();
    if !of.typical.is_empty() {
        let all = registry::divisions(tx).await?;
        typical.extend(all.into_iter().filter(|one| !one.typical_class.is_empty()).map(|one| one.code));
    }
    book.narrow((of.school, of.city, of.source), |division| {
        registry::fits_typical(of.typical, typical.contains(division))
    });
    Ok(())
}

/// Everything but the movements, which it knows by what they used of each output.
pub async fn book(tx: &mut Tx, programme: &Programme, of: Narrowed<'_>) -> Result<Book> {
    let rules = super::rules_of(programme)?;
    let moneys = moneys(tx, programme, of).await?;
    let budgets = projects::budgets(tx, of.school).await?;
    let plans = school_plans::in_force(tx, of.school).await?;
    let cases = applications::handed_in(tx, of.school).await?;
    let mut wishes = Vec::new();
    for plan in &plans {
        wishes.extend(book::needed(rules, plan)?);
    }
    wishes.extend(cases.iter().filter_map(|case| book::asked(rules, case)));
    let mut found =
        Book { moneys, lines: budgets.iter().flat_map(|row| book::lines(rules, row)).collect(), wishes };
    narrow(tx, &mut found, of).await?;
    Ok(found)
}

/// What allocations gave schools of a source, as their rules say: nobody types it in again.
async fn shares(tx: &mut Tx, programme: &Programme, school: &str) -> Result<Vec<Money>> {
    let money = programme.allocations.iter().filter(|rule| rule.source().is_some());
    let rules: String = money.map(|rule| format!(",{}", rule.id)).collect();
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx.all::<ShareRow>(&data::SHARES, args![format!("{rules},"), school]).await?;
    let came = tx.all::<CameRow>(&data::CAME, args![school]).await?;
    let mut of_share: HashMap<&str, Vec<&CameRow>> = HashMap::new();
    for one in &came {
        of_share.entry(one.share.as_str()).or_default().push(one);
    }
    let one = |row: &ShareRow| {
        let came = of_share.get(row.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        Some(Money::of_share(programme.allocation(&row.rule)?.source()?, row, came))
    };
    Ok(rows.iter().filter_map(one).collect())
}

/// The shares of an allocation at schools that the caller sees, with what came of each.
pub async fn shares_of(tx: &mut Tx, allocation: &str) -> Result<Vec<ShareSum>> {
    tx.all(&data::SHARES_OF, args![allocation]).await
}

/// What movements add up to, by the parts of a cut.
pub async fn moves_by(tx: &mut Tx, cut: Grouping, of: Narrowed<'_>) -> Result<Vec<Flow>> {
    let call = named!(data::SUMS {
        part: cut.id(),
        source: of.source,
        city: of.city,
        school: of.school,
        typical: of.typical,
    });
    let rows: Vec<SumRow> = call.all(tx).await?;
    Ok(rows.iter().flat_map(|row| book::of_sum(row, cut)).collect())
}

/// What was paid and confirmed in a year of the sources by which a pupil's cost is counted, by school: from the kept sums.
pub async fn paid_for_pupils(tx: &mut Tx, rules: &CostPerPupil, year: i32) -> Result<HashMap<String, i64>> {
    let call = named!(data::PAID_IN { year: i64::from(year) });
    let rows: Vec<PaidRow> = call.all(tx).await?;
    let mut paid: HashMap<String, i64> = HashMap::new();
    for row in rows.into_iter().filter(|row| rules.sources.contains(&row.source)) {
        let sum = paid.entry(row.school).or_default();
        *sum = sum.saturating_add(row.paid);
    }
    Ok(paid)
}

/// How far all the money of a school has come; none where the programme does not follow money.
pub async fn balance_of(tx: &mut Tx, programme: &Programme, school: &str) -> Result<Option<Balance>> {
    if programme.funding.is_none() {
        return Ok(None);
    }
    let mut flows = book(tx, programme, Narrowed::school(school)).await?.flows();
    flows.extend(moves_of(tx, school).await?.into_iter().map(|(_, flow)| flow));
    Ok(Some(total(&flows)))
}

/// The same of one school, money by money.
pub async fn moves_of(tx: &mut Tx, school: &str) -> Result<Vec<(SchoolSumRow, Flow)>> {
    let rows = tx.all::<SchoolSumRow>(&data::SUMS_OF, args![school]).await?;
    Ok(rows.into_iter().map(|row| (row.clone(), book::of_school_sum(&row, school))).collect())
}

/// What the parts of a cut are called, by their ids; sources and years are called by the programme and by themselves.
pub async fn names(tx: &mut Tx, cut: Grouping, found: &Book) -> Result<HashMap<String, String>> {
    Ok(match cut {
        Grouping::Source | Grouping::Year => HashMap::new(),
        Grouping::School => registry::schools(tx).await?.into_iter().map(|row| (row.id, row.name)).collect(),
        Grouping::Project => {
            found.lines.iter().map(|line| (line.project.clone(), line.title.clone())).collect()
        }
    })
}

/// The schools of which the kept sums and the movements differ: none.
pub async fn off(tx: &mut Tx) -> Result<Vec<String>> {
    let mut schools = BTreeSet::new();
    for compared in [&data::OFF, &data::USES_OFF, &data::CUTS_OFF] {
        let rows = tx.all::<(String,)>(compared, Vec::new()).await?;
        schools.extend(rows.into_iter().map(|(school,)| school));
    }
    Ok(schools.into_iter().collect())
}
