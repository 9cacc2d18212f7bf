//! A copy of the whole database in one state, made by the engine's own means while others go on writing; and what a copy
//! must hold to be one.
//!
//! SQLite: `VACUUM INTO`, one statement in one read transaction, which no writer waits for and which leaves nothing of the
//! write-ahead log outside. The other way, the engine's page by page backup, begins again whenever somebody writes, and the
//! driver offers it through unsafe calls alone. PostgreSQL: `pg_dump` of the very snapshot in which the contents are counted
//! ([`PgTools`]).

use crate::audit::heads;
use crate::db::{Db, Location, Pools};
use crate::engine::Engine;
use crate::fault;
use crate::pg_tools::PgTools;
use crate::table::all_tables;
use crate::tx::Tx;
use jiedui_kernel::{Actor, Error, Result};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The name of a copy, by engine.
pub const SQLITE_COPY: &str = "jiedui.sqlite";
pub const POSTGRES_COPY: &str = "jiedui.dump";

const COPY: &str = "VACUUM INTO $1";
const SNAPSHOT: &str = "SELECT pg_export_snapshot()";
const MIGRATION: &str = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM _sqlx_migrations";

/// What stands in a database: by this a copy is told to be the whole of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The newest migration that was made.
    pub migration: i64,
    /// How many records the newest head of the log covers, and the root over them.
    pub log_size: i64,
    pub log_root: String,
    /// The rows of each table that the program declares.
    pub rows: BTreeMap<String, i64>,
}

impl Contents {
    /// In what another one differs, for people; none where both are the same.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.migration != other.migration {
            found.push(format!("数据表版本应为 {}，实为 {}", self.migration, other.migration));
        }
        if (self.log_size, &self.log_root) != (other.log_size, &other.log_root) {
            found.push(format!(
                "日志应到 {} 条、总校验值 {}，实为 {} 条、{}",
                self.log_size, self.log_root, other.log_size, other.log_root
            ));
        }
        for (table, rows) in &self.rows {
            let there = other.rows.get(table).copied().unwrap_or_default();
            if there != *rows {
                found.push(format!("表 {table} 应有 {rows} 行，实有 {there} 行"));
            }
        }
        found
    }
}

impl Db {
    /// What stands in it now.
    pub async fn contents(&self) -> Result<Contents> {
        contents_of(&mut self.read(system()).await?).await
    }

    /// Writes a copy of one state into a directory, under [`SQLITE_COPY`] or [`POSTGRES_COPY`], and says what stands in it.
    pub async fn copy_to(&self, directory: &Path) -> Result<Contents> {
        match self.pools() {
            Pools::Sqlite { read, .. } => {
                let from = SqliteConnectOptions::clone(&read.connect_options());
                copy_sqlite(from, &directory.join(SQLITE_COPY)).await?;
                let location = Location::Directory(directory.to_path_buf());
                let copy = Self::look(&location, self.clock().clone()).await?;
                let contents = copy.contents().await;
                copy.close().await;
                contents
            }
            Pools::Postgres { pool, .. } => {
                // Held until the tool has ended: it reads what this transaction sees.
                let mut tx = self.read(system()).await?;
                let snapshot = exported(&mut tx).await?;
                let contents = contents_of(&mut tx).await?;
                let tools = PgTools::of(&pool.connect_options());
                tools.dump(&snapshot, &directory.join(POSTGRES_COPY)).await?;
                Ok(contents)
            }
        }
    }

    /// The database as the tools of PostgreSQL are told of it; `None` on SQLite.
    pub fn pg_tools(&self) -> Option<PgTools> {
        match self.pools() {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { pool, .. } => Some(PgTools::of(&pool.connect_options())),
        }
    }

    /// What the engine itself says about its file: `integrity_check`. Empty where all is well, and on PostgreSQL, whose
    /// checks are its own (`initdb -k`, `pg_amcheck`).
    pub async fn integrity_faults(&self) -> Result<Vec<String>> {
        let Pools::Sqlite { read, .. } = self.pools() else { return Ok(Vec::new()) };
        let found: Result<Vec<String>, _> =
            sqlx::query_scalar("PRAGMA integrity_check(20)").fetch_all(read).await;
        match found {
            Ok(lines) if lines == ["ok"] => Ok(Vec::new()),
            Ok(lines) => Ok(lines),
            Err(cause) if fault::is_corrupt(&cause) => Ok(vec![cause.to_string()]),
            Err(cause) => Err(Error::internal(format_args!("integrity_check: {cause}"))),
        }
    }

