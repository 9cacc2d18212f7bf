//! The two engines behind one enum. Every difference between them stands in this file and in `db.rs`.

use crate::args::Arg;
use crate::catalog::Shape;
use crate::fault::in_statement;
use crate::image::{RowImage, picture};
use crate::lease::Lease;
use crate::statement::Statement;
use crate::tx::Row;
use crate::writer::Share;
use futures_util::TryStreamExt as _;
use jiedui_kernel::{Error, Result};
use jiedui_proof::HashKind;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Executor as _, Postgres, Sqlite, SqliteConnection};

pub(crate) enum Engine {
    Sqlite(SqliteLease),
    Postgres(Lease<Postgres>),
}

/// A reader has a connection of its own; who writes shares the writer's.
pub(crate) enum SqliteLease {
    Read(Lease<Sqlite>),
    Write(Share),
}

impl SqliteLease {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        match self {
            Self::Read(lease) => lease.connection(),
            Self::Write(share) => share.lease()?.connection(),
        }
    }

    pub(crate) fn answered<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        match self {
            Self::Read(lease) => lease.answered(answer),
            Self::Write(share) => share.lease().map_err(|_| sqlx::Error::PoolClosed)?.answered(answer),
        }
    }

    async fn commit(self) -> Result<()> {
        match self {
            Self::Read(lease) => lease.commit().await,
            Self::Write(share) => share.commit().await,
        }
    }
}

/// Binds the arguments in order; the same text serves both engines, so only the query's type differs.
macro_rules! bind_all {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                Arg::Text(v) => query.bind(v),
                Arg::Int(v) => query.bind(v),
                Arg::Real(v) => query.bind(v),
                Arg::Bool(v) => query.bind(v),
                Arg::Date(v) => query.bind(v),
                Arg::Instant(v) => query.bind(v),
                Arg::Bytes(v) => query.bind(v),
            };
        }
        query
    }};
}

fn sqlite_query(text: &'static str, args: Vec<Arg>) -> Query<'static, Sqlite, SqliteArguments> {
    bind_all!(sqlx::query(text), args)
}

fn postgres_query(text: &'static str, args: Vec<Arg>) -> Query<'static, Postgres, PgArguments> {
    bind_all!(sqlx::query(text), args)
}

/// Hands out the rows of a query one after the other, each as it is read, until one is refused.
macro_rules! one_by_one {
    ($query:expr, $lease:expr, $row:ident => $read:expr, $take:expr, $failed:expr) => {{
        let mut taken = Ok(());
        {
            let mut rows = $query.fetch($lease.connection()?);
            while taken.is_ok() {
                let Some($row) = rows.try_next().await.map_err($failed)? else { break };
                taken = $read.and_then(&mut $take);
            }
        }
        $lease.answered(Ok(())).map_err($failed)?;
        taken
    }};
}
pub(crate) use one_by_one;

impl Engine {
    pub(crate) async fn all<T: Row>(&mut self, statement: &Statement, args: Vec<Arg>) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(lease) => {
                let answer = sqlite_query(statement.text, args).fetch_all(lease.connection()?).await;
                let rows = lease.answered(answer).map_err(in_statement(statement))?;
                read(statement, &rows)
            }
            Self::Postgres(lease) => {
                let answer = postgres_query(statement.text, args).fetch_all(lease.connection()?).await;
                let rows = lease.answered(answer).map_err(in_statement(statement))?;
                read(statement, &rows)
            }
        }
    }

    pub(crate) async fn execute(&mut self, statement: &Statement, args: Vec<Arg>) -> Result<u64> {
        let done = match self {
            Self::Sqlite(lease) => {
                let answer = sqlite_query(statement.text, args).execute(lease.connection()?).await;
                lease.answered(answer).map(|done| done.rows_affected())
            }
            Self::Postgres(lease) => {
                let answer = postgres_query(statement.text, args).execute(lease.connection()?).await;
                lease.answered(answer).map(|done| done.rows_affected())
            }
        };
        done.map_err(in_statement(statement))
    }

    /// Writes, and says what the rows are now (for a deletion: what they were).
    pub(crate) async fn recorded(
        &mut self,
        statement: &Statement,
        args: Vec<Arg>,
        shape: &Shape,
        hash: HashKind,
    ) -> Result<Vec<RowImage>> {
        match self {
            Self::Sqlite(lease) => {
                let answer = sqlite_query(statement.recording, args).fetch_all(lease.connection()?).await;
                let rows = lease.answered(answer).map_err(in_statement(statement))?;
                rows.iter().map(|row| picture(row, shape, hash)).collect()
            }
            Self::Postgres(lease) => {
                let answer = postgres_query(statement.recording, args).fetch_all(lease.connection()?).await;
                let rows = lease.answered(answer).map_err(in_statement(statement))?;
                rows.iter().map(|row| picture(row, shape, hash)).collect()
            }
        }
    }

    /// Reads rows of a table one after the other, so that a large one is never in memory whole.
    pub(crate) async fn each_row(
        &mut self,
        text: &'static str,
        args: Vec<Arg>,
        shape: &Shape,
        hash: HashKind,
        mut take: impl FnMut(RowImage) -> Result<()>,
    ) -> Result<()> {
        let failed = |cause: sqlx::Error| Error::internal(format_args!("{}: {cause}", shape.table.name));
        match self {
            Self::Sqlite(lease) => {
                one_by_one!(sqlite_query(text, args), lease, row => picture(&row, shape, hash), take, failed)
            }
            Self::Postgres(lease) => {
                one_by_one!(postgres_query(text, args), lease, row => picture(&row, shape, hash), take, failed)
            }
        }
    }

    /// Asks the engine to parse and plan a statement without running it: for the test over all statements.
    pub(crate) async fn prepare(&mut self, statement: &'static Statement) -> Result<()> {
        let text = sqlx::SqlStr::from_static(statement.text);
        match self {
            Self::Sqlite(lease) => {
                let answer = lease.connection()?.prepare(text).await.map(drop);
                lease.answered(answer)
            }
            Self::Postgres(lease) => {
                let answer = lease.connection()?.prepare(text).await.map(drop);
                lease.answered(answer)
            }
        }
        .map_err(in_statement(statement))
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(lease) => lease.commit().await,
            Self::Postgres(lease) => lease.commit().await,
        }
    }
}

/// The rows as their type has them. One that does not fit (a state that is none) is named by its id, where it has one.
fn read<R, T>(statement: &Statement, rows: &[R]) -> Result<Vec<T>>
where
    R: sqlx::Row,
    T: for<'r> sqlx::FromRow<'r, R>,
    for<'i> &'i str: sqlx::ColumnIndex<R>,
    for<'r> String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    let one = |row: &R| {
        T::from_row(row).map_err(|cause| {
            let id = row.try_get::<String, _>("id").unwrap_or_default();
            Error::internal(format_args!("{} ({}), row {id}: {cause}", statement.name, statement.file))
        })
    };
    rows.iter().map(one).collect()
}
