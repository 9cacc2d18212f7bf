//! SQL of what checks found.

use jiedui_kernel::Instant;
use jiedui_store::sql;

#[derive(Debug, sqlx::FromRow)]
pub struct RecheckRow {
    pub at: Instant,
    pub programme: String,
    pub rules: String,
    pub found: String,
}

sql! { KEEP: housekeeping("what a check found is made from scratch whenever somebody asks"),
"INSERT INTO recheck (id, at, programme, rules, found) VALUES ($1, $2, $3, $4, $5)" }
sql! { FORGET: housekeeping("what a check found is made from scratch whenever somebody asks"),
"DELETE FROM recheck WHERE at < $1" }
sql! { LAST: free, "SELECT at, programme, rules, found FROM recheck ORDER BY id DESC LIMIT 10" }
