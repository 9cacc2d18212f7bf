//! SQL of the figures.

use jiedui_kernel::Date;
use jiedui_programme::{PostSpan, Posts};
use jiedui_store::{list, org_in_scope, pairing_in_scope, person_led_to, person_records, sql};

/// A row of a thing, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ContributionRow {
    pub indicator: String,
    pub resource: String,
    pub day: Date,
    pub kind: String,
    pub school: String,
    pub pairing: Option<String>,
    pub claimed: i64,
    pub confirmed: i64,
}

/// An entry that names a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Named {
    pub indicator: String,
    pub person: String,
    pub entry: String,
    pub day: Date,
    pub school: String,
    pub confirmed: i64,
}

/// A sum over things that agree in all this.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Cell {
    pub school: String,
    pub pairing: Option<String>,
    pub kind: String,
    /// 202611.
    pub month: i64,
    pub claimed: i64,
    pub confirmed: i64,
}

/// The same with its indicator, where several are asked for at once.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CellOf {
    pub indicator: String,
    pub school: String,
    pub pairing: Option<String>,
    pub kind: String,
    pub month: i64,
    pub claimed: i64,
    pub confirmed: i64,
}

impl CellOf {
    /// The indicator, and the sum itself.
    pub fn parted(self) -> (String, Cell) {
        let Self { indicator, school, pairing, kind, month, claimed, confirmed } = self;
        (indicator, Cell { school, pairing, kind, month, claimed, confirmed })
    }
}

/// What a kept sum lacks, or the rows that it should hold lack: negative where it has too much.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SumOff {
    pub indicator: String,
    pub school: String,
    pub pairing: String,
    pub kind: String,
    /// Or a year.
    pub month: i64,
    pub made: i64,
    pub number: i64,
    pub claimed: i64,
    pub confirmed: i64,
}

/// A sum over a year.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Sum {
    pub indicator: String,
    pub school: String,
    pub year: i64,
    pub claimed: i64,
    pub confirmed: i64,
}

/// A thing behind a figure.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FigureRow {
    pub resource: String,
    pub kind: String,
    pub school: String,
    pub school_name: String,
    pub day: Date,
    pub claimed: i64,
    pub confirmed: i64,
}

/// What became of a thing since a day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ChangeRow {
    pub resource: String,
    pub kind: String,
    pub school: String,
    pub school_name: String,
    pub day: Date,
    pub old_claimed: i64,
    pub old_confirmed: i64,
    pub new_claimed: i64,
    pub new_confirmed: i64,
    pub made_on: Date,
    pub cause: String,
}

/// The sum of one indicator in one month.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MonthSum {
    pub indicator: String,
    pub month: i64,
    pub claimed: i64,
    pub confirmed: i64,
}

/// What one thing adds to one indicator on a day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PartRow {
    pub indicator: String,
    pub resource: String,
    pub day: Date,
    pub claimed: i64,
    pub confirmed: i64,
}

/// Where a school or another organisation stands.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OrgLocation {
    pub id: String,
    pub name: String,
    pub county_code: String,
    pub county: String,
    pub city_code: String,
    pub city: String,
    pub typical_class: String,
    pub level: String,
}

/// Confirmed sums of a school.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SchoolSum {
    pub school: String,
    pub indicator: String,
    pub within: i64,
    pub until: i64,
    pub of_year: i64,
    pub reported: i64,
}

macro_rules! kept {
    () => {
        "SELECT indicator, resource, day, kind, school, pairing, claimed, confirmed FROM figure_row "
    };
}

/// A row is seen with its pairing, or, where it has none, with its school.
macro_rules! from_in_scope {
    ($table:literal) => {
        concat!(
            " FROM ",
            $table,
            " r JOIN org o ON o.id = r.school JOIN division d ON d.code = o.division ",
            "LEFT JOIN division dc ON dc.code = d.parent LEFT JOIN pairing p ON p.id = r.pairing WHERE (",
            pairing_in_scope!("p"),
            " OR (COALESCE(r.pairing, '') = '' AND ",
            org_in_scope!("o"),
            "))"
        )
    };
}

macro_rules! cut {
    () => {
        " AND r.indicator = :indicator AND r.day >= :first AND r.day <= :last \
         AND (:city = '' OR CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END = :city) AND (:county = '' OR d.code = :county) \
         AND (:school = '' OR r.school = :school) \
         AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = '')) \
         AND (:pairing = '' OR r.pairing = :pairing) AND (:kind = '' OR r.kind = :kind) AND (CAST(:month AS BIGINT) = 0 OR r.month = :month)"
    };
}

