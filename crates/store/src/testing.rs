//! Databases for tests, on both engines. Used by the application's tests.
//!
//! Migrating and filling a database costs far more than copying it, so what many tests start with is made **once for a
//! build** and copied for each. Tests run in processes of their own and start together: whoever comes first makes the
//! template under a lock, the others wait for it. A template belongs to the test binary that made it (its path, time and
//! size), so whatever changes a template, be it a migration or the code that fills it, makes a new one.

pub mod faults;
pub mod overlap;
pub mod plans;
pub mod references;
pub mod tamper;

use crate::db::{Db, Location, Pools};
use jiedui_kernel::{Clock, Error, Result};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// The address of a PostgreSQL server on which tests may make databases; set by `scripts/with-postgres.sh`.
pub const SERVER: &str = "JIEDUI_TEST_POSTGRES";

/// The file in a template's directory that holds its note.
const NOTE: &str = "note";

/// A new, empty database on SQLite.
pub fn sqlite(directory: &Path) -> Location {
    Location::Directory(directory.to_path_buf())
}

/// A new, empty PostgreSQL database. Fails, and does not skip, where there is no server: the suite runs on both
/// engines, always.
pub async fn postgres(name: &str) -> Result<Location> {
    let mut server = server().await?;
    create(&mut server, name, "template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'").await?;
    server.close().await.map_err(Error::internal)?;
    location(name)
}

/// A database as a version of the program left it whose last migration was this one.
pub async fn at_version(location: &Location, version: i64, clock: Clock) -> Result<Db> {
    Db::at_version(location, version, clock).await
}

/// What a test starts with: a copy of a template, and the note that its maker left about it.
pub struct Copied {
    pub location: Location,
    pub note: String,
}

/// What many tests start with.
pub struct PlanTemplate<'a> {
    /// A plain name, for people.
    pub name: &'a str,
    /// Sums up what goes into it that is not in the test binary: files that are read while the tests run.
    pub sum: u64,
}

/// A copy of a template on SQLite. `fill` makes it where this build has none yet: it leaves the database closed, and
/// returns the note.
pub async fn sqlite_copy(
    template: &PlanTemplate<'_>,
    directory: &Path,
    fill: impl AsyncFnOnce(Location) -> Result<String>,
) -> Result<Copied> {
    let (binary, stamp) = build(template)?;
    let (shelf, template) = (binary.with_extension("templates"), template.name);
    let made = shelf.join(format!("{template}-{stamp}"));
    fs::create_dir_all(&shelf).map_err(Error::internal)?;
    let lock = File::create(shelf.join(format!("{template}.lock"))).map_err(Error::internal)?;
    lock.lock_shared().map_err(Error::internal)?;
    if !made.is_dir() {
        lock.unlock().map_err(Error::internal)?;
        lock.lock().map_err(Error::internal)?;
        if !made.is_dir() {
            clear(&shelf, &format!("{template}-")).map_err(Error::internal)?;
            let making = shelf.join(format!("{template}-making"));
            let note = fill(sqlite(&making)).await?;
            fs::write(making.join(NOTE), note).map_err(Error::internal)?;
            fs::rename(&making, &made).map_err(Error::internal)?;
        }
    }
    // Copied while the lock is held, for another build may clear the shelf.
    for file in fs::read_dir(&made).map_err(Error::internal)? {
        let name = file.map_err(Error::internal)?.file_name();
        if name != NOTE {
            fs::copy(made.join(&name), directory.join(&name)).map_err(Error::internal)?;
        }
    }
    let note = fs::read_to_string(made.join(NOTE)).map_err(Error::internal)?;
    Ok(Copied { location: sqlite(directory), note })
}

