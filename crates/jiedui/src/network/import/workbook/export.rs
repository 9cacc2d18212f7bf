//! The registry and the pairings as they stand, in the layout in which they come in: what goes out can come in again.

use super::lineage::former;
use super::spec::{self, MANAGERS};
use crate::network::pairings;
use crate::network::registry::{self, Division, FlagRow, LineageRow, OrgRow, PersonAt};
use jiedui_documents::{Value, write};
use jiedui_kernel::{Error, Result};
use jiedui_store::Tx;

type Rows = Vec<Vec<Value>>;

/// What goes out.
pub struct Book {
    divisions: Vec<Division>,
    sheets: [Rows; 4],
}

impl Book {
    pub async fn read(tx: &mut Tx) -> Result<Self> {
        let divisions = registry::divisions(tx).await?;
        let (mut schools, mut people, mut lineage) = (Rows::new(), Rows::new(), Rows::new());
        for org in registry::schools(tx).await? {
            let flags = registry::flags(tx, &org.id).await?;
            schools.extend(school(&org, &divisions, &flags));
            people.extend(registry::people(tx, &org.id).await?.into_iter().map(|one| person(&org, one)));
            lineage.extend(changes(&org, registry::lineage(tx, &org.id).await?));
        }
        let pairings = pairings::in_scope(tx).await?.into_iter().map(pairing).collect();
        Ok(Self { divisions, sheets: [schools, people, pairings, lineage] })
    }

    pub fn write(self) -> Result<Vec<u8>> {
        write(&spec::workbook(&self.divisions), self.sheets).map_err(Error::internal)
    }
}

/// A row, and a further one for each further span of a flag.
fn school(org: &OrgRow, divisions: &[Division], flags: &[FlagRow]) -> Rows {
    let of = |flag: &str| flags.iter().filter(|row| row.flag == flag).collect::<Vec<_>>();
    let (county, high) = (of("county_school"), of("high_level"));
    let division = divisions.iter().find(|d| d.code == org.division);
    let above = division.filter(|d| d.level == "county").map(|d| &d.parent);
    let city = divisions.iter().find(|d| Some(&d.code) == above).map(|d| d.name.clone());
    (0..county.len().max(high.len()).max(1))
        .map(|at| {
            let (county, high) = (county.get(at), high.get(at));
            vec![
                org.name.as_str().into(),
                org.level.as_str().into(),
                filled(&org.ownership),
                org.place.as_str().into(),
                city.clone().into(),
                manager(org, division).into(),
                filled(&org.credit_code),
                county.map(|row| row.from_day).into(),
                county.and_then(|row| row.to_day).into(),
                high.map(|row| row.from_day).into(),
                high.and_then(|row| row.to_day).into(),
                filled(&org.source),
            ]
        })
        .collect()
}

/// Under which office a school stands, by how deep it lies in the tree: the province's own path has one step.
fn manager(org: &OrgRow, division: Option<&Division>) -> &'static str {
    let depth = org.path.matches('/').count();
    let kind = match (depth, division.map(|d| d.level.as_str())) {
        (..=3, _) => "province_office",
        (4, _) => "city_bureau",
        _ => "county_bureau",
    };
    MANAGERS.iter().find(|(_, id)| *id == kind).map_or("", |(name, _)| name)
}

fn filled(text: &str) -> Value {
    if text.is_empty() { Value::Empty } else { text.into() }
}

fn person(org: &OrgRow, one: PersonAt) -> Vec<Value> {
    vec![
        org.name.as_str().into(),
        one.name.whole().into(),
        registry::post_name(&one.post).into(),
        filled(&one.title),
        one.from_day.into(),
        one.to_day.into(),
    ]
}

fn pairing(row: pairings::PairingRow) -> Vec<Value> {
    vec![
        row.county_name.into(),
        row.lead_name.into(),
        row.nearby_name.into(),
        row.agreed_on.into(),
        row.from_day.into(),
        row.to_day.into(),
        filled(&row.source),
    ]
}

/// The lines of one school. A renaming stands under the old name; the new one is the old name of the next, or today's.
fn changes(org: &OrgRow, lines: Vec<LineageRow>) -> Rows {
    let renamed: Vec<(String, String)> = lines
        .iter()
        .filter(|line| line.kind == "renamed")
        .map(|line| former(&line.note))
        .map(|(name, note)| (name.to_owned(), note.to_owned()))
        .collect();
    let mut at = 0;
    lines
        .into_iter()
        .map(|line| {
            let (mut name, mut new_name, mut note) = (org.name.clone(), String::new(), line.note);
            if line.kind == "renamed" {
                new_name = renamed.get(at + 1).map_or_else(|| org.name.clone(), |next| next.0.clone());
                (name, note) = renamed[at].clone();
                at += 1;
            }
            vec![
                name.into(),
                registry::lineage_name(&line.kind).into(),
                line.day.into(),
                filled(&new_name),
                line.other_name.into(),
                filled(&note),
                Value::Empty,
                Value::Empty,
            ]
        })
        .collect()
}
