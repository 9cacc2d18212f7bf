//! The engine that is in the binary.

use jiedui_kernel::{Error, Result};
use sqlx::{Connection as _, SqliteConnection};

/// The version of SQLite, as it says itself.
pub async fn sqlite_version() -> Result<String> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.map_err(Error::internal)?;
    sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await.map_err(Error::internal)
}
