//! SQL of handovers, and what a helper leaves behind at a school.

use crate::shared::review::{sent_back, text_enum};
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, pairing_in_scope, sql};
use serde::Serialize;

text_enum! {
    pub enum HandoverState {
        /// Waits for the other of the two.
        Proposed = "proposed",
        Agreed = "agreed",
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// How far a succession is handed over.
    pub enum SuccessionState {
        /// Nothing was written down, or it was withdrawn.
        Unwritten = "none",
        Proposed = "proposed",
        Agreed = "agreed",
    }
}

impl From<HandoverState> for SuccessionState {
    fn from(state: HandoverState) -> Self {
        match state {
            HandoverState::Proposed => Self::Proposed,
            HandoverState::Agreed => Self::Agreed,
            HandoverState::Withdrawn => Self::Unwritten,
        }
    }
}

text_enum! {
    /// What kind of record is open.
    pub enum OpenKind {
        Need = "need",
        Project = "project",
        /// Announced, and not held yet.
        Visit = "visit",
        /// An entry whose days reach beyond the pairing.
        Stay = "stay",
        /// An entry that nobody has answered, or that is disputed.
        Entry = "entry",
        Output = "output",
        Agreement = "agreement",
        Plan = "plan",
        /// A list of projects that was never filed.
        List = "list",
    }
}

/// A helper that left a county school and the one that took its place, whether anything was written down or not.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct SuccessionRow {
    pub pairing: String,
    pub successor: String,
    pub county_school: String,
    pub county_name: String,
    /// The last day of the earlier pairing and the first of the later one.
    pub ended: Date,
    pub since: Date,
    /// lead, nearby: what the one who left was.
    pub party: String,
    pub leaving: String,
    pub leaving_name: String,
    pub arriving: String,
    pub arriving_name: String,
    pub handover: Option<String>,
    #[sqlx(try_from = "String")]
    pub state: SuccessionState,
    #[sqlx(flatten)]
    pub reach: Reach,
}

/// Which of the two pairings the caller may open: 1 where it may.
#[derive(Debug, Clone, Copy, Default, Serialize, sqlx::FromRow)]
pub struct Reach {
    earlier_seen: i64,
    later_seen: i64,
}

impl Reach {
    pub fn earlier(self) -> bool {
        self.earlier_seen == 1
    }

    pub fn later(self) -> bool {
        self.later_seen == 1
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct HandoverRow {
    pub id: String,
    pub pairing: String,
    pub successor: String,
    pub leaving: String,
    pub leaving_name: String,
    pub arriving: String,
    pub arriving_name: String,
    pub recorder: String,
    pub items: String,
    pub note: String,
    #[sqlx(try_from = "String")]
    pub state: HandoverState,
    pub revision: i64,
    pub version: i64,
    pub county_school: String,
    pub county_name: String,
    pub ended: Option<Date>,
    pub since: Date,
    /// Somebody sent the present revision back and has not agreed since.
    pub sent_back: bool,
    #[sqlx(flatten)]
    pub reach: Reach,
}

impl Keyed for HandoverRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// Something that a helper leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct OpenRow {
    #[sqlx(try_from = "String")]
    pub kind: OpenKind,
    pub id: String,
    /// In the words of the record, or the id of its type.
    pub title: String,
    /// What it is about: a sentence of the plan, or nothing.
    pub about: String,
    pub until: Option<Date>,
}

/// How often something was done in a pairing, by type.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DoneRow {
    pub activity: String,
    pub times: i64,
    pub first: Date,
    pub last: Date,
}

// Of the earlier pairing, or of the later one: whoever sees one of the two sees how it was handed over.
macro_rules! both_in_scope {
    () => {
        concat!("((", pairing_in_scope!("p"), ") OR (", pairing_in_scope!("q"), "))")
    };
}

macro_rules! seen {
    () => {
        concat!(
            "CASE WHEN ",
            pairing_in_scope!("p"),
            " THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS earlier_seen, \
             CASE WHEN ",
            pairing_in_scope!("q"),
            " THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS later_seen "
        )
    };
}

