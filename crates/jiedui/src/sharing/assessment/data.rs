//! SQL of assessments: the office that assesses sees all of it, each of the assessed its own sheet, the bureaus above it
//! likewise.

use crate::shared::objections::ObjectionState;
use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, sql};

text_enum! {
    pub enum AssessmentState {
        Draft = "draft",
        Presented = "presented",
        Frozen = "frozen",
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AssessmentRow {
    pub id: String,
    pub issuer: String,
    pub issuer_name: String,
    pub scheme: String,
    pub year: i64,
    pub title: String,
    pub drafted_on: Date,
    pub presented_on: Option<Date>,
    pub object_until: Option<Date>,
    pub frozen_on: Option<Date>,
    pub digest: String,
    #[sqlx(try_from = "String")]
    pub state: AssessmentState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for AssessmentRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// What is said of one of the assessed; `content` is "" where it is listed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SheetRow {
    pub id: String,
    pub assessment: String,
    pub title: String,
    pub year: i64,
    pub issuer: String,
    pub object_until: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: AssessmentState,
    pub unit: String,
    pub name: String,
    pub content: String,
    pub digest: String,
}

impl Keyed for SheetRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// What of a draft depends on the weights.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WeighingRow {
    /// Of which figures; "" until it is computed.
    pub seen: String,
    pub job: String,
    pub body: String,
}

/// An objection of one of the assessed, and what was answered.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ObjectionRow {
    pub id: String,
    pub sheet: String,
    pub assessment: String,
    pub unit: String,
    pub title: String,
    pub name: String,
    pub issuer: String,
    pub org: String,
    pub org_name: String,
    pub reason: String,
    pub raised_on: Date,
    pub answer: String,
    pub answered_on: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: ObjectionState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for ObjectionRow {
    fn key(&self) -> &str {
        &self.id
    }
}

macro_rules! columns {
    () => {
        "SELECT a.id, a.issuer, o.name AS issuer_name, a.scheme, a.year, a.title, a.drafted_on, a.presented_on, a.object_until, \
         a.frozen_on, a.digest, a.state, a.revision, a.version FROM assessment a JOIN org o ON o.id = a.issuer WHERE "
    };
}

macro_rules! in_scope {
    () => {
        "((o.path >= $1 AND o.path < $2) OR EXISTS (SELECT 1 FROM assessment_party x JOIN org s ON s.id = x.org \
         WHERE x.assessment = a.id AND s.path >= $1 AND s.path < $2)) AND CAST($3 AS DATE) IS NOT NULL"
    };
}

macro_rules! filter {
    () => {
        " AND (:scheme = '' OR a.scheme = :scheme) AND (:state = '' OR a.state = :state)"
    };
}

list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM assessment a JOIN org o ON o.id = a.issuer WHERE ", in_scope!(), filter!()),
    rows: concat!(columns!(), in_scope!(), filter!()),
    usual: "a.year DESC, a.drafted_on DESC, a.id DESC",
    tie: "a.id",
    orders: { year: "a.year", issuer: "o.sort_key" },
    unsorted: [title, until, state],
}
sql! { SHOW: scoped, concat!(columns!(), in_scope!(), " AND a.id = $4") }
sql! { OF_YEAR: scoped, concat!(columns!(), in_scope!(), " AND a.issuer = $4 AND a.scheme = $5 AND a.year = $6 AND a.state <> $7") }
sql! { TO_FREEZE: scoped, concat!(columns!(), in_scope!(),
" AND a.issuer = $4 AND a.state = $5 AND a.object_until < $3 AND NOT EXISTS (SELECT 1 FROM assessment_objection k \
JOIN assessment_sheet t ON t.id = k.sheet WHERE t.assessment = a.id AND k.state = $6) ORDER BY a.year, a.id LIMIT 50") }
sql! { PARCEL: scoped, "SELECT a.parcel FROM assessment a JOIN org o ON o.id = a.issuer WHERE o.path >= $1 AND o.path < $2 AND \
CAST($3 AS DATE) IS NOT NULL AND a.id = $4" }

