//! A connection leased from a pool for one transaction, and whether it may be returned.
//!
//! The rule: **a connection is returned to its pool only if every statement on it was answered, and no answer was a
//! fault of the connection itself.** Any other is closed, and the pool opens a new one. So a full disk, a failed sync, a
//! killed server or a request dropped half way never affects the next caller.
//!
//! `BEGIN`, `COMMIT` and `ROLLBACK` are sent as plain statements. The driver's own transactions count their depth, and
//! SQLite rolls back by itself when it cannot write: the count is then wrong, stays with the connection, and every later
//! `BEGIN` on it fails.

use crate::fault;
use jiedui_kernel::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool, Postgres, Sqlite};
use std::future::Future;
use std::time::Duration;

/// A connection that does not roll back in this time is closed, so that it does not occupy its place in the pool forever.
const ROLLBACK_LIMIT: Duration = Duration::from_secs(5);

/// An engine on which `BEGIN`, `COMMIT` and `ROLLBACK` can be sent.
pub(crate) trait TransactionControl: Database {
    fn send(
        connection: &mut Self::Connection,
        sql: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

impl TransactionControl for Sqlite {
    async fn send(connection: &mut Self::Connection, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::query(sql).execute(connection).await.map(drop)
    }
}

impl TransactionControl for Postgres {
    /// Unprepared: one message and one answer.
    async fn send(connection: &mut Self::Connection, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sql).execute(connection).await.map(drop)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A statement is unanswered, or its answer was a fault of the connection.
    Uncertain,
    /// In a transaction.
    Open,
    Committed,
}

pub(crate) struct Lease<DB: TransactionControl> {
    /// `None` only while it is being dropped.
    connection: Option<PoolConnection<DB>>,
    state: State,
    /// A statement was rejected. PostgreSQL accepts no other in this transaction and answers its `COMMIT` with a silent
    /// rollback; so neither engine commits after it.
    rejected: bool,
    /// It had a fault that was mended; it is closed when the transaction ends.
    worn: bool,
}

impl<DB: TransactionControl> Lease<DB> {
    pub(crate) async fn begin(pool: &Pool<DB>, sql: &'static str) -> Result<Self> {
        Self::begin_on(pool.acquire().await.map_err(fault::at_begin)?, sql).await
    }

    /// On a connection that was asked something before.
    pub(crate) async fn begin_on(connection: PoolConnection<DB>, sql: &'static str) -> Result<Self> {
        let mut lease =
            Self { connection: Some(connection), state: State::Uncertain, rejected: false, worn: false };
        lease.send(sql).await.map_err(fault::at_begin)?;
        lease.state = State::Open;
        Ok(lease)
    }

    /// The connection, for one statement, whose answer must be passed to [`answered`](Self::answered). Until then the
    /// connection counts as uncertain, so that a future that is dropped half way does not return it to the pool.
    pub(crate) fn connection(&mut self) -> Result<&mut DB::Connection> {
        match &mut self.connection {
            // After a fault SQLite may have rolled back by itself: a further statement would commit on its own.
            Some(connection) if self.state == State::Open => {
                self.state = State::Uncertain;
                Ok(connection)
            }
            _ => Err(Error::Unavailable("an earlier statement of the transaction failed".to_owned())),
        }
    }

    /// Takes note of a statement's answer.
    pub(crate) fn answered<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        let rejected = answer.as_ref().is_err_and(fault::is_rejection);
        if answer.is_ok() || rejected {
            self.state = State::Open;
        }
        self.rejected |= rejected;
        answer
    }

    /// Whether what was sent so far may be committed.
    pub(crate) fn may_commit(&self) -> Result<()> {
        if self.state != State::Open {
            return Err(Error::Unavailable("no commit: an earlier statement failed".to_owned()));
        }
        if self.rejected {
            return Err(Error::internal("no commit: an earlier statement was rejected"));
        }
        Ok(())
    }

    /// A savepoint is set or released.
    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        self.state = State::Uncertain;
        self.send(sql).await?;
        self.state = State::Open;
        Ok(())
    }

    /// Goes back to a savepoint and releases it, also after a fault: what was done before it stands. Whether it did.
    pub(crate) async fn undo(&mut self, back: &'static str, release: &'static str) -> bool {
        self.worn |= self.state == State::Uncertain;
        let both = async {
            self.control(back).await?;
            self.control(release).await
        };
        let undone = matches!(tokio::time::timeout(ROLLBACK_LIMIT, both).await, Ok(Ok(())));
        self.rejected &= !undone;
        undone
    }

    pub(crate) fn is_worn(&self) -> bool {
        self.worn
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        self.may_commit()?;
        self.state = State::Uncertain;
        self.send("COMMIT").await.map_err(fault::at_commit)?;
        self.state = State::Committed;
        Ok(())
    }

    async fn send(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        DB::send(connection, sql).await
    }
}

impl<DB: TransactionControl> Drop for Lease<DB> {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match self.state {
            // Returned by being dropped.
            State::Committed if !self.worn => {}
            State::Committed | State::Uncertain => connection.close_on_drop(),
            State::Open => drop(tokio::spawn(roll_back(connection, self.worn))),
        }
    }
}

async fn roll_back<DB: TransactionControl>(mut connection: PoolConnection<DB>, worn: bool) {
    let answer = tokio::time::timeout(ROLLBACK_LIMIT, DB::send(&mut connection, "ROLLBACK")).await;
    if worn || !matches!(answer, Ok(Ok(()))) {
        connection.close_on_drop();
    }
}
