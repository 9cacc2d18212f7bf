//! Schools that exist, each with the source that names it. They stand in the registry and take no part: no flags, no
//! people, no pairings.

use super::maker::Maker;
use crate::network::registry::{self, Division, NewOrg};
use crate::programme_files::programme_files;
use jiedui_kernel::{Date, Error, Result};
use jiedui_store::AuditRecord;
use serde::Deserialize;

const FILE: &str = "registry/schools.csv";

#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    city: String,
    county: String,
    level: String,
    ownership: String,
    /// Under whom it stands: province, city, county.
    under: String,
    source: String,
    /// Where it went into another: the day, as far as it is known, and a word about it.
    merged_on: Option<Date>,
    merged_note: String,
}

pub async fn register(maker: &mut Maker, day: Date) -> Result<()> {
    let files = programme_files(None).map_err(Error::internal)?;
    let Some(text) = files.get(FILE) else { return Ok(()) };
    let rows: Vec<Row> = csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|cause| Error::internal(format_args!("{FILE}: {cause}")))?;
    let divisions = registry::divisions(&mut maker.tx).await?;
    for row in rows {
        maker.act_as_office(day);
        one(maker, &divisions, row).await?;
    }
    Ok(())
}

async fn one(maker: &mut Maker, divisions: &[Division], row: Row) -> Result<()> {
    let unknown = |what: &str| Error::internal(format_args!("{FILE}: {}: {what}", row.name));
    let city = divisions.iter().find(|d| d.level == "city" && d.name == row.city);
    let city = city.ok_or_else(|| unknown("no such city"))?;
    let county = divisions.iter().find(|d| d.parent == city.code && d.name == row.county);
    let place = county.unwrap_or(city);
    let (kind, at) = match row.under.as_str() {
        "province" => ("province_office", city.parent.as_str()),
        "county" => ("county_bureau", place.code.as_str()),
        _ => ("city_bureau", city.code.as_str()),
    };
    let parent = registry::bureau(&mut maker.tx, kind, at).await?.ok_or_else(|| unknown("no bureau"))?;
    if !registry::LEVELS.contains(&row.level.as_str()) {
        return Err(unknown("no such level"));
    }
    let new = NewOrg {
        kind: "school",
        name: row.name.clone(),
        division: place.code.clone(),
        parent: Some(parent),
        level: row.level.clone(),
        ownership: row.ownership.clone(),
        credit_code: String::new(),
        source: row.source.clone(),
        demo: false,
    };
    let id = registry::insert(&mut maker.tx, &new).await?;
    if let Some(day) = row.merged_on {
        registry::note_lineage(&mut maker.tx, &id, "merged", None, day, &row.merged_note).await?;
        let school = registry::found(&mut maker.tx, &id).await?;
        registry::close(&mut maker.tx, &school, day).await?;
    }
    let body = serde_json::json!({ "name": new.name, "level": new.level, "source": new.source });
    maker.tx.audit(AuditRecord { action: "registry.school", resource: "org", resource_id: &id }, &body).await
}
