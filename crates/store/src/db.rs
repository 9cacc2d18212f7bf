//! Connections, and where the data lies.

use crate::audit::heads::LogKey;
use crate::audit::{self, takeover};
use crate::catalog::Catalog;
use crate::doubles;
use crate::engine::{Engine, SqliteLease};
use crate::fault;
use crate::flush::Flusher;
use crate::health::Health;
use crate::lease::Lease;
use crate::planning::{KEPT_STATEMENTS, planned};
use crate::private;
use crate::replica::{READING, Replica};
use crate::settings;
use crate::tx::Tx;
use crate::writer::Writer;
use jiedui_kernel::{Actor, Clock, Error, Random, Result, caused, of_file};
use jiedui_proof::HashKind;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// How long a caller waits for a connection before the database counts as unavailable.
const ACQUIRE_LIMIT: Duration = Duration::from_secs(10);

/// A larger file is not read whole before it is served: that takes some 5 s for each gigabyte. The backup of the night reads it.
const QUICK_CHECK_BYTES: u64 = 8 << 30;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

const APPLIED: &str = "SELECT version FROM _sqlx_migrations";

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
        write: Writer,
    },
    Postgres {
        pool: PgPool,
        flush: Arc<Flusher>,
    },
}

/// The database. Clones share the connections.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    clock: Clock,
    random: Random,
    hash: HashKind,
    catalog: Arc<Catalog>,
    log_key: Option<Arc<LogKey>>,
    health: Arc<Health>,
    answers: Arc<Answers>,
    pub(crate) replica: Option<Arc<Replica>>,
}

/// What the engine answered so far, in all.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    pub(crate) statements: AtomicU64,
    pub(crate) rows: AtomicU64,
    /// Statements that write or lock.
    pub(crate) writes: AtomicU64,
}

impl Db {
    /// Opens the database, brings its tables up to date, and reads what was fixed when it was made (the log's hash). A
    /// database whose log does not bind its rows yet is taken over. Refuses one that differs from its log where a
    /// migration would make the difference look legitimate.
    pub async fn open(location: &Location, clock: Clock, random: Random) -> Result<Self> {
        let pools = match location {
            Location::Directory(directory) => open_sqlite(directory).await?,
            Location::Postgres(url) => open_postgres(url).await?,
        };
        let mut db = Self::with(pools, clock, random);
        let migrating = db.is_made().await? && db.has_open_migrations().await?;
        if migrating && !db.applied().await?.contains(&doubles::FORBIDDEN_BY) {
            doubles::refuse(&db).await?;
        }
        let bound = migrating && db.binds_rows().await?;
        if bound {
            db.prepare().await?;
            takeover::before_migration(&db).await?;
        }
        match &db.pools {
            Pools::Sqlite { write, .. } => MIGRATIONS.run(write.pool()).await,
            Pools::Postgres { pool, .. } => MIGRATIONS.run(pool).await,
        }
        .map_err(|cause| Error::internal(format_args!("migrations: {cause}")))?;
        let fixed = db.prepare().await?;
        if bound {
            takeover::after_migration(&db).await?;
        } else {
            takeover::first(&db).await?;
        }
        if !fixed {
            db.fix_hash().await?;
        }
        Ok(db)
    }

    /// Opens a database for a check: never makes, migrates or writes anything, and works on a copy that cannot be
    /// written.
    pub async fn inspect(location: &Location, clock: Clock) -> Result<Self> {
        let mut db = Self::found_at(location, clock).await?;
        if db.has_open_migrations().await? {
            return Err(Error::CannotStart(
                "数据是较早版本的程序写下的，请用那个版本核验，或先备份再用 jiedui serve 升级。".to_owned(),
            ));
        }
        db.prepare().await?;
        Ok(db)
    }

    /// The same for data of whatever version: what an earlier program wrote can be copied, too.
    pub async fn look(location: &Location, clock: Clock) -> Result<Self> {
        let mut db = Self::found_at(location, clock).await?;
        db.prepare().await?;
        Ok(db)
    }

