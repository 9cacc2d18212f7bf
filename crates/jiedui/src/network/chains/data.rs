//! SQL of chains and of what names them.

use crate::network::enterprises::use_in_scope;
use crate::shared::confirmation::stands;
use jiedui_kernel::Date;
use jiedui_programme::EntryState;
use jiedui_store::{Keyed, list, org_in_scope, pairing_in_scope, sql};
use serde::Serialize;

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct ChainRow {
    pub id: String,
    pub name: String,
    pub city: String,
    /// The major category that it serves; "" where nobody said.
    pub trade: String,
    pub registered_by: String,
    pub registered_name: String,
    pub registered_on: Date,
    /// The path of the bureau of the county where it was first named.
    pub bureau: String,
    /// How often the caller sees it named.
    pub uses: i64,
    pub version: i64,
}

impl Keyed for ChainRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// The chain to which a name leads.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct KnownRow {
    pub id: String,
    pub name: String,
}

/// Where an organisation stands.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HomeRow {
    pub division: String,
    pub city: String,
}

/// What is on a chain.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MemberRow {
    pub resource: String,
    pub kind: String,
    pub what: String,
    pub title: String,
    pub place: String,
    pub place_name: String,
    pub day: Date,
    #[sqlx(try_from = "String")]
    pub state: EntryState,
    pub quantity: i64,
    /// Of an output: the stage that it says, and the last one that was confirmed; "" where none is.
    pub stage: String,
    pub sure: String,
}

macro_rules! used {
    () => {
        "FROM chain_use u JOIN org r ON r.id = u.recorder \
         LEFT JOIN pairing p ON p.id = u.pairing LEFT JOIN org s ON s.id = u.org \
         LEFT JOIN entry n ON n.id = u.resource LEFT JOIN output_thing t ON t.id = u.resource \
         LEFT JOIN org c ON c.id = p.county_school WHERE "
    };
}

// Visible to whoever sees somebody where it was first named, and to whoever sees it named.
macro_rules! seen {
    () => {
        concat!(
            "(EXISTS (SELECT 1 FROM org o WHERE o.division = h.division AND ",
            org_in_scope!("o"),
            ") OR EXISTS (SELECT 1 ",
            used!(),
            "u.chain = h.id AND ",
            use_in_scope!(),
            "))"
        )
    };
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT h.id, h.name, d.name AS city, h.trade, h.registered_by, g.name AS registered_name, h.registered_on, \
             COALESCE((SELECT MIN(b.path) FROM org b WHERE b.division = h.division AND b.kind <> 'school'), '') AS bureau, \
             (SELECT CAST(COUNT(*) AS BIGINT) ",
            used!(),
            "u.chain = h.id AND ",
            use_in_scope!(),
            ") AS uses, h.version FROM chain h JOIN division d ON d.code = h.city JOIN org g ON g.id = h.registered_by WHERE "
        )
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR h.name LIKE :q ESCAPE '!') AND (:city = '' OR h.city = :city) AND (:trade = '' OR h.trade = :trade)"
    };
}

list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM chain h WHERE ", seen!(), filter!()),
    rows: concat!(columns!(), seen!(), filter!()),
    usual: "h.city, h.name, h.id",
    tie: "h.id",
    orders: { name: "h.name", place: "h.city", trade: "h.trade", since: "h.registered_on" },
    unsorted: [uses],
}
sql! { SHOW: scoped, concat!(columns!(), seen!(), " AND h.id = $4") }
sql! { NAMES: scoped, concat!("SELECT h.name FROM chain h WHERE ", seen!(), " ORDER BY h.name, h.id LIMIT $4") }
// The newest first; a chain of more is looked at in the lists of its forms.
sql! { MEMBERS: scoped, concat!(
"SELECT u.resource, u.kind, u.what, COALESCE(t.title, '') AS title, COALESCE(c.id, s.id, r.id) AS place, \
COALESCE(c.name, s.name, r.name) AS place_name, COALESCE(t.stage_from, u.day) AS day, COALESCE(n.state, t.state) AS state, \
COALESCE(n.quantity, t.quantity) AS quantity, COALESCE(t.stage, '') AS stage, \
CASE WHEN t.state = 'confirmed' THEN t.stage ELSE COALESCE((SELECT x.stage FROM output_stage x WHERE x.resource = t.id \
AND x.id = (SELECT MAX(y.id) FROM output_stage y WHERE y.resource = t.id AND y.agreed = 1)), '') END AS sure ",
used!(), use_in_scope!(), " AND u.chain = $4 ORDER BY u.day DESC, u.resource DESC, u.field LIMIT $5") }

sql! { KNOWN: unscoped("a name that the caller wrote; says how it is registered and nothing else"),
"SELECT id, name FROM chain WHERE city = $1 AND evened = $2" }
sql! { HOME_OF: unscoped("where an organisation stands for which the caller records something"),
"SELECT o.division, CASE WHEN d.level = 'county' THEN d.parent ELSE d.code END AS city FROM org o \
JOIN division d ON d.code = o.division WHERE o.id = $1" }
sql! { INSERT: unscoped("a new row, for a name that the caller wrote") by name,
"INSERT INTO chain (id, name, evened, division, city, trade, registered_by, registered_on, version) \
VALUES (:id, :name, :evened, :division, :city, '', :registered_by, :registered_on, 1) ON CONFLICT (city, evened) DO NOTHING" }
sql! { INSERT_USE: unscoped("of an entry or output that whoever changed it found in scope") by name,
"INSERT INTO chain_use (resource, field, chain, kind, what, pairing, org, recorder, day) \
VALUES (:resource, :field, :chain, :kind, :what, :pairing, :org, :recorder, :day)" }
sql! { CLEAR_USES: unscoped("of an entry or output that whoever changed it found in scope"),
"DELETE FROM chain_use WHERE resource = $1" }
sql! { DESCRIBE: versioned on ChainRow, "UPDATE chain SET trade = $3" }
