//! SQL of what is tracked.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, org_in_scope, pairing_in_scope, sql};
use serde::Serialize;

text_enum! {
    pub enum FollowupState {
        Open = "open",
        /// Its owner says that it is done; who asked for it has not agreed.
        Reported = "reported",
        Closed = "closed",
        /// No longer asked for.
        Dropped = "dropped",
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct FollowupRow {
    pub id: String,
    /// Who asked for it, and who sees to it.
    pub host: String,
    pub host_name: String,
    pub owner: String,
    pub owner_name: String,
    pub text: String,
    pub due: Date,
    pub meeting: Option<String>,
    pub meeting_title: Option<String>,
    pub decision: Option<String>,
    pub report: Option<String>,
    /// Of the report.
    pub month: Option<i64>,
    pub school: Option<String>,
    pub school_name: Option<String>,
    pub project: Option<String>,
    pub project_title: Option<String>,
    pub clause: String,
    pub made_on: Date,
    pub closed_on: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: FollowupState,
    pub revision: i64,
    pub version: i64,
    #[sqlx(flatten)]
    pub reach: Reach,
}

/// What of it the caller may open: 1 where it may.
#[derive(Debug, Clone, Copy, Default, Serialize, sqlx::FromRow)]
pub struct Reach {
    meeting_seen: i64,
    school_seen: i64,
    project_seen: i64,
}

impl Reach {
    pub fn meeting(self) -> bool {
        self.meeting_seen == 1
    }

    pub fn school(self) -> bool {
        self.school_seen == 1
    }

    pub fn project(self) -> bool {
        self.project_seen == 1
    }
}

impl Keyed for FollowupRow {
    fn key(&self) -> &str {
        &self.id
    }
}

impl FollowupRow {
    pub fn is_over(&self) -> bool {
        matches!(self.state, FollowupState::Closed | FollowupState::Dropped)
    }

    /// A unit asked it of itself.
    pub fn is_own(&self) -> bool {
        self.owner == self.host
    }

    /// Nobody has said that it is done, and its day has passed.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.state == FollowupState::Open && self.due < today
    }
}

/// A project that something may be about.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ProjectOfRow {
    pub id: String,
    pub title: String,
    pub school: String,
}

/// Of a meeting `m`: the caller or somebody below it holds it or is invited.
macro_rules! meeting_in_scope {
    () => {
        "(m.host IN (SELECT mh.id FROM org mh WHERE mh.path >= $1 AND mh.path < $2) OR m.id IN (SELECT mp.meeting \
         FROM meeting_party mp JOIN org mo ON mo.id = mp.org WHERE mo.path >= $1 AND mo.path < $2)) \
         AND CAST($3 AS DATE) IS NOT NULL"
    };
}
pub(crate) use meeting_in_scope;

// Its owner, who asked for it, the school that it is about, those above the three, and whoever was invited where it was
// decided.
macro_rules! in_scope {
    () => {
        "(f.host IN (SELECT x.id FROM org x WHERE x.path >= $1 AND x.path < $2) \
         OR f.owner IN (SELECT x.id FROM org x WHERE x.path >= $1 AND x.path < $2) \
         OR f.school IN (SELECT x.id FROM org x WHERE x.path >= $1 AND x.path < $2) \
         OR f.meeting IN (SELECT y.meeting FROM meeting_party y JOIN org x ON x.id = y.org WHERE x.path >= $1 AND x.path < $2)) \
         AND CAST($3 AS DATE) IS NOT NULL"
    };
}

