//! Real faults, for tests. No code under test is replaced: a connection is damaged behind the pool's back, as a machine
//! or an operator would do it, and the engine itself reports the failure of the next statement.
//!
//! Each fault belongs to one connection. So a write that succeeds after it proves that the connection was not used again.

use crate::db::{Db, Location, Pools};
use crate::engine::Engine;
use crate::tx::Tx;
use jiedui_kernel::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, PgConnection, Pool};

/// The next write transaction cannot be opened. No other transaction may be open.
/// SQLite: the connection is in a transaction already. PostgreSQL: it is in a failed one.
pub async fn at_begin(db: &Db) -> Result<()> {
    match db.pools() {
        Pools::Sqlite { write, .. } => {
            let mut connection = only(write.pool()).await?;
            say(&mut *connection, "BEGIN").await?;
            connection.return_to_pool().await;
        }
        Pools::Postgres { pool, .. } => {
            let mut connection = only(pool).await?;
            say(&mut *connection, "BEGIN").await?;
            say(&mut *connection, "SELECT 1 / 0").await.expect_err("it fails the transaction");
            connection.return_to_pool().await;
        }
    }
    Ok(())
}

/// The next transaction opens, and its first write is rejected as read-only: a disk that was remounted, a server that
/// became a standby. No other transaction may be open.
pub async fn at_first_write(db: &Db) -> Result<()> {
    match db.pools() {
        Pools::Sqlite { write, .. } => {
            let mut connection = only(write.pool()).await?;
            say(&mut *connection, "PRAGMA query_only = on").await?;
            connection.return_to_pool().await;
        }
        Pools::Postgres { pool, .. } => {
            let mut connection = only(pool).await?;
            say(&mut *connection, "SET default_transaction_read_only = on").await?;
            connection.return_to_pool().await;
        }
    }
    Ok(())
}

/// The next statement of this transaction fails.
/// SQLite: the file may not grow (so the statement has to need a new page). PostgreSQL: the session was terminated.
pub async fn at_statement(db: &Db, tx: &mut Tx) -> Result<()> {
    match &mut tx.engine {
        Engine::Sqlite(lease) => {
            let answer = sqlx::query("PRAGMA max_page_count = 1").execute(lease.connection()?).await;
            lease.answered(answer).map(drop).map_err(Error::internal)
        }
        Engine::Postgres(_) => end_session(db, tx).await,
    }
}

/// The commit of this transaction fails, and nothing was written.
/// SQLite: a hook turns it into a rollback. PostgreSQL: a deferred trigger reports a full disk.
pub async fn at_commit(tx: &mut Tx) -> Result<()> {
    match &mut tx.engine {
        Engine::Sqlite(lease) => {
            let answer = match lease.connection()?.lock_handle().await {
                Ok(mut handle) => {
                    handle.set_commit_hook(|| false);
                    Ok(())
                }
                Err(cause) => Err(cause),
            };
            lease.answered(answer).map_err(Error::internal)
        }
        Engine::Postgres(lease) => say(lease.connection()?, NO_ROOM_AT_COMMIT)
            .await
            .and_then(|()| lease.answered(Ok(())).map_err(Error::internal)),
    }
}

/// The session is terminated during the commit of this transaction. PostgreSQL only; for SQLite see
/// `tests/full_disk.rs`.
pub async fn during_commit(tx: &mut Tx) -> Result<()> {
    let Engine::Postgres(lease) = &mut tx.engine else { return Err(Error::internal("no session to end")) };
    say(lease.connection()?, ENDS_AT_COMMIT).await?;
    lease.answered(Ok(())).map_err(Error::internal)
}

// Both are in the temporary schema of the session and in its transaction: nothing of them remains.
const NO_ROOM_AT_COMMIT: &str = "\
CREATE TEMPORARY TABLE fault (id BIGINT);
CREATE FUNCTION pg_temp.fault() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'no room'; END $$;
CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON fault DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION pg_temp.fault();
INSERT INTO fault (id) VALUES (1)";
const ENDS_AT_COMMIT: &str = "\
CREATE TEMPORARY TABLE fault (id BIGINT);
CREATE FUNCTION pg_temp.fault() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON fault DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION pg_temp.fault();
INSERT INTO fault (id) VALUES (1)";

/// The rollback of this transaction fails.
/// SQLite: it was rolled back already. PostgreSQL: the session was terminated.
pub async fn at_rollback(db: &Db, tx: &mut Tx) -> Result<()> {
    match &mut tx.engine {
        Engine::Sqlite(lease) => {
            let answer = sqlx::query("ROLLBACK").execute(lease.connection()?).await;
            lease.answered(answer).map(drop).map_err(Error::internal)
        }
        Engine::Postgres(_) => end_session(db, tx).await,
    }
}

/// Terminates the session of a transaction on PostgreSQL and waits for its end.
async fn end_session(db: &Db, tx: &mut Tx) -> Result<()> {
    let (Engine::Postgres(lease), Pools::Postgres { pool, .. }) = (&mut tx.engine, db.pools()) else {
        return Err(Error::internal("no session to end"));
    };
    let answer = sqlx::query_scalar::<_, i32>("SELECT pg_backend_pid()").fetch_one(lease.connection()?).await;
    let process = lease.answered(answer).map_err(Error::internal)?;
    let ended = sqlx::query_scalar::<_, bool>("SELECT pg_terminate_backend($1, 10000)").bind(process);
    match ended.fetch_one(pool).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::internal("the session did not end")),
        Err(cause) => Err(Error::internal(cause)),
    }
}

/// The one connection that the next caller will get: all others are closed.
async fn only<DB: sqlx::Database>(pool: &Pool<DB>) -> Result<PoolConnection<DB>> {
    let one = pool.acquire().await.map_err(Error::internal)?;
    while pool.size() > 1 {
        let other = pool.acquire().await.map_err(Error::internal)?;
        other.close().await.map_err(Error::internal)?;
    }
    Ok(one)
}

async fn say<'c, E: sqlx::Executor<'c>>(connection: E, words: &'static str) -> Result<()> {
    connection.execute(sqlx::raw_sql(words)).await.map(drop).map_err(Error::internal)
}

/// The PostgreSQL server terminates all sessions of this database and accepts none (`away`), or accepts them again.
pub async fn keep_out(location: &Location, away: bool) -> Result<()> {
    let Location::Postgres(url) = location else { return Err(Error::internal("no server to keep out of")) };
    let name = url.rsplit('/').next().unwrap_or_default();
    let server = std::env::var(super::SERVER).map_err(Error::internal)?;
    let mut server = PgConnection::connect(&server).await.map_err(Error::internal)?;
    let allow =
        sqlx::query("UPDATE pg_database SET datallowconn = $1 WHERE datname = $2").bind(!away).bind(name);
    allow.execute(&mut server).await.map_err(Error::internal)?;
    if away {
        let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1";
        sqlx::query(end).bind(name).execute(&mut server).await.map_err(Error::internal)?;
    }
    Ok(())
}
