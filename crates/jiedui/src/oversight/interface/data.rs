//! SQL of where programs are told that something changed.

use jiedui_kernel::Instant;
use jiedui_store::sql;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HookRow {
    pub id: String,
    pub account: String,
    pub org: String,
    pub name: String,
    pub address: String,
    pub secret: String,
    pub made_at: Instant,
    pub told: String,
    pub attempt: i64,
    pub failing_since: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub ended_why: String,
}

/// A try of a message, for the holder of the address.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TryRow {
    pub at: Instant,
    pub attempt: i64,
    pub fault: String,
}

macro_rules! columns {
    () => {
        "SELECT id, account, org, name, address, secret, made_at, told, attempt, failing_since, ended_at, ended_why FROM web_hook "
    };
}

// Those that are told still come first, so that none of them is out of reach.
sql! { HOOKS_OF: free, concat!(columns!(), "WHERE account = $1 \
ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, made_at DESC, id DESC LIMIT 50") }
sql! { HOOKS_OPEN: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM web_hook WHERE account = $1 AND ended_at IS NULL" }
sql! { MAKE_HOOK: free by name,
"INSERT INTO web_hook (id, account, org, name, address, secret, made_at, told, seen, attempt, due_at, failing_since, ended_at, \
ended_why) VALUES (:id, :account, :org, :name, :address, :secret, :now, :told, :seen, 0, :now, NULL, NULL, '')" }
sql! { END_HOOK: free,
"UPDATE web_hook SET ended_at = $3, ended_why = $4 WHERE id = $1 AND account = $2 AND ended_at IS NULL" }
// Behind the revision of now, and not waiting.
sql! { HOOKS_DUE: free, concat!(columns!(), "WHERE ended_at IS NULL AND due_at <= $1 AND seen < $2 ORDER BY due_at, id LIMIT 16") }
sql! { CLAIM_HOOK: housekeeping("that somebody tells it"),
"UPDATE web_hook SET attempt = attempt + 1, due_at = $3 WHERE id = $1 AND attempt = $2 AND due_at <= $4 AND ended_at IS NULL" }
sql! { HOOK_TOLD: housekeeping("how far it was told"),
"UPDATE web_hook SET told = $3, seen = $4, due_at = $5, attempt = 0, failing_since = NULL WHERE id = $1 AND attempt = $2" }
sql! { HOOK_WAITS: housekeeping("when it is tried again"),
"UPDATE web_hook SET due_at = $3, failing_since = COALESCE(failing_since, $4) WHERE id = $1 AND attempt = $2" }
sql! { NOTE_TRY: housekeeping("each try of a message; what is told has its own records"),
"INSERT INTO web_hook_try (id, hook, at, revision, attempt, fault) VALUES ($1, $2, $3, $4, $5, $6)" }
// Hook by hook: one that is told every half minute has some hundred thousand in a month.
sql! { TRIES_OF: free, "SELECT at, attempt, fault FROM web_hook_try WHERE hook = $1 ORDER BY at DESC, id DESC LIMIT 20" }
sql! { FORGET_TRIES: housekeeping("tries of long ago"), "DELETE FROM web_hook_try WHERE at < $1" }
