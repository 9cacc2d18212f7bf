//! SQL of the monthly dispatch.

use crate::shared::review::text_enum;
use jiedui_kernel::{Date, Instant};
use jiedui_store::{Keyed, org_in_scope, same_person, sql};
use serde::Serialize;

text_enum! {
    /// The highest level that accepted it.
    pub enum MonthState {
        Open = "open",
        County = "county",
        City = "city",
        /// By the province: it stays as it is.
        Closed = "closed",
    }
}

/// The month of a school, with the bureaus above it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct MonthRow {
    pub id: String,
    pub month: i64,
    pub school: String,
    /// The bureau of its county and of its city; "" where none stands between.
    pub county: String,
    pub city: String,
    pub problems: String,
    /// Why the school asks for it to be given back; "" where it does not.
    pub asked: String,
    /// What the school says to what is pointed out about its month; "" for nothing.
    pub word: String,
    #[sqlx(try_from = "String")]
    pub state: MonthState,
    #[serde(skip)]
    pub parcel: String,
    pub digest: String,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for MonthRow {
    fn key(&self) -> &str {
        &self.id
    }
}

impl MonthRow {
    /// A month of which nobody wrote down anything yet, under these bureaus.
    pub fn blank(month: i64, above: AboveRow) -> Self {
        let AboveRow { school, county, city } = above;
        Self {
            id: String::new(),
            month,
            school,
            county,
            city,
            problems: String::new(),
            asked: String::new(),
            word: String::new(),
            state: MonthState::Open,
            parcel: String::new(),
            digest: String::new(),
            revision: 1,
            version: 0,
        }
    }

    /// Whether somebody wrote something down.
    pub fn begun(&self) -> bool {
        !self.id.is_empty()
    }

    /// What the school wrote: its troubles, and its word to what is pointed out.
    pub fn said(&self) -> (&str, &str) {
        (&self.problems, &self.word)
    }

    /// Whether somebody accepted it.
    pub fn accepted(&self) -> bool {
        !self.parcel.is_empty()
    }
}

/// The bureaus above a school.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct AboveRow {
    pub school: String,
    pub county: String,
    pub city: String,
}

/// What troubled a school in a month.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ProblemRow {
    pub id: String,
    pub month: i64,
    pub school: String,
    pub school_name: String,
    pub problems: String,
}

/// How many reports of a month stand where.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CountRow {
    pub month: i64,
    #[sqlx(try_from = "String")]
    pub state: MonthState,
    pub number: i64,
}

/// An entry of the month, as far as it may be unusual.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SignRow {
    pub id: String,
    pub activity: String,
    pub to_day: Date,
    pub claimed_at: Instant,
    pub answered_at: Option<Instant>,
    pub fields: String,
}

macro_rules! above {
    () => {
        "CASE WHEN b.kind = 'county_bureau' THEN b.id ELSE '' END AS county, \
         CASE WHEN b.kind = 'city_bureau' THEN b.id WHEN u.kind = 'city_bureau' THEN u.id ELSE '' END AS city "
    };
}

macro_rules! columns {
    ($parcel:literal) => {
        concat!(
            "SELECT m.id, m.month, m.school, m.problems, m.asked, m.word, m.state, ", $parcel, " AS parcel, m.digest, m.revision, m.version, ",
            above!(),
            "FROM month_report m JOIN org o ON o.id = m.school LEFT JOIN org b ON b.id = o.parent LEFT JOIN org u ON u.id = b.parent \
             WHERE ",
            org_in_scope!("o")
        )
    };
}

