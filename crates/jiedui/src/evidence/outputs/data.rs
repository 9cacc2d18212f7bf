//! SQL of outputs.

use crate::shared::confirmation::{State, confirmed, contested, stands, waits};
use jiedui_kernel::{Date, Instant};
use jiedui_store::{Keyed, list, month_in, org_in_scope, pairing_in_scope, sql};
use serde::{Deserialize, Serialize};

/// An output, with where it stands and who has to do with it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct OutputRow {
    pub id: String,
    pub output: String,
    pub kind: String,
    pub clause: String,
    pub org: String,
    pub org_name: String,
    pub school: Option<String>,
    pub stands_at: String,
    /// Name of the school, or of who recorded it.
    pub place_name: String,
    pub place_path: String,
    pub place: String,
    pub city: String,
    pub typical_class: String,
    pub pairing: Option<String>,
    pub pairing_to: Option<Date>,
    pub title: String,
    pub quantity: i64,
    pub achieved: i64,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub stage: String,
    pub stage_from: Date,
    pub since: Date,
    pub fields: String,
    pub answerer: Option<String>,
    pub answerer_name: Option<String>,
    pub claimed_at: Instant,
    pub answered_by: String,
    pub follows: Option<String>,
    pub follows_title: Option<String>,
    pub application: String,
    /// The project it is part of.
    pub project: Option<String>,
    pub project_title: Option<String>,
    /// How much of that is done by it.
    pub project_part: Option<i64>,
    pub version: i64,
}

/// What a row tells the rules, lent by whichever row carries it.
pub struct FactColumns<'a> {
    pub id: &'a str,
    pub output: &'a str,
    pub org: &'a str,
    pub school: Option<&'a str>,
    pub state: State,
    pub quantity: i64,
    pub achieved: i64,
    pub project: Option<&'a str>,
    pub fields: &'a str,
}

impl OutputRow {
    pub fn fact_columns(&self) -> FactColumns<'_> {
        FactColumns {
            id: &self.id,
            output: &self.output,
            org: &self.org,
            school: self.school.as_deref(),
            state: self.state,
            quantity: self.quantity,
            achieved: self.achieved,
            project: self.project.as_deref(),
            fields: &self.fields,
        }
    }

    /// Who recorded it, where it stands, and who answers.
    pub fn concerned(&self) -> [&str; 3] {
        [&self.org, &self.stands_at, self.answerer.as_deref().unwrap_or_default()]
    }
}

impl Keyed for OutputRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StageRow {
    pub resource: String,
    pub stage: String,
    pub from_day: Date,
    pub achieved: i64,
    pub note: String,
    pub at: Instant,
    pub who: String,
    /// 1 where the output was confirmed as it stood then, before it went on.
    pub agreed: i64,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HelperRow {
    pub resource: String,
    pub org: String,
    pub name: String,
}

/// An output that carries money, as whoever follows money reads it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MoneyRow {
    pub id: String,
    pub output: String,
    pub org: String,
    /// Of who recorded it: `city_bureau` and the like.
    pub org_kind: String,
    pub stands_at: String,
    pub division: String,
    pub title: String,
    pub quantity: i64,
    pub achieved: i64,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub since: Date,
    pub fields: String,
    pub project: Option<String>,
}

impl MoneyRow {
    /// Money is counted at the school where the thing stands, whoever recorded it.
    pub fn fact_columns(&self) -> FactColumns<'_> {
        FactColumns {
            id: &self.id,
            output: &self.output,
            org: &self.org,
            school: Some(&self.stands_at),
            state: self.state,
            quantity: self.quantity,
            achieved: self.achieved,
            project: self.project.as_deref(),
            fields: &self.fields,
        }
    }
}

macro_rules! joins {
    () => {
        "FROM output_thing t JOIN org o ON o.id = t.stands_at JOIN org r ON r.id = t.org \
         JOIN division d ON d.code = o.division LEFT JOIN pairing p ON p.id = t.pairing "
    };
}

// Visible to the school (or to who recorded it, where there is none), to who recorded it, and to the parties of the
// pairing in which it came about, also after its end.
macro_rules! reach {
    () => {
        concat!(
            "WHERE (",
            org_in_scope!("o"),
            " OR (r.path >= $1 AND r.path < $2) OR (",
            pairing_in_scope!("p"),
            "))"
        )
    };
}

macro_rules! all_columns {
    () => {
        concat!(
            "SELECT t.id, t.output, t.kind, t.clause, t.org, r.name AS org_name, t.school, t.stands_at, \
             o.name AS place_name, o.path AS place_path, d.name AS place, \
             CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, t.pairing, \
             p.to_day AS pairing_to, t.title, t.quantity, t.achieved, t.state, t.stage, t.stage_from, t.since, t.fields, \
             t.answerer, a.name AS answerer_name, t.claimed_at, t.answered_by, t.follows, f.title AS follows_title, \
             t.application, t.project, j.title AS project_title, t.project_part, t.version ",
            joins!(),
            "LEFT JOIN org a ON a.id = t.answerer LEFT JOIN output_thing f ON f.id = t.follows \
             LEFT JOIN project j ON j.id = t.project LEFT JOIN division dc ON dc.code = d.parent "
        )
    };
}

