//! A replica of PostgreSQL that follows the server's log, and answers pages where the operator says so.
//!
//! The rule: **a page is never older than the moment at which it was asked for**, whoever wrote before, and at
//! whichever of several servers. So the server is asked for the end of its log and the replica whether it has followed
//! so far; where it has not, or does not answer, the page is read from the server. That costs a short question, not the
//! page. What is compared is the log and not the revision: drafts and notices that were read are written without an
//! audit record.

use crate::db::{Db, Pools};
use crate::engine::Engine;
use crate::lease::Lease;
use crate::planning::planned;
use crate::tx::Tx;
use jiedui_kernel::{Actor, Error, Result, caused};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How a transaction begins that only reads.
pub(crate) const READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// The end of the log, with what was not flushed yet: a reader at the server sees that, too.
const END: &str = "SELECT CAST(pg_current_wal_insert_lsn() AS TEXT)";
/// No where it follows nobody, or nobody any more: one that was promoted keeps the place at which it stopped.
const FOLLOWED: &str =
    "SELECT pg_is_in_recovery() AND COALESCE(pg_last_wal_replay_lsn() >= CAST($1 AS PG_LSN), FALSE)";
/// Places in the logs of two databases say nothing to each other.
const WHOSE: &str = "SELECT CAST(system_identifier AS TEXT) || ' ' || CAST(current_database() AS TEXT) \
FROM pg_control_system()";

/// A page does not wait long for a replica.
const PATIENCE: Duration = Duration::from_secs(1);
/// One that did not answer is left alone for so long.
const AWAY: Duration = Duration::from_secs(5);

pub(crate) struct Replica {
    pool: PgPool,
    away_until: Mutex<Option<Instant>>,
}

impl Replica {
    fn new(url: &str, whose: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url).map_err(|cause| {
            Error::CannotStart(caused("--database-read 写得不对，应像 postgres://用户@主机/库名。", cause))
        })?;
        let whose: Arc<str> = Arc::from(whose);
        let pool = PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| {
                let whose = Arc::clone(&whose);
                Box::pin(async move {
                    let own: String = sqlx::query_scalar(WHOSE).fetch_one(connection).await?;
                    if own == *whose {
                        return Ok(());
                    }
                    Err(sqlx::Error::Protocol("it is a replica of another database".to_owned()))
                })
            })
            .connect_lazy_with(planned(options));
        Ok(Self { pool, away_until: Mutex::new(None) })
    }

    /// A transaction there; none where it is behind or away.
    async fn begin(&self, server: &PgPool) -> Option<Lease<Postgres>> {
        if self.away_until.lock().await.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let end: String = sqlx::query_scalar(END).fetch_one(server).await.ok()?;
        match self.begin_at(end).await {
            Ok(lease) => lease,
            Err(cause) => {
                tracing::warn!(%cause, "the replica does not answer; pages are read from the server");
                self.leave().await;
                None
            }
        }
    }

    async fn leave(&self) {
        *self.away_until.lock().await = Some(Instant::now() + AWAY);
    }

    /// On the connection that was asked: behind one address there may be several replicas.
    async fn begin_at(&self, end: String) -> Result<Option<Lease<Postgres>>> {
        let mut connection = self.pool.acquire().await.map_err(Error::internal)?;
        let followed: bool = sqlx::query_scalar(FOLLOWED)
            .bind(end)
            .fetch_one(&mut *connection)
            .await
            .map_err(Error::internal)?;
        if !followed {
            return Ok(None);
        }
        // What is seen from here on begins after the question, so that it holds all that was asked for.
        Lease::begin_on(connection, READING).await.map(Some)
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

impl Db {
    /// The same database, whose pages are read from a replica from now on. One that is away does not keep a server from
    /// starting.
    pub async fn reading_from(mut self, url: &str) -> Result<Self> {
        let Pools::Postgres { pool, .. } = self.pools() else {
            return Err(Error::CannotStart(
                "--database-read 只用于 PostgreSQL，和 --database 一起写。".to_owned(),
            ));
        };
        let whose: String = sqlx::query_scalar(WHOSE)
            .fetch_one(pool)
            .await
            .map_err(|cause| Error::internal(format_args!("replica: {cause}")))?;
        let replica = Replica::new(url, &whose)?;
        if let Err(cause) = replica.pool.acquire().await {
            tracing::warn!(%cause, "the replica does not answer; pages are read from the server until it does");
        }
        self.replica = Some(Arc::new(replica));
        Ok(self)
    }

    /// What [`read`](Self::read) gives, for a page: from the replica where there is one that has followed.
    pub async fn read_page(&self, actor: Arc<Actor>) -> Result<Tx> {
        if let (Some(replica), Pools::Postgres { pool, .. }) = (&self.replica, self.pools())
            && let Some(lease) = replica.begin(pool).await
        {
            return Ok(Tx { at_replica: true, ..self.tx(Engine::Postgres(lease), actor, false) });
        }
        self.read(actor).await
    }

    /// Pages are read from the server for a while: the replica went away in the middle of one, or cancelled a statement
    /// because it had to follow.
    pub async fn leave_replica(&self) {
        if let Some(replica) = &self.replica {
            tracing::warn!("the replica did not finish a page; pages are read from the server");
            replica.leave().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing;
    use crate::{Db, Location};
    use jiedui_kernel::{Actor, Clock, Date, Random};
    use std::sync::Arc;

    /// Whether a replica that follows is read, and never while it is behind, is tried with a real one by
    /// `scripts/nodes.sh`.
    #[tokio::test]
    async fn where_there_is_no_replica_that_follows_the_server_is_read() {
        let location = testing::postgres(&format!("t_{}", &Random::System.token()[..20])).await.unwrap();
        let Location::Postgres(url) = &location else { panic!("PostgreSQL") };
        let clock = Clock::fixed("2026-11-24".parse::<Date>().unwrap());
        let db = Db::open(&location, clock, Random::System).await.unwrap();
        // It follows nobody; nobody is there.
        for other in [url.as_str(), "postgres://nobody@127.0.0.1:1/nothing"] {
            let db = db.clone().reading_from(other).await.unwrap();
            let mut tx = db.read_page(Arc::new(Actor::system("test"))).await.unwrap();
            assert!(tx.revision().await.is_ok());
            assert!(!tx.is_at_replica());
        }
        assert!(db.clone().reading_from("nonsense").await.is_err());
    }
}
