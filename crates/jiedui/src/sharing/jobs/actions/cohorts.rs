//! Where the graduates of a school and a year went: one table, told by the school, against what is known of the year already.

use super::super::data::{self, CellRow, CohortRow};
use super::super::rules::cohort::{self, Compared, Sheet};
use crate::evidence::{majors, profiles};
use crate::network::registry;
use jiedui_kernel::{Error, Reported, Result};
use jiedui_programme::{JobRules, ProfileState, Programme};
use jiedui_store::{Found, Tx, args, line, named};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};

const FASTER: &str = "同事刚保存过这一年的毕业去向，您的改动没有写入。请看过新的内容再决定。";

/// What a school said of a year; visible to the caller.
pub struct LoadedCohort {
    pub row: Option<Found<CohortRow>>,
    pub sheet: Sheet,
}

impl LoadedCohort {
    pub fn version(&self) -> i64 {
        self.row.as_ref().map_or(0, |row| row.version)
    }
}

pub async fn of(tx: &mut Tx, school: &str, year: i32) -> Result<LoadedCohort> {
    let year = i64::from(year);
    let row = tx.find_maybe::<CohortRow>(&data::COHORT, args![school, year]).await?;
    let cells = tx.all::<CellRow>(&data::CELLS, args![year, school]).await?;
    Ok(LoadedCohort { row, sheet: Sheet::of(&cells) })
}

/// The schools visible to the caller that have told a year.
pub async fn told_in(tx: &mut Tx, year: i32) -> Result<HashSet<String>> {
    let rows = tx.all::<CohortRow>(&data::COHORTS, args![i64::from(year)]).await?;
    Ok(rows.into_iter().map(|row| row.school).collect())
}

/// What the year-profile of a school says of a year, by element, once it was handed in.
pub async fn profile(tx: &mut Tx, school: &str, year: i32) -> Result<BTreeMap<String, i64>> {
    let facts = profiles::facts_of_year(tx, year).await?;
    let own = facts.into_iter().find(|fact| fact.school == school && fact.state != ProfileState::Draft);
    let values = own.map(|fact| fact.values).unwrap_or_default();
    let told = |(element, value): (String, Reported<i64>)| Some((element, value.value()?));
    Ok(values.into_iter().filter_map(told).collect())
}

/// The sums of a table beside what the year-profile says.
pub async fn compared(
    tx: &mut Tx,
    programme: &Programme,
    rules: &JobRules,
    (school, year, sheet): (&str, i32, &Sheet),
) -> Result<Vec<Compared>> {
    let told = profile(tx, school, year).await?;
    Ok(cohort::compare(programme, rules, sheet, |element| told.get(element).copied()))
}

/// The major categories of which a school can tell a year: those of its majors, and those that it told already.
pub async fn categories(
    tx: &mut Tx,
    programme: &Programme,
    school: &str,
    (year, sheet): (i32, &Sheet),
) -> Result<Vec<String>> {
    let offers = majors::offers(tx, school).await?;
    let taught = offers.iter().filter(|offer| majors::rules::asked_for(offer, year));
    let mut found: Vec<String> = taught.map(|offer| offer.category.clone()).collect();
    found.extend(sheet.majors().into_iter().map(str::to_owned));
    let order = &programme.matching.categories.names;
    found.sort_by_key(|name| (order.iter().position(|one| one == name).unwrap_or(order.len()), name.clone()));
    found.dedup();
    Ok(found)
}

/// Keeps what the caller's own school says of a year. `version` is that of the table that was seen, 0 where there was none.
pub async fn save(
    tx: &mut Tx,
    programme: &Programme,
    (year, version): (i32, i64),
    sheet: &Sheet,
) -> Result<()> {
    let rules = super::rules_of(programme)?;
    let (school, today) = (tx.actor().org.clone(), tx.today());
    if !registry::has_flag(tx, &school, "county_school", today).await? {
        let words =
            "毕业去向由对口县级院校填报。本单位现在没有这个标记，如与实际不符，请联系省领导小组办公室。";
        return Err(Error::Forbidden(words.to_owned()));
    }
    // Two at once would both find none.
    registry::lock(tx, &school).await?;
    let old = of(tx, &school, year).await?;
    if old.version() != version {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let compared = compared(tx, programme, rules, (&school, year, sheet)).await?;
    Error::of(cohort::check(&compared))?;
    let (row, kind) = match old.row {
        Some(row) => {
            let columns = args![today, row.revision + 1];
            data::UPDATE_COHORT.at(&row, version, columns).write(tx, FASTER).await?;
            (row, "correct")
        }
        None => (begin(tx, &school, year).await?, "tell"),
    };
    tx.change(&row, &data::CLEAR_CELLS, Vec::new()).await?;
    let cells = sheet.cells().map(|(major, destination, persons)| {
        line!(data::ADD_CELLS { cohort: &row.id, major, destination, persons })
    });
    tx.add_rows(&data::ADD_CELLS, cells.collect()).await?;
    let revision = if kind == "tell" { row.revision } else { row.revision + 1 };
    let change = json!({ "year": year, "before": cells_of(&old.sheet), "after": cells_of(sheet) });
    let step = HistoryEntry { resource: "cohort", id: &row.id, kind, reason: "", revision, change };
    history::record(tx, &step).await
}

async fn begin(tx: &mut Tx, school: &str, year: i32) -> Result<Found<CohortRow>> {
    let (id, told_on, year) = (tx.new_id(), tx.today(), i64::from(year));
    named!(data::INSERT_COHORT { id: &id, school, year, told_on }).write(tx).await?;
    tx.find(&data::COHORT, args![school, year]).await
}

fn cells_of(sheet: &Sheet) -> Vec<(&str, &str, i64)> {
    sheet.cells().collect()
}
