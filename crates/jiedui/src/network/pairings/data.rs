//! SQL of pairings.

use jiedui_kernel::Date;
use jiedui_programme::{PairingFact, PairingRole};
use jiedui_store::{Keyed, list, pairing_in_scope, referring, rows, sql};
use serde::{Deserialize, Serialize};

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

impl PairingRow {
    /// Taken back before it held: it ends before it begins.
    pub fn is_void(&self) -> bool {
        self.to_day.is_some_and(|to| to < self.from_day)
    }

    /// The two relations that it makes, as duties and figures read them.
    pub fn facts(&self) -> [PairingFact; 2] {
        let one = |helper: &str, party| PairingFact {
            helper: helper.to_owned(),
            party,
            county_school: self.county_school.clone(),
            from: self.from_day,
            to: self.to_day,
            signed: self.agreed_on,
            planned: self.planned_on,
        };
        [one(&self.lead, PairingRole::Lead), one(&self.nearby, PairingRole::Nearby)]
    }
}

impl Keyed for PairingRow {
    fn key(&self) -> &str {
        &self.id
    }
}

macro_rules! pairing_columns {
    () => {
        "SELECT p.id, p.county_school, c.name AS county_name, COALESCE(c.parent, '') AS county_bureau, \
         c.path AS county_path, d.name AS place, \
         CASE WHEN d.level = 'county' THEN d.parent ELSE d.code END AS city_code, \
         CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, \
         p.lead, l.name AS lead_name, p.nearby, n.name AS nearby_name, p.agreed_on, \
         (SELECT MIN(sp.agreed_on) FROM school_plan sp WHERE sp.pairing = p.id) AS planned_on, p.from_day, p.to_day, p.end_reason, \
         p.source, p.version, c.sort_key AS county_key, l.sort_key AS lead_key, n.sort_key AS nearby_key FROM "
    };
}

macro_rules! joins {
    () => {
        "pairing p JOIN org c ON c.id = p.county_school JOIN org l ON l.id = p.lead \
         JOIN org n ON n.id = p.nearby JOIN division d ON d.code = c.division LEFT JOIN division dc ON dc.code = d.parent \
         WHERE "
    };
}

