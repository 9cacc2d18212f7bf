//! PostgreSQL: how commits come to last without one wait for the disk each.
//!
//! Records have one order, that of the commits, and the row that keeps it is held until a commit is done: if each of them
//! waited for the disk, one after the other would. So a commit is answered by the server before it is on the disk
//! (`synchronous_commit = off` in these sessions), and the action before it is answered to its user waits for a flush of
//! the server's log. One flush serves all who came before it began. The log is written in one order, so that an action
//! that builds on another never lasts longer than it.

use jiedui_kernel::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor as _, PgPool};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// Puts a message for nobody in the server's log and commits that with the server's own durability, a standby that has to
/// agree included. The commits before it are durable when it is.
const FLUSH: &str = "SELECT pg_logical_emit_message(true, 'jiedui', '')";

/// What the operator set for the sessions of this server holds here as well (a standby that has to agree, say), but for
/// one value: with `off` a commit lasts or does not.
const WAITS: &str = "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') \
WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)";

pub(crate) struct Flusher {
    /// One connection, whose commits wait for the disk.
    pool: PgPool,
    /// How many have asked.
    asked: AtomicU64,
    /// How many of them were served. Held during a flush; those who come meanwhile are served by the next.
    served: Mutex<u64>,
    flushes: AtomicU64,
}

impl Flusher {
    pub(crate) async fn connect(options: PgConnectOptions, patience: Duration) -> Result<Self, sqlx::Error> {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(patience)
            .after_connect(|connection, _| Box::pin(async move { connection.execute(WAITS).await.map(drop) }))
            .connect_with(options)
            .await?;
        Ok(Self { pool, asked: AtomicU64::new(0), served: Mutex::new(0), flushes: AtomicU64::new(0) })
    }

    /// Returns when every commit that was answered before is on the disk.
    pub(crate) async fn make_durable(&self) -> Result<()> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut served = self.served.lock().await;
        if *served >= number {
            return Ok(());
        }
        let asked = self.asked.load(Ordering::SeqCst);
        self.flushes.fetch_add(1, Ordering::Relaxed);
        let flushed = sqlx::query(FLUSH).execute(&self.pool).await;
        flushed.map_err(|cause| Error::OutcomeUnknown(format!("flush: {cause}")))?;
        *served = asked;
        Ok(())
    }

    pub(crate) fn flushes(&self) -> u64 {
        self.flushes.load(Ordering::Relaxed)
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::Ordering;
    use crate::testing;
    use crate::{Db, db::Pools};
    use jiedui_kernel::{Clock, Date, Random};
    use std::sync::Arc;

    #[tokio::test]
    async fn one_flush_serves_all_who_came_before_it() {
        let location = testing::postgres(&format!("t_{}", &Random::System.token()[..20])).await.unwrap();
        let clock = Clock::fixed("2026-11-24".parse::<Date>().unwrap());
        let db = Db::open(&location, clock, Random::System).await.unwrap();
        let Pools::Postgres { flush, .. } = db.pools() else { panic!("PostgreSQL") };
        let before = flush.flushes();
        // As during a flush: whoever comes waits for the next.
        let under_way = flush.served.lock().await;
        let mut all = tokio::task::JoinSet::new();
        let asked = flush.asked.load(Ordering::SeqCst);
        for _ in 0..20 {
            let flush = Arc::clone(flush);
            all.spawn(async move { flush.make_durable().await.unwrap() });
        }
        while flush.asked.load(Ordering::SeqCst) < asked + 20 {
            tokio::task::yield_now().await;
        }
        drop(under_way);
        all.join_all().await;
        assert_eq!(flush.flushes() - before, 1, "one for all of them");
    }
}