    async fn found_at(location: &Location, clock: Clock) -> Result<Self> {
        let pools = match location {
            Location::Directory(directory) => inspect_sqlite(directory).await?,
            Location::Postgres(url) => open_postgres(url).await?,
        };
        let db = Self::with(pools, clock, Random::System);
        if !db.is_made().await? {
            return Err(Error::CannotStart("这里没有结对通的数据，没有可核验的内容。".to_owned()));
        }
        Ok(db)
    }

    /// Whether every migration of this program was made.
    pub async fn is_current(&self) -> Result<bool> {
        Ok(!self.has_open_migrations().await?)
    }

    /// The newest migration of this program.
    pub fn newest_migration() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    fn with(pools: Pools, clock: Clock, random: Random) -> Self {
        Self {
            pools,
            clock,
            random,
            hash: HashKind::Sha256,
            catalog: Arc::default(),
            log_key: None,
            health: Arc::default(),
            answers: Arc::default(),
            replica: None,
        }
    }

    /// Reads the shape of the tables, and the hash of the log; says whether that is fixed already.
    async fn prepare(&mut self) -> Result<bool> {
        self.catalog = Arc::new(Catalog::read(&self.pools).await?);
        let mut tx = self.read(Arc::new(Actor::system("open"))).await?;
        let fixed = settings::read(&mut tx, "hash").await?;
        if let Some(name) = &fixed {
            self.hash = audit::hash_named(name)?;
        }
        Ok(fixed.is_some())
    }

    /// Whether tables of ours are there.
    async fn is_made(&self) -> Result<bool> {
        Ok(self.columns("audit_leaf").await? > 0)
    }

    async fn binds_rows(&self) -> Result<bool> {
        if self.columns("audit_row").await? == 0 {
            return Ok(false);
        }
        let mut tx = self.read(Arc::new(Actor::system("open"))).await?;
        takeover::is_bound(&mut tx).await
    }

    pub(crate) async fn columns(&self, table: &'static str) -> Result<i64> {
        let found: Result<i64, _> = match &self.pools {
            Pools::Sqlite { read, .. } => {
                sqlx::query_scalar("SELECT COUNT(*) FROM pragma_table_info($1)").bind(table).fetch_one(read).await
            }
            Pools::Postgres { pool, .. } => {
                sqlx::query_scalar(
                    "SELECT COUNT(*) FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema()",
                )
                .bind(table)
                .fetch_one(pool)
                .await
            }
        };
        found.map_err(|cause| Error::internal(format_args!("tables: {cause}")))
    }

    /// The versions of the migrations that were made.
    async fn applied(&self) -> Result<Vec<i64>> {
        match &self.pools {
            Pools::Sqlite { read, .. } => sqlx::query_scalar(APPLIED).fetch_all(read).await,
            Pools::Postgres { pool, .. } => sqlx::query_scalar(APPLIED).fetch_all(pool).await,
        }
        .map_err(|cause| Error::internal(format_args!("migrations: {cause}")))
    }

    async fn has_open_migrations(&self) -> Result<bool> {
        let applied = self.applied().await?;
        Ok(MIGRATIONS.iter().any(|migration| !applied.contains(&migration.version)))
    }

    /// As a database of an earlier version was: its tables and no more, for the tests of what an upgrade meets.
    pub(crate) async fn at_version(location: &Location, version: i64, clock: Clock) -> Result<Self> {
        let pools = match location {
            Location::Directory(directory) => open_sqlite(directory).await?,
            Location::Postgres(url) => open_postgres(url).await?,
        };
        match &pools {
            Pools::Sqlite { write, .. } => MIGRATIONS.run_to(version, write.pool()).await,
            Pools::Postgres { pool, .. } => MIGRATIONS.run_to(version, pool).await,
        }
        .map_err(|cause| Error::internal(format_args!("migrations: {cause}")))?;
        Ok(Self::with(pools, clock, Random::System))
    }

