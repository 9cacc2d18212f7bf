//! Two transactions at the same instant, for tests: none commits before the other has got as far as it can. On SQLite one
//! writes after the other whatever the test does; on PostgreSQL they overlap each time, not only when the machine is slow.

use crate::db::{Db, Pools};
use jiedui_kernel::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{Executor as _, Postgres};

/// How often it is asked who waits; each time takes a hundredth of a second.
const PATIENCE: u32 = 2000;

/// While it lives, no transaction that leaves an audit record gets through its commit.
pub struct Held(Option<PoolConnection<Postgres>>);

/// Holds what every transaction raises last, before its commit.
pub async fn hold(db: &Db) -> Result<Held> {
    let Pools::Postgres { pool, .. } = db.pools() else { return Ok(Held(None)) };
    let mut connection = pool.acquire().await.map_err(Error::internal)?;
    for text in ["BEGIN", "LOCK TABLE revision IN SHARE MODE"] {
        connection.execute(text).await.map_err(Error::internal)?;
    }
    Ok(Held(Some(connection)))
}

impl Held {
    /// Waits until so many transactions can go no further, and lets go of them.
    pub async fn release_after(self, number: i64) -> Result<()> {
        let Some(mut connection) = self.0 else { return Ok(()) };
        for _ in 0..PATIENCE {
            connection.execute("SELECT pg_sleep(0.01)").await.map_err(Error::internal)?;
            let waiting: i64 = sqlx::query_scalar(
                "SELECT COUNT(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks \
                 WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            )
            .fetch_one(&mut *connection)
            .await
            .map_err(Error::internal)?;
            if waiting >= number {
                connection.execute("COMMIT").await.map_err(Error::internal)?;
                return connection.close().await.map_err(Error::internal);
            }
        }
        connection.close().await.map_err(Error::internal)?;
        Err(Error::internal(format_args!("no {number} transactions met")))
    }
}
