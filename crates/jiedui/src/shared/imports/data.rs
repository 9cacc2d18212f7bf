//! SQL of files that wait to be accepted.

use jiedui_store::sql;

#[derive(Debug, sqlx::FromRow)]
pub struct PendingRow {
    pub name: String,
    pub bytes: Vec<u8>,
}

sql! { FIND: free,
"SELECT name, bytes FROM import_pending WHERE id = $1 AND account = $2 AND address = $3 AND kept_at > $4" }
sql! { KEEP: housekeeping("what one looked at and has not accepted is nobody's deed"),
"INSERT INTO import_pending (id, account, address, name, bytes, kept_at) VALUES ($1, $2, $3, $4, $5, $6)" }
sql! { FORGET: housekeeping("what one looked at and has not accepted is nobody's deed"),
"DELETE FROM import_pending WHERE id = $1 AND account = $2" }
// The one before at the same place, and what nobody came back for.
sql! { FORGET_OLD: housekeeping("what one looked at and has not accepted is nobody's deed"),
"DELETE FROM import_pending WHERE (account = $1 AND address = $2) OR kept_at <= $3" }
sql! { FORGET_LATE: housekeeping("what one looked at and has not accepted is nobody's deed"),
"DELETE FROM import_pending WHERE kept_at <= $1" }
