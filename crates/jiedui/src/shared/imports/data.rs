//! SQL of files that wait to be accepted, and of those that were.

use super::slices::Course;
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
    pub account: String,
    pub by_name: String,
    /// The unit for which it was sent; "" where that was not kept yet.
    pub org: String,
    pub file: String,
    pub sha256: String,
    pub summary: String,
    pub done: String,
    pub at: Instant,
    pub undone_at: Option<Instant>,
    /// Who took it back; "" where nobody did, or it was not kept yet.
    pub undone_by: String,
    #[sqlx(try_from = "String")]
    pub course: Course,
    pub job: String,
    pub place: i64,
    pub total: i64,
    pub why: String,
    pub version: i64,
}

impl DoneRow {
    /// Whether this unit sent it, or nothing is known of that.
    pub fn is_of(&self, org: &str) -> bool {
        self.org.is_empty() || self.org == org
    }
}

// What a file did may be long: a list of files does without.
macro_rules! done {
    ($done:literal) => {
        concat!(
            "SELECT i.id, i.kind, i.account, i.by_name, COALESCE(i.org, '') AS org, i.file, i.sha256, i.summary, ",
            $done,
            " AS done, i.at, i.undone_at, COALESCE(i.undone_by, '') AS undone_by, i.course, i.job, i.place, i.total, i.why, \
             i.version FROM import_done i "
        )
    };
}

// One's own files, and those of the unit of kinds that one may take back: `:kinds` names them as ",a,b,".
macro_rules! taken_in {
    () => {
        "WHERE (i.account = :account OR (i.org = :org AND :kinds LIKE '%,' || i.kind || ',%'))"
    };
}

list! { DONE_BY: free,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM import_done i ", taken_in!()),
    rows: concat!(done!("''"), taken_in!()),
    usual: "i.at DESC, i.id DESC",
    tie: "i.id",
    orders: { at: "i.at" },
    unsorted: [kind, file, by, summary, state, acts],
}
sql! { DONE_ONE: free, concat!(done!("i.done"), "WHERE i.id = $1 \
AND (i.account = $2 OR i.org = $3)") }
sql! { OF_JOB: free, concat!(done!("i.done"), "WHERE i.job = $1") }
sql! { DONE: free by name,
"INSERT INTO import_done (id, kind, account, by_name, org, file, sha256, summary, done, at, undone_at, course, subject, job, \
place, total, why, version) VALUES (:id, :kind, :account, :by_name, :org, :file, :sha256, :summary, :done, :now, :undone_at, \
:course, :subject, :job, 0, :total, '', 1)" }
sql! { UNDONE: versioned free, "UPDATE import_done SET undone_at = $3, undone_by = $4" }
sql! { MOVE: versioned free, "UPDATE import_done SET course = $3, place = $4, why = $5, undone_at = $6" }
sql! { HAND_ON: versioned free, "UPDATE import_done SET course = $3, job = $4, undone_at = $5" }
sql! { COURSE_OF: free, "SELECT i.course FROM import_done i WHERE i.id = $1" }
sql! { UNDER_WAY: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM import_done i WHERE i.course IN ('writing', 'undoing', 'stopped')" }
sql! { SECOND: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM import_done i WHERE i.course IN ('writing', 'undoing', 'stopped') AND i.kind = $1 \
AND i.subject = $2" }
