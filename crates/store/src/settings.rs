//! What the program notes about itself, by key: the hash of the log, the programme by which figures were made, whether the
//! demonstration was.

use crate::{Tx, args, sql};
use jiedui_kernel::Result;

sql! { READ: free, "SELECT value FROM setting WHERE key = $1" }
sql! { WRITE: housekeeping("a note of the program's own; what is done because of it has its audit record"),
"INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value" }

pub async fn read(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    Ok(tx.maybe::<(String,)>(&READ, args![key]).await?.map(|(value,)| value))
}

pub async fn write(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    tx.write(&WRITE, args![key, value]).await.map(drop)
}
