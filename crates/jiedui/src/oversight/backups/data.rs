//! SQL of what came of each backup.

use super::rules::Depth;
use jiedui_kernel::Instant;
use jiedui_store::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RunRow {
    pub at: Instant,
    pub file: String,
    pub bytes: i64,
    pub making_ms: i64,
    pub checking_ms: i64,
    #[sqlx(try_from = "String")]
    pub depth: Depth,
    pub fault: String,
}

sql! { KEEP: free by name,
"INSERT INTO backup_run (id, at, file, bytes, making_ms, checking_ms, depth, log_size, log_root, fault) VALUES (:id, :at, :file, \
:bytes, :making_ms, :checking_ms, :depth, :log_size, :log_root, :fault)" }
sql! { FORGET: free, "DELETE FROM backup_run WHERE at < $1" }
sql! { LAST: free,
"SELECT at, file, bytes, making_ms, checking_ms, depth, fault FROM backup_run ORDER BY id DESC LIMIT 40" }
sql! { LAST_GOOD: free,
"SELECT at, file, bytes, making_ms, checking_ms, depth, fault FROM backup_run WHERE fault = '' ORDER BY id DESC LIMIT 1" }
// Whoever has the role at any unit, once.
sql! { HOLDERS: free,
"SELECT DISTINCT r.account FROM account_role r JOIN account a ON a.id = r.account WHERE r.role = $1 AND NOT a.disabled \
ORDER BY r.account" }