/// A copy of a template on PostgreSQL, under a name; `fill` as for SQLite. The template's note is its comment.
pub async fn postgres_copy(
    template: &PlanTemplate<'_>,
    name: &str,
    fill: impl AsyncFnOnce(Location) -> Result<String>,
) -> Result<Copied> {
    let (_, stamp) = build(template)?;
    let made = format!("template_{}_{stamp}", template.name);
    let mut server = server().await?;
    if note(&mut server, &made).await?.is_none() {
        let key = i64::from_str_radix(&stamp[..15], 16).map_err(Error::internal)?;
        execute(&mut server, &["SELECT pg_advisory_lock(", &key.to_string(), ")"]).await?;
        if note(&mut server, &made).await?.is_none() {
            let making = format!("making_{}_{stamp}", template.name);
            // What a run that was ended left behind, whose connections may not be gone yet.
            execute(&mut server, &["DROP DATABASE IF EXISTS ", &making, " WITH (FORCE)"]).await?;
            postgres(&making).await?;
            let text = fill(location(&making)?).await?.replace('\'', "''");
            execute(&mut server, &["COMMENT ON DATABASE ", &making, " IS '", &text, "'"]).await?;
            execute(&mut server, &["ALTER DATABASE ", &making, " RENAME TO ", &made]).await?;
        }
        execute(&mut server, &["SELECT pg_advisory_unlock(", &key.to_string(), ")"]).await?;
    }
    create(&mut server, name, &made).await?;
    let note = note(&mut server, &made).await?.unwrap_or_default();
    server.close().await.map_err(Error::internal)?;
    Ok(Copied { location: location(name)?, note })
}

/// The running test binary, and what tells this build's template from all others.
fn build(template: &PlanTemplate<'_>) -> Result<(PathBuf, String)> {
    let binary = std::env::current_exe().map_err(Error::internal)?;
    let file = binary.metadata().map_err(Error::internal)?;
    let mut hasher = DefaultHasher::new();
    (&binary, file.len(), file.modified().map_err(Error::internal)?).hash(&mut hasher);
    (template.name, template.sum, std::env::var_os("JIEDUI_HASH")).hash(&mut hasher);
    Ok((binary, format!("{:016x}", hasher.finish())))
}

/// Takes away what earlier builds left, and what was never finished.
fn clear(shelf: &Path, beginning: &str) -> std::io::Result<()> {
    for entry in fs::read_dir(shelf)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(beginning) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

async fn server() -> Result<PgConnection> {
    PgConnection::connect(&address()?).await.map_err(Error::internal)
}

fn address() -> Result<String> {
    std::env::var(SERVER)
        .map_err(|_| Error::internal(format_args!("{SERVER} is not set: run the tests through `make test`")))
}

fn location(name: &str) -> Result<Location> {
    let server = address()?;
    let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
    Ok(Location::Postgres(format!("{base}/{name}")))
}

async fn create(server: &mut PgConnection, name: &str, template: &str) -> Result<()> {
    // The only text that is ever put into SQL: names of our own making, checked sign by sign.
    if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Err(Error::internal("a test database has a plain name"));
    }
    execute(server, &["CREATE DATABASE ", name, " TEMPLATE ", template]).await
}

async fn execute(server: &mut PgConnection, parts: &[&str]) -> Result<()> {
    server.execute(AssertSqlSafe(parts.concat())).await.map(|_| ()).map_err(Error::internal)
}

/// The note of a finished template.
async fn note(server: &mut PgConnection, template: &str) -> Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = $1",
    )
    .bind(template)
    .fetch_optional(server)
    .await
    .map_err(Error::internal)
}

/// How often this process waited for the disk so that what was written lasts.
pub fn disk_waits(db: &Db) -> u64 {
    match db.pools() {
        Pools::Sqlite { write, .. } => write.commits(),
        Pools::Postgres { flush, .. } => flush.flushes(),
    }
}

/// Where the server's log ends while this transaction is under way; "" on SQLite, whose commits are flushed by themselves.
pub async fn end_of_log(db: &Db) -> Result<String> {
    let Pools::Postgres { pool, .. } = db.pools() else { return Ok(String::new()) };
    let end = sqlx::query_scalar("SELECT pg_current_wal_insert_lsn()::text").fetch_one(pool).await;
    end.map_err(Error::internal)
}

/// Whether the server's log is on its disk up to there.
pub async fn is_flushed(db: &Db, end: String) -> Result<bool> {
    let Pools::Postgres { pool, .. } = db.pools() else { return Ok(true) };
    let flushed = sqlx::query_scalar("SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn").bind(end);
    flushed.fetch_one(pool).await.map_err(Error::internal)
}

/// How many statements that read were answered so far, and with how many rows in all.
pub fn answered(db: &Db) -> (u64, u64) {
    let answers = db.answers();
    (answers.statements.load(Ordering::Relaxed), answers.rows.load(Ordering::Relaxed))
}

/// How many statements that write or lock were sent so far.
pub fn written(db: &Db) -> u64 {
    db.answers().writes.load(Ordering::Relaxed)
}
