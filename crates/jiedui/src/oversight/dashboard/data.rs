//! SQL of the links to screens on a wall.

use jiedui_kernel::{Date, Instant};
use jiedui_store::sql;

// Those that still open come first, so that each of them can be revoked; of the others those of years ago are in the log.
sql! { LINKS: free,
"SELECT id, org, account, made_name, label, made_at, ends_on, first_used_at, revoked_at, revoked_name FROM wall_link \
WHERE org = $1 ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, ends_on DESC, made_at DESC, id DESC LIMIT 100" }
sql! { LINK_BY_DIGEST: free,
"SELECT id, org, account, made_name, label, made_at, ends_on, first_used_at, revoked_at, revoked_name FROM wall_link \
WHERE digest = $1" }
sql! { OPEN_LINKS: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM wall_link WHERE org = $1 AND revoked_at IS NULL AND ends_on >= $2" }
sql! { MAKE_LINK: free by name,
"INSERT INTO wall_link (id, digest, org, account, made_name, label, made_at, ends_on, first_used_at, revoked_at, \
revoked_name) VALUES (:id, :digest, :org, :account, :made_name, :label, :now, :ends_on, NULL, NULL, '')" }
sql! { REVOKE_LINK: free,
"UPDATE wall_link SET revoked_at = $3, revoked_name = $4 WHERE id = $1 AND org = $2 AND revoked_at IS NULL" }
// Of two screens that open it at once one is the first.
sql! { FIRST_USE: free, "UPDATE wall_link SET first_used_at = $2 WHERE id = $1 AND first_used_at IS NULL" }

/// A link to a screen.
#[derive(Debug, sqlx::FromRow)]
pub struct WallLinkRow {
    pub id: String,
    pub org: String,
    pub account: String,
    pub made_name: String,
    pub label: String,
    pub made_at: Instant,
    pub ends_on: Date,
    pub first_used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
    pub revoked_name: String,
}