    /// The log's hash, chosen when the data directory is made (`JIEDUI_HASH=sm3` for the national algorithm).
    async fn fix_hash(&mut self) -> Result<()> {
        let mut tx = self.begin(Arc::new(Actor::system("open"))).await?;
        if settings::read(&mut tx, "hash").await?.is_some() {
            return Ok(());
        }
        let wanted = std::env::var("JIEDUI_HASH").unwrap_or_else(|_| "sha256".to_owned());
        self.hash = audit::hash_named(&wanted)?;
        tx.hash = self.hash;
        settings::write(&mut tx, "hash", &wanted).await?;
        tx.commit().await
    }

    /// The hash of the log.
    pub fn hash(&self) -> HashKind {
        self.hash
    }

    /// The same database, whose heads are signed from now on.
    pub fn signed_with(self, key: LogKey) -> Self {
        Self { log_key: Some(Arc::new(key)), ..self }
    }

    pub(crate) fn log_key(&self) -> Option<&LogKey> {
        self.log_key.as_deref()
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }

    pub(crate) fn answers(&self) -> &Answers {
        &self.answers
    }

    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    pub fn engine_name(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres { .. } => "postgres",
        }
    }

    /// Room in memory for a command that writes millions of rows, as long as it runs. PostgreSQL has its own.
    pub async fn make_room(&self) -> Result<()> {
        let Pools::Sqlite { write, .. } = &self.pools else { return Ok(()) };
        let set = sqlx::query("PRAGMA cache_size = -131072").execute(write.pool()).await;
        set.map(drop).map_err(|cause| Error::internal(format_args!("cache_size: {cause}")))
    }

    /// A transaction that may write. On SQLite it holds the writer's place from the beginning, so that it can never
    /// fail half way for want of it, and may share its commit with others that queue: see [`Writer`].
    pub async fn begin(&self, actor: Arc<Actor>) -> Result<Tx> {
        self.begin_write(actor, false).await
    }

    /// A transaction that may write and takes its time: nobody waits for its commit.
    pub async fn begin_alone(&self, actor: Arc<Actor>) -> Result<Tx> {
        self.begin_write(actor, true).await
    }

    /// Returns when everything that a transaction which has ended may have seen is committed. On SQLite it shares a
    /// transaction with others, and may have refused something because of what they had written and not yet committed.
    pub async fn commit_waiting(&self) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { write, .. } => write.commit_waiting().await,
            Pools::Postgres { .. } => Ok(()),
        }
    }

    async fn begin_write(&self, actor: Arc<Actor>, alone: bool) -> Result<Tx> {
        let (engine, flush) = match &self.pools {
            Pools::Sqlite { write, .. } => {
                (Engine::Sqlite(SqliteLease::Write(write.begin(alone).await?)), None)
            }
            Pools::Postgres { pool, flush } => {
                (Engine::Postgres(Lease::begin(pool, "BEGIN").await?), Some(Arc::clone(flush)))
            }
        };
        Ok(Tx { flush, ..self.tx(engine, actor, true) })
    }

    /// A transaction that only reads, and sees one state of the data throughout.
    pub async fn read(&self, actor: Arc<Actor>) -> Result<Tx> {
        let engine = match &self.pools {
            Pools::Sqlite { read, .. } => {
                Engine::Sqlite(SqliteLease::Read(Lease::begin(read, "BEGIN").await?))
            }
            Pools::Postgres { pool, .. } => Engine::Postgres(Lease::begin(pool, READING).await?),
        };
        Ok(self.tx(engine, actor, false))
    }

    pub(crate) fn tx(&self, engine: Engine, actor: Arc<Actor>, writable: bool) -> Tx {
        let now = self.clock.now();
        Tx {
            engine,
            actor,
            by_token: None,
            now,
            today: jiedui_kernel::shanghai_date(now),
            random: self.random.clone(),
            hash: self.hash,
            writable,
            at_replica: false,
            catalog: Arc::clone(&self.catalog),
            flush: None,
            answers: Arc::clone(&self.answers),
            writes: 0,
            touched: Vec::new(),
            records: Vec::new(),
            unsettled: crate::derived::Unsettled::new(),
        }
    }

    /// Closes all connections; what is under way ends first.
    pub async fn close(&self) {
        if let Some(replica) = &self.replica {
            replica.close().await;
        }
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.pool().close().await;
            }
            Pools::Postgres { pool, flush } => {
                pool.close().await;
                flush.close().await;
            }
        }
    }
}

