//! SQL of account requests.

use super::super::rules::requests::{Kind, State};
use jiedui_kernel::Instant;
use jiedui_store::{list, sql};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RequestRow {
    pub id: String,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub account: Option<String>,
    pub login: String,
    pub name: String,
    pub org: String,
    pub org_name: String,
    pub role: String,
    pub asked_by: String,
    pub asked_name: String,
    pub asked_at: Instant,
    pub decided_name: String,
    pub decided_at: Option<Instant>,
    pub reason: String,
    pub version: i64,
    /// Whether its link was made and not used; false where there is none.
    pub link_open: bool,
    /// Of a new one that waits: an account in use whose holder has the same name; "" where there is none.
    pub namesake: String,
}

macro_rules! requests {
    () => {
        "SELECT q.id, q.kind, q.state, q.account, q.login, q.name, q.org, COALESCE(o.name, '') AS org_name, q.role, q.asked_by, \
         q.asked_name, q.asked_at, q.decided_name, q.decided_at, q.reason, q.version, \
         EXISTS (SELECT 1 FROM account_link k WHERE k.request = q.id AND k.used_at IS NULL AND k.answer <> 'not_own') AS link_open, \
         COALESCE((SELECT MIN(n.login) FROM account n WHERE q.kind = 'create' AND q.state = 'waiting' AND n.name = q.name \
         AND NOT n.disabled), '') AS namesake \
         FROM account_request q LEFT JOIN org o ON o.id = q.org "
    };
}

list! { REQUESTS: unscoped("where accounts belong is the administrators' work; no business row"),
    count: "SELECT CAST(COUNT(*) AS BIGINT) FROM account_request q LEFT JOIN org o ON o.id = q.org WHERE (:state = '' OR q.state = :state)",
    rows: concat!(requests!(), "WHERE (:state = '' OR q.state = :state)"),
    usual: "q.id DESC",
    tie: "q.id",
    orders: { asked: "q.asked_at", login: "q.login" },
    unsorted: [what, seat, state, acts],
}
sql! { REQUEST: unscoped("where accounts belong is the administrators' work; no business row"),
concat!(requests!(), "WHERE q.id = $1") }
sql! { WAITING: unscoped("where accounts belong is the administrators' work; no business row"),
concat!(requests!(), "WHERE q.state = 'waiting' ORDER BY q.id LIMIT $1") }
sql! { NUMBER_WAITING: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM account_request WHERE state = 'waiting'" }
sql! { WAITING_OF: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM account_request WHERE account = $1 AND state = 'waiting'" }
sql! { ASK: free by name,
"INSERT INTO account_request (id, kind, state, account, login, name, org, role, asked_by, asked_name, asked_at, decided_by, \
decided_name, decided_at, reason, version) VALUES (:id, :kind, :state, :account, :login, :name, :org, :role, :asked_by, \
:asked_name, :now, NULL, '', NULL, '', 1)" }
sql! { TWIN: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM account_request WHERE state = 'waiting' AND login = $1 AND kind = $2 AND org = $3 AND role = $4" }
sql! { LOGIN_TAKEN: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT login FROM account WHERE login = $1 UNION ALL \
SELECT login FROM account_request WHERE login = $1 AND state = 'waiting' AND kind = 'create') AS x" }
/// A unit that has no account, with its part in a pairing, "" where it has none.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UnseatedRow {
    pub name: String,
    pub kind: String,
    pub party: String,
}

sql! { UNSEATED: unscoped("an account may be seated at any organisation; only name, kind and part are read"),
"SELECT o.name, o.kind, COALESCE((SELECT MIN(x.party) FROM pairing_party x WHERE x.org = o.id), '') AS party FROM org o \
WHERE o.ended_on IS NULL AND o.kind IN ('city_bureau', 'county_bureau', 'school') \
AND NOT EXISTS (SELECT 1 FROM account_role r WHERE r.org = o.id) ORDER BY o.kind, o.sort_key LIMIT 2000" }
sql! { LOGIN_IN_USE: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM account WHERE login = $1" }
sql! { DISABLED: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM account WHERE id = $1 AND disabled" }
sql! { HOLD: versioned free, "UPDATE account_request SET state = $3" }
sql! { DECIDE: versioned free,
"UPDATE account_request SET state = $3, account = $4, decided_by = $5, decided_name = $6, decided_at = $7, reason = $8" }