sql! { PAIRING_OF: unscoped("of an entry that whoever changed it found in scope"),
"SELECT pairing FROM entry WHERE id = $1" }
// A comparison goes part by part: behind `$1`, up to `$2`.
sql! { PAIRINGS: unscoped("the comparison of all figures, by the system"),
"SELECT id, pairing FROM entry WHERE id > $1 AND id <= $2" }
sql! { OF_RESOURCE: unscoped("rows of a thing that whoever changed it found in scope"),
concat!(kept!(), "WHERE resource = $1 ORDER BY indicator, day") }
sql! { ALL: unscoped("the comparison of all figures, by the system"), concat!(kept!(),
"WHERE resource > $1 AND resource <= $2 ORDER BY resource, indicator, day") }
sql! { PUT: unscoped("rows of a thing that whoever changed it found in scope") by name,
"INSERT INTO figure_row (indicator, resource, day, month, kind, school, pairing, claimed, confirmed) \
VALUES (:indicator, :resource, :day, :month, :kind, :school, :pairing, :claimed, :confirmed) ON CONFLICT (indicator, \
resource, day) DO UPDATE SET kind = excluded.kind, \
school = excluded.school, pairing = excluded.pairing, claimed = excluded.claimed, confirmed = excluded.confirmed" }
sql! { DROP: unscoped("rows of a thing that whoever changed it found in scope"),
"DELETE FROM figure_row WHERE indicator = $1 AND resource = $2 AND day = $3" }
sql! { NOTE: unscoped("a new line about a thing that whoever changed it found in scope") by name,
"INSERT INTO figure_change (id, at, made_on, indicator, resource, day, month, kind, school, pairing, d_claimed, d_confirmed, \
cause) VALUES (:id, :at, :made_on, :indicator, :resource, :day, :month, :kind, :school, :pairing, :d_claimed, \
:d_confirmed, :cause)" }
sql! { JOURNAL: unscoped("the comparison of all figures, by the system"),
"SELECT indicator, resource, day, kind, school, pairing, CAST(SUM(d_claimed) AS BIGINT) AS claimed, \
CAST(SUM(d_confirmed) AS BIGINT) AS confirmed FROM figure_change WHERE resource > $1 AND resource <= $2 \
GROUP BY indicator, resource, day, kind, school, pairing ORDER BY resource, indicator, day" }

