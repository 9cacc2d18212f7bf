//! SQL of funding: the movements that schools and their bureaus record, and the sums that are kept above them. The money of a
//! school is seen by itself and the bureaus above it.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, sql};

text_enum! {
    pub enum MoveKind {
        /// Came, and nothing else in the system carries it.
        Arrived = "arrived",
        Paid = "paid",
        /// Given back to where it came from.
        Returned = "returned",
        /// Equipment or a place, with its value: no money.
        InKind = "in_kind",
    }
}

text_enum! {
    pub enum MoveState {
        Recorded = "recorded",
        Confirmed = "confirmed",
        Disputed = "disputed",
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MoveRow {
    pub id: String,
    pub school: String,
    pub school_name: String,
    pub org: String,
    pub org_name: String,
    pub answerer: String,
    pub answerer_name: String,
    #[sqlx(try_from = "String")]
    pub kind: MoveKind,
    pub source: String,
    pub output: Option<String>,
    pub output_title: Option<String>,
    /// The share of an allocation whose money it is, and that allocation.
    pub share: Option<String>,
    pub share_of: Option<String>,
    pub share_title: Option<String>,
    pub project: Option<String>,
    pub project_title: Option<String>,
    pub day: Date,
    pub amount: i64,
    pub words: String,
    pub number: String,
    #[sqlx(try_from = "String")]
    pub state: MoveState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for MoveRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// One amount on its day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DatedRow {
    #[sqlx(try_from = "String")]
    pub kind: MoveKind,
    pub day: Date,
    pub amount: i64,
}

/// What movements add up to in one part, of a source, a school or a project: claimed, and what of it is confirmed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SumRow {
    pub part: String,
    pub year: i64,
    pub arrived: i64,
    pub arrived_sure: i64,
    pub paid: i64,
    pub paid_sure: i64,
    pub returned: i64,
    pub returned_sure: i64,
    pub in_kind: i64,
    pub in_kind_sure: i64,
}

/// What they add up to at one school, money by money.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SchoolSumRow {
    pub source: String,
    pub output: String,
    pub project: String,
    pub year: i64,
    #[sqlx(try_from = "String")]
    pub kind: MoveKind,
    pub claimed: i64,
    pub confirmed: i64,
}

/// What was paid and confirmed at one school in a year, of one source.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PaidRow {
    pub school: String,
    pub source: String,
    pub paid: i64,
}

/// Money that an allocation gave a school; nothing of one that was taken back since.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ShareRow {
    pub id: String,
    pub allocation: String,
    pub school: String,
    pub division: String,
    pub rule: String,
    pub title: String,
    pub published_on: Date,
    pub given: i64,
}

/// What came of a share on a day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CameRow {
    pub share: String,
    pub day: Date,
    pub amount: i64,
    #[sqlx(try_from = "String")]
    pub state: MoveState,
}

/// A share of one allocation, with all that came of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ShareSum {
    pub id: String,
    pub school: String,
    pub given: i64,
    pub claimed: i64,
    pub confirmed: i64,
}

/// What was paid or given back of the money of one output, or of one share, at one school.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UsedRow {
    pub output: String,
    pub paid: i64,
    pub paid_sure: i64,
    pub returned: i64,
    pub returned_sure: i64,
}

macro_rules! shown {
    () => {
        "SELECT m.id, m.school, o.name AS school_name, m.org, r.name AS org_name, m.answerer, a.name AS answerer_name, \
         m.kind, m.source, m.output, t.title AS output_title, m.share, x.allocation AS share_of, y.title AS share_title, \
         m.project, j.title AS project_title, m.day, m.amount, m.words, \
         m.number, m.state, m.revision, m.version "
    };
}

macro_rules! joined {
    () => {
        "JOIN org o ON o.id = m.school JOIN org r ON r.id = m.org JOIN org a ON a.id = m.answerer \
         LEFT JOIN output_thing t ON t.id = m.output LEFT JOIN project j ON j.id = m.project \
         LEFT JOIN allocation_share x ON x.id = m.share LEFT JOIN allocation y ON y.id = x.allocation "
    };
}

macro_rules! in_scope {
    () => {
        "o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL"
    };
}

// What its own columns and its school tell.
macro_rules! filter {
    () => {
        concat!(
            in_scope!(),
            " AND (:q = '' OR m.words LIKE :q ESCAPE '!' OR m.number LIKE :q ESCAPE '!') AND (:kind = '' OR m.kind = :kind) \
             AND (:source = '' OR m.source = :source) AND (:school = '' OR o.id = :school) \
             AND (:output = '' OR m.output = :output OR m.share = :output) AND (:project = '' OR m.project = :project) \
             AND ((:state = '' AND m.state <> 'withdrawn') OR m.state = :state) \
             AND (:city = '' OR d.parent = :city OR d.code = :city) \
             AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = '')) \
             AND m.day >= :first AND m.day <= :last"
        )
    };
}

