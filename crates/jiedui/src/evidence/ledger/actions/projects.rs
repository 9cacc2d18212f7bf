//! The projects that something can be part of (S4.1): an entry, or what was built.

use super::super::data::{self, ProjectRow};
use jiedui_kernel::{Error, Result, Unit};
use jiedui_store::{Tx, args};

/// The projects of a pairing that are in force and count in a unit. `named` is the one that is named already: it stays
/// possible when it was closed meanwhile.
pub async fn in_unit(tx: &mut Tx, unit: Unit, pairing: &str, named: &str) -> Result<Vec<ProjectRow>> {
    let unit = serde_json::to_value(unit).map_err(Error::internal)?;
    let rows = tx.all::<ProjectRow>(&data::PROJECTS, args![pairing, named]).await?;
    Ok(rows.into_iter().filter(|row| unit == row.unit.as_str()).collect())
}
