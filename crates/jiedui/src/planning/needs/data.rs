//! SQL of needs and capacities.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, org_in_scope, pairing_in_scope, sql};
use serde::Serialize;

text_enum! {
    /// Whether a need is still one. Answered is no state of its own: it is whether a filed project names the need.
    pub enum NeedState {
        Open = "open",
        Met = "met",
        Dropped = "dropped",
    }
}

/// A need of a county school, with where the school stands.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct NeedRow {
    pub id: String,
    pub org: String,
    pub school: String,
    pub place: String,
    pub city: String,
    pub typical_class: String,
    /// 1 is the most wanted; 0 where it stands in no ranking any more.
    pub rank: i64,
    pub clause: String,
    pub title: String,
    pub detail: String,
    pub quantity: Option<i64>,
    /// The unit's Chinese word, "" where there is no quantity.
    pub unit: String,
    pub wished_on: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: NeedState,
    /// yes, partly, no; "" where it is not closed.
    pub helped: String,
    pub word: String,
    pub closed_on: Option<Date>,
    /// How many filed projects name it.
    pub projects: i64,
    pub version: i64,
}

impl Keyed for NeedRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// What a helper can give, in one field.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct CapacityRow {
    pub id: String,
    pub org: String,
    pub school: String,
    pub place: String,
    pub city: String,
    pub clause: String,
    pub majors: String,
    pub strength: String,
    pub schools: i64,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub version: i64,
}

impl Keyed for CapacityRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// A project that answers a need; `reach` is 1 where the caller may open it.
#[derive(Debug, sqlx::FromRow)]
pub struct AnswerRow {
    pub id: String,
    pub title: String,
    pub year: i64,
    pub reach: i64,
}

macro_rules! need_columns {
    () => {
        "SELECT n.id, n.org, o.name AS school, d.name AS place, \
         CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, n.rank, n.clause, \
         n.title, n.detail, n.quantity, n.unit, n.wished_on, n.state, n.helped, n.word, n.closed_on, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM project q WHERE q.need = n.id AND q.filed = TRUE \
         AND q.ended <> 'removed') AS projects, n.version FROM "
    };
}

macro_rules! joins {
    () => {
        "need n JOIN org o ON o.id = n.org JOIN division d ON d.code = o.division \
         LEFT JOIN division dc ON dc.code = d.parent WHERE "
    };
}

macro_rules! columns {
    () => {
        concat!(need_columns!(), joins!())
    };
}

macro_rules! answered {
    () => {
        "EXISTS (SELECT 1 FROM project q WHERE q.need = n.id AND q.filed = TRUE AND q.ended <> 'removed')"
    };
}

macro_rules! filter {
    () => {
        concat!(
            " AND (:q = '' OR o.name LIKE :q ESCAPE '!') AND (:city = '' OR d.parent = :city OR d.code = :city) \
             AND (:clause = '' OR n.clause LIKE :clause ESCAPE '!') \
             AND (:state = '' OR (:state IN ('met', 'dropped') AND n.state = :state) \
             OR (:state = 'open' AND n.state = 'open' AND NOT ",
            answered!(),
            ") OR (:state = 'answered' AND n.state = 'open' AND ",
            answered!(),
            ")) AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = '')) \
             AND (:org = '' OR n.org = :org)"
        )
    };
}

// Typical counties first (G0.3), then the order of names, then what each school wants most.
macro_rules! order {
    () => {
        " ORDER BY CASE WHEN d.typical_class <> '' THEN 0 ELSE 1 END, o.sort_key, \
         CASE n.state WHEN 'open' THEN 0 ELSE 1 END, n.rank, n.id"
    };
}

list! { LIST: scoped,
    count: concat!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM need n JOIN org o ON o.id = n.org JOIN division d ON d.code = o.division WHERE ",
        org_in_scope!("o"), filter!()
    ),
    rows: concat!(columns!(), org_in_scope!("o"), filter!()),
    usual: "CASE WHEN d.typical_class <> '' THEN 0 ELSE 1 END, o.sort_key, \
            CASE n.state WHEN 'open' THEN 0 ELSE 1 END, n.rank, n.id",
    tie: "n.id",
    orders: {
        county_school: "o.sort_key",
        place: "o.division",
        rank: "CASE n.state WHEN 'open' THEN n.rank END" nullable,
        need: "n.title",
        quantity: "n.quantity" nullable,
        wanted: "n.wished_on" nullable,
        answers: "projects",
    },
    unsorted: [state],
}
sql! { SHOW: scoped, concat!(columns!(), org_in_scope!("o"), " AND n.id = $4") }
sql! { AFTER: scoped, concat!(columns!(), org_in_scope!("o"), " AND n.id > $4 ORDER BY n.id LIMIT $5") }
// For whoever sees few organisations: the needs of each from its index, sorted. COALESCE keeps the engines from walking all needs.
sql! { AFTER_OF_FEW: scoped, concat!(
need_columns!(), "(SELECT x.id FROM need x WHERE x.org IN (SELECT so.id FROM org so WHERE ", org_in_scope!("so"),
") AND COALESCE(x.id, '') > $4 ORDER BY COALESCE(x.id, '') LIMIT $5) k CROSS JOIN ", joins!(), "n.id = k.id ORDER BY n.id") }
sql! { OF_SCHOOL: scoped, concat!(columns!(), org_in_scope!("o"), " AND n.org = $4", order!()) }
sql! { OPEN: scoped, concat!(columns!(), org_in_scope!("o"), " AND n.state = 'open'", order!()) }
sql! { UNANSWERED: scoped, concat!(columns!(), org_in_scope!("o"), " AND n.state = 'open' AND NOT ", answered!(), order!()) }
sql! { ANSWERS: scoped, concat!(
"SELECT q.id, q.title, q.year, CAST(CASE WHEN ", pairing_in_scope!("p"), " THEN 1 ELSE 0 END AS BIGINT) AS reach \
FROM project q JOIN pairing p ON p.id = q.pairing WHERE q.need = $4 AND q.filed = TRUE AND q.ended <> 'removed' \
ORDER BY q.year, q.place, q.id") }