macro_rules! columns {
    () => {
        concat!(pairing_columns!(), joins!())
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR c.name LIKE :q ESCAPE '!' OR l.name LIKE :q ESCAPE '!' OR n.name LIKE :q ESCAPE '!') \
         AND (:city = '' OR d.parent = :city OR d.code = :city) \
         AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = '')) \
         AND (:state = '' OR (:state = 'running' AND p.from_day <= $3 AND (p.to_day IS NULL OR p.to_day >= $3)) \
         OR (:state = 'ended' AND p.to_day < $3 AND p.to_day >= p.from_day) OR (:state = 'taken_back' AND p.to_day < p.from_day) OR (:state = 'unsigned' AND p.agreed_on IS NULL))"
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
sql! { AFTER: scoped, concat!(columns!(), pairing_in_scope!("p"), " AND p.id > $4 ORDER BY p.id LIMIT $5") }
// For whoever sees few pairings: these by their ids, sorted. COALESCE keeps the engines from walking all of them.
sql! { AFTER_OF_FEW: scoped, concat!(
pairing_columns!(), "(SELECT p.id FROM pairing p WHERE ", pairing_in_scope!("p"), " AND COALESCE(p.id, '') > $4 \
ORDER BY COALESCE(p.id, '') LIMIT $5) k CROSS JOIN ", joins!(), "p.id = k.id ORDER BY p.id") }
// A pairing that ends before it begins was taken back and never held.
sql! { ALL: scoped, concat!(columns!(), pairing_in_scope!("p"), " AND (p.to_day IS NULL OR p.to_day >= p.from_day) ORDER BY c.sort_key, p.from_day, p.id") }
sql! { OF_COUNTY_SCHOOL: unscoped("the check of a new pairing against the school's others, and the clocks of a helper there"),
concat!(columns!(), "p.county_school = $1 AND (p.to_day IS NULL OR p.to_day >= p.from_day) ORDER BY p.from_day") }
sql! { INSERT: unscoped("a new row; the right to make it is the route's"),
"INSERT INTO pairing (id, county_school, lead, nearby, agreed_on, from_day, to_day, end_reason, source, version) \
VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, 1)" }
rows! { INSERT_PARTY: unscoped("a new row; the right to make it is the route's") pairing_party (pairing, party, org) }
sql! { UPDATE: unscoped("import by the provincial office, which sees everything"),
"UPDATE pairing SET agreed_on = $2, to_day = $3, source = $4, end_reason = $5, version = version + 1 WHERE id = $1" }
sql! { END: versioned on PairingRow,
"UPDATE pairing SET to_day = $3, end_reason = $4" }
sql! { RESUME: versioned on PairingRow,
"UPDATE pairing SET to_day = $3, end_reason = ''" }
sql! { SET_AGREED: on PairingRow,
"UPDATE pairing SET agreed_on = $2, version = version + 1 WHERE id = $1 AND agreed_on IS NULL" }
sql! { SAME_PARTIES: unscoped("a row that was just written"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM pairing p WHERE p.id = $1 \
AND (SELECT COUNT(*) FROM pairing_party x WHERE x.pairing = p.id) = 3 \
AND EXISTS (SELECT 1 FROM pairing_party x WHERE x.pairing = p.id AND x.party = 'county_school' AND x.org = p.county_school) \
AND EXISTS (SELECT 1 FROM pairing_party x WHERE x.pairing = p.id AND x.party = 'lead' AND x.org = p.lead) \
AND EXISTS (SELECT 1 FROM pairing_party x WHERE x.pairing = p.id AND x.party = 'nearby' AND x.org = p.nearby)" }

/// What of a pairing lies behind a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Basis {
    pub entries: i64,
    pub outputs: i64,
    pub announcements: i64,
    pub agreements: i64,
    pub plans: i64,
    pub lists: i64,
    /// Computed, and no row: periods of duties that the day cuts short.
    #[sqlx(skip)]
    pub clocks: i64,
}

impl Basis {
    /// Whether somebody wrote something down that would hang in the air.
    pub fn any(&self) -> bool {
        self.entries + self.outputs + self.announcements + self.agreements + self.plans + self.lists > 0
    }
}

// `$1` is the pairing, `$2` the day, `$3` the year of the day after it.
sql! { BASIS: unscoped("how much hangs on a pairing that was found in scope"),
"SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM entry e WHERE e.pairing = $1 AND e.state <> 'withdrawn' AND e.to_day > $2) AS entries, \
(SELECT CAST(COUNT(*) AS BIGINT) FROM output_thing t WHERE t.pairing = $1 AND t.state <> 'withdrawn' AND t.since > $2) AS outputs, \
(SELECT CAST(COUNT(*) AS BIGINT) FROM announcement n WHERE n.pairing = $1 AND n.state = 'announced' AND n.to_day > $2) AS announcements, \
(SELECT CAST(COUNT(*) AS BIGINT) FROM agreement a WHERE a.pairing = $1 AND a.state <> 'withdrawn' \
AND (a.to_day IS NULL OR a.to_day > $2)) AS agreements, \
(SELECT CAST(COUNT(*) AS BIGINT) FROM school_plan s WHERE s.pairing = $1 AND s.state <> 'replaced') AS plans, \
(SELECT CAST(COUNT(*) AS BIGINT) FROM project_list l WHERE l.pairing = $1 AND l.year >= $3) AS lists" }

/// An entry whose days lie outside of its pairing.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct OutsideRow {
    pub id: String,
    pub activity: String,
    pub from_day: Date,
    pub to_day: Date,
    pub pairing: String,
    pub county_name: String,
    pub lead_name: String,
    pub nearby_name: String,
    pub pairing_from: Date,
    pub pairing_to: Option<Date>,
}

