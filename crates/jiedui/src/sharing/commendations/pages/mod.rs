//! Pages of commendations, and how they name whoever is nominated.

pub mod list;
pub mod nominate;
pub mod objection;
pub mod round;
pub mod show;

use super::data::NominationRow;
use jiedui_web::figure::StateMark;
use jiedui_web::names::Names;
use serde::Serialize;

/// A year as pages show it.
#[derive(Serialize)]
pub struct YearView {
    value: String,
    text: String,
}

pub fn year(year: i64) -> YearView {
    YearView { value: year.to_string(), text: format!("{year}年度") }
}

/// Whoever is nominated: a school, or a person at one. On the list that everybody may read the person is named, as it agreed;
/// before that only to those between whom the nomination stands.
fn name(names: &mut Names, row: &NominationRow) -> String {
    let Some(of) = &row.person_name else { return row.school_name.clone() };
    let mut of = of.clone();
    if row.is_public() {
        of.open();
    } else {
        names.read(&mut of, &[&row.nominator, &row.school, &row.issuer]);
    }
    of.to_string()
}

/// A nomination as lists show it.
#[derive(Serialize)]
pub struct NominationLine {
    pub href: String,
    pub name: String,
    /// Of a person: its unit.
    pub unit: Option<String>,
    pub class: String,
    pub year: YearView,
    pub nominator: String,
    pub sentence: String,
    pub nominated_on: String,
    pub state: StateMark,
}

pub fn line(names: &mut Names, row: &NominationRow, class: String) -> NominationLine {
    NominationLine {
        href: format!("/nominations/{}", row.id),
        name: name(names, row),
        unit: row.person.as_ref().map(|_| row.school_name.clone()),
        class,
        year: year(row.year),
        nominator: row.nominator_name.clone(),
        sentence: row.sentence.clone(),
        nominated_on: row.nominated_on.to_string(),
        state: row.state.mark(),
    }
}