macro_rules! columns {
    () => {
        concat!(all_columns!(), reach!())
    };
}

macro_rules! filter {
    () => {
        concat!(
            " AND (:q = '' OR t.title LIKE :q ESCAPE '!' OR o.name LIKE :q ESCAPE '!') AND (:kind = '' OR t.kind = :kind) \
             AND (:output = '' OR t.output = :output) AND (:clause = '' OR t.clause LIKE :clause ESCAPE '!') AND ((:state = '' AND ",
            stands!("t"),
            ") OR t.state = :state) AND (:stage = '' OR t.stage = :stage) AND (:city = '' OR d.parent = :city OR d.code = :city) \
             AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = '')) \
             AND (:place = '' OR t.stands_at = :place) AND (:answerer = '' OR (t.answerer = :answerer AND ",
            waits!("t"),
            "))"
        )
    };
}

/// What the list is narrowed by, for whoever asks for its rows again later: an address read once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filters {
    pub q: String,
    pub kind: String,
    pub output: String,
    pub clause: String,
    pub state: Option<State>,
    pub stage: String,
    pub city: String,
    pub typical: String,
    pub place: String,
    pub answerer: String,
}

impl Filters {
    /// The state as statements take it.
    pub fn state(&self) -> &'static str {
        self.state.map_or("", State::text)
    }
}

// For an export: each page from where the one before it ended, in the order in which they were recorded.
sql! { EXPORTED: scoped by name, concat!(columns!(), filter!(), " AND t.id > :after ORDER BY t.id LIMIT :most") }

// Typical counties first (G0.3), then the order of names, then the newest.
list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) ", joins!(), reach!(), filter!()),
    rows: concat!(columns!(), filter!()),
    usual: "CASE WHEN d.typical_class <> '' THEN 0 ELSE 1 END, o.sort_key, t.since DESC, t.id DESC",
    tie: "t.id",
    orders: {
        name: "t.title",
        place: "o.sort_key",
        typical: "NULLIF(d.typical_class, '')" nullable,
        day: "t.since",
        quantity: "t.quantity",
        achieved: "t.achieved",
        state: "t.state",
    },
    unsorted: [kind, stage],
}
sql! { SHOW: scoped, concat!(columns!(), " AND t.id = $4") }
sql! { AFTER: scoped, concat!(columns!(), " AND t.id > $4 ORDER BY t.id LIMIT $5") }
sql! { FOUND_AS: unscoped("by what an output is found; whoever may see it is asked again before it is shown"),
"SELECT title, stands_at FROM output_thing WHERE id = $1" }
sql! { NEXT_IDS: unscoped("ids alone, for what is kept of every output"),
"SELECT id FROM output_thing WHERE id > $1 ORDER BY id LIMIT $2" }
sql! { OF_YEAR: scoped, concat!(columns!(), " AND t.output = $4 AND ", confirmed!("t"),
" AND $5 LIKE '%,' || t.stage || ',%' AND t.stage_from >= $6 AND t.stage_from <= $7 ORDER BY t.title, t.id LIMIT 1000") }
sql! { FACTS: scoped, concat!(columns!(), " AND ($4 = '' OR t.stands_at = $4) ORDER BY t.since, t.id") }
sql! { FACT: unscoped("an output that counts otherwise since another one that was found in scope changed"),
concat!(all_columns!(), "WHERE t.id = $1") }
sql! { FACT_STAGES: scoped, concat!(
"SELECT s.resource, s.stage, s.from_day, s.achieved, s.note, s.at, s.who, s.agreed ", joins!(),
"JOIN output_stage s ON s.resource = t.id ", reach!(), " AND ($4 = '' OR t.stands_at = $4) ORDER BY s.resource, s.id") }
sql! { FACT_HELPERS: scoped, concat!(
"SELECT h.resource, h.org, n.name ", joins!(), "JOIN output_helper h ON h.resource = t.id JOIN org n ON n.id = h.org ",
reach!(), " AND ($4 = '' OR t.stands_at = $4) ORDER BY h.resource, n.sort_key") }
// The money of a school is seen by itself and the bureaus above it, not by its helpers. `$4` names the forms that carry money,
// between commas; `$5` a school, or "".
macro_rules! carries_money {
    () => {
        concat!(
            "WHERE o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL AND t.school IS NOT NULL \
             AND $4 LIKE '%,' || t.output || ',%' AND ($5 = '' OR t.stands_at = $5) AND ",
            stands!("t")
        )
    };
}
sql! { MONEY: scoped, concat!(
"SELECT t.id, t.output, t.org, r.kind AS org_kind, t.stands_at, o.division, t.title, t.quantity, t.achieved, t.state, t.since, \
t.fields, t.project ", joins!(), carries_money!(), " ORDER BY o.sort_key, t.since, t.id") }
sql! { MONEY_STAGES: scoped, concat!(
"SELECT s.resource, s.stage, s.from_day, s.achieved, s.note, s.at, s.who, s.agreed ", joins!(),
"JOIN output_stage s ON s.resource = t.id ", carries_money!(), " ORDER BY s.resource, s.id") }
// What waits for an answer of this one, and what only a bureau above can settle by now.
sql! { WAITING: scoped, concat!(columns!(), " AND ", waits!("t"),
" AND (t.answerer = $4 OR ($5 AND o.path >= $1 AND o.path < $2 AND t.org <> $4 \
AND t.claimed_at < $6)) ORDER BY t.claimed_at, t.id") }
sql! { DISPUTED: scoped, concat!(columns!(), " AND ", contested!("t"), " AND t.org = $4 ORDER BY t.claimed_at, t.id") }