sql! { OPEN_OF: unscoped("the ranking of one's own school"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM need WHERE org = $1 AND state = 'open'" }
sql! { RANK_OF: unscoped("after the need was found in scope"), "SELECT rank FROM need WHERE id = $1 AND state = 'open'" }
sql! { INSERT: unscoped("a new row of one's own school") by name,
"INSERT INTO need (id, org, rank, clause, title, detail, quantity, unit, wished_on, state, helped, word, closed_on, version) \
VALUES (:id, :org, :rank, :clause, :title, :detail, :quantity, :unit, :wished_on, 'open', '', '', NULL, 1)" }
sql! { UPDATE: versioned on NeedRow,
"UPDATE need SET clause = $3, title = $4, detail = $5, quantity = $6, unit = $7, wished_on = $8", and "state = 'open'" }
sql! { SETTLE: versioned on NeedRow,
"UPDATE need SET state = $3, helped = $4, word = $5, closed_on = $6, rank = 0", and "state = 'open'" }
sql! { REOPEN: versioned on NeedRow,
"UPDATE need SET state = 'open', helped = '', word = '', closed_on = NULL, rank = $3", and "state <> 'open'" }
// To the school into which its own was merged.
sql! { HAND_OVER: versioned on NeedRow,
"UPDATE need SET org = $3, rank = $4", and "state = 'open'" }
// Ranks are no content: they do not raise the version, so that a need being edited elsewhere is not disturbed.
sql! { CLOSE_GAP: on NeedRow,
"UPDATE need SET rank = rank - 1 WHERE org = (SELECT x.org FROM need x WHERE x.id = $1) AND state = 'open' AND rank > $2" }
sql! { TRADE_RANK: on NeedRow,
"UPDATE need SET rank = $3 WHERE org = (SELECT x.org FROM need x WHERE x.id = $1) AND state = 'open' AND rank = $2" }
sql! { SET_RANK: on NeedRow, "UPDATE need SET rank = $2 WHERE id = $1 AND state = 'open'" }

macro_rules! capacity_columns {
    () => {
        "SELECT k.id, k.org, o.name AS school, d.name AS place, \
         CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, k.clause, k.majors, k.strength, k.schools, \
         k.from_day, k.to_day, k.version FROM capacity k JOIN org o ON o.id = k.org \
         JOIN division d ON d.code = o.division LEFT JOIN division dc ON dc.code = d.parent WHERE "
    };
}

macro_rules! capacity_filter {
    () => {
        " AND (:q = '' OR o.name LIKE :q ESCAPE '!' OR k.majors LIKE :q ESCAPE '!' OR k.strength LIKE :q ESCAPE '!') AND (:clause = '' OR k.clause LIKE :clause ESCAPE '!') \
         AND (:current = '' OR (k.from_day <= $3 AND (k.to_day IS NULL OR k.to_day >= $3))) AND (:org = '' OR k.org = :org)"
    };
}

list! { CAPACITIES: scoped,
    count: concat!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM capacity k JOIN org o ON o.id = k.org WHERE ",
        org_in_scope!("o"), capacity_filter!()
    ),
    rows: concat!(capacity_columns!(), org_in_scope!("o"), capacity_filter!()),
    usual: "o.sort_key, k.from_day, k.id",
    tie: "k.id",
    orders: {
        school: "o.sort_key",
        city: "o.division",
        clause: "k.clause",
        major: "NULLIF(k.majors, '')" nullable,
        offer: "k.strength",
        schools: "k.schools",
        span: "k.from_day",
    },
    unsorted: [state, acts],
}
sql! { CAPACITY: scoped, concat!(capacity_columns!(), org_in_scope!("o"), " AND k.id = $4") }
// What a school offers on a day and later.
sql! { OFFERED_BY: scoped, concat!(capacity_columns!(), org_in_scope!("o"), " AND k.org = $4 \
AND (k.to_day IS NULL OR k.to_day >= $5) ORDER BY k.from_day, k.id") }
sql! { INSERT_CAPACITY: unscoped("a new row of one's own school"),
"INSERT INTO capacity (id, org, clause, majors, strength, schools, from_day, to_day, version) \
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)" }
sql! { UPDATE_CAPACITY: versioned on CapacityRow,
"UPDATE capacity SET clause = $3, majors = $4, strength = $5, schools = $6, from_day = $7, to_day = $8" }
sql! { END_CAPACITY: versioned on CapacityRow,
"UPDATE capacity SET to_day = $3" }
