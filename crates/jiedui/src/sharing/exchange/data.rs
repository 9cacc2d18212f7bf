//! SQL of exchanges: whoever had a table sent or taken in sees it, and the offices above.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, sql};

text_enum! {
    pub enum RunState {
        UnderWay = "under_way",
        Done = "done",
        GivenUp = "given_up",
    }
}

/// A table that goes or went, comes or came.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RunRow {
    pub id: String,
    /// Id in the programme.
    pub exchange: String,
    pub org: String,
    pub org_name: String,
    pub incoming: bool,
    pub by_file: bool,
    pub number: i64,
    pub digest: String,
    pub total: i64,
    pub accepted: i64,
    pub refused: i64,
    pub began_on: Date,
    pub ended_on: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: RunState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for RunRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// A part that is still to be sent.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BatchRow {
    pub place: i64,
    pub in_front: i64,
    pub total: i64,
    pub content: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RefusalRow {
    /// The batch; 0 where it was refused on this side.
    pub place: i64,
    pub line: i64,
    pub known_by: String,
    pub field: String,
    pub words: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ValueRow {
    pub school: String,
    pub school_name: String,
    pub field: String,
    pub value: i64,
}

macro_rules! columns {
    () => {
        "SELECT x.id, x.exchange, x.org, o.name AS org_name, x.incoming, x.by_file, x.number, x.digest, x.total, x.accepted, \
         x.refused, x.began_on, x.ended_on, x.state, x.revision, x.version FROM exchange_run x JOIN org o ON o.id = x.org WHERE "
    };
}

macro_rules! in_scope {
    () => {
        "o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL"
    };
}

sql! { SHOW: scoped, concat!(columns!(), in_scope!(), " AND x.id = $4") }
sql! { RUNS: scoped, concat!(columns!(), in_scope!(), " AND x.exchange = $4 ORDER BY x.id DESC LIMIT 20") }
sql! { UNDER_WAY: scoped, concat!(columns!(), in_scope!(), " AND x.org = $4 AND x.state = $5 ORDER BY x.id LIMIT 20") }
sql! { LAST: unscoped("the number and the content of the last transfer, whoever made it: there is one other side"),
concat!(columns!(), "x.exchange = $1 AND x.state <> 'given_up' ORDER BY x.number DESC LIMIT 1") }

sql! { INSERT: unscoped("a new row in the name of the caller's own organisation") by name,
"INSERT INTO exchange_run (id, exchange, org, incoming, by_file, number, digest, total, accepted, refused, began_on, ended_on, \
state, revision, version) VALUES (:id, :exchange, :org, :incoming, :by_file, :number, :digest, :total, 0, :refused, :began_on, \
NULL, 'under_way', 1, 1)" }
sql! { MOVE: versioned on RunRow,
"UPDATE exchange_run SET state = $3, accepted = $4, refused = $5, ended_on = $6" }

sql! { ADD_BATCH: on RunRow,
"INSERT INTO exchange_batch (run, place, in_front, total, content, accepted, answered_on) \
VALUES ($1, $2, $3, $4, $5, NULL, NULL)" }
sql! { TO_SEND: unscoped("after the run was found in scope: what is still to be sent of it"),
"SELECT place, in_front, total, content FROM exchange_batch WHERE run = $1 AND answered_on IS NULL ORDER BY place" }
sql! { SENT: unscoped("after the run was found in scope: what went of it"),
"SELECT place, in_front, total, content FROM exchange_batch WHERE run = $1 ORDER BY place" }
sql! { ACCEPTED: unscoped("after the run was found in scope: how many rows the other side took"),
"SELECT CAST(COALESCE(SUM(accepted), 0) AS BIGINT) FROM exchange_batch WHERE run = $1" }
sql! { ANSWER: on RunRow,
"UPDATE exchange_batch SET accepted = $3, answered_on = $4 WHERE run = $1 AND place = $2 AND answered_on IS NULL" }

sql! { ADD_REFUSAL: on RunRow,
"INSERT INTO exchange_refusal (run, place, line, known_by, field, words) VALUES ($1, $2, $3, $4, $5, $6)" }
sql! { REFUSALS: unscoped("after the run was found in scope: what was not taken of it, as much as one page shows"),
"SELECT place, line, known_by, field, words FROM exchange_refusal WHERE run = $1 ORDER BY place, line, field LIMIT 500" }
// A row may be refused for several reasons, and one that stayed here may have the number of one that went.
sql! { REFUSED: unscoped("after the run was found in scope: how many rows were not taken"),
"SELECT CAST(COUNT(DISTINCT CASE WHEN place = 0 THEN -line ELSE line END) AS BIGINT) FROM exchange_refusal WHERE run = $1" }

sql! { ADD_VALUE: on RunRow, "INSERT INTO exchange_value (run, school, field, value) VALUES ($1, $2, $3, $4)" }
sql! { VALUES: unscoped("after the run was found in scope: what the other side says"),
"SELECT v.school, s.name AS school_name, v.field, v.value FROM exchange_value v JOIN org s ON s.id = v.school \
WHERE v.run = $1 ORDER BY s.sort_key, v.school, v.field" }
