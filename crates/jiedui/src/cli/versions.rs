//! `jiedui --version`: of the program, of the tables, and of the engines.

use jiedui_kernel::Error;
use jiedui_store::{Db, PgTools, sqlite_version};

/// The least version of PostgreSQL that is tested.
const POSTGRES: u32 = 15;

pub async fn show() -> Result<(), String> {
    let said = |error: Error| error.to_string();
    println!("jiedui {}（数据表 {}）", env!("CARGO_PKG_VERSION"), Db::newest_migration());
    println!("SQLite {}（内置）", sqlite_version().await.map_err(said)?);
    match std::env::var("JIEDUI_DATABASE") {
        Ok(url) => {
            let version = PgTools::at(&url).map_err(said)?.server_version().await.map_err(said)?;
            println!("PostgreSQL {version}（服务器，需 {POSTGRES} 或更高）");
        }
        Err(_) => println!("PostgreSQL {POSTGRES} 或更高（设了 JIEDUI_DATABASE 时显示服务器的版本）"),
    }
    Ok(())
}
