//! Filed lists, held against the running code: whether what was filed may be filed, and whether the last filing is what
//! is in force.

use super::super::data::{self, FilingRow, ListRow, ProjectRow};
use super::super::rules::changes::Filed;
use super::super::rules::{Fields, check};
use super::of_list;
use crate::shared::frozen;
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, broken};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "filing",
    name: "备案的项目清单",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

/// All filings of one list; each was a decision of its own.
async fn again(tx: &mut Tx, id: &str, running: Running<'_>) -> Result<Again> {
    let list = tx.find::<ListRow>(&data::LIST, args![id]).await?;
    let filings = tx.all::<FilingRow>(&data::FILINGS, args![id]).await?;
    let mut found = Vec::new();
    let mut last = Vec::new();
    for filing in &filings {
        // What was filed before there was a digest has none to be held to.
        found.extend(broken(&filing.snapshot, &filing.digest).filter(|_| !filing.digest.is_empty()));
        last = frozen::read::<Vec<Filed>>(&filing.snapshot, format_args!("the filing {}", filing.number))?;
        found.extend(refused(filing, &last, &list, running));
    }
    found.extend(in_force(&last, &of_list(tx, id).await?));
    let title = format!("{}年 {}", list.year, list.county_name);
    Ok(Again { title, href: format!("/lists/{id}"), found })
}

/// Whether what is wrong with a field is read from the programme: under another one it says nothing of the code.
fn of_programme(error: &FieldError) -> bool {
    matches!(error.field.as_str(), "clause" | "basis" | "unit") || error.field.starts_with("budget-")
}

/// The projects that may not be filed by the running code.
pub fn refused(filing: &FilingRow, filed: &[Filed], list: &ListRow, running: Running<'_>) -> Vec<Otherwise> {
    let same = filing.rules == running.programme.digest;
    let mut found = Vec::new();
    for one in filed {
        let errors = check(&one.fields, list, running.programme).into_iter();
        let why: Vec<String> =
            errors.filter(|error| same || !of_programme(error)).map(|error| error.message.clone()).collect();
        if !why.is_empty() {
            let figure = format!("{}（{}）", one.fields.title, filing.number);
            found.push(Otherwise::new(figure, "可以备案", why.join("；")));
        }
    }
    found
}

/// What of the last filing is not in force as it was filed. A project that was handed on stands beside the filing and
/// is not looked for in it.
pub fn in_force(filed: &[Filed], rows: &[ProjectRow]) -> Vec<Otherwise> {
    let differs = |one: &Filed| {
        let row = rows.iter().find(|row| row.id == one.id);
        match row.map(ProjectRow::fields) {
            Some(fields) if fields == one.fields => None,
            Some(fields) => Some(Otherwise::new(&one.fields.title, shown(&one.fields), shown(&fields))),
            None => Some(Otherwise::new(&one.fields.title, shown(&one.fields), "没有这个项目")),
        }
    };
    filed.iter().filter_map(differs).collect()
}

/// What a filing is looked at for first; the rest stands on its page.
fn shown(fields: &Fields) -> String {
    format!("{} {}{}，{} 至 {}", fields.title, fields.quantity, fields.unit.label(), fields.from, fields.to)
}
