//! Fresh databases for tests, on both engines. Used by this crate's tests and by the application's.

pub mod faults;

use crate::db::Location;
use jiedui_kernel::{Error, Result};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::path::Path;

/// The address of a PostgreSQL server on which tests may make databases; set by `scripts/with-postgres.sh`.
pub const SERVER: &str = "JIEDUI_TEST_POSTGRES";

/// Where a test on SQLite keeps its data.
pub fn sqlite(directory: &Path) -> Location {
    Location::Directory(directory.to_path_buf())
}

/// A new, empty PostgreSQL database. Fails, and does not skip, where there is no server: the suite runs on both
/// engines, always.
pub async fn postgres(name: &str) -> Result<Location> {
    let server = std::env::var(SERVER).map_err(|_| {
        Error::internal(format_args!("{SERVER} is not set: run the tests through `make test`"))
    })?;
    // The only text that is ever put into SQL: a name of our own making, checked sign by sign.
    if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Err(Error::internal("a test database has a plain name"));
    }
    let mut connection = PgConnection::connect(&server).await.map_err(Error::internal)?;
    let statement =
        ["CREATE DATABASE ", name, " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"]
            .concat();
    connection.execute(AssertSqlSafe(statement)).await.map_err(Error::internal)?;
    connection.close().await.map_err(Error::internal)?;
    let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
    Ok(Location::Postgres(format!("{base}/{name}")))
}
