//! What the program notes about itself, by key: the hash of the log, the programme by which figures were made, whether the
//! demonstration was.

use crate::{AuditRecord, Tx, args, sql};
use jiedui_kernel::Result;

sql! { READ: free, "SELECT value FROM setting WHERE key = $1" }
sql! { WRITE: free,
"INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value" }

pub async fn read(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    Ok(tx.maybe::<(String,)>(&READ, args![key]).await?.map(|(value,)| value))
}

pub async fn write(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    tx.write(&WRITE, args![key, value]).await?;
    let record = AuditRecord { action: "setting.write", resource: "setting", resource_id: key };
    tx.audit(record, &serde_json::json!({ "value": value })).await
}
