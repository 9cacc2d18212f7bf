//! SQL of questions, kept answers, and who was asked for the rest.

use crate::shared::review::text_enum;
use jiedui_kernel::{Date, Instant};
use jiedui_store::{Keyed, list, org_in_scope, sql};

text_enum! {
    /// How the answer is divided.
    pub enum Split {
        Whole = "whole",
        City = "city",
        County = "county",
        School = "school",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct QuestionRow {
    pub id: String,
    pub host: String,
    pub host_name: String,
    pub host_kind: String,
    pub title: String,
    pub figures: String,
    pub names: String,
    pub year: i64,
    pub first_month: i64,
    pub last_month: i64,
    #[sqlx(try_from = "String")]
    pub split: Split,
    pub as_of: Option<Date>,
    pub asked_on: Date,
    pub answers: i64,
    pub asked_until: Option<Date>,
    pub version: i64,
}

impl Keyed for QuestionRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// An answer as it was kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AnswerRow {
    pub number: i64,
    pub as_of: Date,
    pub kept_at: Instant,
    pub text: String,
    pub digest: String,
}

/// A school that was asked for what it lacks.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RequestRow {
    pub id: String,
    pub question: String,
    pub title: String,
    pub host: String,
    pub host_name: String,
    pub school: String,
    pub school_name: String,
    pub year: i64,
    pub due: Date,
    pub asked_on: Date,
    pub cancelled_on: Option<Date>,
}

impl Keyed for RequestRow {
    fn key(&self) -> &str {
        &self.id
    }
}

impl RequestRow {
    pub fn year(&self) -> i32 {
        i32::try_from(self.year).unwrap_or_default()
    }
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT q.id, q.host, h.name AS host_name, h.kind AS host_kind, q.title, q.figures, q.names, q.year, q.first_month, \
             q.last_month, q.split, q.as_of, q.asked_on, q.answers, q.asked_until, q.version \
             FROM question q JOIN org h ON h.id = q.host WHERE ",
            org_in_scope!("h")
        )
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR q.title LIKE :q ESCAPE '!' OR q.names LIKE :q ESCAPE '!') AND (:figure = '' OR q.figures LIKE :figure ESCAPE '!') \
         AND (:side = '' OR (:side = 'mine' AND q.host = :own) OR (:side = 'others' AND q.host <> :own))"
    };
}

list! { LIST: scoped,
    count: concat!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM question q JOIN org h ON h.id = q.host WHERE ", org_in_scope!("h"), filter!()
    ),
    rows: concat!(columns!(), filter!()),
    usual: "q.asked_on DESC, q.id DESC",
    tie: "q.id",
    orders: { title: "q.title", host: "h.sort_key", asked: "q.asked_on", answers: "q.answers" },
    unsorted: [names, period],
}
sql! { SHOW: scoped, concat!(columns!(), " AND q.id = $4") }
sql! { WITH_FIGURE: scoped, concat!(columns!(), " AND q.figures LIKE $4 ESCAPE '!' ORDER BY q.asked_on DESC, q.id DESC LIMIT 20") }
sql! { ANSWERS_OF: unscoped("after the question was found in scope"),
"SELECT number, as_of, kept_at, text, digest FROM question_answer WHERE question = $1 ORDER BY number DESC LIMIT 200" }
sql! { ANSWER: unscoped("after the question was found in scope"),
"SELECT number, as_of, kept_at, text, digest FROM question_answer WHERE question = $1 AND number = $2" }
sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM question WHERE id > $1 AND answers > 0 ORDER BY id LIMIT $2" }

macro_rules! requests {
    () => {
        concat!(
            "SELECT r.id, r.question, q.title, q.host, h.name AS host_name, r.school, s.name AS school_name, r.year, r.due, \
             r.asked_on, r.cancelled_on FROM question_request r JOIN question q ON q.id = r.question \
             JOIN org h ON h.id = q.host JOIN org s ON s.id = r.school WHERE ",
            org_in_scope!("s")
        )
    };
}

sql! { REQUEST: scoped, concat!(requests!(), " AND r.id = $4") }
sql! { REQUESTS_OF: scoped, concat!(requests!(), " AND r.question = $4 ORDER BY r.asked_on DESC, s.sort_key LIMIT 1000") }
// Whoever asked: a school is asked for one year by one office at a time.
sql! { RUNNING: scoped, concat!(requests!(), " AND r.year = $4 AND r.cancelled_on IS NULL AND r.due >= $3 ORDER BY r.due, r.id") }
sql! { OWED: scoped, concat!(requests!(), " AND r.school = $4 AND r.cancelled_on IS NULL ORDER BY r.due, r.id LIMIT 200") }

sql! { INSERT: unscoped("a new row of the caller's own organisation") by name,
"INSERT INTO question (id, host, title, figures, names, year, first_month, last_month, split, as_of, asked_on, answers, \
asked_until, version) VALUES (:id, :host, :title, :figures, :names, :year, :first_month, :last_month, :split, :as_of, :asked_on, \
0, NULL, 1)" }
sql! { KEEP: versioned on QuestionRow, "UPDATE question SET answers = $3" }
sql! { PUT_ANSWER: on QuestionRow,
"INSERT INTO question_answer (question, number, as_of, kept_at, text, digest) VALUES ($1, $2, $3, $4, $5, $6)" }
sql! { ASK_UNTIL: versioned on QuestionRow, "UPDATE question SET asked_until = $3" }
sql! { PUT_REQUEST: on QuestionRow,
"INSERT INTO question_request (question, id, school, year, due, asked_on, cancelled_on) VALUES ($1, $2, $3, $4, $5, $6, NULL)" }
sql! { CANCEL: on RequestRow, "UPDATE question_request SET cancelled_on = $2 WHERE id = $1" }