// The school's next pairing after `p`, and what of `p`'s helpers is none there. Where one of the two left, the other
// pairing has one who is new; where both did, each is succeeded in its own part.
macro_rules! successions {
    ($what:expr) => {
        concat!(
            "SELECT ", $what, " FROM pairing p JOIN pairing q ON q.county_school = p.county_school AND q.from_day > p.to_day \
             JOIN pairing_party x ON x.pairing = p.id AND x.party IN ('lead', 'nearby') AND x.org NOT IN (q.lead, q.nearby) \
             JOIN org c ON c.id = p.county_school JOIN division d ON d.code = c.division JOIN org a ON a.id = x.org \
             JOIN org b ON b.id = CASE WHEN q.lead NOT IN (p.lead, p.nearby) AND (x.party = 'lead' OR q.nearby IN (p.lead, p.nearby)) \
             THEN q.lead ELSE q.nearby END \
             LEFT JOIN handover h ON h.pairing = p.id AND h.leaving = x.org AND h.state <> 'withdrawn' \
             WHERE p.to_day >= p.from_day AND q.from_day = (SELECT MIN(r.from_day) FROM pairing r \
             WHERE r.county_school = p.county_school AND r.from_day > p.to_day AND (r.to_day IS NULL OR r.to_day >= r.from_day)) \
             AND (q.to_day IS NULL OR q.to_day >= q.from_day) AND ",
            both_in_scope!()
        )
    };
}

macro_rules! succession_columns {
    () => {
        successions!(concat!(
            "p.id AS pairing, q.id AS successor, p.county_school, c.name AS county_name, p.to_day AS ended, q.from_day AS since, \
             x.party, x.org AS leaving, a.name AS leaving_name, b.id AS arriving, b.name AS arriving_name, h.id AS handover, \
             COALESCE(h.state, 'none') AS state, ",
            seen!()
        ))
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR c.name LIKE :q ESCAPE '!' OR a.name LIKE :q ESCAPE '!' OR b.name LIKE :q ESCAPE '!') \
         AND (:city = '' OR d.parent = :city OR d.code = :city) \
         AND (:state = '' OR COALESCE(h.state, 'none') = :state)"
    };
}

list! { LIST: scoped,
    count: concat!(successions!("CAST(COUNT(*) AS BIGINT)"), filter!()),
    rows: concat!(succession_columns!(), filter!()),
    usual: "p.to_day DESC, c.sort_key, x.party",
    tie: "p.id || x.party",
    orders: { ended: "p.to_day", county_school: "c.sort_key", leaving: "a.sort_key", arriving: "b.sort_key" },
    unsorted: [state],
}
sql! { OF_PAIRING: scoped, concat!(succession_columns!(), " AND (p.id = $4 OR q.id = $4) ORDER BY p.to_day, x.party") }
// What a helper has to hand over, or to take over, since a day.
sql! { OPEN_OF: scoped, concat!(succession_columns!(),
" AND p.to_day >= $5 AND p.to_day < $3 AND (x.org = $4 OR b.id = $4) AND h.id IS NULL ORDER BY p.to_day, x.party") }

macro_rules! columns {
    () => {
        concat!(
            "SELECT h.id, h.pairing, h.successor, h.leaving, a.name AS leaving_name, h.arriving, b.name AS arriving_name, h.recorder, \
             h.items, h.note, h.state, h.revision, h.version, p.county_school, c.name AS county_name, p.to_day AS ended, \
             q.from_day AS since, ",
            sent_back!("h", "proposed"),
            " AS sent_back, ",
            seen!(),
            "FROM handover h JOIN pairing p ON p.id = h.pairing JOIN pairing q ON q.id = h.successor \
             JOIN org c ON c.id = p.county_school JOIN org a ON a.id = h.leaving JOIN org b ON b.id = h.arriving WHERE ",
            both_in_scope!()
        )
    };
}

