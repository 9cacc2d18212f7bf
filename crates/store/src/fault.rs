//! What a driver error means for the caller, and for the connection that reported it.

use crate::statement::Statement;
use jiedui_kernel::Error;
use sqlx::error::DatabaseError;
use sqlx::postgres::{PgDatabaseError, PgSeverity};
use std::path::Path;

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

/// SQLSTATE classes of statements that the server rejected while the session goes on: 22 data, 23 integrity, 25
/// transaction state, 40 serialization, 42 syntax and privileges, 0A unsupported, P0 raised by a trigger.
const REJECTED: [&str; 7] = ["22", "23", "25", "40", "42", "0A", "P0"];
/// SQLSTATE classes of a server that cannot serve at present: 08 connection, 53 resources (a full disk), 55 object
/// state, 57 operator intervention, 58 system errors.
const UNAVAILABLE: [&str; 5] = ["08", "53", "55", "57", "58"];
/// A write in a read-only session: after a failover the connection leads to a standby.
const READ_ONLY_SERVER: &str = "25006";

const DEADLOCK: &str = "40P01";
const SERIALIZATION: &str = "40001";

/// The error code of the engine.
enum Code {
    /// SQLite: the primary result code.
    Sqlite(i32),
    /// PostgreSQL: SQLSTATE, and whether the session survives the error.
    Postgres { code: String, goes_on: bool },
}

fn code(error: &dyn DatabaseError) -> Code {
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => Code::Postgres {
            code: error.code().to_owned(),
            goes_on: !matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic),
        },
        None => {
            let extended = error.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
            Code::Sqlite(extended & 0xff)
        }
    }
}

fn is_of(code: &str, classes: &[&str]) -> bool {
    classes.iter().any(|class| code.starts_with(class))
}

/// Whether a statement was rejected on a connection that can still be used. Every other error counts as the
/// connection's fault: opening a new one costs a millisecond.
pub(crate) fn is_rejection(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Database(error) => match code(error.as_ref()) {
            Code::Sqlite(code) => matches!(
                code,
                sqlite::ERROR | sqlite::TOO_BIG | sqlite::CONSTRAINT | sqlite::MISMATCH | sqlite::RANGE
            ),
            Code::Postgres { code, goes_on } => {
                goes_on && is_of(&code, &REJECTED) && code != READ_ONLY_SERVER
            }
        },
        // Found by the driver, before anything was sent or after everything was received.
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

/// Whether the database cannot be reached, is locked or has no room: the same request may succeed later.
fn is_unavailable(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Database(error) => match code(error.as_ref()) {
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
            Code::Postgres { code, .. } => is_of(&code, &UNAVAILABLE) || code == READ_ONLY_SERVER,
        },
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// Whether the server gave this transaction up for another one, each waiting for what the other held.
fn is_given_up(cause: &dyn DatabaseError) -> bool {
    matches!(code(cause), Code::Postgres { code, .. } if code == DEADLOCK || code == SERIALIZATION)
}

/// Whether the file is damaged, or not a database.
pub(crate) fn is_corrupt(cause: &sqlx::Error) -> bool {
    cause.as_database_error().is_some_and(|error| {
        matches!(code(error), Code::Sqlite(code) if matches!(code, sqlite::CORRUPT | sqlite::NOT_A_DATABASE))
    })
}

/// Whether SQLite found no room on the disk.
pub(crate) fn is_full(cause: &sqlx::Error) -> bool {
    cause.as_database_error().is_some_and(|error| matches!(code(error), Code::Sqlite(sqlite::FULL)))
}

/// Whether an error at the commit proves that nothing was written.
fn is_rejected_commit(cause: &sqlx::Error) -> bool {
    cause.as_database_error().is_some_and(|error| match code(error) {
        // The transaction is still open and is rolled back when its connection is closed.
        Code::Sqlite(code) => matches!(code, sqlite::BUSY | sqlite::CONSTRAINT),
        // After writing its commit record PostgreSQL turns every error into a panic. A session that was terminated may
        // have committed first.
        Code::Postgres { goes_on, .. } => goes_on,
    })
}

/// A transaction could not be opened: nothing was written.
pub(crate) fn at_begin(cause: sqlx::Error) -> Error {
    if is_corrupt(&cause) {
        return Error::internal(format_args!("begin: {cause}"));
    }
    Error::Unavailable(format!("begin: {cause}"))
}

/// A violated unique key is the user's conflict, and so are a row that goes while another refers to it, and a transaction that
/// was given up for another; anything else is the database's fault or ours.
pub(crate) fn in_statement(statement: &Statement) -> impl Fn(sqlx::Error) -> Error + '_ {
    move |cause| match cause.as_database_error() {
        Some(error) if error.is_unique_violation() => {
            Error::Conflict("同样的记录已经存在，没有重复写入。".to_owned())
        }
        Some(error) if statement.takes_away() && error.is_foreign_key_violation() => {
            Error::Conflict("这一项刚被别的内容用到，没有删除；请看过现在的内容再定。".to_owned())
        }
        Some(error) if is_given_up(error) => {
            Error::Conflict("同一时刻有人在改同样的内容，这一次没有写入；请再提交一次。".to_owned())
        }
        _ => not_written(&cause, &format!("{} ({})", statement.name, statement.file)),
    }
}

/// The one place where it may be unknown whether something was written.
pub(crate) fn at_commit(cause: sqlx::Error) -> Error {
    if is_rejected_commit(&cause) {
        return not_written(&cause, "commit");
    }
    Error::OutcomeUnknown(format!("commit: {cause}"))
}

fn not_written(cause: &sqlx::Error, place: &str) -> Error {
    let text = format!("{place}: {cause}");
    if is_unavailable(cause) { Error::Unavailable(text) } else { Error::Internal(text) }
}

/// What is told of a file that is not what was written, and what to do.
pub(crate) fn damaged(file: &Path, what: &str) -> Error {
    Error::CannotStart(format!(
        "数据文件 {} 已损坏，没有启动（{}）。请把它所在的目录整个改名留存，用 jiedui restore 把最近一份备份恢复到原处，再重新启动。",
        file.display(),
        what.split_whitespace().collect::<Vec<_>>().join(" ")
    ))
}
