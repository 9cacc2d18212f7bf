//! SQL of majors. The catalogue is everybody's; what a school offers is bounded like the school.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, org_in_scope, sql};
use serde::{Deserialize, Serialize};

text_enum! {
    /// Whether a school takes pupils in a major.
    pub enum OfferState {
        Planned = "planned",
        Open = "open",
        Stopped = "stopped",
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct CatalogueRow {
    pub id: String,
    pub edition: String,
    pub source: String,
    pub read_on: Date,
    pub majors: i64,
    pub verified: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct MajorRow {
    pub id: String,
    pub code: String,
    pub name: String,
    pub category: String,
    pub verified: bool,
    pub source: String,
    pub place: i64,
}

/// A major at a school, with where the school stands.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct OfferRow {
    pub id: String,
    pub org: String,
    pub school: String,
    pub division: String,
    pub place: String,
    pub city_code: String,
    pub city: String,
    pub typical_class: String,
    pub major: Option<String>,
    /// Of the catalogue; absent where the name is the school's own.
    pub code: Option<String>,
    pub verified: Option<bool>,
    pub edition: Option<String>,
    pub name: String,
    pub category: String,
    #[sqlx(try_from = "String")]
    pub state: OfferState,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub differs: String,
    pub version: i64,
}

impl Keyed for OfferRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct YearRow {
    /// Not for the log, which knows the year by its major.
    #[serde(skip)]
    pub id: String,
    pub school_major: String,
    pub year: i64,
    pub enrolled: Option<i64>,
    pub graduates: Option<i64>,
    pub employed: Option<i64>,
    pub in_field: Option<i64>,
    pub version: i64,
}

impl Keyed for YearRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct DemandRow {
    pub id: String,
    pub division: String,
    pub category: String,
    pub year: i64,
    pub posts: i64,
    pub source: String,
    pub version: i64,
}

impl Keyed for DemandRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// A major at a school, with who graduated in a year.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct GraduatesRow {
    pub org: String,
    pub school: String,
    pub path: String,
    pub place: String,
    pub name: String,
    pub graduates: Option<i64>,
    /// 1 where so few graduated in another major of the category at that school that nobody else is told how many.
    pub beside_few: i64,
}

/// Graduates of one major in one year, wherever in the county its school stands.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SupplyRow {
    /// The school: not told, but a sum is kept back where a few at one school would follow from it.
    pub org: String,
    pub division: String,
    pub category: String,
    #[sqlx(try_from = "String")]
    pub state: OfferState,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub year: Option<i64>,
    pub graduates: Option<i64>,
    pub offer: String,
}

sql! { CATALOGUES: free,
"SELECT c.id, c.edition, c.source, c.read_on, \
(SELECT CAST(COUNT(*) AS BIGINT) FROM major m WHERE m.catalogue = c.id) AS majors, \
(SELECT CAST(COUNT(*) AS BIGINT) FROM major m WHERE m.catalogue = c.id AND m.verified) AS verified \
FROM major_catalogue c ORDER BY c.read_on DESC, c.id DESC" }
sql! { CATALOGUE_NAMED: free, "SELECT id, source, read_on FROM major_catalogue WHERE edition = $1" }
sql! { MAJORS_OF: free,
"SELECT id, code, name, category, verified, source, place FROM major WHERE catalogue = $1 ORDER BY place, id" }
sql! { MAJOR: free, "SELECT id, code, name, category, verified, source, place FROM major WHERE id = $1" }
sql! { MAJOR_NAMED: free,
"SELECT m.id FROM major m JOIN major_catalogue c ON c.id = m.catalogue WHERE m.name = $1 \
ORDER BY c.read_on DESC, c.id DESC" }
sql! { CATEGORY_NAMED: free,
"SELECT m.category FROM major m JOIN major_catalogue c ON c.id = m.catalogue WHERE m.name = $1 \
ORDER BY c.read_on DESC, c.id DESC" }
sql! { CATEGORY_OFFERED: unscoped("to which category a name belongs that the caller wrote; no school is told"),
"SELECT m.category FROM school_major m WHERE m.name = $1 ORDER BY m.category LIMIT 1" }
sql! { INSERT_CATALOGUE: free,
"INSERT INTO major_catalogue (id, edition, source, read_on) VALUES ($1, $2, $3, $4)" }
// Whoever takes a file of an edition back waits for whoever takes one in.
sql! { LOCK_CATALOGUE: free, "UPDATE major_catalogue SET read_on = read_on WHERE id = $1" }
sql! { CATALOGUE_SOURCE: free, "SELECT source FROM major_catalogue WHERE id = $1" }
sql! { UPDATE_CATALOGUE: free, "UPDATE major_catalogue SET source = $2, read_on = $3 WHERE id = $1" }
sql! { INSERT_MAJOR: free,
"INSERT INTO major (id, catalogue, place, code, name, category, verified, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" }
sql! { UPDATE_MAJOR: free,
"UPDATE major SET place = $2, code = $3, category = $4, verified = $5, source = $6 WHERE id = $1" }
sql! { CHOSEN: unscoped("which majors of an edition are offered anywhere; no school is told"),
"SELECT m.id FROM major m WHERE m.catalogue = $1 AND EXISTS (SELECT 1 FROM school_major s WHERE s.major = m.id)" }
sql! { DROP_MAJOR: free, "DELETE FROM major WHERE id = $1" }
sql! { DROP_CATALOGUE: free, "DELETE FROM major_catalogue WHERE id = $1" }

