//! SQL of meetings.

use crate::reporting::followups::meeting_in_scope;
use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, org_in_scope, pairing_in_scope, sql};
use serde::Serialize;

text_enum! {
    pub enum MeetingState {
        Announced = "announced",
        /// Held, and what it said stays as it is.
        Closed = "closed",
        Cancelled = "cancelled",
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct MeetingRow {
    pub id: String,
    pub host: String,
    pub host_name: String,
    pub kind: String,
    pub title: String,
    pub on_day: Date,
    pub at_time: String,
    pub place: String,
    pub minutes: String,
    #[sqlx(try_from = "String")]
    pub state: MeetingState,
    pub record: Option<String>,
    #[serde(skip)]
    pub parcel: String,
    pub digest: String,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for MeetingRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// One that was invited.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct PartyRow {
    pub org: String,
    pub name: String,
    pub attended: bool,
    pub persons: String,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct TopicRow {
    pub id: String,
    pub title: String,
    pub source: String,
    pub href: String,
    /// Names and their addresses, as JSON.
    pub names: String,
    pub school: Option<String>,
    pub project: Option<String>,
    pub clause: String,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct DecisionRow {
    pub id: String,
    pub topic: String,
    pub text: String,
    pub owner: String,
    pub owner_name: String,
    pub due: Date,
    pub school: Option<String>,
    pub project: Option<String>,
    pub clause: String,
}

macro_rules! columns {
    ($parcel:literal) => {
        concat!(
            "SELECT m.id, m.host, h.name AS host_name, m.kind, m.title, m.on_day, m.at_time, m.place, m.minutes, m.state, m.record, ",
            $parcel,
            " AS parcel, m.digest, m.revision, m.version FROM meeting m JOIN org h ON h.id = m.host WHERE ",
            meeting_in_scope!()
        )
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR m.title LIKE :q ESCAPE '!' OR h.name LIKE :q ESCAPE '!') AND (:kind = '' OR m.kind = :kind) AND (:state = '' OR m.state = :state) \
         AND (:side = '' OR (:side = 'host' AND m.host = :own) OR (:side = 'invited' AND EXISTS (SELECT 1 FROM meeting_party v \
         WHERE v.meeting = m.id AND v.org = :own)))"
    };
}

list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM meeting m JOIN org h ON h.id = m.host WHERE ", meeting_in_scope!(), filter!()),
    rows: concat!(columns!("''"), filter!()),
    usual: "m.on_day DESC, m.id DESC",
    tie: "m.id",
    orders: { title: "m.title", day: "m.on_day", host: "h.sort_key" },
    unsorted: [place, state],
}
sql! { SHOW: scoped, concat!(columns!("m.parcel"), " AND m.id = $4") }
sql! { FOUND_AS: unscoped("by what a meeting is found; whoever may see it is asked again before it is shown"),
"SELECT title FROM meeting WHERE id = $1" }
sql! { NEXT_IDS: unscoped("ids alone, for what is kept of every meeting"),
"SELECT id FROM meeting WHERE id > $1 ORDER BY id LIMIT $2" }
// The one before, of the same series.
sql! { LAST_CLOSED: scoped, concat!(columns!("m.parcel"),
" AND m.host = $4 AND m.kind = $5 AND m.state = 'closed' AND (m.on_day < $6 OR (m.on_day = $6 AND m.id < $7)) \
ORDER BY m.on_day DESC, m.id DESC LIMIT 1") }
sql! { ANNOUNCED_BY: scoped, concat!(columns!("''"),
" AND m.host = $4 AND m.state = 'announced' ORDER BY m.on_day, m.id LIMIT 50") }
sql! { INVITED_TO: scoped, concat!(columns!("''"),
" AND m.state = 'announced' AND m.on_day >= $3 AND EXISTS (SELECT 1 FROM meeting_party v WHERE v.meeting = m.id AND v.org = $4) \
ORDER BY m.on_day, m.id LIMIT 20") }
// Those of a series that were announced or held in these days: no more than one a day.
sql! { IN_PERIOD: scoped, concat!(columns!("''"),
" AND m.host = $4 AND m.kind = $5 AND m.on_day >= $6 AND m.on_day <= $7 AND m.state <> 'cancelled' ORDER BY m.on_day LIMIT 400") }
// What a host has on an agenda now, and what of single schools it has spoken of already.
sql! { TAKEN_BY: scoped, concat!(
"SELECT t.source FROM meeting_topic t JOIN meeting m ON m.id = t.meeting WHERE ", meeting_in_scope!(),
" AND m.host = $4 AND t.source <> '' AND (m.state = 'announced' OR (m.state = 'closed' AND t.source LIKE 'month:%'))") }

sql! { PARTIES: unscoped("of a meeting that was found in scope"),
"SELECT p.org, o.name, p.attended, p.persons FROM meeting_party p JOIN org o ON o.id = p.org WHERE p.meeting = $1 ORDER BY o.sort_key" }
sql! { TOPICS: unscoped("of a meeting that was found in scope"),
"SELECT t.id, t.title, t.source, t.href, t.names, t.school, t.project, t.clause FROM meeting_topic t WHERE t.meeting = $1 \
ORDER BY t.place, t.id" }
sql! { DECISIONS: unscoped("of a meeting that was found in scope"),
"SELECT d.id, d.topic, d.text, d.owner, o.name AS owner_name, d.due, d.school, d.project, d.clause FROM meeting_decision d \
JOIN org o ON o.id = d.owner WHERE d.meeting = $1 ORDER BY d.id" }
// Of addresses that a topic names: what of it the caller may open.
sql! { SEEN_ORGS: scoped, concat!("SELECT o.id FROM org o WHERE ", org_in_scope!("o")) }
sql! { SEEN_PROJECT: scoped, concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM project j JOIN pairing p ON p.id = j.pairing WHERE ", pairing_in_scope!("p"), " AND j.id = $4") }

sql! { INSERT: unscoped("a new row of the caller's own organisation") by name,
"INSERT INTO meeting (id, host, kind, title, on_day, at_time, place, minutes, state, record, parcel, digest, revision, version) \
VALUES (:id, :host, :kind, :title, :on_day, :at_time, :place, '', 'announced', NULL, '', '', 1, 1)" }
sql! { INSERT_PARTY: on MeetingRow,
"INSERT INTO meeting_party (meeting, org, attended, persons) VALUES ($1, $2, TRUE, '')" }
sql! { SET_PARTY: on MeetingRow,
"UPDATE meeting_party SET attended = $3, persons = $4 WHERE meeting = $1 AND org = $2" }
sql! { DROP_PARTY: on MeetingRow, "DELETE FROM meeting_party WHERE meeting = $1 AND org = $2" }
sql! { INSERT_TOPIC: on MeetingRow by name,
"INSERT INTO meeting_topic (meeting, id, place, title, source, href, names, school, project, clause) \
VALUES ($1, :id, :place, :title, :source, :href, :names, :school, :project, :clause)" }
sql! { DROP_TOPIC: on MeetingRow, "DELETE FROM meeting_topic WHERE meeting = $1 AND id = $2" }
sql! { INSERT_DECISION: on MeetingRow by name,
"INSERT INTO meeting_decision (meeting, id, topic, text, owner, due, school, project, clause) \
VALUES ($1, :id, :topic, :text, :owner, :due, :school, :project, :clause)" }
sql! { DROP_DECISION: on MeetingRow, "DELETE FROM meeting_decision WHERE meeting = $1 AND id = $2" }

sql! { EDIT: versioned on MeetingRow,
"UPDATE meeting SET state = $3, title = $4, on_day = $5, at_time = $6, place = $7" }
sql! { ATTEND: versioned on MeetingRow, "UPDATE meeting SET state = $3, minutes = $4" }
sql! { MOVE: versioned on MeetingRow, "UPDATE meeting SET state = $3" }
sql! { CLOSE: versioned on MeetingRow, "UPDATE meeting SET state = $3, record = $4, parcel = $5, digest = $6" }
