//! SQL of complaints.

use crate::shared::review::text_enum;
use jiedui_kernel::{Date, Instant};
use jiedui_store::{Keyed, list, sql};
use serde::Serialize;

text_enum! {
    /// Whose word is waited for.
    pub enum ComplaintState {
        /// The office's.
        Open = "open",
        /// The author's, on the answer.
        Answered = "answered",
        Closed = "closed",
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct ComplaintRow {
    pub id: String,
    /// Absent where the author does not want to be named.
    pub org: Option<String>,
    pub org_name: Option<String>,
    pub author: String,
    pub kind: String,
    pub page: String,
    pub words: String,
    #[sqlx(try_from = "String")]
    pub state: ComplaintState,
    pub round: i64,
    pub opened_on: Date,
    pub due_on: Date,
    pub answered_on: Option<Date>,
    /// yes, no; "" as long as the author has not said.
    pub content_with: String,
    pub form: String,
    pub changed: String,
    pub version: i64,
    /// 1 where the caller wrote it.
    pub mine: i64,
}

impl Keyed for ComplaintRow {
    fn key(&self) -> &str {
        &self.id
    }
}

impl ComplaintRow {
    /// Its beginning, where all of it would be too long.
    pub fn excerpt(&self) -> String {
        match self.words.char_indices().nth(60) {
            Some((at, _)) => format!("{}…", self.words.get(..at).unwrap_or_default()),
            None => self.words.clone(),
        }
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WordRow {
    pub at: Instant,
    pub kind: String,
    pub name: String,
    pub org_name: String,
    pub words: String,
}

// `:all` says whether one answers for the office, `:org` is one's organisation, `:account` one's account.
macro_rules! columns {
    () => {
        "SELECT c.id, c.org, o.name AS org_name, c.author, c.kind, c.page, w.words, c.state, c.round, c.opened_on, \
         c.due_on, c.answered_on, c.content_with, c.form, c.changed, c.version, \
         CAST(CASE WHEN c.account = :account AND :account <> '' THEN 1 ELSE 0 END AS BIGINT) AS mine \
         FROM complaint c JOIN complaint_word w ON w.complaint = c.id AND w.kind = 'complain' \
         LEFT JOIN org o ON o.id = c.org WHERE "
    };
}

macro_rules! reach {
    () => {
        "(:all OR c.org = :org OR (c.account = :account AND :account <> ''))"
    };
}

macro_rules! filter {
    () => {
        " AND (:kind = '' OR c.kind = :kind) AND (:state = '' OR c.state = :state \
         OR (:state = 'late' AND c.state = 'open' AND c.due_on < :today)) AND (:form = '' OR c.form = :form)"
    };
}

list! { LIST: unscoped("one's own, one's organisation's, or all for the office that answers"),
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM complaint c WHERE ", reach!(), filter!()),
    rows: concat!(columns!(), reach!(), filter!()),
    usual: "CASE c.state WHEN 'open' THEN 0 WHEN 'answered' THEN 1 ELSE 2 END, \
            CASE c.state WHEN 'open' THEN c.due_on END, c.id DESC",
    tie: "c.id",
    orders: {
        author: "o.sort_key" nullable,
        made: "c.opened_on",
        due: "c.due_on",
        state: "CASE c.state WHEN 'open' THEN 0 WHEN 'answered' THEN 1 ELSE 2 END",
    },
    unsorted: [content, kind, form],
}
sql! { SHOW: own("one's own, one's organisation's, or all for the office that answers") by name, concat!(
columns!(), reach!(), " AND c.id = :id") }
sql! { WORDS_OF: unscoped("after the complaint was found"),
"SELECT at, kind, name, org_name, words FROM complaint_word WHERE complaint = $1 ORDER BY id" }

sql! { COUNTS: unscoped("numbers only, which everybody may see"),
"SELECT CAST(COUNT(*) AS BIGINT) AS open, CAST(COUNT(CASE WHEN due_on < $1 THEN 1 END) AS BIGINT) AS late, \
CAST(COUNT(CASE WHEN kind = 'duplicate' THEN 1 END) AS BIGINT) AS duplicates FROM complaint WHERE state = 'open'" }

macro_rules! desk_columns {
    () => {
        "SELECT c.id, c.org, o.name AS org_name, c.author, c.kind, c.page, w.words, c.state, c.round, c.opened_on, \
         c.due_on, c.answered_on, c.content_with, c.form, c.changed, c.version, CAST(0 AS BIGINT) AS mine \
         FROM complaint c JOIN complaint_word w ON w.complaint = c.id AND w.kind = 'complain' \
         LEFT JOIN org o ON o.id = c.org WHERE "
    };
}

sql! { OPEN: unscoped("the office answers everybody; its right is asked by the caller"), concat!(
desk_columns!(), "c.state = 'open' ORDER BY c.due_on, c.id") }
sql! { TO_JUDGE: unscoped("one's own, by one's account"), concat!(
desk_columns!(), "c.state = 'answered' AND c.account = $1 AND $1 <> '' ORDER BY c.answered_on, c.id") }

sql! { INSERT: unscoped("a new row of the caller"),
"INSERT INTO complaint (id, account, org, author, kind, page, state, round, opened_on, due_on, answered_on, content_with, \
form, changed, version) VALUES ($1, $2, $3, $4, $5, $6, 'open', 1, $7, $8, NULL, '', '', '', 1)" }
sql! { SAY: unscoped("about a complaint that was found, or is being made"),
"INSERT INTO complaint_word (id, complaint, at, kind, name, org_name, words) VALUES ($1, $2, $3, $4, $5, $6, $7)" }
sql! { ANSWER: versioned on ComplaintRow,
"UPDATE complaint SET state = 'answered', form = $3, changed = $4, answered_on = $5", and "state = 'open'" }
sql! { MARK: versioned on ComplaintRow,
"UPDATE complaint SET form = $3, changed = $4" }
sql! { REOPEN: versioned on ComplaintRow,
"UPDATE complaint SET state = 'open', round = round + 1, due_on = $3", and "state = 'answered'" }
sql! { CLOSE: versioned on ComplaintRow,
"UPDATE complaint SET state = 'closed', content_with = $3", and "state = 'answered'" }

// What the table holds of an author, for the test that somebody unnamed is not in it.
#[cfg(test)]
sql! { TEST_KEPT: unscoped("read by a test, which sees everything"),
"SELECT c.org, c.author, w.name FROM complaint c JOIN complaint_word w ON w.complaint = c.id WHERE c.id = $1" }