sql! { INSERT: unscoped("a new row in the name of the caller's own organisation") by name,
"INSERT INTO assessment (id, issuer, scheme, year, title, drafted_on, presented_on, object_until, frozen_on, parcel, digest, state, \
revision, version) VALUES (:id, :issuer, :scheme, :year, :title, :drafted_on, NULL, NULL, NULL, '', '', 'draft', 1, 1)" }
sql! { PRESENT: versioned on AssessmentRow,
"UPDATE assessment SET state = $3, presented_on = $4, object_until = $5, parcel = $6, digest = $7" }
sql! { FREEZE: versioned on AssessmentRow, "UPDATE assessment SET state = $3, frozen_on = $4, parcel = $5, digest = $6" }
sql! { MOVE: versioned on AssessmentRow, "UPDATE assessment SET state = $3" }
sql! { PUT_SHEET: on AssessmentRow,
"INSERT INTO assessment_sheet (assessment, id, unit, name, division, content, digest) VALUES ($1, $2, $3, $4, $5, $6, $7)" }
sql! { RENEW_SHEET: on AssessmentRow,
"UPDATE assessment_sheet SET content = $3, digest = $4 WHERE assessment = $1 AND unit = $2" }
sql! { PUT_PARTY: on AssessmentRow, "INSERT INTO assessment_party (assessment, sheet, org) VALUES ($1, $2, $3)" }
sql! { PARTIES: unscoped("after the assessment was found in scope: who is told of it"),
"SELECT sheet, org FROM assessment_party WHERE assessment = $1 ORDER BY sheet, org" }
sql! { IS_PARTY: unscoped("after the sheet was found in scope: whether it is the caller's own"),
"SELECT org FROM assessment_party WHERE sheet = $1 AND org = $2" }

sql! { WEIGHING: unscoped("after the assessment was found in scope, for whoever sees everything of it"),
"SELECT seen, job, body FROM assessment_weighing WHERE assessment = $1" }
sql! { ASK_WEIGHING: on AssessmentRow, "INSERT INTO assessment_weighing (assessment, seen, job, body) VALUES ($1, '', $2, '') \
ON CONFLICT (assessment) DO UPDATE SET seen = '', job = excluded.job, body = ''" }
sql! { KEEP_WEIGHING: on AssessmentRow, "INSERT INTO assessment_weighing (assessment, seen, job, body) VALUES ($1, $2, '', $3) \
ON CONFLICT (assessment) DO UPDATE SET seen = excluded.seen, body = excluded.body" }

macro_rules! sheets {
    ($content:literal) => {
        concat!(
            "SELECT t.id, t.assessment, a.title, a.year, a.issuer, a.object_until, a.state, t.unit, t.name, ",
            $content,
            " AS content, t.digest FROM assessment_sheet t JOIN assessment a ON a.id = t.assessment JOIN org o ON o.id = a.issuer \
             WHERE ((o.path >= $1 AND o.path < $2) OR EXISTS (SELECT 1 FROM assessment_party x JOIN org s ON s.id = x.org \
             WHERE x.sheet = t.id AND s.path >= $1 AND s.path < $2)) AND CAST($3 AS DATE) IS NOT NULL"
        )
    };
}

sql! { SHEET: scoped, concat!(sheets!("t.content"), " AND t.id = $4") }
sql! { SHEETS_OF: scoped, concat!(sheets!("''"), " AND t.assessment = $4 ORDER BY t.division, t.unit LIMIT 2000") }

macro_rules! objections {
    () => {
        "SELECT k.id, k.sheet, t.assessment, t.unit, a.title, t.name, a.issuer, k.org, s.name AS org_name, k.reason, k.raised_on, \
         k.answer, k.answered_on, k.state, k.revision, k.version FROM assessment_objection k JOIN assessment_sheet t ON t.id = k.sheet \
         JOIN assessment a ON a.id = t.assessment JOIN org s ON s.id = k.org \
         WHERE s.path >= $1 AND s.path < $2 AND CAST($3 AS DATE) IS NOT NULL"
    };
}

sql! { OBJECTION: scoped, concat!(objections!(), " AND k.id = $4") }
sql! { OBJECTIONS_OF: scoped, concat!(objections!(), " AND t.assessment = $4 ORDER BY k.raised_on, k.id LIMIT 1000") }
sql! { OBJECTIONS_TO: scoped, concat!(objections!(), " AND k.sheet = $4 ORDER BY k.raised_on, k.id LIMIT 10") }
sql! { TO_ANSWER: scoped, concat!(objections!(), " AND a.issuer = $4 AND k.state = $5 ORDER BY k.raised_on, k.id LIMIT 200") }
sql! { INSERT_OBJECTION: on SheetRow,
"INSERT INTO assessment_objection (sheet, id, org, reason, raised_on, answer, answered_on, state, revision, version) \
VALUES ($1, $2, $3, $4, $5, '', NULL, 'raised', 1, 1)" }
sql! { MOVE_OBJECTION: versioned on ObjectionRow, "UPDATE assessment_objection SET state = $3, answer = $4, answered_on = $5" }

sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM assessment WHERE id > $1 AND state = 'frozen' ORDER BY id LIMIT $2" }
sql! { KEPT_TEXT: unscoped("the check of the whole, by the system"), "SELECT parcel, digest FROM assessment WHERE id = $1" }