sql! { SHOW: scoped, concat!(columns!(), " AND h.id = $4") }
sql! { WAITING: scoped, concat!(columns!(),
" AND h.state = 'proposed' AND (h.leaving = $4 OR h.arriving = $4) ORDER BY c.sort_key, h.id") }

// Both may begin at once: the second one is told.
sql! { INSERT: unscoped("a new row on a succession that was found in scope") by name,
"INSERT INTO handover (id, pairing, successor, leaving, arriving, recorder, items, note, state, revision, version) \
VALUES (:id, :pairing, :successor, :leaving, :arriving, :recorder, :items, :note, 'proposed', 1, 1) \
ON CONFLICT (pairing, leaving) WHERE state <> 'withdrawn' DO NOTHING" }
sql! { EDIT: versioned on HandoverRow,
"UPDATE handover SET state = $3, items = $4, note = $5, revision = $6" }
// Takes the row without raising its version, as agreements do: an answer is to a revision.
sql! { HOLD: on HandoverRow,
"UPDATE handover SET version = version WHERE id = $1 AND revision = $2 AND state = $3" }
sql! { MOVE: versioned on HandoverRow,
"UPDATE handover SET state = $3" }

// `$1` the earlier pairing, `$2` its county school, `$3` the helper that left, `$4` the pairing's last day.
sql! { OPEN: unscoped("what is open at a school, of a succession that was found in scope"),
"SELECT * FROM ( \
SELECT 1 AS place, 'need' AS kind, n.id, n.title, n.clause AS about, n.wished_on AS until FROM need n \
WHERE n.org = $2 AND n.state = 'open' \
UNION ALL SELECT 2, 'project', j.id, j.title, j.clause, j.to_day FROM project j \
WHERE j.pairing = $1 AND j.filed = TRUE AND j.ended = '' \
UNION ALL SELECT 3, 'visit', v.id, v.activity, '', v.to_day FROM announcement v \
WHERE v.pairing = $1 AND v.org = $3 AND v.state = 'announced' \
UNION ALL SELECT 4, 'stay', e.id, e.activity, '', e.to_day FROM entry e JOIN entry_helper h ON h.entry = e.id AND h.org = $3 \
WHERE e.pairing = $1 AND e.state <> 'withdrawn' AND e.to_day > $4 \
UNION ALL SELECT 5, 'entry', e.id, e.activity, '', e.to_day FROM entry e JOIN entry_helper h ON h.entry = e.id AND h.org = $3 \
WHERE e.pairing = $1 AND e.state IN ('claimed', 'disputed') AND e.to_day <= $4 \
UNION ALL SELECT 6, 'output', t.id, t.title, t.clause, t.since FROM output_thing t \
WHERE t.pairing = $1 AND t.state IN ('claimed', 'disputed') \
UNION ALL SELECT 7, 'agreement', g.id, g.kind, '', g.to_day FROM agreement g WHERE g.pairing = $1 AND g.state = 'recorded' \
UNION ALL SELECT 8, 'plan', s.id, s.template, '', s.agreed_on FROM school_plan s WHERE s.pairing = $1 AND s.state <> 'replaced' \
UNION ALL SELECT 9, 'list', l.id, CAST(l.year AS TEXT), '', NULL FROM project_list l WHERE l.pairing = $1 AND l.state <> 'filed' \
) o ORDER BY place, until NULLS LAST, id LIMIT 300" }

// Of both helpers together: a list of the ledger opens them. Only what was confirmed as it was claimed.
sql! { DONE: unscoped("what was done in a pairing, of a succession that was found in scope"),
"SELECT e.activity, CAST(COUNT(*) AS BIGINT) AS times, MIN(e.from_day) AS first, MAX(e.to_day) AS last FROM entry e \
WHERE e.pairing = $1 AND e.state = 'confirmed' GROUP BY e.activity ORDER BY e.activity LIMIT 200" }