macro_rules! seen {
    ($name:literal, $scope:expr) => {
        concat!("CASE WHEN ", $scope, " THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS ", $name)
    };
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT f.id, f.host, h.name AS host_name, f.owner, o.name AS owner_name, f.text, f.due, f.meeting, \
             m.title AS meeting_title, f.decision, f.report, r.month, f.school, s.name AS school_name, f.project, \
             j.title AS project_title, f.clause, f.made_on, f.closed_on, f.state, f.revision, f.version, ",
            seen!("meeting_seen", meeting_in_scope!()),
            ", ",
            seen!("school_seen", org_in_scope!("s")),
            ", ",
            seen!("project_seen", pairing_in_scope!("p")),
            " FROM followup f JOIN org h ON h.id = f.host JOIN org o ON o.id = f.owner LEFT JOIN meeting m ON m.id = f.meeting \
             LEFT JOIN month_report r ON r.id = f.report LEFT JOIN org s ON s.id = f.school LEFT JOIN project j ON j.id = f.project \
             LEFT JOIN pairing p ON p.id = j.pairing WHERE ",
            in_scope!()
        )
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR f.text LIKE :q ESCAPE '!' OR o.name LIKE :q ESCAPE '!') \
         AND (:side = '' OR (:side = 'mine' AND f.owner = :own) OR (:side = 'asked' AND f.host = :own)) \
         AND (:state = '' OR f.state = :state OR (:state = 'overdue' AND f.state = 'open' AND f.due < $3) \
         OR (:state = 'running' AND f.state IN ('open', 'reported'))) \
         AND (:meeting = '' OR f.meeting = :meeting) AND (:school = '' OR f.school = :school) \
         AND (:project = '' OR f.project = :project) AND (:clause = '' OR f.clause = :clause)"
    };
}

list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM followup f JOIN org o ON o.id = f.owner WHERE ", in_scope!(), filter!()),
    rows: concat!(columns!(), filter!()),
    usual: "CASE WHEN f.state IN ('open', 'reported') THEN 0 ELSE 1 END, f.due, f.id",
    tie: "f.id",
    orders: { what: "f.text", owner: "o.sort_key", host: "h.sort_key", due: "f.due" },
    unsorted: [from, state],
}
sql! { SHOW: scoped, concat!(columns!(), " AND f.id = $4") }
sql! { OF_MEETING: scoped, concat!(columns!(), " AND f.meeting = $4 ORDER BY f.id LIMIT 500") }
sql! { ASKED_BY: scoped, concat!(columns!(),
" AND f.host = $4 AND f.made_on <= $6 AND (f.state IN ('open', 'reported') OR (f.state = 'closed' AND f.closed_on >= $5)) ORDER BY f.due, f.id LIMIT 500") }
sql! { ABOUT_MONTHS: scoped, concat!(columns!(), " AND f.report IS NOT NULL ORDER BY f.id LIMIT 2000") }
sql! { RUNNING_UNTIL: scoped, concat!(columns!(),
" AND f.state IN ('open', 'reported') AND f.due <= $4 ORDER BY f.due, f.id LIMIT 500") }
// What one has to see to, and what waits for one's word.
sql! { OWED: scoped, concat!(columns!(), " AND f.owner = $4 AND f.state = 'open' ORDER BY f.due, f.id LIMIT 100") }
sql! { REPORTED_TO: scoped, concat!(columns!(), " AND f.host = $4 AND f.state = 'reported' ORDER BY f.due, f.id LIMIT 100") }
// Past their day: who asked for them looks after them when that is long ago.
sql! { LATE: scoped, concat!(columns!(), " AND f.host = $4 AND f.owner <> $4 AND f.state = 'open' AND f.due < $3 \
ORDER BY f.due, f.id LIMIT 50") }

sql! { PROJECTS: scoped, concat!(
"SELECT j.id, j.title, p.county_school AS school FROM project j JOIN pairing p ON p.id = j.pairing WHERE ", pairing_in_scope!("p"),
" AND p.county_school = $4 AND j.filed = TRUE AND j.ended = '' ORDER BY j.year, j.place, j.id LIMIT 100") }

sql! { INSERT: unscoped("a new row; that its owner is visible was asked") by name,
"INSERT INTO followup (id, host, owner, text, due, meeting, decision, report, school, project, clause, made_on, closed_on, state, \
revision, version) VALUES (:id, :host, :owner, :text, :due, :meeting, :decision, :report, :school, :project, :clause, :made_on, \
NULL, 'open', 1, 1)" }
sql! { MOVE: versioned on FollowupRow, "UPDATE followup SET state = $3" }
sql! { SETTLE: versioned on FollowupRow, "UPDATE followup SET state = $3, closed_on = $4" }
sql! { DEFER: versioned on FollowupRow, "UPDATE followup SET state = $3, due = $4" }
