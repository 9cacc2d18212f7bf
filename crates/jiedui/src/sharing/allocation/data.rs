//! SQL of allocations: whoever issued one sees it, and each school that has a share, with the bureaus above it.

use crate::shared::objections::ObjectionState;
use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, sql};

text_enum! {
    pub enum AllocationState {
        Draft = "draft",
        Published = "published",
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AllocationRow {
    pub id: String,
    pub issuer: String,
    pub issuer_name: String,
    /// Whose part of the province it divides among.
    pub issuer_path: String,
    pub rule: String,
    pub title: String,
    pub total: i64,
    pub drafted_on: Date,
    pub published_on: Option<Date>,
    pub appeal_until: Option<Date>,
    pub parcel: String,
    pub digest: String,
    #[sqlx(try_from = "String")]
    pub state: AllocationState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for AllocationRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// What one was given in a year, by all allocations of a rule.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct GivenRow {
    pub org: String,
    pub name: String,
    pub kind: String,
    pub place: String,
    pub given: i64,
}

/// A school's objection, and what the issuer answered.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AppealRow {
    pub id: String,
    pub allocation: String,
    pub title: String,
    pub issuer: String,
    pub school: String,
    pub school_name: String,
    pub reason: String,
    pub raised_on: Date,
    pub answer: String,
    pub answered_on: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: ObjectionState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for AppealRow {
    fn key(&self) -> &str {
        &self.id
    }
}

macro_rules! columns {
    () => {
        "SELECT a.id, a.issuer, o.name AS issuer_name, o.path AS issuer_path, a.rule, a.title, a.total, a.drafted_on, a.published_on, a.appeal_until, \
         a.parcel, a.digest, a.state, a.revision, a.version FROM allocation a JOIN org o ON o.id = a.issuer WHERE "
    };
}

macro_rules! in_scope {
    () => {
        "((o.path >= $1 AND o.path < $2) OR EXISTS (SELECT 1 FROM allocation_share x JOIN org s ON s.id = x.school \
         WHERE x.allocation = a.id AND s.path >= $1 AND s.path < $2)) AND CAST($3 AS DATE) IS NOT NULL"
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR a.title LIKE :q ESCAPE '!') AND (:rule = '' OR a.rule = :rule) AND (:state = '' OR a.state = :state)"
    };
}

list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM allocation a JOIN org o ON o.id = a.issuer WHERE ", in_scope!(), filter!()),
    rows: concat!(columns!(), in_scope!(), filter!()),
    usual: "a.drafted_on DESC, a.id DESC",
    tie: "a.id",
    orders: { title: "a.title", issuer: "o.sort_key", published: "COALESCE(a.published_on, a.drafted_on)" },
    unsorted: [rule, total, state],
}
sql! { SHOW: scoped, concat!(columns!(), in_scope!(), " AND a.id = $4") }

sql! { INSERT: unscoped("a new row in the name of the caller's own organisation") by name,
"INSERT INTO allocation (id, issuer, rule, title, total, drafted_on, published_on, appeal_until, parcel, digest, state, revision, \
version) VALUES (:id, :issuer, :rule, :title, :total, :drafted_on, NULL, NULL, '', '', 'draft', 1, 1)" }
sql! { PUBLISH: versioned on AllocationRow,
"UPDATE allocation SET state = $3, published_on = $4, appeal_until = $5, parcel = $6, digest = $7" }
sql! { MOVE: versioned on AllocationRow, "UPDATE allocation SET state = $3" }
sql! { PUT_SHARE: on AllocationRow, "INSERT INTO allocation_share (allocation, id, school, given) VALUES ($1, $2, $3, $4)" }
sql! { SHARE_OF: unscoped("after the allocation was found in scope: whether the caller's own school has a share"),
"SELECT given FROM allocation_share WHERE allocation = $1 AND school = $2" }

// Of a rule, published from `$5` to `$6`.
sql! { GIVEN: scoped, "SELECT x.school AS org, s.name, s.kind, d.name AS place, CAST(SUM(x.given) AS BIGINT) AS given \
FROM allocation_share x JOIN allocation a ON a.id = x.allocation JOIN org s ON s.id = x.school \
JOIN division d ON d.code = s.division WHERE s.path >= $1 AND s.path < $2 AND CAST($3 AS DATE) IS NOT NULL \
AND a.state = 'published' AND a.rule = $4 AND a.published_on >= $5 AND a.published_on <= $6 \
GROUP BY x.school, s.name, s.kind, d.name, s.sort_key ORDER BY s.sort_key, x.school" }

macro_rules! appeals {
    () => {
        "SELECT k.id, k.allocation, a.title, a.issuer, k.school, s.name AS school_name, k.reason, k.raised_on, k.answer, \
         k.answered_on, k.state, k.revision, k.version FROM allocation_appeal k JOIN allocation a ON a.id = k.allocation \
         JOIN org s ON s.id = k.school WHERE s.path >= $1 AND s.path < $2 AND CAST($3 AS DATE) IS NOT NULL"
    };
}

sql! { APPEAL: scoped, concat!(appeals!(), " AND k.id = $4") }
sql! { APPEALS_OF: scoped, concat!(appeals!(), " AND k.allocation = $4 ORDER BY k.raised_on, k.id LIMIT 1000") }
sql! { TO_ANSWER: scoped, concat!(appeals!(), " AND a.issuer = $4 AND k.state = $5 ORDER BY k.raised_on, k.id LIMIT 200") }
sql! { INSERT_APPEAL: on AllocationRow,
"INSERT INTO allocation_appeal (allocation, id, school, reason, raised_on, answer, answered_on, state, revision, version) \
VALUES ($1, $2, $3, $4, $5, '', NULL, 'raised', 1, 1)" }
sql! { MOVE_APPEAL: versioned on AppealRow, "UPDATE allocation_appeal SET state = $3, answer = $4, answered_on = $5" }

sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM allocation WHERE id > $1 AND state = 'published' ORDER BY id LIMIT $2" }
sql! { KEPT_TEXT: unscoped("the check of the whole, by the system"), "SELECT parcel, digest FROM allocation WHERE id = $1" }