sql! { PROJECT_OF: unscoped("after the output was found in scope"), "SELECT project FROM output_thing WHERE id = $1" }
sql! { STAGES_OF: unscoped("after the output was found in scope"),
"SELECT resource, stage, from_day, achieved, note, at, who, agreed FROM output_stage WHERE resource = $1 ORDER BY id" }
sql! { HELPERS_OF: unscoped("after the output was found in scope"),
"SELECT h.resource, h.org, n.name FROM output_helper h JOIN org n ON n.id = h.org WHERE h.resource = $1 ORDER BY n.sort_key" }
sql! { FOLLOWED_BY: unscoped("after the output was found in scope"),
concat!(
"SELECT t.id, t.title FROM output_thing t WHERE t.follows = $1 AND ", stands!("t"), " ORDER BY t.since, t.id") }
sql! { TWIN: unscoped("the same output recorded twice at one place"),
concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM output_thing t WHERE t.stands_at = $1 AND t.output = $2 AND t.title = $3 \
AND t.since = $4 AND t.id <> $5 AND ", stands!("t")) }
sql! { INSERT: unscoped("a new row at a place that was found in scope") by name,
"INSERT INTO output_thing (id, output, kind, clause, programme, org, school, stands_at, pairing, title, quantity, \
achieved, state, stage, stage_from, since, fields, answerer, claimed_at, answered_by, follows, application, project, \
project_part, version) \
VALUES (:id, :output, :kind, :clause, :programme, :org, :school, :stands_at, :pairing, :title, :quantity, \
:achieved, :state, :stage, :stage_from, :since, :fields, :answerer, :claimed_at, '', :follows, :application, :project, :project_part, 1)" }
sql! { INSERT_STAGE: unscoped("after the output was found in scope"),
"INSERT INTO output_stage (id, resource, stage, from_day, achieved, note, at, who) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" }
// What its stages said until now was confirmed; or is to be confirmed again.
sql! { AGREED: on OutputRow, "UPDATE output_stage SET agreed = $2 WHERE resource = $1" }
sql! { FIRST_STAGE: on OutputRow,
"UPDATE output_stage SET from_day = $2, achieved = $3 WHERE resource = $1 AND id = \
(SELECT MIN(s.id) FROM output_stage s WHERE s.resource = $1)" }
sql! { INSERT_HELPER: unscoped("after the output was found in scope"),
"INSERT INTO output_helper (resource, org) VALUES ($1, $2)" }
sql! { CLEAR_HELPERS: on OutputRow, "DELETE FROM output_helper WHERE resource = $1" }
// The version in the condition is the check against a concurrent edit: no row touched means that there was one.
sql! { ANSWER: versioned on OutputRow,
"UPDATE output_thing SET state = $3, answered_by = $4" }
// What is put beside an output while it is open: nobody answers it at that moment.
sql! { LOCK: locked on OutputRow, "output_thing" }
sql! { MOVE_ON: versioned on OutputRow by name,
"UPDATE output_thing SET stage = :stage, stage_from = :stage_from, achieved = :achieved, state = :state, \
answerer = :answerer, claimed_at = :claimed_at, project_part = :project_part" }
sql! { CORRECT: versioned on OutputRow by name,
"UPDATE output_thing SET title = :title, since = :since, stage_from = :stage_from, quantity = :quantity, \
achieved = :achieved, fields = :fields, state = :state, \
answerer = :answerer, claimed_at = :claimed_at, follows = :follows, \
project = :project, project_part = :project_part" }
sql! { RECORDED: scoped, concat!(
"SELECT s.org, t.output, ", month_in!("s.at"), " AS month, CAST(COUNT(*) AS BIGINT) AS times FROM org o CROSS JOIN step s \
JOIN output_thing t ON t.id = s.resource_id WHERE s.org = o.id AND ", org_in_scope!("o"),
" AND s.resource = 'output' AND s.kind = 'claim' AND s.at >= $4 AND s.at < $16 GROUP BY s.org, t.output, month") }
