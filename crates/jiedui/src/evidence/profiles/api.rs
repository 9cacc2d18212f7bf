//! What programs read of year-profiles: as their page shows them, so that numbers that were never handed in stay with the school.

use super::actions::values_of;
use super::data::{self, ProfileRow};
use super::rules::Answers;
use jiedui_kernel::Result;
use jiedui_store::{Keyed, Tx, args};

/// A profile with its numbers by element.
#[derive(Debug, Clone)]
pub struct ToldProfile {
    pub row: ProfileRow,
    /// None where they were never handed in and the caller is another than the school.
    pub values: Option<Answers>,
}

impl Keyed for ToldProfile {
    fn key(&self) -> &str {
        &self.row.id
    }
}

async fn told(tx: &mut Tx, rows: Vec<ProfileRow>) -> Result<Vec<ToldProfile>> {
    let own = tx.actor().org.clone();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let values = if row.state.in_hand() || row.org == own {
            let sheet = values_of(tx, &row.id).await?;
            Some(sheet.into_iter().map(|(id, held)| (id, held.answer)).collect())
        } else {
            None
        };
        all.push(ToldProfile { row, values });
    }
    Ok(all)
}

/// The next profiles behind an id that are visible to the caller, in the order of their ids and no more than so many.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<ToldProfile>> {
    let rows = tx.all(&data::AFTER, args![after, most]).await?;
    told(tx, rows).await
}

/// All years of a school visible to the caller.
pub async fn of_school(tx: &mut Tx, school: &str) -> Result<Vec<ToldProfile>> {
    let rows = tx.all(&data::OF_SCHOOL, args![school]).await?;
    told(tx, rows).await
}

/// A profile visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<ProfileRow> {
    tx.one(&data::SHOW, args![id]).await
}
