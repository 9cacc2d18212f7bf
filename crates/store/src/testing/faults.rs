//! Real faults, for tests. Nothing of the code under test is replaced: a connection is spoilt from behind, as a machine
//! or an operator would do it, and the engine or the line itself reports the next thing that is asked of it.
//!
//! Each fault is in one connection and ends with it; so a test that finds the next write going well has seen that the
//! connection was not used again.

use crate::db::{Db, Location, Pools};
use crate::engine::Engine;
use crate::tx::Tx;
use jiedui_kernel::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, PgConnection, Pool};

/// The next transaction that may write cannot be opened. No transaction may be open meanwhile.
/// SQLite: one is open already behind the pool's back. PostgreSQL: one is open and has failed.
pub async fn at_begin(db: &Db) -> Result<()> {
    match db.pools() {
        Pools::Sqlite { write, .. } => {
            let mut connection = only(write).await?;
            say(&mut *connection, "BEGIN").await?;
            connection.return_to_pool().await;
        }
        Pools::Postgres(pool) => {
            let mut connection = only(pool).await?;
            say(&mut *connection, "BEGIN").await?;
            say(&mut *connection, "SELECT 1 / 0").await.expect_err("a failed transaction takes no BEGIN");
            connection.return_to_pool().await;
        }
    }
    Ok(())
}

/// The next transaction opens, and its first write finds that only reading is allowed: a disk that was mounted again for
/// reading, a server that follows another one now. No transaction may be open meanwhile.
pub async fn at_first_write(db: &Db) -> Result<()> {
    match db.pools() {
        Pools::Sqlite { write, .. } => {
            let mut connection = only(write).await?;
            say(&mut *connection, "PRAGMA query_only = on").await?;
            connection.return_to_pool().await;
        }
        Pools::Postgres(pool) => {
            let mut connection = only(pool).await?;
            say(&mut *connection, "SET default_transaction_read_only = on").await?;
            connection.return_to_pool().await;
        }
    }
    Ok(())
}

/// The next statement of this transaction fails.
/// SQLite: the file may not grow by one page (so the statement has to need one). PostgreSQL: the session was ended.
pub async fn at_statement(db: &Db, tx: &mut Tx) -> Result<()> {
    match &mut tx.engine {
        Engine::Sqlite(lease) => {
            let answer = sqlx::query("PRAGMA max_page_count = 1").execute(lease.ask()?).await;
            lease.heard(answer).map(drop).map_err(Error::internal)
        }
        Engine::Postgres(_) => end_session(db, tx).await,
    }
}

/// The commit of this transaction is answered with an error after which nothing was written.
/// SQLite: it turns into a rollback. PostgreSQL: no room is left when it checks what it deferred.
pub async fn at_commit(tx: &mut Tx) -> Result<()> {
    match &mut tx.engine {
        Engine::Sqlite(lease) => {
            let answer = match lease.ask()?.lock_handle().await {
                Ok(mut handle) => {
                    handle.set_commit_hook(|| false);
                    Ok(())
                }
                Err(cause) => Err(cause),
            };
            lease.heard(answer).map_err(Error::internal)
        }
        Engine::Postgres(lease) => say(lease.ask()?, NO_ROOM_AT_COMMIT)
            .await
            .and_then(|()| lease.heard(Ok(())).map_err(Error::internal)),
    }
}

/// The commit of this transaction gets no answer: the session ends while it is under way. PostgreSQL only; SQLite is
/// asked in `tests/full_disk.rs`.
pub async fn during_commit(tx: &mut Tx) -> Result<()> {
    let Engine::Postgres(lease) = &mut tx.engine else { return Err(Error::internal("no session to end")) };
    say(lease.ask()?, ENDS_AT_COMMIT).await?;
    lease.heard(Ok(())).map_err(Error::internal)
}

// Both live in the session's temporary schema and in its transaction: nothing is left of them.
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
/// SQLite: it was rolled back already. PostgreSQL: the session was ended.
pub async fn at_rollback(db: &Db, tx: &mut Tx) -> Result<()> {
    match &mut tx.engine {
        Engine::Sqlite(lease) => {
            let answer = sqlx::query("ROLLBACK").execute(lease.ask()?).await;
            lease.heard(answer).map(drop).map_err(Error::internal)
        }
        Engine::Postgres(_) => end_session(db, tx).await,
    }
}

/// Ends the server's side of a transaction on PostgreSQL, and waits until it has ended.
async fn end_session(db: &Db, tx: &mut Tx) -> Result<()> {
    let (Engine::Postgres(lease), Pools::Postgres(pool)) = (&mut tx.engine, db.pools()) else {
        return Err(Error::internal("no session to end"));
    };
    let answer = sqlx::query_scalar::<_, i32>("SELECT pg_backend_pid()").fetch_one(lease.ask()?).await;
    let process = lease.heard(answer).map_err(Error::internal)?;
    let ended = sqlx::query_scalar::<_, bool>("SELECT pg_terminate_backend($1, 10000)").bind(process);
    match ended.fetch_one(pool).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::internal("the session did not end")),
        Err(cause) => Err(Error::internal(cause)),
    }
}

/// The one connection that the next caller will be given: all others are closed, those on their way back waited for.
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

/// The server takes nobody into this database any more (`away`), or again; who is in is put out.
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