macro_rules! outside {
    ($what:expr) => {
        concat!(
            "SELECT ", $what, " FROM entry e JOIN pairing p ON p.id = e.pairing JOIN org c ON c.id = p.county_school \
             JOIN org l ON l.id = p.lead JOIN org n ON n.id = p.nearby JOIN division d ON d.code = c.division WHERE ",
            pairing_in_scope!("p"),
            " AND e.state <> 'withdrawn' AND (e.from_day < p.from_day OR e.to_day > p.to_day) \
             AND (:q = '' OR c.name LIKE :q ESCAPE '!') AND (:city = '' OR d.parent = :city OR d.code = :city)"
        )
    };
}

list! { OUTSIDE: scoped,
    count: outside!("CAST(COUNT(*) AS BIGINT)"),
    rows: outside!("e.id, e.activity, e.from_day, e.to_day, p.id AS pairing, c.name AS county_name, l.name AS lead_name, \
        n.name AS nearby_name, p.from_day AS pairing_from, p.to_day AS pairing_to"),
    usual: "e.to_day DESC, e.id",
    tie: "e.id",
    orders: { span: "e.to_day", county_school: "c.sort_key" },
    unsorted: [activity, pairing],
}

/// What was done at a school in an earlier pairing: what it was and when, and nothing of who or how many.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EarlierRow {
    /// "" of something that was built.
    pub activity: String,
    pub title: String,
    pub from_day: Date,
    pub to_day: Date,
}

// `$1` is a county school, `$2` the first day of the pairing that asks, `$3` the pairing.
sql! { EARLIER: unscoped("titles and days of earlier work at a school whose pairing was found in scope"),
"SELECT e.activity, '' AS title, e.from_day, e.to_day FROM entry e JOIN pairing p ON p.id = e.pairing \
WHERE p.county_school = $1 AND p.from_day < $2 AND p.id <> $3 AND e.state <> 'withdrawn' \
AND EXISTS (SELECT 1 FROM entry_helper h WHERE h.entry = e.id) \
UNION ALL SELECT '' AS activity, t.title, t.since AS from_day, t.since AS to_day FROM output_thing t JOIN pairing p ON p.id = t.pairing \
WHERE p.county_school = $1 AND p.from_day < $2 AND p.id <> $3 AND t.state <> 'withdrawn' AND t.kind = 'built' \
ORDER BY 4 DESC, 1, 2 LIMIT 300" }

/// A pairing as one row, by which what a file made of it is told from what it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct PairingImage {
    pub id: String,
    pub county_school: String,
    pub lead: String,
    pub nearby: String,
    pub agreed_on: Option<Date>,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub end_reason: String,
    pub source: String,
}

macro_rules! image {
    ($which:literal) => {
        concat!(
            "SELECT id, county_school, lead, nearby, agreed_on, from_day, to_day, end_reason, source FROM pairing",
            $which
        )
    };
}

sql! { IMAGES: unscoped("import by the provincial office, which sees everything"), image!("") }
sql! { IMAGE: unscoped("import by the provincial office, which sees everything"), image!(" WHERE id = $1") }
sql! { LOCK: unscoped("a pairing of a file that is taken back, so that nobody ends it meanwhile; nothing is changed in the row"),
"UPDATE pairing SET version = version WHERE id = $1" }
sql! { DROP_PARTIES: on PairingRow, "DELETE FROM pairing_party WHERE pairing = $1" }
sql! { DROP: on PairingRow, "DELETE FROM pairing WHERE id = $1" }
// What may name a pairing whose parties are gone. Figures hang on entries and outputs, which are asked for.
sql! { USED: unscoped("in words, what stands in the way of a pairing that goes with the file that brought it"), referring! {
    "台账": "entry" "pairing";
    "建设成果": "output_thing" "pairing";
    "协议": "agreement" "pairing";
    "协作方案": "school_plan" "pairing";
    "项目": "project_list" "pairing", "project" "pairing";
    "预告": "announcement" "pairing";
    "交接": "handover" "pairing", "handover" "successor";
    "结对测算": "matching_effect" "pairing";
    "企业或生态链": "enterprise_use" "pairing", "chain_use" "pairing";
    "结对的院校": "pairing_party" "pairing";
} }
