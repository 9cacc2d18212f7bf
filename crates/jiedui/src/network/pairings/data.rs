//! SQL of pairings.

use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, pairing_in_scope, sql};
use serde::Serialize;

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct PairingRow {
    pub id: String,
    pub county_school: String,
    pub county_name: String,
    /// The bureau under which the county school stands.
    pub county_bureau: String,
    pub county_path: String,
    pub place: String,
    pub city_code: String,
    pub city: String,
    pub typical_class: String,
    pub lead: String,
    pub lead_name: String,
    pub nearby: String,
    pub nearby_name: String,
    pub agreed_on: Option<Date>,
    /// The day on which the three parties had agreed to their collaboration plan (G1.3).
    pub planned_on: Option<Date>,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub end_reason: String,
    pub source: String,
    pub version: i64,
    /// The three schools in the order of names.
    #[serde(skip)]
    pub county_key: String,
    #[serde(skip)]
    pub lead_key: String,
    #[serde(skip)]
    pub nearby_key: String,
}

impl Keyed for PairingRow {
    fn key(&self) -> &str {
        &self.id
    }
}

macro_rules! columns {
    () => {
        "SELECT p.id, p.county_school, c.name AS county_name, COALESCE(c.parent, '') AS county_bureau, \
         c.path AS county_path, d.name AS place, \
         CASE WHEN d.level = 'county' THEN d.parent ELSE d.code END AS city_code, \
         CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, \
         p.lead, l.name AS lead_name, p.nearby, n.name AS nearby_name, p.agreed_on, \
         (SELECT MIN(sp.agreed_on) FROM school_plan sp WHERE sp.pairing = p.id) AS planned_on, p.from_day, p.to_day, p.end_reason, \
         p.source, p.version, c.sort_key AS county_key, l.sort_key AS lead_key, n.sort_key AS nearby_key \
         FROM pairing p JOIN org c ON c.id = p.county_school JOIN org l ON l.id = p.lead \
         JOIN org n ON n.id = p.nearby JOIN division d ON d.code = c.division LEFT JOIN division dc ON dc.code = d.parent \
         WHERE "
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR c.name LIKE :q OR l.name LIKE :q OR n.name LIKE :q) \
         AND (:city = '' OR d.parent = :city OR d.code = :city) \
         AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = '')) \
         AND (:state = '' OR (:state = 'running' AND p.from_day <= $3 AND (p.to_day IS NULL OR p.to_day >= $3)) \
         OR (:state = 'ended' AND p.to_day < $3) OR (:state = 'unsigned' AND p.agreed_on IS NULL))"
    };
}

list! { LIST: scoped,
    count: concat!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM pairing p JOIN org c ON c.id = p.county_school JOIN org l ON l.id = p.lead \
         JOIN org n ON n.id = p.nearby JOIN division d ON d.code = c.division WHERE ",
        pairing_in_scope!("p"), filter!()
    ),
    rows: concat!(columns!(), pairing_in_scope!("p"), filter!()),
    usual: "CASE WHEN d.typical_class <> '' THEN 0 ELSE 1 END, c.sort_key, p.from_day, p.id",
    tie: "p.id",
    orders: {
        county_school: "c.sort_key",
        place: "c.division",
        typical: "NULLIF(d.typical_class, '')" nullable,
        lead: "l.sort_key",
        nearby: "n.sort_key",
        agreed: "p.agreed_on" nullable,
    },
    unsorted: [state],
}
sql! { SHOW: scoped, concat!(columns!(), pairing_in_scope!("p"), " AND p.id = $4") }
sql! { ALL: scoped, concat!(columns!(), pairing_in_scope!("p"), " ORDER BY c.sort_key, p.from_day, p.id") }
sql! { OF_COUNTY_SCHOOL: unscoped("the check of a new pairing against the school's others, and the clocks of a helper there"),
concat!(columns!(), "p.county_school = $1 ORDER BY p.from_day") }
sql! { INSERT: unscoped("a new row; the right to make it is the route's"),
"INSERT INTO pairing (id, county_school, lead, nearby, agreed_on, from_day, to_day, end_reason, source, version) \
VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, 1)" }
sql! { INSERT_PARTY: unscoped("a new row; the right to make it is the route's"),
"INSERT INTO pairing_party (pairing, party, org) VALUES ($1, $2, $3)" }
sql! { UPDATE: unscoped("import by the provincial office, which sees everything"),
"UPDATE pairing SET agreed_on = $2, to_day = $3, source = $4, version = version + 1 WHERE id = $1" }
sql! { END: versioned on PairingRow,
"UPDATE pairing SET to_day = $3, end_reason = $4" }
sql! { SET_AGREED: on PairingRow,
"UPDATE pairing SET agreed_on = $2, version = version + 1 WHERE id = $1 AND agreed_on IS NULL" }
