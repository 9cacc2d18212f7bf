//! SQL of applications.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, month_in, org_in_scope, sql};
use serde::Serialize;

text_enum! {
    pub enum CaseState {
        Preparing = "preparing",
        Asked = "asked",
        Recommended = "recommended",
        Returned = "returned",
        Applied = "applied",
        Granted = "granted",
        Refused = "refused",
        Withdrawn = "withdrawn",
    }
}

/// An application, with who has to do with it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct CaseRow {
    pub id: String,
    pub application: String,
    pub clause: String,
    pub org: String,
    pub org_name: String,
    pub place: String,
    pub city: String,
    pub typical_class: String,
    pub title: String,
    pub fields: String,
    #[sqlx(try_from = "String")]
    pub state: CaseState,
    pub recommender: Option<String>,
    pub recommender_name: Option<String>,
    pub decider: String,
    pub decider_name: String,
    pub opened_on: Date,
    pub asked_on: Option<Date>,
    pub recommended_on: Option<Date>,
    pub applied_on: Option<Date>,
    pub decided_on: Option<Date>,
    pub eligibility: String,
    pub reason: String,
    pub preference: String,
    pub preference_words: String,
    pub decision: String,
    pub number: String,
    pub result: Option<String>,
    pub result_title: Option<String>,
    pub version: i64,
}

impl Keyed for CaseRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// An application that was handed in, with what it asked for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HandedInRow {
    pub id: String,
    pub application: String,
    pub org: String,
    pub division: String,
    pub title: String,
    pub fields: String,
    pub applied_on: Date,
}

/// What an application rests on, as it was kept when it was handed in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BasisRow {
    pub title: String,
    pub org_name: String,
    #[sqlx(try_from = "String")]
    pub state: CaseState,
    pub basis: String,
    pub basis_digest: String,
}

macro_rules! columns {
    () => {
        "SELECT k.id, k.application, k.clause, k.org, o.name AS org_name, d.name AS place, \
         CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, k.title, k.fields, k.state, \
         k.recommender, m.name AS recommender_name, k.decider, z.name AS decider_name, k.opened_on, k.asked_on, \
         k.recommended_on, k.applied_on, k.decided_on, k.eligibility, k.reason, k.preference, k.preference_words, k.decision, \
         k.number, k.result, t.title AS result_title, k.version FROM application_case k JOIN org o ON o.id = k.org \
         JOIN division d ON d.code = o.division JOIN org z ON z.id = k.decider LEFT JOIN org m ON m.id = k.recommender \
         LEFT JOIN output_thing t ON t.id = k.result LEFT JOIN division dc ON dc.code = d.parent WHERE "
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR o.name LIKE :q ESCAPE '!' OR k.title LIKE :q ESCAPE '!') AND (:application = '' OR k.application = :application) \
         AND (:clause = '' OR k.clause LIKE :clause ESCAPE '!') \
         AND ((:state = '' AND k.state <> 'withdrawn') OR k.state = :state) \
         AND (:city = '' OR d.parent = :city OR d.code = :city) \
         AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = '')) \
         AND (:org = '' OR k.org = :org) \
         AND (:waits_for = '' OR (k.recommender = :waits_for AND k.state = 'asked') OR (k.decider = :waits_for AND k.state = 'applied') \
         OR (k.org = :waits_for AND k.state IN ('returned', 'recommended')))"
    };
}