// CROSS JOIN keeps SQLite from beginning with the schools: a page is found in an index that ends with the days.
macro_rules! by_day {
    () => {
        "FROM fund_move m CROSS JOIN org o JOIN division d ON d.code = o.division WHERE o.id = m.school AND "
    };
}

// Here it begins with them, and sorts what they have.
macro_rules! of_few {
    () => {
        "FROM org o JOIN division d ON d.code = o.division CROSS JOIN fund_move m WHERE m.school = o.id AND "
    };
}

macro_rules! of_one {
    () => {
        "FROM (SELECT a.id FROM fund_move a WHERE a.output = :output UNION SELECT b.id FROM fund_move b WHERE b.share = :output \
         UNION SELECT c.id FROM fund_move c WHERE c.project = :project) i CROSS JOIN fund_move m CROSS JOIN org o \
         JOIN division d ON d.code = o.division WHERE m.id = i.id AND o.id = m.school AND "
    };
}

// A thousand are counted: whoever looks for more narrows the list.
macro_rules! moves {
    ($name:ident, $from:expr, $led:expr) => {
        list! { $name: scoped,
            count: concat!("SELECT CAST(COUNT(*) AS BIGINT) ", $from, $led, filter!()),
            rows: concat!(shown!(), "FROM (SELECT m.* ", $from, $led, filter!(), ") m ", joined!()),
            usual: "m.day DESC, m.id DESC" among {
                concat!(shown!(), "FROM ("),
                concat!("SELECT m.id, m.day ", $from, $led, filter!()),
                concat!("fund_move m ", joined!(), "WHERE m.id = k.id")
            },
            tie: "m.id",
            orders: { day: "m.day", school: "o.sort_key", amount: "m.amount" },
            unsorted: [kind, source, words, state],
            counted: (1_000, "1001"),
        }
    };
}

moves! { LIST, by_day!(), "" }
moves! { OF_STATE, by_day!(), "m.state = :state AND " }
moves! { OF_SOURCE, by_day!(), "m.source = :source AND " }
moves! { OF_KIND, by_day!(), "m.kind = :kind AND " }
moves! { OF_FEW, of_few!(), "" }
moves! { OF_ONE, of_one!(), "" }
sql! { SHOW: scoped, concat!(shown!(), "FROM fund_move m ", joined!(), "WHERE ", in_scope!(), " AND m.id = $4") }
// For programs, in the order of ids.
sql! { AFTER: scoped, concat!(shown!(), "FROM (SELECT m.id ", by_day!(), in_scope!(), " AND m.id > $4 ORDER BY m.id LIMIT $5) k \
CROSS JOIN fund_move m ", joined!(), "WHERE m.id = k.id ORDER BY m.id") }
sql! { NEWEST: scoped, concat!(shown!(), "FROM fund_move m ", joined!(), "WHERE ", in_scope!(),
" AND m.school = $4 ORDER BY m.day DESC, m.id DESC LIMIT 25") }
// What waits for an answer of this one, the oldest first.
sql! { TO_ANSWER: scoped, concat!(shown!(), "FROM fund_move m ", joined!(), "WHERE ", in_scope!(),
" AND m.answerer = $4 AND m.state = $5 ORDER BY m.day, m.id LIMIT 200") }
// What this one recorded and the other side disputes.
sql! { DISPUTED: scoped, concat!(shown!(), "FROM fund_move m ", joined!(), "WHERE ", in_scope!(),
" AND m.org = $4 AND m.state = $5 ORDER BY m.day, m.id LIMIT 200") }
// The days of one money: of an output or a share, or of a source, with a project or without.
sql! { DAYS: scoped by name, concat!("SELECT m.kind, m.day, m.amount FROM fund_move m JOIN org o ON o.id = m.school WHERE ",
in_scope!(), " AND m.school = :school AND m.state <> 'withdrawn' AND m.kind <> 'in_kind' AND (m.output = :output \
OR m.share = :output OR (:output = '' AND m.output IS NULL AND m.share IS NULL AND m.source = :source AND COALESCE(m.project, '') = :project))") }

