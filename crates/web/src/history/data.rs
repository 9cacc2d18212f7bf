//! SQL of steps.

use jiedui_kernel::Instant;
use jiedui_store::{month_in, org_in_scope, rows, same_person, sql};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HistoryRow {
    pub at: Instant,
    pub name: String,
    pub org: String,
    pub org_name: String,
    pub kind: String,
    pub reason: String,
    #[sqlx(rename = "revision")]
    pub revision: i64,
    pub change: String,
}

/// A step with all its columns.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WholeStep {
    pub resource: String,
    pub resource_id: String,
    pub at: Instant,
    pub account: String,
    pub name: String,
    pub org: String,
    pub org_name: String,
    pub kind: String,
    pub reason: String,
    pub revision: i64,
    pub change: String,
}

sql! { WHOLE: unscoped("the demonstration is multiplied by the system"),
"SELECT resource, resource_id, at, account, name, org, org_name, kind, reason, revision, change FROM step \
WHERE resource = $1 ORDER BY id" }
rows! { STEPS: unscoped("about new things, by the system")
step (id, resource, resource_id, at, account, name, org, org_name, kind, reason, revision, change, batch) }
sql! { INSERT: unscoped("about a thing that was found in scope") by name,
"INSERT INTO step (id, resource, resource_id, at, account, name, org, org_name, kind, reason, revision, change, batch) \
VALUES (:id, :resource, :resource_id, :at, :account, :name, :org, :org_name, :kind, :reason, :revision, :change, :batch)" }
sql! { FORGET: unscoped("the steps of a thing that goes with the file that brought it"),
"DELETE FROM step WHERE resource_id = $1" }
sql! { OTHER_SIDE: unscoped("whether whoever acts on a thing that was found in scope did so for another before"),
concat!("SELECT s.org_name FROM step s WHERE s.resource_id = $1 AND ", same_person!("s.account", "$2"),
" AND COALESCE(s.org, '') <> $3 LIMIT 1") }
sql! { OF: unscoped("after the thing was found in scope"),
"SELECT at, name, org, org_name, kind, reason, revision, change FROM step WHERE resource_id = $1 ORDER BY id" }
// CROSS JOIN makes SQLite begin with the organisations: their steps of some months are found in an index.
sql! { RECORDED: scoped, concat!(
"SELECT s.org, s.resource, s.kind, ", month_in!("s.at"), " AS month, CAST(COUNT(*) AS BIGINT) AS times FROM org o CROSS JOIN step s \
WHERE s.org = o.id AND ", org_in_scope!("o"), " AND s.at >= $4 AND s.at < $16 GROUP BY s.org, s.resource, s.kind, month") }
