//! SQL of posts and cohorts. A post that is confirmed is for everybody who looks for one; before that, whoever recorded it sees
//! it, the other side, and the bureaus above the two. A cohort is bounded like its school.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, org_in_scope, rows, sql};

text_enum! {
    pub enum VacancyState {
        Recorded = "recorded",
        Confirmed = "confirmed",
        Disputed = "disputed",
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct VacancyRow {
    pub id: String,
    pub enterprise: String,
    pub enterprise_name: String,
    pub school: Option<String>,
    pub school_name: Option<String>,
    pub org: String,
    pub org_name: String,
    pub answerer: Option<String>,
    pub answerer_name: Option<String>,
    pub division: String,
    pub place: String,
    pub title: String,
    pub occupation: String,
    pub major: String,
    pub number: i64,
    pub pay_low: Option<i64>,
    pub pay_high: Option<i64>,
    pub first_day: Date,
    pub last_day: Date,
    /// 1 where a confirmed link with a key enterprise is called after it.
    pub key_enterprise: i64,
    #[sqlx(try_from = "String")]
    pub state: VacancyState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for VacancyRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// How many persons are looked for in one county for one major category.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OpenRow {
    pub division: String,
    pub place: String,
    pub major: String,
    pub persons: i64,
}

/// How many posts there are in one county of one occupation, and whom they look for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OpenOccupationRow {
    pub division: String,
    pub place: String,
    pub occupation: String,
    pub posts: i64,
    pub persons: i64,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CohortRow {
    pub id: String,
    pub school: String,
    pub told_on: Date,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for CohortRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CellRow {
    pub school: String,
    pub major: String,
    pub destination: String,
    pub persons: i64,
}

// Whether one of these outputs, confirmed by the other side, is called after its enterprise.
macro_rules! key {
    ($links:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM enterprise m JOIN enterprise_use u ON u.enterprise = m.id JOIN output_thing t ON t.id = u.resource \
             WHERE m.leads_to = e.leads_to AND u.field = 'title' AND t.state = 'confirmed' AND ",
            $links,
            " LIKE '%,' || u.what || ',%')"
        )
    };
}

macro_rules! shown {
    ($links:literal) => {
        concat!(
            "SELECT v.id, v.enterprise, l.name AS enterprise_name, v.school, s.name AS school_name, v.org, r.name AS org_name, \
             v.answerer, a.name AS answerer_name, v.division, d.name AS place, v.title, v.occupation, v.major, v.number, v.pay_low, \
             v.pay_high, v.first_day, v.last_day, CAST(CASE WHEN ",
            key!($links),
            " THEN 1 ELSE 0 END AS BIGINT) AS key_enterprise, v.state, v.revision, v.version "
        )
    };
}

macro_rules! joined {
    () => {
        "FROM vacancy v JOIN org r ON r.id = v.org JOIN division d ON d.code = v.division JOIN enterprise e ON e.id = v.enterprise \
         JOIN enterprise l ON l.id = e.leads_to LEFT JOIN org a ON a.id = v.answerer LEFT JOIN org s ON s.id = v.school WHERE "
    };
}

// What is confirmed is for everybody who reads posts.
macro_rules! seen {
    () => {
        "((r.path >= $1 AND r.path < $2) OR (a.path >= $1 AND a.path < $2) OR v.state = 'confirmed') \
         AND CAST($3 AS DATE) IS NOT NULL"
    };
}

macro_rules! picked {
    () => {
        concat!(
            seen!(),
            " AND (:q = '' OR v.title LIKE :q ESCAPE '!' OR l.name LIKE :q ESCAPE '!' OR EXISTS (SELECT 1 FROM vacancy_major x \
             WHERE x.vacancy = v.id AND x.name LIKE :q ESCAPE '!')) AND (:key = '' OR ",
            key!(":links"),
            ") AND (:occupation = '' OR v.occupation = :occupation) \
             AND (:major = '' OR v.major = :major OR (:major = '-' AND v.major = '')) AND (:county = '' OR v.division = :county) \
             AND (:city = '' OR d.parent = :city OR d.code = :city) AND (:school = '' OR v.school = :school) AND (\
             (:which = '' AND v.state = 'confirmed' AND v.first_day <= :day AND v.last_day >= :day) \
             OR (:which = 'waiting' AND v.state IN ('recorded', 'disputed')) \
             OR (:which = 'over' AND v.state = 'confirmed' AND v.last_day < :day) \
             OR (:which = 'coming' AND v.state = 'confirmed' AND v.first_day > :day) \
             OR (:which = 'withdrawn' AND v.state = 'withdrawn'))"
        )
    };
}

list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) ", joined!(), picked!()),
    rows: concat!(shown!(":links"), joined!(), picked!()),
    usual: "v.last_day, v.id",
    tie: "v.id",
    orders: { title: "v.title", enterprise: "l.name", place: "v.division", number: "v.number", last: "v.last_day" },
    unsorted: [occupation, major, pay, state],
}
sql! { SHOW: scoped, concat!(shown!("$5"), joined!(), seen!(), " AND v.id = $4") }
sql! { MAJORS_OF: unscoped("of a post that was found in scope"),
"SELECT x.name FROM vacancy_major x WHERE x.vacancy = $1 ORDER BY x.name" }
// What waits for an answer of this one, the oldest first.
sql! { TO_ANSWER: scoped, concat!(shown!("''"), joined!(), seen!(),
" AND v.answerer = $4 AND v.state = $5 AND v.last_day >= $6 ORDER BY v.first_day, v.id LIMIT 200") }
// What this one recorded and the other side disputes.
sql! { DISPUTED: scoped, concat!(shown!("''"), joined!(), seen!(),
" AND v.org = $4 AND v.state = $5 AND v.last_day >= $6 ORDER BY v.first_day, v.id LIMIT 200") }
sql! { OPEN: unscoped("posts that are confirmed are for everybody who reads them; summed up by county and major category"),
"SELECT v.division, d.name AS place, v.major, CAST(SUM(v.number) AS BIGINT) AS persons FROM vacancy v \
JOIN division d ON d.code = v.division WHERE v.state = 'confirmed' AND v.first_day <= $1 AND v.last_day >= $1 \
GROUP BY v.division, d.name, v.major ORDER BY v.division, v.major" }
sql! { OPEN_OCCUPATIONS: unscoped("posts that are confirmed are for everybody who reads them; summed up by county and occupation"),
"SELECT v.division, d.name AS place, v.occupation, CAST(COUNT(*) AS BIGINT) AS posts, CAST(SUM(v.number) AS BIGINT) AS persons \
FROM vacancy v JOIN division d ON d.code = v.division WHERE v.state = 'confirmed' AND v.first_day <= $1 AND v.last_day >= $1 \
GROUP BY v.division, d.name, v.occupation ORDER BY v.division, v.occupation" }

