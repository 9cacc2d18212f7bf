//! SQL of the request machinery: who is behind a cookie.

use jiedui_kernel::Instant;
use jiedui_store::sql;

sql! { FIND: unscoped("made before there is anybody whose scope could bound it"),
"SELECT s.id, s.account, s.org, s.csrf, s.created_at, s.seen_at, a.login, a.name, a.must_change, o.name AS org_name, \
o.path, r.role FROM session s JOIN account a ON a.id = s.account JOIN org o ON o.id = s.org \
JOIN account_role r ON r.account = s.account AND r.org = s.org WHERE s.id = $1 AND a.disabled = $2 ORDER BY r.role" }
sql! { ACTOR: unscoped("made before there is anybody whose scope could bound it"),
"SELECT a.name, o.name AS org_name, o.path, r.role FROM account a JOIN account_role r ON r.account = a.id \
JOIN org o ON o.id = r.org WHERE a.id = $1 AND o.id = $2 AND a.disabled = $3 ORDER BY r.role" }
sql! { OPEN_SESSION: free,
"INSERT INTO session (id, account, org, csrf, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)" }
sql! { CLOSE_SESSION: free, "DELETE FROM session WHERE id = $1" }
sql! { CLOSE_OTHERS: free, "DELETE FROM session WHERE account = $1 AND id <> $2" }
sql! { CLOSE_AT: free, "DELETE FROM session WHERE account = $1 AND org = $2" }
sql! { CLOSE_OLD: free, "DELETE FROM session WHERE seen_at < $1" }
sql! { MOVE_SESSION: free, "UPDATE session SET org = $2 WHERE id = $1" }
sql! { TOUCH: housekeeping("when a session was last seen"), "UPDATE session SET seen_at = $2 WHERE id = $1" }

/// One role of an account at an organisation.
#[derive(Debug, sqlx::FromRow)]
pub struct ActorRow {
    pub name: String,
    pub org_name: String,
    pub path: String,
    pub role: String,
}

#[derive(Debug, sqlx::FromRow)]
pub struct Found {
    pub id: String,
    pub account: String,
    pub org: String,
    pub csrf: String,
    pub created_at: Instant,
    pub seen_at: Instant,
    pub login: String,
    pub name: String,
    pub must_change: bool,
    pub org_name: String,
    pub path: String,
    pub role: String,
}

sql! { SENT: free, "SELECT location FROM submission WHERE id = $1" }
sql! { NOTE_SENT: housekeeping("which forms were sent; what they did has its own records"),
"INSERT INTO submission (id, location, at) VALUES ($1, $2, $3)" }
sql! { FORGET_SENT: housekeeping("which forms were sent; what they did has its own records"),
"DELETE FROM submission WHERE at < $1" }