list! { LIST: scoped,
    count: concat!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM application_case k JOIN org o ON o.id = k.org \
         JOIN division d ON d.code = o.division WHERE ",
        org_in_scope!("o"), filter!()
    ),
    rows: concat!(columns!(), org_in_scope!("o"), filter!()),
    usual: "CASE WHEN d.typical_class <> '' THEN 0 ELSE 1 END, o.sort_key, k.opened_on DESC, k.id DESC",
    tie: "k.id",
    orders: {
        claimed: "k.title",
        applicant: "o.sort_key",
        typical: "NULLIF(d.typical_class, '')" nullable,
        prepared: "k.opened_on",
        submitted: "k.applied_on" nullable,
        state: "k.state",
        decision: "k.decided_on" nullable,
    },
    unsorted: [verdict],
}
sql! { SHOW: scoped, concat!(columns!(), org_in_scope!("o"), " AND k.id = $4") }
// What waits for the caller: to recommend, to decide, or to mend and hand in.
sql! { WAITING: scoped, concat!(columns!(), org_in_scope!("o"),
" AND ((k.recommender = $4 AND k.state = 'asked') OR (k.decider = $4 AND k.state = 'applied') \
OR (k.org = $4 AND k.state IN ('returned', 'recommended'))) ORDER BY k.opened_on, k.id") }

// For the applicant and the bureaus above it. `$4` is an applicant, or "".
sql! { HANDED_IN: scoped,
"SELECT k.id, k.application, k.org, o.division, k.title, k.fields, k.applied_on FROM application_case k \
JOIN org o ON o.id = k.org WHERE o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL AND k.applied_on IS NOT NULL \
AND k.state IN ('applied', 'granted', 'refused') AND ($4 = '' OR k.org = $4) ORDER BY k.id" }
sql! { OPEN_OF: unscoped("whether one's own organisation has one of this kind under way"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM application_case WHERE org = $1 AND application = $2 AND title = $3 AND id <> $4 \
AND state NOT IN ('granted', 'refused', 'withdrawn')" }
sql! { INSERT: unscoped("a new row of one's own organisation") by name,
"INSERT INTO application_case (id, application, clause, programme, org, title, fields, state, recommender, decider, \
opened_on, eligibility, reason, preference, preference_words, decision, number, version) \
VALUES (:id, :application, :clause, :programme, :org, :title, :fields, 'preparing', :recommender, :decider, \
:opened_on, '', '', '', '', '', '', 1)" }
sql! { EDIT: versioned on CaseRow,
"UPDATE application_case SET state = $3, title = $4, fields = $5" }
sql! { ASK: versioned on CaseRow,
"UPDATE application_case SET state = $3, asked_on = $4, recommended_on = NULL, applied_on = NULL, recommender = $5" }
sql! { MOVE: versioned on CaseRow,
"UPDATE application_case SET state = $3" }
sql! { RECOMMEND: versioned on CaseRow,
"UPDATE application_case SET state = $3, recommended_on = $4" }
sql! { APPLY: versioned on CaseRow,
"UPDATE application_case SET state = $3, applied_on = $4, eligibility = $5, reason = $6, basis = $7, basis_digest = $8" }
sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM application_case WHERE id > $1 AND basis <> '' AND state IN ('applied', 'granted', 'refused') \
ORDER BY id LIMIT $2" }
sql! { KEPT_TEXT: unscoped("the check of the whole, by the system"),
"SELECT k.title, o.name AS org_name, k.state, k.basis, k.basis_digest FROM application_case k JOIN org o ON o.id = k.org \
WHERE k.id = $1" }
sql! { DECIDE: versioned on CaseRow by name,
"UPDATE application_case SET state = :state, decided_on = :on, preference = :preference, preference_words = :preference_words, \
decision = :words, number = :number, result = :result" }
sql! { REOPEN: versioned on CaseRow,
"UPDATE application_case SET state = $3, decided_on = NULL, preference = '', preference_words = '', decision = '', number = '', \
result = NULL" }
sql! { RECORDED: scoped, concat!(
"SELECT s.org, x.application, ", month_in!("s.at"), " AS month, CAST(COUNT(*) AS BIGINT) AS times FROM org o CROSS JOIN step s \
JOIN application_case x ON x.id = s.resource_id WHERE s.org = o.id AND ", org_in_scope!("o"),
" AND s.resource = 'application' AND s.kind = 'begin' AND s.at >= $4 AND s.at < $16 GROUP BY s.org, x.application, month") }
