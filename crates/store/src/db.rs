//! Connections, and where the data lies.

use crate::audit;
use crate::engine::Engine;
use crate::fault;
use crate::health::Health;
use crate::lease::Lease;
use crate::settings;
use crate::tx::Tx;
use jiedui_kernel::{Actor, Clock, Error, Random, Result};
use jiedui_proof::HashKind;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

/// How long a caller waits for a connection before the database counts as unavailable.
const ACQUIRE_LIMIT: Duration = Duration::from_secs(10);

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// Where the data lies.
#[derive(Debug, Clone)]
pub enum Location {
    /// A directory with an SQLite file in it.
    Directory(PathBuf),
    /// `postgres://…`
    Postgres(String),
}

#[derive(Clone)]
pub(crate) enum Pools {
    /// SQLite has one writer; readers do not wait for it (write-ahead log).
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// The database. Clones share the connections.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    clock: Clock,
    random: Random,
    hash: HashKind,
    health: Arc<Health>,
}

impl Db {
    /// Opens the database, brings its tables up to date, and reads what was fixed when it was made (the log's hash).
    pub async fn open(location: &Location, clock: Clock, random: Random) -> Result<Self> {
        let pools = match location {
            Location::Directory(directory) => open_sqlite(directory).await?,
            Location::Postgres(url) => open_postgres(url).await?,
        };
        match &pools {
            Pools::Sqlite { write, .. } => MIGRATIONS.run(write).await,
            Pools::Postgres(pool) => MIGRATIONS.run(pool).await,
        }
        .map_err(|cause| Error::internal(format_args!("migrations: {cause}")))?;
        let mut db = Self { pools, clock, random, hash: HashKind::Sha256, health: Arc::default() };
        db.hash = db.stored_hash().await?;
        Ok(db)
    }

    /// The log's hash, chosen when the data directory is made (`JIEDUI_HASH=sm3` for the national algorithm).
    async fn stored_hash(&self) -> Result<HashKind> {
        let mut tx = self.begin(Arc::new(Actor::system("open"))).await?;
        if let Some(name) = settings::read(&mut tx, "hash").await? {
            return audit::hash_named(&name);
        }
        let wanted = std::env::var("JIEDUI_HASH").unwrap_or_else(|_| "sha256".to_owned());
        let hash = audit::hash_named(&wanted)?;
        settings::write(&mut tx, "hash", &wanted).await?;
        tx.commit().await?;
        Ok(hash)
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }

    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    pub fn engine_name(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres(_) => "postgres",
        }
    }

    /// A transaction that may write. On SQLite it holds the writer's place from the beginning, so that it can never
    /// fail half way for want of it.
    pub async fn begin(&self, actor: Arc<Actor>) -> Result<Tx> {
        let engine = match &self.pools {
            Pools::Sqlite { write, .. } => Engine::Sqlite(Lease::begin(write, "BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Engine::Postgres(Lease::begin(pool, "BEGIN").await?),
        };
        Ok(self.tx(engine, actor, true))
    }

    /// A transaction that only reads, and sees one state of the data throughout.
    pub async fn read(&self, actor: Arc<Actor>) -> Result<Tx> {
        let engine = match &self.pools {
            Pools::Sqlite { read, .. } => Engine::Sqlite(Lease::begin(read, "BEGIN").await?),
            Pools::Postgres(pool) => Engine::Postgres(
                Lease::begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?,
            ),
        };
        Ok(self.tx(engine, actor, false))
    }

    fn tx(&self, engine: Engine, actor: Arc<Actor>, writable: bool) -> Tx {
        let now = self.clock.now();
        Tx {
            engine,
            actor,
            now,
            today: jiedui_kernel::shanghai_date(now),
            random: self.random.clone(),
            hash: self.hash,
            writable,
            writes: 0,
            audit_records: 0,
        }
    }

    /// Closes all connections; what is under way ends first.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(directory: &Path) -> Result<Pools> {
    std::fs::create_dir_all(directory)
        .map_err(|cause| Error::internal(format_args!("data directory {}: {cause}", directory.display())))?;
    let file = directory.join("jiedui.sqlite");
    let existed = file.exists();
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-4000");
    let connect = |size: u32, options: SqliteConnectOptions| {
        SqlitePoolOptions::new()
            .max_connections(size)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(ACQUIRE_LIMIT)
            // No network is involved; a dead connection fails at its `BEGIN` and is closed.
            .test_before_acquire(false)
            .connect_with(options)
    };
    let failed = |cause: sqlx::Error| {
        if fault::is_corrupt(&cause) {
            return damaged(&file, &cause.to_string());
        }
        Error::internal(format_args!("SQLite in {}: {cause}", directory.display()))
    };
    let write = connect(1, options.clone()).await.map_err(failed)?;
    if existed {
        let found = quick_check(&write).await.map_err(failed)?;
        if found != ["ok"] {
            return Err(damaged(&file, &found.join("; ")));
        }
    }
    let read = connect(4, options.pragma("query_only", "on")).await.map_err(failed)?;
    Ok(Pools::Sqlite { read, write })
}

/// Finds a damaged file before anything is written to it. Reads every page once.
async fn quick_check(pool: &SqlitePool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("PRAGMA quick_check(1)").fetch_all(pool).await
}

fn damaged(file: &Path, what: &str) -> Error {
    Error::CannotStart(format!(
        "数据文件 {} 已损坏，没有启动（{}）。请把它所在的目录整个改名留存，把最近一次备份复制回原处，再重新启动。",
        file.display(),
        what.split_whitespace().collect::<Vec<_>>().join(" ")
    ))
}

async fn open_postgres(url: &str) -> Result<Pools> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|cause| Error::internal(format_args!("--database: {cause}")))?;
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(ACQUIRE_LIMIT)
        .connect_with(options)
        .await
        .map_err(|cause| Error::internal(format_args!("PostgreSQL: {cause}")))?;
    Ok(Pools::Postgres(pool))
}
