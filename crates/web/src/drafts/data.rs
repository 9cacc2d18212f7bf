//! SQL of drafts.

use jiedui_kernel::Instant;
use jiedui_store::sql;

#[derive(Debug, sqlx::FromRow)]
pub struct DraftRow {
    pub body: String,
    pub saved_at: Instant,
}

sql! { FIND: free, "SELECT body, saved_at FROM draft WHERE account = $1 AND form = $2" }
sql! { KEEP: housekeeping("what one typed and has not sent is nobody's deed"),
"INSERT INTO draft (account, form, body, saved_at) VALUES ($1, $2, $3, $4) \
ON CONFLICT (account, form) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at" }
sql! { FORGET: housekeeping("what one typed and has not sent is nobody's deed"),
"DELETE FROM draft WHERE account = $1 AND form = $2" }
sql! { KEPT_BESIDE: free,
"SELECT CAST(COALESCE(SUM(LENGTH(body)), 0) AS BIGINT) FROM draft WHERE account = $1 AND form <> $2" }
sql! { NUMBER_BESIDE: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM draft WHERE account = $1 AND form <> $2" }
// What nobody came back for within a quarter of a year.
sql! { FORGET_OLD: housekeeping("what one typed and has not sent is nobody's deed"),
"DELETE FROM draft WHERE account = $1 AND saved_at < $2" }
