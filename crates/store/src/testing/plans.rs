//! How an engine would read what a statement asks for: which tables it reads from end to end.

use crate::db::{Db, Pools};
use crate::statement::Statement;
use jiedui_kernel::{Error, Result};
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

/// The tables, under their names in the statement, that are read whole: without an index, or through one from its beginning
/// to its end.
///
/// PostgreSQL is told to avoid that where it can and plans for any values; on a small table it would read all of it anyway.
pub async fn read_whole(db: &Db, statement: &Statement) -> Result<Vec<String>> {
    let failed = |cause: sqlx::Error| Error::internal(format_args!("{}: {cause}", statement.name));
    match db.pools() {
        Pools::Sqlite { read, .. } => {
            let text = format!("EXPLAIN QUERY PLAN {}", statement.text);
            let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(read).await.map_err(failed)?;
            let lines = rows.iter().map(|row| row.get::<String, _>("detail"));
            Ok(lines
                .filter_map(|line| Some(line.strip_prefix("SCAN ")?.split(' ').next()?.to_owned()))
                .collect())
        }
        Pools::Postgres { pool, .. } => {
            let mut connection = pool.acquire().await.map_err(failed)?;
            let values = vec!["NULL"; parameters(statement.text)].join(", ");
            let call = if values.is_empty() { String::new() } else { format!("({values})") };
            let before = format!(
                "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; \
                 PREPARE asked AS {}",
                statement.text
            );
            connection.execute(AssertSqlSafe(before)).await.map_err(failed)?;
            let rows = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE asked{call}")))
                .fetch_all(&mut *connection)
                .await
                .map_err(failed)?;
            connection.execute("DEALLOCATE asked; RESET ALL").await.map_err(failed)?;
            let lines: Vec<String> = rows.iter().map(|row| row.get::<String, _>(0)).collect();
            Ok(lines.iter().filter_map(|line| sequential(line)).collect())
        }
    }
}

/// The name in the statement of a table that a line of a plan reads whole.
fn sequential(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("Seq Scan on ")?;
    let named = rest.split("  (").next()?;
    named.split(' ').next_back().map(str::to_owned)
}

fn parameters(text: &str) -> usize {
    let numbers = text.split('$').skip(1);
    let number = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    numbers.filter_map(number).max().unwrap_or(0)
}