async fn open_sqlite(directory: &Path) -> Result<Pools> {
    let file = directory.join("jiedui.sqlite");
    let size = file.metadata().map(|file| file.len()).ok();
    private::make(directory, &file)
        .map_err(|cause| Error::CannotStart(of_file("建不了数据目录", directory, &cause)))?;
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(KEPT_STATEMENTS)
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
            return fault::damaged(&file, &cause.to_string());
        }
        let words = format!("打不开 {} 里的数据，请核对目录的权限，并看磁盘是否已满。", directory.display());
        Error::CannotStart(caused(words, cause))
    };
    let write = connect(1, options.clone()).await.map_err(failed)?;
    if size.is_some_and(|size| size > QUICK_CHECK_BYTES) {
        tracing::warn!("the file is too large to be checked at the start; a backup checks it");
    } else if size.is_some() {
        let found = quick_check(&write).await.map_err(failed)?;
        if found != ["ok"] {
            return Err(fault::damaged(&file, &found.join("; ")));
        }
    }
    let read = connect(4, options.pragma("query_only", "on")).await.map_err(failed)?;
    Ok(Pools::Sqlite { read, write: Writer::new(write, ACQUIRE_LIMIT) })
}

/// Connections that only read, also in a directory that cannot be written.
async fn inspect_sqlite(directory: &Path) -> Result<Pools> {
    let file = directory.join("jiedui.sqlite");
    if !file.is_file() {
        return Err(Error::CannotStart(format!("{} 里没有结对通的数据。", directory.display())));
    }
    let options = SqliteConnectOptions::new().read_only(true).pragma("query_only", "on");
    let open = |file: PathBuf, immutable: bool| {
        let options = options.clone().filename(file).immutable(immutable);
        async move { SqlitePoolOptions::new().max_connections(2).connect_with(options).await }
    };
    let readable = |pool: SqlitePool| async move {
        let tables: Result<i64, _> =
            sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master").fetch_one(&pool).await;
        tables.map(|_| pool)
    };
    let wal = directory.join("jiedui.sqlite-wal");
    let has_wal = wal.metadata().is_ok_and(|wal| wal.len() > 0);
    let read = match open(file.clone(), false).await {
        Ok(pool) => readable(pool).await,
        Err(cause) => Err(cause),
    };
    let read = match read {
        Ok(pool) => Ok(pool),
        // Without a log beside it the file is all there is, and nobody can be writing it.
        Err(_) if !has_wal => match open(file.clone(), true).await {
            Ok(pool) => readable(pool).await,
            Err(cause) => Err(cause),
        },
        Err(cause) => Err(cause),
    };
    let read = read.map_err(|cause| {
        if fault::is_corrupt(&cause) {
            return fault::damaged(&file, &cause.to_string());
        }
        let words = format!(
            "读不到 {}。若目录只读且服务器没有正常停止，请把整个目录复制到可写的地方再核验。",
            file.display()
        );
        Error::CannotStart(caused(words, cause))
    })?;
    Ok(Pools::Sqlite { write: Writer::new(read.clone(), ACQUIRE_LIMIT), read })
}

/// Finds a damaged file before anything is written to it. Reads every page once.
async fn quick_check(pool: &SqlitePool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("PRAGMA quick_check(1)").fetch_all(pool).await
}

async fn open_postgres(url: &str) -> Result<Pools> {
    let options = PgConnectOptions::from_str(url).map_err(|cause| {
        Error::CannotStart(caused("--database 写得不对，应像 postgres://用户@主机/库名。", cause))
    })?;
    let failed = |cause: sqlx::Error| {
        Error::CannotStart(caused("连不上 PostgreSQL，请核对 --database，并看服务器是否在运行。", cause))
    };
    let flush = Arc::new(Flusher::connect(options.clone(), ACQUIRE_LIMIT).await.map_err(failed)?);
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(ACQUIRE_LIMIT)
        .connect_with(planned(options).options([("synchronous_commit", "off")]))
        .await
        .map_err(failed)?;
    Ok(Pools::Postgres { pool, flush })
}
