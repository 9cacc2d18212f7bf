//! A connection leased from a pool for one transaction, and whether it may go back.
//!
//! The rule: **a connection goes back to its pool only when it has answered everything it was asked, and nothing it
//! answered was its own fault.** Any other is closed, and the pool opens a new one. So nothing that once went wrong
//! (a full disk, a failed sync, a killed server, a request that was given up half way) can meet the next caller.
//!
//! The words of a transaction are statements of our own. The driver's transactions count their depth, and SQLite rolls
//! back by itself when it cannot write: then the count is wrong, stays with the connection, and every later `BEGIN` on
//! it is refused.

use crate::fault;
use jiedui_kernel::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool, Postgres, Sqlite};
use std::future::Future;
use std::time::Duration;

/// A connection that does not roll back in this time is closed: it must not keep its place in the pool for ever.
const ROLLBACK_LIMIT: Duration = Duration::from_secs(5);

/// An engine that can be told the words of a transaction.
pub(crate) trait Words: Database {
    fn say(
        connection: &mut Self::Connection,
        words: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

impl Words for Sqlite {
    async fn say(connection: &mut Self::Connection, words: &'static str) -> Result<(), sqlx::Error> {
        sqlx::query(words).execute(connection).await.map(drop)
    }
}

impl Words for Postgres {
    /// Unprepared, because only so does it take one message there and one back.
    async fn say(connection: &mut Self::Connection, words: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(words).execute(connection).await.map(drop)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Asked something whose answer has not come, or was the connection's fault.
    Doubtful,
    /// In a transaction.
    Open,
    /// After the commit.
    Over,
}

pub(crate) struct Lease<DB: Words> {
    /// `None` only while it is being dropped.
    connection: Option<PoolConnection<DB>>,
    state: State,
    /// A statement was refused. PostgreSQL takes no other in this transaction and answers its `COMMIT` with a silent
    /// rollback; so there is no commit after it, on either engine.
    refused: bool,
}

impl<DB: Words> Lease<DB> {
    pub(crate) async fn begin(pool: &Pool<DB>, words: &'static str) -> Result<Self> {
        let connection = pool.acquire().await.map_err(fault::at_begin)?;
        let mut lease = Self { connection: Some(connection), state: State::Doubtful, refused: false };
        lease.say(words).await.map_err(fault::at_begin)?;
        lease.state = State::Open;
        Ok(lease)
    }

    /// The connection, for one statement. Its answer must be [heard](Self::heard): until then the connection counts as
    /// doubtful, so that a caller who goes away half way leaves none behind.
    pub(crate) fn ask(&mut self) -> Result<&mut DB::Connection> {
        match &mut self.connection {
            // After a fault SQLite may have rolled back by itself: what came next would be written on its own.
            Some(connection) if self.state == State::Open => {
                self.state = State::Doubtful;
                Ok(connection)
            }
            _ => Err(Error::Unavailable("the transaction has met a fault before".to_owned())),
        }
    }

    /// The answer to the statement that was [asked](Self::ask).
    pub(crate) fn heard<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        let refused = answer.as_ref().is_err_and(fault::is_refusal);
        if answer.is_ok() || refused {
            self.state = State::Open;
        }
        self.refused |= refused;
        answer
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        if self.state != State::Open {
            return Err(Error::Unavailable("a commit after a fault was refused".to_owned()));
        }
        if self.refused {
            return Err(Error::internal("a commit after a refused statement was refused"));
        }
        self.state = State::Doubtful;
        self.say("COMMIT").await.map_err(fault::at_commit)?;
        self.state = State::Over;
        Ok(())
    }

    async fn say(&mut self, words: &'static str) -> Result<(), sqlx::Error> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        DB::say(connection, words).await
    }
}

impl<DB: Words> Drop for Lease<DB> {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match self.state {
            // Dropping gives it back.
            State::Over => {}
            State::Doubtful => connection.close_on_drop(),
            State::Open => drop(tokio::spawn(roll_back(connection))),
        }
    }
}

async fn roll_back<DB: Words>(mut connection: PoolConnection<DB>) {
    let said = tokio::time::timeout(ROLLBACK_LIMIT, DB::say(&mut connection, "ROLLBACK")).await;
    if !matches!(said, Ok(Ok(()))) {
        connection.close_on_drop();
    }
}