macro_rules! offer_columns {
    () => {
        "SELECT m.id, m.org, o.name AS school, o.division, d.name AS place, \
         CASE WHEN d.level = 'county' THEN d.parent ELSE d.code END AS city_code, \
         CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, m.major, j.code, j.verified, \
         k.edition, m.name, m.category, m.state, m.from_day, m.to_day, m.differs, m.version FROM school_major m \
         JOIN org o ON o.id = m.org JOIN division d ON d.code = o.division LEFT JOIN division dc ON dc.code = d.parent \
         LEFT JOIN major j ON j.id = m.major LEFT JOIN major_catalogue k ON k.id = j.catalogue WHERE "
    };
}

sql! { OFFERS: scoped, concat!(offer_columns!(), org_in_scope!("o"), " AND ($4 = '' OR m.org = $4) \
ORDER BY CASE WHEN d.typical_class <> '' THEN 0 ELSE 1 END, o.sort_key, \
CASE m.state WHEN 'open' THEN 0 WHEN 'planned' THEN 1 ELSE 2 END, m.category, m.from_day, m.id") }
sql! { OFFER: scoped, concat!(offer_columns!(), org_in_scope!("o"), " AND m.id = $4") }
sql! { YEARS: scoped, concat!(
"SELECT y.id, y.school_major, y.year, y.enrolled, y.graduates, y.employed, y.in_field, y.version FROM school_major_year y \
JOIN school_major m ON m.id = y.school_major JOIN org o ON o.id = m.org WHERE ", org_in_scope!("o"),
" AND ($4 = '' OR m.org = $4) ORDER BY y.school_major, y.year DESC") }
sql! { YEAR_OF: scoped, concat!(
"SELECT y.id, y.school_major, y.year, y.enrolled, y.graduates, y.employed, y.in_field, y.version FROM school_major_year y \
JOIN school_major m ON m.id = y.school_major JOIN org o ON o.id = m.org WHERE ", org_in_scope!("o"),
" AND y.school_major = $4 AND y.year = $5") }
// Of one category, of the names between marks or of all; those of one county first, then those of its city.
sql! { GRADUATES: scoped, concat!(
"SELECT m.org, o.name AS school, o.path, d.name AS place, m.name, y.graduates, \
CAST(CASE WHEN EXISTS (SELECT 1 FROM school_major w JOIN school_major_year z ON z.school_major = w.id \
WHERE w.org = m.org AND w.category = m.category AND w.id <> m.id AND z.year = $7 AND z.graduates > 0 AND z.graduates < $11) \
THEN 1 ELSE 0 END AS BIGINT) AS beside_few FROM school_major m \
JOIN org o ON o.id = m.org JOIN division d ON d.code = o.division \
LEFT JOIN school_major_year y ON y.school_major = m.id AND y.year = $7 WHERE ", org_in_scope!("o"),
" AND m.category = $4 AND ($5 = '' OR $5 LIKE '%、' || m.name || '、%') AND m.state <> 'planned' \
AND m.from_day <= $9 AND (m.to_day IS NULL OR m.to_day >= $8) \
ORDER BY CASE WHEN o.division = $6 THEN 0 \
WHEN d.parent = (SELECT w.parent FROM division w WHERE w.code = $6) THEN 1 ELSE 2 END, \
o.sort_key, m.name, m.id LIMIT $10") }
// A school does not see its county's bureau; what the bureau says of the county is for all who see a school there.
sql! { DEMAND: scoped, concat!(
"SELECT DISTINCT i.id, i.division, i.category, i.year, i.posts, i.source, i.version FROM industry_demand i \
JOIN org o ON o.division = i.division WHERE ", org_in_scope!("o"), " ORDER BY i.division, i.category, i.year DESC") }
sql! { DEMAND_OF: own("the county of one's own bureau"),
"SELECT id, division, category, year, posts, source, version FROM industry_demand \
WHERE division = $1 AND category = $2 AND year = $3" }
// The supply of a county is one number for all who look at it: no part of it may depend on who looks.
sql! { SUPPLY: unscoped("summed up by county and category; which school they come from is not told"),
"SELECT m.org, o.division, m.category, m.state, m.from_day, m.to_day, y.year, y.graduates, m.id AS offer FROM school_major m \
JOIN org o ON o.id = m.org LEFT JOIN school_major_year y ON y.school_major = m.id ORDER BY o.division, m.category, m.id" }

sql! { INSERT_OFFER: unscoped("a new row of one's own school, or of one that was found in scope") by name,
"INSERT INTO school_major (id, org, major, name, category, state, from_day, to_day, differs, version) \
VALUES (:id, :org, :major, :name, :category, :state, :from_day, :to_day, :differs, 1)" }
sql! { UPDATE_OFFER: versioned on OfferRow,
"UPDATE school_major SET state = $3, from_day = $4, to_day = $5, differs = $6" }
sql! { INSERT_YEAR: on OfferRow,
"INSERT INTO school_major_year (school_major, id, year, enrolled, graduates, employed, in_field, version) \
VALUES ($1, $2, $3, $4, $5, $6, $7, 1)" }
sql! { UPDATE_YEAR: versioned on YearRow,
"UPDATE school_major_year SET enrolled = $3, graduates = $4, employed = $5, in_field = $6" }
sql! { INSERT_DEMAND: unscoped("a new row of one's own county"),
"INSERT INTO industry_demand (id, org, division, category, year, posts, source, version) \
VALUES ($1, $2, $3, $4, $5, $6, $7, 1)" }
sql! { UPDATE_DEMAND: versioned on DemandRow,
"UPDATE industry_demand SET posts = $3, source = $4" }

// For the test that a refused file leaves nothing.
#[cfg(test)]
sql! { TEST_COUNT: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM major_catalogue" }
