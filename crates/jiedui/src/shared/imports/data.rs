//! SQL of files that wait to be accepted, and of those that were.

use jiedui_kernel::Instant;
use jiedui_store::{list, sql};

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

/// A file that was taken in.
#[derive(Debug, sqlx::FromRow)]
pub struct DoneRow {
    pub id: String,
    pub kind: String,
    pub file: String,
    pub sha256: String,
    pub summary: String,
    pub done: String,
    pub at: Instant,
    pub undone_at: Option<Instant>,
    pub version: i64,
}

// What a file did may be long: a list of files does without.
macro_rules! done {
    ($done:literal) => {
        concat!(
            "SELECT i.id, i.kind, i.file, i.sha256, i.summary, ",
            $done,
            " AS done, i.at, i.undone_at, i.version FROM import_done i "
        )
    };
}

list! { DONE_BY: free,
    count: "SELECT CAST(COUNT(*) AS BIGINT) FROM import_done i WHERE i.account = :account",
    rows: concat!(done!("''"), "WHERE i.account = :account"),
    usual: "i.at DESC, i.id DESC",
    tie: "i.id",
    orders: { at: "i.at" },
    unsorted: [kind, file, summary, state, acts],
}
sql! { DONE_ONE: free, concat!(done!("i.done"), "WHERE i.id = $1 AND i.account = $2") }
sql! { DONE: free by name,
"INSERT INTO import_done (id, kind, account, by_name, file, sha256, summary, done, at, undone_at, version) \
VALUES (:id, :kind, :account, :by_name, :file, :sha256, :summary, :done, :now, :undone_at, 1)" }
sql! { UNDONE: versioned free, "UPDATE import_done SET undone_at = $3" }
