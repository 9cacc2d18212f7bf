//! What an error of a driver means: for the caller, and for the connection that reported it.

use crate::statement::Statement;
use jiedui_kernel::Error;
use sqlx::error::DatabaseError;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

/// SQLite's primary result codes, as <https://www.sqlite.org/rescode.html> lists them.
mod sqlite {
    pub(super) const ERROR: i32 = 1;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const NO_MEMORY: i32 = 7;
    pub(super) const READ_ONLY: i32 = 8;
    pub(super) const IO: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANNOT_OPEN: i32 = 14;
    pub(super) const PROTOCOL: i32 = 15;
    pub(super) const TOO_BIG: i32 = 18;
    pub(super) const CONSTRAINT: i32 = 19;
    pub(super) const MISMATCH: i32 = 20;
    pub(super) const RANGE: i32 = 25;
    pub(super) const NOT_A_DATABASE: i32 = 26;
}

/// Classes of SQLSTATE in which a statement was refused for what it said: the session goes on. 22 data, 23 integrity,
/// 25 transaction state, 40 serialisation, 42 syntax and rights, P0 raised by a trigger.
const REFUSED: [&str; 7] = ["22", "23", "25", "40", "42", "0A", "P0"];
/// Classes in which the server has no room, is going down, or cannot be reached: 08 connection, 53 resources, 55 not
/// now, 57 an operator's hand, 58 its own machine.
const AWAY: [&str; 5] = ["08", "53", "55", "57", "58"];
/// A write where only reading is allowed: after a change of servers, the connection leads to one that follows.
const ONLY_FOLLOWS: &str = "25006";

/// The code as its engine writes it.
enum Code {
    /// SQLite, without what the extended code adds.
    Sqlite(i32),
    /// PostgreSQL: the five signs of SQLSTATE, and whether the session goes on after it.
    Postgres { state: String, goes_on: bool },
}

fn code(told: &dyn DatabaseError) -> Code {
    match told.try_downcast_ref::<PgDatabaseError>() {
        Some(told) => Code::Postgres {
            state: told.code().to_owned(),
            goes_on: !matches!(told.severity(), PgSeverity::Fatal | PgSeverity::Panic),
        },
        None => {
            let extended = told.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
            Code::Sqlite(extended & 0xff)
        }
    }
}

fn is_of(state: &str, classes: &[&str]) -> bool {
    classes.iter().any(|class| state.starts_with(class))
}

/// Whether a statement was refused for what it said, on a connection that is as good as before. Everything that is not
/// known to be so is taken for the connection's fault: to open another one costs a millisecond.
pub(crate) fn is_refusal(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Database(told) => match code(told.as_ref()) {
            Code::Sqlite(code) => matches!(
                code,
                sqlite::ERROR | sqlite::TOO_BIG | sqlite::CONSTRAINT | sqlite::MISMATCH | sqlite::RANGE
            ),
            Code::Postgres { state, goes_on } => goes_on && is_of(&state, &REFUSED) && state != ONLY_FOLLOWS,
        },
        // Found on our side, before anything was sent or after everything had come.
        sqlx::Error::RowNotFound
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Encode(_)
        | sqlx::Error::Decode(_) => true,
        _ => false,
    }
}

/// Whether the database is away, locked or without room: the same request may well succeed in a while.
fn is_away(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Database(told) => match code(told.as_ref()) {
            Code::Sqlite(code) => matches!(
                code,
                sqlite::BUSY
                    | sqlite::LOCKED
                    | sqlite::NO_MEMORY
                    | sqlite::READ_ONLY
                    | sqlite::IO
                    | sqlite::FULL
                    | sqlite::CANNOT_OPEN
                    | sqlite::PROTOCOL
            ),
            Code::Postgres { state, .. } => is_of(&state, &AWAY) || state == ONLY_FOLLOWS,
        },
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// Whether the file is no database, or a damaged one.
pub(crate) fn is_damage(cause: &sqlx::Error) -> bool {
    cause.as_database_error().is_some_and(|told| {
        matches!(code(told), Code::Sqlite(code) if matches!(code, sqlite::CORRUPT | sqlite::NOT_A_DATABASE))
    })
}

/// Whether an error at the commit says for certain that nothing was written.
fn is_refused_commit(cause: &sqlx::Error) -> bool {
    cause.as_database_error().is_some_and(|told| match code(told) {
        // The transaction is still open, and ends with its connection.
        Code::Sqlite(code) => matches!(code, sqlite::BUSY | sqlite::CONSTRAINT),
        // PostgreSQL raises an error to a panic once the commit stands in its log. A session that is ended from outside
        // may have committed before.
        Code::Postgres { goes_on, .. } => goes_on,
    })
}

/// A transaction that could not be opened: nothing was written.
pub(crate) fn at_begin(cause: sqlx::Error) -> Error {
    if is_damage(&cause) {
        return Error::internal(format_args!("begin: {cause}"));
    }
    Error::Unavailable(format!("begin: {cause}"))
}

/// A clash of unique keys is the user's conflict; anything else is the database's fault or ours.
pub(crate) fn in_statement(statement: &Statement) -> impl Fn(sqlx::Error) -> Error + '_ {
    move |cause| match cause.as_database_error() {
        Some(told) if told.is_unique_violation() => {
            Error::Conflict("同样的记录已经存在，没有重复写入。".to_owned())
        }
        _ => not_written(&cause, &format!("{} ({})", statement.name, statement.file)),
    }
}

/// The one place where it may be unknown whether something was written.
pub(crate) fn at_commit(cause: sqlx::Error) -> Error {
    if is_refused_commit(&cause) {
        return not_written(&cause, "commit");
    }
    Error::OutcomeUnknown(format!("commit: {cause}"))
}

fn not_written(cause: &sqlx::Error, place: &str) -> Error {
    let text = format!("{place}: {cause}");
    if is_away(cause) { Error::Unavailable(text) } else { Error::Internal(text) }
}
