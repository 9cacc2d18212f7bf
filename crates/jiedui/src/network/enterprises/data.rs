//! SQL of enterprises and of where they are named.

use crate::shared::confirmation::stands;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, org_in_scope, pairing_in_scope, sql};
use serde::Serialize;

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct EnterpriseRow {
    pub id: String,
    pub name: String,
    pub place: String,
    pub city: String,
    pub registered_by: String,
    pub registered_name: String,
    pub registered_on: Date,
    pub joined: Option<String>,
    pub joined_name: Option<String>,
    /// The path of the bureau of its county.
    pub bureau: String,
    /// How often the caller sees it named.
    pub uses: i64,
    pub version: i64,
}

impl Keyed for EnterpriseRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// The enterprise to which a name leads.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct KnownRow {
    pub id: String,
    pub name: String,
}

/// How many enterprises of an entry were named before.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RepeatedRow {
    pub resource: String,
    pub claimed: i64,
    pub confirmed: i64,
}

/// A stage of an output that is called after the same enterprise as another one.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EarlierRow {
    pub resource: String,
    pub earlier: String,
    /// 1 where it is confirmed.
    pub sure: i64,
    pub stage: String,
    pub from_day: Date,
}

/// One place where an enterprise is named.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UseRow {
    pub resource: String,
    pub kind: String,
    pub what: String,
    pub field: String,
    /// The name that stands there.
    pub named: String,
    pub title: String,
    pub place_name: String,
    pub day: Date,
    /// The other side confirmed what names it.
    pub sure: bool,
}

macro_rules! used {
    () => {
        "FROM enterprise_use u JOIN enterprise m ON m.id = u.enterprise JOIN org r ON r.id = u.recorder \
         LEFT JOIN pairing p ON p.id = u.pairing LEFT JOIN org s ON s.id = u.org \
         LEFT JOIN entry n ON n.id = u.resource LEFT JOIN output_thing t ON t.id = u.resource WHERE "
    };
}

// As entries and outputs are: the one with its pairing, the other also with its place and by who recorded it. What was
// withdrawn names nobody.
macro_rules! use_in_scope {
    () => {
        concat!(
            "((",
            pairing_in_scope!("p"),
            ") OR (u.org IS NOT NULL AND ((r.path >= $1 AND r.path < $2) OR ",
            org_in_scope!("s"),
            "))) AND (n.id IS NULL OR ",
            stands!("n"),
            ") AND (t.id IS NULL OR ",
            stands!("t"),
            ")"
        )
    };
}

pub(crate) use use_in_scope;

// Visible to whoever sees somebody in its division, and to whoever sees it named.
macro_rules! seen {
    () => {
        concat!(
            "(EXISTS (SELECT 1 FROM org o WHERE o.division = e.division AND ",
            org_in_scope!("o"),
            ") OR EXISTS (SELECT 1 ",
            used!(),
            "m.leads_to = e.id AND ",
            use_in_scope!(),
            "))"
        )
    };
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT e.id, e.name, d.name AS place, CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, \
             e.registered_by, g.name AS registered_name, e.registered_on, e.joined, j.name AS joined_name, \
             COALESCE((SELECT MIN(b.path) FROM org b WHERE b.division = e.division AND b.kind <> 'school'), '') AS bureau, \
             (SELECT CAST(COUNT(*) AS BIGINT) ",
            used!(),
            "m.leads_to = e.id AND ",
            use_in_scope!(),
            ") AS uses, e.version FROM enterprise e JOIN division d ON d.code = e.division LEFT JOIN division dc ON dc.code = d.parent \
             JOIN org g ON g.id = e.registered_by LEFT JOIN enterprise j ON j.id = e.joined WHERE "
        )
    };
}

// Those that were joined to another are found under its name and theirs.
macro_rules! filter {
    () => {
        " AND e.joined IS NULL AND (:q = '' OR EXISTS (SELECT 1 FROM enterprise x WHERE x.leads_to = e.id AND x.name LIKE :q ESCAPE '!')) \
         AND (:city = '' OR d.parent = :city OR d.code = :city)"
    };
}

list! { LIST: scoped,
    count: concat!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM enterprise e JOIN division d ON d.code = e.division WHERE ", seen!(), filter!()
    ),
    rows: concat!(columns!(), seen!(), filter!()),
    usual: "e.name, e.id",
    tie: "e.id",
    orders: { name: "e.name", place: "e.division", since: "e.registered_on" },
    unsorted: [uses],
}
// Of one enterprise, and of the school or unit at which it is named, by its id or its whole name: a number that stands for one
// school opens to the rows of that school, and not of those that have its name in theirs.
macro_rules! at_place {
    () => {
        " AND m.leads_to = :enterprise AND (:place = '' OR COALESCE(p.county_school, u.org, '') = :place \
         OR COALESCE((SELECT w.name FROM org w WHERE w.id = p.county_school), s.name, '') = :place)"
    };
}

list! { USES: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) ", used!(), use_in_scope!(), at_place!()),
    rows: concat!(
        "SELECT u.resource, u.kind, u.what, u.field, m.name AS named, COALESCE(t.title, '') AS title, \
         COALESCE(c.name, s.name, '') AS place_name, u.day, (COALESCE(n.state, t.state, '') = 'confirmed') AS sure ",
        "FROM enterprise_use u JOIN enterprise m ON m.id = u.enterprise JOIN org r ON r.id = u.recorder \
         LEFT JOIN pairing p ON p.id = u.pairing LEFT JOIN org s ON s.id = u.org LEFT JOIN org c ON c.id = p.county_school \
         LEFT JOIN entry n ON n.id = u.resource LEFT JOIN output_thing t ON t.id = u.resource WHERE ",
        use_in_scope!(), at_place!()
    ),
    usual: "u.day DESC, u.resource DESC, u.field",
    // One expression, so that it is turned round with the order.
    tie: "u.resource || ' ' || u.field || ' ' || u.enterprise",
    orders: { day: "u.day", named: "m.name" },
    unsorted: [what, place],
}
sql! { SHOW: scoped, concat!(columns!(), seen!(), " AND e.id = $4") }
// Its other names, each that of an enterprise that was joined to it.
sql! { ALIASES: unscoped("of an enterprise that was found in scope"),
"SELECT id, name FROM enterprise WHERE leads_to = $1 AND id <> $1 ORDER BY name, id LIMIT 100" }
sql! { NAMES: scoped, concat!(
"SELECT e.name FROM enterprise e WHERE e.joined IS NULL AND ", seen!(), " ORDER BY e.name, e.id LIMIT $4") }

