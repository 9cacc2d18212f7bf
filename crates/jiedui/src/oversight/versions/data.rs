//! SQL of the programmes by which this system ran, of the one that is prepared, and of what it moves.

use super::rules::State;
use jiedui_kernel::Instant;
use jiedui_store::{list, org_in_scope, rows, sql};

sql! { FILES: free, "SELECT name, text FROM programme_file WHERE digest = $1 ORDER BY name" }
sql! { KNOWN: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM programme_file WHERE digest = $1" }
rows! { KEEP: free programme_file (digest, name, text) }

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct VersionRow {
    pub id: String,
    pub digest: String,
    pub base: String,
    pub about: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub made_by: String,
    pub made_at: Instant,
    pub decided_by: String,
    pub decided_at: Option<Instant>,
    pub replayed_at: Option<Instant>,
    pub job: String,
    pub version: i64,
}

macro_rules! columns {
    () => {
        "SELECT v.id, v.digest, v.base, v.about, v.state, v.made_by, v.made_at, v.decided_by, v.decided_at, \
         v.replayed_at, v.job, v.version FROM programme_version v "
    };
}

list! { LIST: free,
    count: "SELECT CAST(COUNT(*) AS BIGINT) FROM programme_version v WHERE (:state = '' OR v.state = :state)",
    rows: concat!(columns!(), "WHERE (:state = '' OR v.state = :state)"),
    usual: "v.made_at DESC",
    tie: "v.id",
    orders: { made: "v.made_at", state: "v.state" },
    unsorted: [about, by],
}
sql! { SHOW: free, concat!(columns!(), "WHERE v.id = $1") }
sql! { IN_STATE: free, concat!(columns!(), "WHERE v.state = $1") }
sql! { ADD: free by name,
"INSERT INTO programme_version (id, digest, base, about, state, made_by, made_at, decided_by, decided_at, replayed_at, job, \
version) VALUES (:id, :digest, :base, :about, :state, :by, :now, :decided_by, :decided_at, NULL, :job, 1)" }
sql! { END_ACTIVE: free, "UPDATE programme_version SET state = 'former', version = version + 1 WHERE state = 'active'" }
sql! { DECIDE: versioned free, "UPDATE programme_version SET state = $3, decided_by = $4, decided_at = $5" }
sql! { REPLAYED: versioned free, "UPDATE programme_version SET replayed_at = $3" }

/// A status or a figure that a version moves.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EffectRow {
    pub kind: String,
    pub clause: String,
    pub org: String,
    pub what: String,
    pub was: String,
    pub becomes: String,
}

rows! { EFFECTS: free programme_effect (moved_by, place, kind, clause, org, what, was, becomes) }
sql! { FORGET_EFFECTS: free, "DELETE FROM programme_effect WHERE moved_by = $1" }
// What is of nobody in particular is of everybody.
sql! { EFFECTS_OF: scoped, concat!(
"SELECT e.kind, e.clause, e.org, e.what, e.was, e.becomes FROM programme_effect e LEFT JOIN org o ON o.id = e.org \
WHERE e.moved_by = $4 AND (e.org = '' OR ", org_in_scope!("o"), ") ORDER BY e.place LIMIT $5 OFFSET $6") }
sql! { COUNT_EFFECTS: scoped, concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM programme_effect e LEFT JOIN org o ON o.id = e.org \
WHERE e.moved_by = $4 AND (e.org = '' OR ", org_in_scope!("o"), ")") }
sql! { OWN_EFFECTS: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM programme_effect WHERE moved_by = $1 AND org = $2" }