    /// Rows that name another row that is not there. Empty where all is well, and on PostgreSQL, which refuses to put such
    /// rows back.
    pub async fn foreign_key_faults(&self) -> Result<Vec<String>> {
        let Pools::Sqlite { read, .. } = self.pools() else { return Ok(Vec::new()) };
        /// Table, row, the table that it names, and by which of its keys.
        type Orphan = (String, Option<i64>, String, i64);
        let found = sqlx::query_as::<_, Orphan>("PRAGMA foreign_key_check").fetch_all(read).await;
        let rows = found.map_err(|cause| Error::internal(format_args!("foreign_key_check: {cause}")))?;
        Ok(rows
            .into_iter()
            .map(|(table, _, parent, _)| format!("表 {table} 里有一行，它在表 {parent} 里没有对应的行"))
            .collect())
    }
}

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("backup"))
}

/// On a connection of its own: those of the pools are kept from writing, also into another file.
async fn copy_sqlite(from: SqliteConnectOptions, to: &Path) -> Result<()> {
    let name = to
        .to_str()
        .ok_or_else(|| Error::CannotStart(format!("{} 不是 UTF-8 的路径，请换一个目录。", to.display())))?;
    let from = from.create_if_missing(false).pragma("query_only", "off");
    let mut connection = SqliteConnection::connect_with(&from).await.map_err(|cause| not_copied(&cause))?;
    let done = sqlx::query(COPY).bind(name.to_owned()).execute(&mut connection).await;
    // What it could not say at its end changes nothing of the file that it wrote.
    let _ = connection.close().await;
    done.map(drop).map_err(|cause| not_copied(&cause))
}

fn not_copied(cause: &sqlx::Error) -> Error {
    Error::CannotStart(if fault::is_full(cause) {
        "磁盘已满，备份没有做成；请腾出空间再试。".to_owned()
    } else {
        format!("数据库没有复制成：{cause}")
    })
}

async fn exported(tx: &mut Tx) -> Result<String> {
    let Engine::Postgres(lease) = &mut tx.engine else {
        return Err(Error::internal("a snapshot is exported on PostgreSQL alone"));
    };
    let answer = sqlx::query_scalar(SNAPSHOT).fetch_one(lease.connection()?).await;
    lease.answered(answer).map_err(|cause| Error::internal(format_args!("snapshot: {cause}")))
}

async fn contents_of(tx: &mut Tx) -> Result<Contents> {
    let head = heads::last(tx).await?;
    let (log_size, log_root) = head.map(|head| (head.size, head.root)).unwrap_or_default();
    let mut contents =
        Contents { migration: number(tx, MIGRATION).await?, log_size, log_root, rows: BTreeMap::new() };
    for table in all_tables() {
        if tx.catalog.columns(table.name).is_some() {
            let rows = number(tx, table.count).await?;
            contents.rows.insert(table.name.to_owned(), rows);
        }
    }
    Ok(contents)
}

async fn number(tx: &mut Tx, text: &'static str) -> Result<i64> {
    let found: Result<i64, sqlx::Error> = match &mut tx.engine {
        Engine::Sqlite(lease) => {
            let answer = sqlx::query_scalar(text).fetch_one(lease.connection()?).await;
            lease.answered(answer)
        }
        Engine::Postgres(lease) => {
            let answer = sqlx::query_scalar(text).fetch_one(lease.connection()?).await;
            lease.answered(answer)
        }
    };
    found.map_err(|cause| Error::internal(format_args!("contents: {cause}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        let rows = |entries| BTreeMap::from([("entry".to_owned(), entries), ("org".to_owned(), 3)]);
        let one = Contents { migration: 7, log_size: 2, log_root: "ab".to_owned(), rows: rows(5) };
        assert_eq!(one.differences(&one.clone()), Vec::<String>::new());
        assert_eq!(one.differences(&Contents { rows: rows(4), ..one.clone() }).len(), 1);
        assert_eq!(one.differences(&Contents { log_root: "cd".to_owned(), ..one.clone() }).len(), 1);
        assert_eq!(
            one.differences(&Contents { migration: 8, rows: BTreeMap::new(), ..one.clone() }).len(),
            3
        );
    }
}