// What came of a share is read with its day, as the receipts of outputs are: here it would be counted twice. `fund_cut` has
// none of it.
sql! { SUMS: scoped by name, concat!("SELECT CASE WHEN :part = 'school' THEN s.school WHEN :part = 'project' THEN s.project \
ELSE s.source END AS part, s.year, CAST(SUM(s.arrived) AS BIGINT) AS arrived, CAST(SUM(s.arrived_sure) AS BIGINT) AS arrived_sure, \
CAST(SUM(s.paid) AS BIGINT) AS paid, CAST(SUM(s.paid_sure) AS BIGINT) AS paid_sure, CAST(SUM(s.returned) AS BIGINT) AS returned, \
CAST(SUM(s.returned_sure) AS BIGINT) AS returned_sure, CAST(SUM(s.in_kind) AS BIGINT) AS in_kind, \
CAST(SUM(s.in_kind_sure) AS BIGINT) AS in_kind_sure \
FROM fund_cut s JOIN org o ON o.id = s.school JOIN division d ON d.code = o.division WHERE ", in_scope!(),
" AND (:source = '' OR s.source = :source) AND (:city = '' OR d.parent = :city OR d.code = :city) \
AND (:school = '' OR o.id = :school) \
AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = '')) GROUP BY part, s.year") }
sql! { PAID_IN: scoped by name, concat!("SELECT s.school, s.source, CAST(SUM(s.paid_sure) AS BIGINT) AS paid \
FROM fund_cut s JOIN org o ON o.id = s.school WHERE ", in_scope!(), " AND s.year = :year GROUP BY s.school, s.source") }
sql! { SUMS_OF: scoped, concat!("SELECT s.source, s.output, s.project, s.year, s.kind, s.claimed, s.confirmed FROM fund_sum s \
JOIN org o ON o.id = s.school WHERE ", in_scope!(), " AND s.school = $4 AND NOT (s.kind = 'arrived' AND s.output <> '')") }
sql! { USED: scoped, concat!("SELECT s.output, s.paid, s.paid_sure, s.returned, s.returned_sure FROM fund_use s \
JOIN org o ON o.id = s.school WHERE ", in_scope!(), " AND ($4 = '' OR o.id = $4)") }
// `$4` names the rules whose shares are money, between commas; `$5` a school. What somebody paid of stays when it is taken back.
sql! { SHARES: scoped, concat!("SELECT x.id, x.allocation, x.school, o.division, a.rule, a.title, a.published_on, \
CASE WHEN a.state = 'published' THEN x.given ELSE 0 END AS given FROM allocation_share x JOIN allocation a ON a.id = x.allocation \
JOIN org o ON o.id = x.school WHERE ", in_scope!(), " AND $4 LIKE '%,' || a.rule || ',%' AND ($5 = '' OR x.school = $5) \
AND x.given > 0 AND (a.state = 'published' OR EXISTS (SELECT 1 FROM fund_move m WHERE m.share = x.id AND m.state <> 'withdrawn')) \
ORDER BY o.sort_key, a.published_on, x.id") }
// School by school, from an index of these alone; their order does not matter.
sql! { CAME: scoped, concat!("SELECT m.share, m.day, m.amount, m.state FROM org o CROSS JOIN fund_move m WHERE m.school = o.id AND ",
in_scope!(), " AND m.share IS NOT NULL AND m.kind = 'arrived' AND m.state <> 'withdrawn' AND ($4 = '' OR o.id = $4)") }
sql! { SHARES_OF: scoped, concat!("SELECT x.id, x.school, x.given, COALESCE(s.arrived, 0) AS claimed, \
COALESCE(s.arrived_sure, 0) AS confirmed FROM allocation_share x JOIN org o ON o.id = x.school \
LEFT JOIN fund_use s ON s.school = x.school AND s.output = x.id WHERE ", in_scope!(),
" AND x.allocation = $4") }
// Where the sums and the movements differ.
sql! { OFF: unscoped("the comparison of all sums with the movements, by the system"),
"SELECT school FROM (SELECT school, source, output, project, year, kind, -claimed AS claimed, -confirmed AS confirmed FROM fund_sum \
UNION ALL SELECT school, source, COALESCE(output, share, ''), COALESCE(project, ''), \
CAST(SUBSTR(CAST(day AS TEXT), 1, 4) AS BIGINT), kind, amount, CASE WHEN state = 'confirmed' THEN amount ELSE 0 END \
FROM fund_move WHERE state <> 'withdrawn') AS r GROUP BY school, source, output, project, year, kind \
HAVING SUM(claimed) <> 0 OR SUM(confirmed) <> 0 ORDER BY school LIMIT 1000" }
// Where the coarser sums and the fine ones differ.
macro_rules! of_money {
    () => {
        "CASE WHEN kind = 'arrived' THEN claimed ELSE 0 END AS arrived, CASE WHEN kind = 'arrived' THEN confirmed ELSE 0 END AS arrived_sure, \
         CASE WHEN kind = 'paid' THEN claimed ELSE 0 END AS paid, CASE WHEN kind = 'paid' THEN confirmed ELSE 0 END AS paid_sure, \
         CASE WHEN kind = 'returned' THEN claimed ELSE 0 END AS returned, CASE WHEN kind = 'returned' THEN confirmed ELSE 0 END AS returned_sure"
    };
}
sql! { USES_OFF: unscoped("the comparison of all sums with each other, by the system"), concat!(
"SELECT school FROM (SELECT school, output, -arrived AS arrived, -arrived_sure AS arrived_sure, -paid AS paid, -paid_sure AS paid_sure, -returned AS returned, -returned_sure AS returned_sure \
FROM fund_use UNION ALL SELECT school, output, ", of_money!(), " FROM fund_sum WHERE output <> '') AS r GROUP BY school, output \
HAVING SUM(arrived) <> 0 OR SUM(arrived_sure) <> 0 OR SUM(paid) <> 0 OR SUM(paid_sure) <> 0 OR SUM(returned) <> 0 OR SUM(returned_sure) <> 0 \
ORDER BY school LIMIT 1000") }
sql! { CUTS_OFF: unscoped("the comparison of all sums with each other, by the system"), concat!(
"SELECT school FROM (SELECT school, project, source, year, -arrived AS arrived, -arrived_sure AS arrived_sure, -paid AS paid, -paid_sure AS paid_sure, -returned AS returned, -returned_sure AS returned_sure, \
-in_kind AS in_kind, -in_kind_sure AS in_kind_sure FROM fund_cut UNION ALL SELECT school, project, source, year, ", of_money!(), ", \
CASE WHEN kind = 'in_kind' THEN claimed ELSE 0 END AS in_kind, CASE WHEN kind = 'in_kind' THEN confirmed ELSE 0 END AS in_kind_sure \
FROM fund_sum WHERE NOT (kind = 'arrived' AND output <> '')) AS r GROUP BY school, project, source, year \
HAVING SUM(arrived) <> 0 OR SUM(arrived_sure) <> 0 OR SUM(paid) <> 0 OR SUM(paid_sure) <> 0 OR SUM(returned) <> 0 OR SUM(returned_sure) <> 0 \
OR SUM(in_kind) <> 0 OR SUM(in_kind_sure) <> 0 ORDER BY school LIMIT 1000") }