// One name is one enterprise in the whole province, wherever it was registered first.
sql! { KNOWN: unscoped("a name that the caller wrote; says how it is registered and nothing else"),
"SELECT l.id, l.name FROM enterprise e JOIN enterprise l ON l.id = e.leads_to WHERE e.evened = $1" }
sql! { INSERT: unscoped("a new row, for a name that the caller wrote") by name,
"INSERT INTO enterprise (id, name, evened, division, registered_by, registered_on, joined, leads_to, version) \
VALUES (:id, :name, :evened, :division, :registered_by, :registered_on, NULL, :id, 1) ON CONFLICT (evened) DO NOTHING" }
sql! { DIVISION_OF: unscoped("where an organisation stands for which the caller records something"),
"SELECT division FROM org WHERE id = $1" }

sql! { INSERT_USE: unscoped("of an entry or output that whoever changed it found in scope") by name,
"INSERT INTO enterprise_use (resource, field, enterprise, kind, what, pairing, org, recorder, day) \
VALUES (:resource, :field, :enterprise, :kind, :what, :pairing, :org, :recorder, :day) ON CONFLICT DO NOTHING" }
sql! { CLEAR_USES: unscoped("of an entry or output that whoever changed it found in scope"),
"DELETE FROM enterprise_use WHERE resource = $1" }

// What of the same kind names the same enterprise, and was of an earlier day.
macro_rules! before {
    ($same:literal) => {
        concat!(
            "FROM enterprise_use u JOIN enterprise m ON m.id = u.enterprise JOIN enterprise w ON w.leads_to = m.leads_to \
             JOIN enterprise_use v ON v.enterprise = w.id AND v.what = u.what AND v.kind = u.kind \
             AND (v.day < u.day OR (v.day = u.day AND v.resource < u.resource)) ",
            $same
        )
    };
}

macro_rules! repeated {
    ($which:literal) => {
        concat!(
            "SELECT u.resource, CAST(COUNT(DISTINCT m.leads_to) AS BIGINT) AS claimed, \
             CAST(COUNT(DISTINCT CASE WHEN n.state = 'confirmed' THEN m.leads_to END) AS BIGINT) AS confirmed ",
            before!("JOIN entry n ON n.id = v.resource AND "),
            stands!("n"),
            " WHERE u.kind = 'entry' AND ",
            $which,
            " GROUP BY u.resource"
        )
    };
}

sql! { REPEATED: unscoped("an enterprise counts once in the province, whoever sees the other rows that name it"),
repeated!("u.resource > $1 AND ($2 = '' OR u.resource <= $2)") }
sql! { REPEATED_OF: unscoped("an enterprise counts once in the province, whoever sees the other rows that name it"),
repeated!("u.resource = $1") }
sql! { EARLIER: unscoped("an enterprise counts once in the province, whoever sees the other rows that name it"), concat!(
"SELECT u.resource, v.resource AS earlier, CASE WHEN t.state = 'confirmed' THEN CAST(1 AS BIGINT) ELSE s.agreed END AS sure, \
s.stage, s.from_day ", before!("AND v.field = 'title' JOIN output_thing t ON t.id = v.resource AND "), stands!("t"),
" JOIN output_stage s ON s.resource = t.id WHERE u.kind = 'output' AND u.field = 'title' AND ($1 = '' OR u.resource = $1) \
ORDER BY u.resource, v.resource, s.id") }
sql! { BESIDE: unscoped("what counts otherwise where a row that the caller found in scope names an enterprise, or no longer does"),
"SELECT DISTINCT v.resource FROM enterprise_use u JOIN enterprise m ON m.id = u.enterprise \
JOIN enterprise w ON w.leads_to = m.leads_to JOIN enterprise_use v ON v.enterprise = w.id AND v.what = u.what \
AND v.resource <> u.resource WHERE u.resource = $1 ORDER BY v.resource" }
sql! { NAMING: unscoped("what counts otherwise where an enterprise that the caller found in scope is joined or parted"),
"SELECT DISTINCT u.resource FROM enterprise_use u JOIN enterprise m ON m.id = u.enterprise WHERE m.leads_to = $1 ORDER BY u.resource" }

sql! { LOCK: locked on EnterpriseRow, "enterprise" }
sql! { JOIN: versioned on EnterpriseRow, "UPDATE enterprise SET joined = $3, leads_to = $4" }
// What led to it leads on.
sql! { LEAD_ON: on EnterpriseRow, "UPDATE enterprise SET leads_to = $2 WHERE leads_to = $1" }
sql! { PART: versioned on EnterpriseRow, "UPDATE enterprise SET joined = NULL, leads_to = id" }
// What had been joined to it, and to that, as long as there is more.
sql! { LEAD_BACK: on EnterpriseRow,
"UPDATE enterprise SET leads_to = $1 WHERE joined IN (SELECT x.id FROM enterprise x WHERE x.leads_to = $1) AND leads_to <> $1" }