sql! { INSERT: unscoped("a new row in the name of the caller's own organisation") by name,
"INSERT INTO vacancy (id, enterprise, school, org, answerer, division, title, occupation, major, number, pay_low, pay_high, \
first_day, last_day, state, revision, version) VALUES (:id, :enterprise, :school, :org, :answerer, :division, :title, \
:occupation, :major, :number, :pay_low, :pay_high, :first_day, :last_day, :state, 1, 1)" }
sql! { ADD_MAJOR: on VacancyRow, "INSERT INTO vacancy_major (vacancy, name) VALUES ($1, $2)" }
sql! { MOVE: versioned on VacancyRow, "UPDATE vacancy SET state = $3" }

macro_rules! cohorts {
    () => {
        "SELECT c.id, c.school, c.year, c.told_on, c.revision, c.version FROM cohort c JOIN org o ON o.id = c.school WHERE "
    };
}

sql! { COHORTS: scoped, concat!(cohorts!(), org_in_scope!("o"), " AND c.year = $4 ORDER BY c.school") }
sql! { COHORT: scoped, concat!(cohorts!(), org_in_scope!("o"), " AND c.school = $4 AND c.year = $5") }
sql! { CELLS: scoped, concat!("SELECT c.school, k.major, k.destination, k.persons FROM cohort_cell k \
JOIN cohort c ON c.id = k.cohort JOIN org o ON o.id = c.school WHERE ", org_in_scope!("o"),
" AND c.year = $4 AND ($5 = '' OR c.school = $5) ORDER BY c.school, k.major, k.destination") }
sql! { INSERT_COHORT: unscoped("a new row of the caller's own school") by name,
"INSERT INTO cohort (id, school, year, told_on, revision, version) VALUES (:id, :school, :year, :told_on, 1, 1)" }
sql! { UPDATE_COHORT: versioned on CohortRow, "UPDATE cohort SET told_on = $3, revision = $4" }
sql! { CLEAR_CELLS: on CohortRow, "DELETE FROM cohort_cell WHERE cohort = $1" }
rows! { ADD_CELLS: unscoped("cells of a cohort that its school has just found and changed") cohort_cell (cohort, major, destination, persons) }