sql! { INSERT: unscoped("a new row of a school that was found in scope") by name,
"INSERT INTO fund_move (id, school, org, answerer, kind, source, output, share, project, day, amount, words, number, state, \
revision, version) VALUES (:id, :school, :org, :answerer, :kind, :source, :output, :share, :project, :day, :amount, :words, :number, \
'recorded', 1, 1)" }
sql! { MOVE: versioned on MoveRow, "UPDATE fund_move SET state = $3" }
sql! { ADD: unscoped("a sum of movements that whoever changed them found in scope") by name,
"INSERT INTO fund_sum (school, source, output, project, year, kind, claimed, confirmed) \
VALUES (:school, :source, :output, :project, :year, :kind, :claimed, :confirmed) \
ON CONFLICT (school, source, output, project, year, kind) DO UPDATE SET claimed = fund_sum.claimed + excluded.claimed, \
confirmed = fund_sum.confirmed + excluded.confirmed" }
sql! { ADD_USE: unscoped("a sum of movements that whoever changed them found in scope") by name,
"INSERT INTO fund_use (school, output, arrived, arrived_sure, paid, paid_sure, returned, returned_sure) \
VALUES (:school, :output, :arrived, :arrived_sure, :paid, :paid_sure, :returned, :returned_sure) \
ON CONFLICT (school, output) DO UPDATE SET arrived = fund_use.arrived + excluded.arrived, arrived_sure = fund_use.arrived_sure + excluded.arrived_sure, \
paid = fund_use.paid + excluded.paid, paid_sure = fund_use.paid_sure + excluded.paid_sure, \
returned = fund_use.returned + excluded.returned, returned_sure = fund_use.returned_sure + excluded.returned_sure" }
sql! { ADD_CUT: unscoped("a sum of movements that whoever changed them found in scope") by name,
"INSERT INTO fund_cut (school, project, source, year, arrived, arrived_sure, paid, paid_sure, returned, returned_sure, in_kind, in_kind_sure) \
VALUES (:school, :project, :source, :year, :arrived, :arrived_sure, :paid, :paid_sure, :returned, :returned_sure, :in_kind, :in_kind_sure) \
ON CONFLICT (school, project, source, year) DO UPDATE SET arrived = fund_cut.arrived + excluded.arrived, arrived_sure = fund_cut.arrived_sure + excluded.arrived_sure, \
paid = fund_cut.paid + excluded.paid, paid_sure = fund_cut.paid_sure + excluded.paid_sure, \
returned = fund_cut.returned + excluded.returned, returned_sure = fund_cut.returned_sure + excluded.returned_sure, \
in_kind = fund_cut.in_kind + excluded.in_kind, in_kind_sure = fund_cut.in_kind_sure + excluded.in_kind_sure" }
