//! SQL of the administrators' pages. No statement here names a business row.

pub mod persons;
pub mod requests;

use jiedui_kernel::Instant;
use jiedui_store::{PersonName, list, person_name, sql};
use serde::Serialize;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AccountRow {
    pub id: String,
    pub login: String,
    pub name: String,
    pub must_change: bool,
    /// The holder has not set a password yet.
    pub unopened: bool,
    /// Strangers to the account wait until then after wrong tries.
    pub delayed_until: Option<Instant>,
    pub disabled: bool,
    pub created_at: Instant,
    pub signed_in_at: Option<Instant>,
    pub seen_at: Option<Instant>,
}

/// A role at an organisation, of one of several accounts.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct SeatRow {
    pub account: String,
    pub org: String,
    pub org_name: String,
    pub role: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionRow {
    pub org_name: String,
    pub created_at: Instant,
    pub seen_at: Instant,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OrgNamed {
    pub id: String,
    pub kind: String,
    pub name: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LeafRow {
    pub id: String,
    pub at: Instant,
    pub account: String,
    pub name: String,
    pub org_name: String,
    pub action: String,
    pub resource: String,
    pub resource_id: String,
    /// Of an account its login: what people call it.
    pub login: Option<String>,
    pub position: Option<i64>,
}

// The last sign-in is read from the log, because a session vanishes when it ends.
macro_rules! account_columns {
    () => {
        "SELECT a.id, a.login, a.name, a.must_change, a.password = '' AS unopened, t.next_at AS delayed_until, a.disabled, a.created_at, \
         (SELECT MAX(l.at) FROM audit_leaf l WHERE l.resource_id = a.id AND l.action = 'session.open') AS signed_in_at, \
         (SELECT MAX(s.seen_at) FROM session s WHERE s.account = a.id) AS seen_at \
         FROM account a LEFT JOIN sign_in_try t ON t.id = a.id WHERE "
    };
}

macro_rules! account_filter {
    () => {
        "(:q = '' OR lower(a.login) LIKE :q ESCAPE '!' OR lower(a.name) LIKE :q ESCAPE '!') \
         AND (:role = '' OR EXISTS (SELECT 1 FROM account_role f WHERE f.account = a.id AND f.role = :role)) \
         AND (:state = '' OR (:state = 'disabled' AND a.disabled) \
         OR (:state = 'delayed' AND NOT a.disabled AND t.next_at > :now) \
         OR (:state = 'normal' AND NOT a.disabled AND (t.next_at IS NULL OR t.next_at <= :now)))"
    };
}

list! { ACCOUNTS: free,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM account a LEFT JOIN sign_in_try t ON t.id = a.id WHERE ", account_filter!()),
    rows: concat!(account_columns!(), account_filter!()),
    usual: "a.login",
    tie: "a.id",
    orders: { login: "a.login", person: "a.name" },
    unsorted: [seats, state, last_used],
}
sql! { ACCOUNT: free, concat!(account_columns!(), "a.id = $1") }
sql! { SEATS: unscoped("where accounts belong is the system administrator's work; no business row"),
"SELECT r.account, r.org, o.name AS org_name, r.role FROM account_role r JOIN org o ON o.id = r.org \
WHERE r.account = $1 ORDER BY o.sort_key, r.role" }
sql! { SESSIONS: unscoped("where accounts belong is the system administrator's work; no business row"),
"SELECT o.name AS org_name, s.created_at, s.seen_at FROM session s JOIN org o ON o.id = s.org \
WHERE s.account = $1 AND s.ending = '' AND s.seen_at >= $2 AND s.created_at >= $3 ORDER BY s.seen_at DESC, s.id" }
sql! { ORGS_NAMED: unscoped("an account may be seated at any organisation; only name and kind are read"),
"SELECT id, kind, name FROM org WHERE name = $1 AND ended_on IS NULL ORDER BY sort_key" }
sql! { ORGS_LIKE: unscoped("an account may be seated at any organisation; only name and kind are read"),
"SELECT id, kind, name FROM org WHERE name LIKE $1 ESCAPE '!' AND kind = $2 AND ended_on IS NULL ORDER BY sort_key LIMIT 5" }

sql! { HAS_ROLE: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM account_role WHERE account = $1 AND role = $2" }
sql! { OTHER_KEEPERS: free,
"SELECT CAST(COUNT(DISTINCT r.account) AS BIGINT) FROM account_role r JOIN account a ON a.id = r.account \
WHERE r.role = $2 AND r.account <> $1 AND NOT a.disabled" }

sql! { HOLDERS: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM account_role r JOIN account a ON a.id = r.account WHERE r.role = $1 AND NOT a.disabled" }
sql! { DELAYED: free, concat!(account_columns!(), "NOT a.disabled AND t.next_at > $1 ORDER BY t.next_at, a.login") }

macro_rules! leaf_filter {
    () => {
        "l.at >= :start AND l.at < :end AND (:action = '' OR l.action = :action) \
         AND (:q = '' OR lower(l.name) LIKE :q ESCAPE '!' OR lower(l.org_name) LIKE :q ESCAPE '!') \
         AND (:about = '' OR l.resource_id = :about OR l.resource_id IN (SELECT t.id FROM account t WHERE t.login = :about) \
         OR l.resource_id IN (SELECT o.id FROM org o WHERE o.name = :about) \
         OR l.resource_id IN (SELECT p.id FROM person p WHERE p.name = :about))"
    };
}

list! { LEAVES: unscoped("a name leads the auditor to what was done about it; nothing of the row is shown"),
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM audit_leaf l WHERE ", leaf_filter!()),
    rows: concat!(
        "SELECT l.id, l.at, l.account, l.name, l.org_name, l.action, l.resource, l.resource_id, a.login, l.position \
         FROM audit_leaf l LEFT JOIN account a ON a.id = l.resource_id WHERE ",
        leaf_filter!()
    ),
    usual: "l.id DESC",
    tie: "l.id",
    orders: { when: "l.at", person: "l.name", place: "l.position" nullable },
    unsorted: [action, resource],
}
/// Somebody who had a name shown in full.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NameViewRow {
    pub at: Instant,
    pub name: String,
    pub org_name: String,
    pub person: PersonName,
    /// Where the person is, or was last.
    pub unit: String,
    pub title: String,
    pub resource_id: String,
    pub record: Option<String>,
}

macro_rules! view_filter {
    () => {
        "v.at >= :start AND v.at < :end AND (:q = '' OR lower(v.name) LIKE :q ESCAPE '!' OR lower(v.org_name) LIKE :q ESCAPE '!') \
         AND (:about = '' OR v.person = :about OR v.resource_id = :about OR v.page = :about \
         OR v.person IN (SELECT x.id FROM person x WHERE x.name = :about UNION ALL SELECT m.leads_to FROM person x \
         JOIN person_merge m ON m.id = x.id WHERE m.agreed_on IS NOT NULL AND x.name = :about) \
         OR v.person IN (SELECT y.person FROM person_post y JOIN org o ON o.id = y.org WHERE o.id = :about OR o.name = :about))"
    };
}

list! { NAME_VIEWS: unscoped("who looked at whom is the auditor's to find; of the person only the masked name and the unit are shown"),
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM name_view v WHERE ", view_filter!()),
    rows: concat!(
        "SELECT v.id, v.at, v.name, v.org_name, ", person_name!("p", "''"), " AS person, COALESCE((SELECT u.name FROM person_post w \
         JOIN org u ON u.id = w.org WHERE w.person = p.id ORDER BY w.from_day DESC, w.id LIMIT 1), '') AS unit, v.title, v.resource_id, \
         r.leaf AS record FROM name_view v JOIN person p ON p.id = v.person \
         LEFT JOIN audit_row r ON r.tbl = 'name_view' AND r.key = v.id WHERE ",
        view_filter!()
    ),
    usual: "v.id DESC",
    tie: "v.id",
    orders: { when: "v.at", viewer: "v.name" },
    unsorted: [person, page, record],
}
sql! { LOGIN: free, "SELECT login FROM account WHERE id = $1" }
