//! Whole tables, a row at a time: what an export of everything writes. A table is never in memory whole, and what the
//! log must not show (password hashes, tokens) is not handed out.

use crate::catalog::Column;
use crate::engine::{Engine, one_by_one};
use crate::image::whole;
use crate::table::Table;
use crate::tx::Tx;
use futures_util::TryStreamExt as _;
use jiedui_kernel::{Error, Result};
use serde_json::Value;

/// A table and its columns.
#[derive(Debug, Clone)]
pub struct WholeTable {
    pub table: Table,
    pub columns: Vec<String>,
    /// Columns that are not handed out.
    pub sealed: Vec<String>,
}

impl Tx {
    /// A table that the program declares, as it is; `None` where the database does not have it.
    pub fn whole_table(&self, table: Table) -> Option<WholeTable> {
        let columns = self.catalog.columns(table.name)?;
        let names = |sealed: bool| {
            let named = columns.iter().filter(|column| column.sealed == sealed);
            named.map(|column| column.name.clone()).collect()
        };
        Some(WholeTable { table, columns: names(false), sealed: names(true) })
    }

    /// Hands out every row of a table, its values in the order of [`WholeTable::columns`].
    pub async fn each_row_of(
        &mut self,
        table: &WholeTable,
        mut take: impl FnMut(Vec<Option<Value>>) -> Result<()>,
    ) -> Result<()> {
        let (name, text) = (table.table.name, table.table.all);
        let columns: &[Column] = self.catalog.columns(name).unwrap_or_default();
        let shown = || columns.iter().filter(|column| !column.sealed);
        let failed = |cause: sqlx::Error| Error::internal(format_args!("{name}: {cause}"));
        match &mut self.engine {
            Engine::Sqlite(lease) => {
                one_by_one!(sqlx::query(text), lease, row => whole(&row, shown()), take, failed)
            }
            Engine::Postgres(lease) => {
                one_by_one!(sqlx::query(text), lease, row => whole(&row, shown()), take, failed)
            }
        }
    }
}