sql! { OF_SCHOOL: scoped, concat!(columns!("m.parcel"), " AND m.month = $4 AND m.school = $5") }
sql! { OF_MONTH: scoped, concat!(columns!("m.parcel"), " AND m.month = $4 ORDER BY o.sort_key") }
// Whom it waits for is known without what was accepted.
sql! { STATES_OF: scoped, concat!(columns!("''"), " AND m.month = $4 ORDER BY o.sort_key") }
// What was accepted is read by its own page.
sql! { AFTER: scoped, concat!(columns!("''"), " AND m.id > $4 ORDER BY m.id LIMIT $5") }
sql! { SHOW: scoped, concat!(columns!("''"), " AND m.id = $4") }
// What was closed before a month at one school, the oldest first.
sql! { CLOSED_BEFORE: scoped, concat!(columns!("m.parcel"), " AND m.school = $4 AND m.month < $5 AND m.state = 'closed' ORDER BY m.month") }
// The months before one that were closed at a school, or at every school.
sql! { CLOSED_MONTHS: scoped, concat!(
"SELECT m.school, m.month FROM month_report m JOIN org o ON o.id = m.school WHERE ",
org_in_scope!("o"), " AND m.state = 'closed' AND m.month < $4 AND ($5 = '' OR m.school = $5) ORDER BY m.school, m.month") }
sql! { COUNTS: scoped, concat!(
"SELECT m.month, m.state, CAST(COUNT(*) AS BIGINT) AS number FROM month_report m JOIN org o ON o.id = m.school WHERE ",
org_in_scope!("o"), " AND m.month >= $4 GROUP BY m.month, m.state ORDER BY m.month, m.state") }
// The schools whose month the same person worked on for another organisation.
sql! { OWN_SIDE: scoped, concat!(
"SELECT m.school FROM month_report m JOIN org o ON o.id = m.school WHERE ", org_in_scope!("o"), " AND m.month = $4 \
AND EXISTS (SELECT 1 FROM step s WHERE s.resource_id = m.id AND COALESCE(s.org, '') <> $5 AND ", same_person!("s.account", "$6"),
") ORDER BY m.school") }
sql! { PROBLEMS: scoped, concat!(
"SELECT m.id, m.month, m.school, o.name AS school_name, m.problems FROM month_report m JOIN org o ON o.id = m.school WHERE ",
org_in_scope!("o"), " AND m.month >= $4 AND m.problems <> '' ORDER BY o.sort_key, m.month LIMIT 500") }
sql! { ABOVE: scoped, concat!(
"SELECT o.id AS school, ", above!(),
"FROM org o LEFT JOIN org b ON b.id = o.parent LEFT JOIN org u ON u.id = b.parent WHERE ", org_in_scope!("o"),
" AND o.kind = 'school' AND ($4 = '' OR o.id = $4) ORDER BY o.sort_key") }

// Two at once make one row: the second one finds it.
sql! { INSERT: unscoped("a new row of a school that was found in scope"),
"INSERT INTO month_report (id, month, school, problems, state, parcel, digest, revision, version) \
VALUES ($1, $2, $3, '', 'open', '', '', 1, 1) ON CONFLICT (month, school) DO NOTHING" }
sql! { EDIT: versioned on MonthRow,
"UPDATE month_report SET state = $3, problems = $4" }
sql! { WORD: versioned on MonthRow,
"UPDATE month_report SET state = $3, word = $4" }
sql! { ACCEPT: versioned on MonthRow,
"UPDATE month_report SET state = $3, parcel = $4, digest = $5, asked = ''" }
sql! { RETURN: versioned on MonthRow,
"UPDATE month_report SET state = $3, asked = ''" }
sql! { ASK: versioned on MonthRow,
"UPDATE month_report SET state = $3, asked = $4" }

// `$1` a county school, `$2` the first and `$3` the last day of a month.
sql! { SIGNS: unscoped("entries of a month at a school that was found in scope"),
"SELECT e.id, e.activity, e.to_day, e.claimed_at, e.answered_at, e.fields FROM pairing p JOIN entry e ON e.pairing = p.id \
WHERE p.county_school = $1 AND e.to_day >= $2 AND e.to_day <= $3 AND e.state <> 'withdrawn' ORDER BY e.id LIMIT 500" }

sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM month_report WHERE id > $1 AND parcel <> '' ORDER BY id LIMIT $2" }
sql! { KEPT_TEXT: unscoped("the check of the whole, by the system"), "SELECT parcel, digest FROM month_report WHERE id = $1" }