sql! { TAKE_TURN: housekeeping("a row lock that both engines know; says nothing"),
"UPDATE figure_turn SET n = n + 1 WHERE id = 1" }
sql! { NAMED_BY: unscoped("of an entry that whoever changed it found in scope"),
"SELECT indicator, person, entry, day, school, confirmed FROM figure_person WHERE entry = $1 ORDER BY indicator, person" }
sql! { NAMING: unscoped("a person counts once, whoever may see the other entries that name them"),
"SELECT indicator, person, entry, day, school, confirmed FROM figure_person WHERE person = $1" }
/// When a person has a post.
#[derive(Debug, sqlx::FromRow)]
pub struct PostRow {
    pub person: String,
    pub org: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

/// As the rules take them.
pub fn posts(rows: Vec<PostRow>) -> Posts {
    let mut found = Posts::new();
    for row in rows {
        let span = PostSpan { school: row.org, from: row.from_day, to: row.to_day };
        found.entry(row.person).or_default().push(span);
    }
    found
}

sql! { POSTS_OF: unscoped("a person counts on the days in post, whoever may see the person"),
concat!("SELECT ", person_led_to!("person"), " AS person, org, from_day, to_day FROM person_post WHERE person IN ", person_records!("$1"), " ORDER BY from_day, id") }
sql! { POSTS: unscoped("the comparison of all figures, by the system"),
concat!("SELECT ", person_led_to!("person"), " AS person, org, from_day, to_day FROM person_post ORDER BY 1, from_day, id") }
sql! { ALL_NAMED: unscoped("the comparison of all figures, by the system"),
"SELECT indicator, person, entry, day, school, confirmed FROM figure_person WHERE entry > $1 AND entry <= $2 \
ORDER BY indicator, person, entry" }
sql! { NEXT_PEOPLE: unscoped("the comparison of all figures, by the system"),
"SELECT DISTINCT person FROM figure_person WHERE person > $1 ORDER BY person LIMIT $2" }
sql! { NAMED_OF_PEOPLE: unscoped("the comparison of all figures, by the system"),
"SELECT indicator, person, entry, day, school, confirmed FROM figure_person WHERE person > $1 AND person <= $2 \
ORDER BY indicator, person, entry" }
sql! { ADD_NAMED: unscoped("of an entry that whoever changed it found in scope"),
"INSERT INTO figure_person (indicator, person, entry, day, school, confirmed) VALUES ($1, $2, $3, $4, $5, $6)" }
sql! { DROP_NAMED: unscoped("of an entry that whoever changed it found in scope"),
"DELETE FROM figure_person WHERE entry = $1" }

// What lies behind the day asked for is taken out of the sums of its year and month.
sql! { SUMS: scoped, concat!(
"SELECT r.indicator, r.school, r.year, CAST(SUM(r.claimed) AS BIGINT) AS claimed, \
CAST(SUM(r.confirmed) AS BIGINT) AS confirmed", from_in_scope!("(SELECT indicator, school, pairing, year, number, claimed, confirmed \
FROM figure_year UNION ALL SELECT indicator, school, COALESCE(pairing, ''), month / 100, -1, -claimed, -confirmed \
FROM figure_row WHERE day > $4)"), " GROUP BY r.indicator, r.school, r.year HAVING SUM(r.number) <> 0") }
sql! { CELLS: scoped, concat!(
"SELECT r.school, NULLIF(r.pairing, '') AS pairing, r.kind, r.month, CAST(SUM(r.claimed) AS BIGINT) AS claimed, \
CAST(SUM(r.confirmed) AS BIGINT) AS confirmed", from_in_scope!("(SELECT school, pairing, kind, month, number, claimed, confirmed \
FROM figure_month WHERE indicator = $4 UNION ALL SELECT school, COALESCE(pairing, ''), kind, month, -1, -claimed, -confirmed \
FROM figure_row WHERE indicator = $4 AND day > $5)"),
" GROUP BY r.school, r.pairing, r.kind, r.month HAVING SUM(r.number) <> 0") }
// The same of up to twelve indicators, from `$5` on.
sql! { CELLS_OF: scoped, concat!(
"SELECT r.indicator, r.school, NULLIF(r.pairing, '') AS pairing, r.kind, r.month, CAST(SUM(r.claimed) AS BIGINT) AS claimed, \
CAST(SUM(r.confirmed) AS BIGINT) AS confirmed", from_in_scope!("(SELECT indicator, school, pairing, kind, month, number, claimed, \
confirmed FROM figure_month WHERE indicator IN ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) UNION ALL \
SELECT indicator, school, COALESCE(pairing, ''), kind, month, -1, -claimed, -confirmed FROM figure_row \
WHERE indicator IN ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AND day > $4)"),
" GROUP BY r.indicator, r.school, r.pairing, r.kind, r.month HAVING SUM(r.number) <> 0") }
// `$6` is the day asked about, `$7` the first of its month, `$8` its month.
sql! { CELLS_REPORTED: scoped, concat!(
"SELECT r.school, NULLIF(r.pairing, '') AS pairing, r.kind, r.month, CAST(SUM(r.claimed) AS BIGINT) AS claimed, \
CAST(SUM(r.confirmed) AS BIGINT) AS confirmed", from_in_scope!("(SELECT school, pairing, kind, month, claimed, confirmed \
FROM figure_reported WHERE indicator = $4 AND made < $8 UNION ALL SELECT school, COALESCE(pairing, ''), kind, month, \
d_claimed, d_confirmed FROM figure_change WHERE indicator = $4 AND made_on >= $7 AND made_on <= $6 UNION ALL \
SELECT school, COALESCE(pairing, ''), kind, month, -d_claimed, -d_confirmed \
FROM figure_change WHERE indicator = $4 AND day > $5 AND made_on <= $6)"),
" GROUP BY r.school, r.pairing, r.kind, r.month") }

sql! { ADD_YEAR: unscoped("a sum of rows that whoever changed them found in scope") by name,
"INSERT INTO figure_year (indicator, school, pairing, year, number, claimed, confirmed) \
VALUES (:indicator, :school, :pairing, :year, :number, :claimed, :confirmed) ON CONFLICT (indicator, school, pairing, year) \
DO UPDATE SET number = figure_year.number + excluded.number, claimed = figure_year.claimed + excluded.claimed, \
confirmed = figure_year.confirmed + excluded.confirmed" }
sql! { ADD_MONTH: unscoped("a sum of rows that whoever changed them found in scope") by name,
"INSERT INTO figure_month (indicator, school, pairing, kind, month, number, claimed, confirmed) \
VALUES (:indicator, :school, :pairing, :kind, :month, :number, :claimed, :confirmed) \
ON CONFLICT (indicator, school, pairing, kind, month) DO UPDATE SET number = figure_month.number + excluded.number, \
claimed = figure_month.claimed + excluded.claimed, confirmed = figure_month.confirmed + excluded.confirmed" }
sql! { ADD_REPORTED: unscoped("a sum of rows that whoever changed them found in scope") by name,
"INSERT INTO figure_reported (indicator, school, pairing, kind, month, made, claimed, confirmed) \
VALUES (:indicator, :school, :pairing, :kind, :month, :made, :claimed, :confirmed) \
ON CONFLICT (indicator, school, pairing, kind, month, made) DO UPDATE SET \
claimed = figure_reported.claimed + excluded.claimed, confirmed = figure_reported.confirmed + excluded.confirmed" }
// Where sums and rows differ, and by how much: rows less sums.
sql! { YEARS_OFF: unscoped("the comparison of all figures, by the system"),
"SELECT indicator, school, pairing, CAST('' AS TEXT) AS kind, year AS month, CAST(0 AS BIGINT) AS made, \
CAST(SUM(number) AS BIGINT) AS number, CAST(SUM(claimed) AS BIGINT) AS claimed, CAST(SUM(confirmed) AS BIGINT) AS confirmed \
FROM (SELECT indicator, school, pairing, year, -number AS number, -claimed AS claimed, -confirmed AS confirmed FROM figure_year \
UNION ALL SELECT indicator, school, COALESCE(pairing, ''), month / 100, 1, claimed, confirmed FROM figure_row) AS r \
GROUP BY indicator, school, pairing, year HAVING SUM(number) <> 0 OR SUM(claimed) <> 0 OR SUM(confirmed) <> 0" }
sql! { MONTHS_OFF: unscoped("the comparison of all figures, by the system"),
"SELECT indicator, school, pairing, kind, month, CAST(0 AS BIGINT) AS made, CAST(SUM(number) AS BIGINT) AS number, \
CAST(SUM(claimed) AS BIGINT) AS claimed, CAST(SUM(confirmed) AS BIGINT) AS confirmed \
FROM (SELECT indicator, school, pairing, kind, month, -number AS number, -claimed AS claimed, -confirmed AS confirmed \
FROM figure_month UNION ALL \
SELECT indicator, school, COALESCE(pairing, ''), kind, month, 1, claimed, confirmed FROM figure_row) AS r \
GROUP BY indicator, school, pairing, kind, month HAVING SUM(number) <> 0 OR SUM(claimed) <> 0 OR SUM(confirmed) <> 0" }
sql! { REPORTED_OFF: unscoped("the comparison of all figures, by the system"),
"SELECT indicator, school, pairing, kind, month, made, CAST(0 AS BIGINT) AS number, CAST(SUM(claimed) AS BIGINT) AS claimed, \
CAST(SUM(confirmed) AS BIGINT) AS confirmed FROM (SELECT indicator, school, pairing, kind, month, made, -claimed AS claimed, \
-confirmed AS confirmed FROM figure_reported UNION ALL SELECT indicator, school, COALESCE(pairing, ''), kind, month, \
CAST(SUBSTR(CAST(made_on AS TEXT), 1, 4) || SUBSTR(CAST(made_on AS TEXT), 6, 2) AS BIGINT), d_claimed, d_confirmed \
FROM figure_change) AS r GROUP BY indicator, school, pairing, kind, month, made \
HAVING SUM(claimed) <> 0 OR SUM(confirmed) <> 0" }
// A thing has a row for each day on which it adds something; the last of them within the cut stands for it, so that a
// page is found in the index of days. CROSS JOIN keeps SQLite from beginning with the schools.
macro_rules! last_rows {
    () => {
        last_rows!("figure_row r CROSS JOIN org o", "")
    };
    // Few schools, each with its rows in the index of schools.
    (few) => {
        last_rows!(
            "org o CROSS JOIN figure_row r",
            concat!(
                "(:school = '' OR o.id = :school) AND (",
                org_in_scope!("o"),
                " OR o.id IN (SELECT np.county_school FROM pairing np WHERE ",
                pairing_in_scope!("np"),
                ")) AND "
            )
        )
    };
    (one) => {
        last_rows!("figure_row r CROSS JOIN org o", "r.school = :school AND ")
    };
    ($from:literal, $first:expr) => {
        concat!(
            " FROM ",
            $from,
            " CROSS JOIN division d LEFT JOIN division dc ON dc.code = d.parent \
             LEFT JOIN pairing p ON p.id = r.pairing WHERE ",
            $first,
            "o.id = r.school AND d.code = o.division AND (",
            pairing_in_scope!("p"),
            " OR (r.pairing IS NULL AND ",
            org_in_scope!("o"),
            "))",
            cut!(),
            " AND NOT EXISTS (SELECT 1 FROM figure_row x WHERE x.indicator = r.indicator AND x.resource = r.resource \
             AND x.day > r.day AND x.day <= :last AND (CAST(:month AS BIGINT) = 0 OR x.month = :month)) \
             AND (r.claimed > 0 OR r.confirmed > 0 OR ",
            of_thing!("COUNT(*)"),
            " = 1 OR ",
            of_thing!("SUM(x.claimed)"),
            " <> 0 OR ",
            of_thing!("SUM(x.confirmed)"),
            " <> 0)"
        )
    };
}

// What a thing adds within the cut.
macro_rules! of_thing {
    ($what:literal) => {
        concat!(
            "(SELECT CAST(",
            $what,
            " AS BIGINT) FROM figure_row x WHERE x.indicator = r.indicator AND x.resource = r.resource AND x.day >= :first \
             AND x.day <= :last AND (CAST(:month AS BIGINT) = 0 OR x.month = :month))"
        )
    };
}

// Whether a row is the last of its thing takes a look at the others: a thousand are counted.
macro_rules! things {
    ($name:ident, $from:expr) => {
        list! { $name: scoped,
            count: concat!("SELECT CAST(COUNT(*) AS BIGINT)", " ", $from),
            rows: concat!(
                "SELECT r.resource, r.kind, r.school, o.name AS school_name, r.day, ",
                of_thing!("SUM(x.claimed)"), " AS claimed, ", of_thing!("SUM(x.confirmed)"), " AS confirmed",
                $from
            ),
            usual: "r.day DESC, r.resource DESC",
            tie: "r.resource",
            orders: {
                span: "r.day",
                county_school: "o.sort_key",
                claimed: "6",
                confirmed: "7",
            },
            unsorted: [name, activity, typical, claimant, person, state, confirmer],
            counted: (1_000, "1001"),
        }
    };
}
things! { ROWS, last_rows!() }
// The same where few schools can be meant, and of one school, whose days stand in an index.
things! { ROWS_OF_FEW, last_rows!(few) }
things! { ROWS_OF_SCHOOL, last_rows!(one) }
macro_rules! changed {
    () => {
        " HAVING MAX(r.made_on) > :since \
         AND (SUM(CASE WHEN r.made_on <= :since THEN r.d_claimed ELSE 0 END) <> SUM(r.d_claimed) \
         OR SUM(CASE WHEN r.made_on <= :since THEN r.d_confirmed ELSE 0 END) <> SUM(r.d_confirmed))"
    };
}
// What changed after a day, each thing with what it was then and is now, and the last cause.
list! { SINCE: scoped,
    count: concat!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT r.resource", from_in_scope!("figure_change"), cut!(),
        " GROUP BY r.resource, r.kind, r.school", changed!(), ") AS found"
    ),
    rows: concat!(
        "SELECT r.resource, r.kind, r.school, o.name AS school_name, MAX(r.day) AS day, \
         CAST(SUM(CASE WHEN r.made_on <= :since THEN r.d_claimed ELSE 0 END) AS BIGINT) AS old_claimed, \
         CAST(SUM(CASE WHEN r.made_on <= :since THEN r.d_confirmed ELSE 0 END) AS BIGINT) AS old_confirmed, \
         CAST(SUM(r.d_claimed) AS BIGINT) AS new_claimed, CAST(SUM(r.d_confirmed) AS BIGINT) AS new_confirmed, \
         MAX(r.made_on) AS made_on, \
         (SELECT x.cause FROM figure_change x WHERE x.indicator = :indicator AND x.resource = r.resource \
         ORDER BY x.at DESC, x.id DESC LIMIT 1) AS cause",
        from_in_scope!("figure_change"), cut!(),
        " GROUP BY r.resource, r.kind, r.school, o.name, o.sort_key", changed!()
    ),
    usual: "MAX(r.made_on) DESC, r.resource DESC",
    tie: "r.resource",
    orders: {
        when: "MAX(r.made_on)",
        place: "o.sort_key",
        claimed: "old_claimed",
        confirmed: "old_confirmed",
    },
    unsorted: [what, why],
}
// From `$5`, in the year `$7`.
macro_rules! school_sums {
    () => {
        "SELECT r.school, r.indicator, CAST(SUM(CASE WHEN r.day >= $5 THEN r.confirmed ELSE 0 END) AS BIGINT) AS within, \
         CAST(SUM(r.confirmed) AS BIGINT) AS until, \
         CAST(SUM(CASE WHEN r.month / 100 = $7 THEN r.confirmed ELSE 0 END) AS BIGINT) AS of_year, \
         CAST(SUM(CASE WHEN r.month / 100 = $7 THEN 1 ELSE 0 END) AS BIGINT) AS reported"
    };
}
sql! { OF_SCHOOL: scoped, concat!(school_sums!(), from_in_scope!("figure_row"),
" AND r.school = $4 AND r.day <= $6 GROUP BY r.school, r.indicator") }
// The same of all schools, of one indicator or of the two that a share divides.
sql! { OF_SCHOOLS: scoped, concat!(school_sums!(), from_in_scope!("figure_row"),
" AND (r.indicator = $4 OR r.indicator = $8) AND r.day <= $6 GROUP BY r.school, r.indicator") }
sql! { THINGS_WITHIN: scoped, concat!(
"SELECT r.school, CAST(COUNT(DISTINCT CASE WHEN r.claimed > 0 THEN r.resource END) AS BIGINT) AS claimed, \
CAST(COUNT(DISTINCT CASE WHEN r.confirmed > 0 THEN r.resource END) AS BIGINT) AS confirmed", from_in_scope!("figure_row"),
" AND r.indicator = $4 AND r.day >= $5 AND r.day <= $6 GROUP BY r.school") }
sql! { MONTHS_OF: scoped, concat!(
"SELECT r.indicator, r.month, CAST(SUM(r.claimed) AS BIGINT) AS claimed, CAST(SUM(r.confirmed) AS BIGINT) AS confirmed",
from_in_scope!("figure_month"),
" AND r.school = $4 AND r.month >= $5 AND r.month <= $6 GROUP BY r.indicator, r.month") }
sql! { BEFORE_YEAR: scoped, concat!(
"SELECT r.indicator, CAST(0 AS BIGINT) AS month, CAST(SUM(r.claimed) AS BIGINT) AS claimed, \
CAST(SUM(r.confirmed) AS BIGINT) AS confirmed", from_in_scope!("figure_year"), " AND r.school = $4 AND r.year < $5 GROUP BY r.indicator") }
sql! { MONTHS_SUMMED: scoped, concat!(
"SELECT r.indicator, CAST($5 AS BIGINT) AS month, CAST(SUM(r.claimed) AS BIGINT) AS claimed, \
CAST(SUM(r.confirmed) AS BIGINT) AS confirmed", from_in_scope!("figure_month"),
" AND r.month >= $4 AND r.month <= $5 GROUP BY r.indicator") }
sql! { ROWS_WITHIN: scoped, concat!(
"SELECT r.indicator, r.resource, r.day, r.claimed, r.confirmed", from_in_scope!("figure_row"),
" AND r.school = $4 AND r.day >= $5 AND r.day <= $6 AND (r.claimed <> 0 OR r.confirmed <> 0) ORDER BY r.indicator, r.day, r.resource") }
sql! { PLACES: scoped, concat!(
"SELECT o.id, o.name, d.code AS county_code, d.name AS county, \
CASE WHEN d.level = 'county' THEN dc.code ELSE d.code END AS city_code, \
CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, o.level FROM org o JOIN division d ON d.code = o.division LEFT JOIN division dc ON dc.code = d.parent WHERE (",
org_in_scope!("o"), " OR EXISTS (SELECT 1 FROM pairing p WHERE p.county_school = o.id AND ", pairing_in_scope!("p"),
")) ORDER BY o.sort_key") }
