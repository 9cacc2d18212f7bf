//! SQL of remarks: who said it, to whom, and those above the two see it.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, sql};
use serde::Serialize;

text_enum! {
    pub enum RemarkState {
        Open = "open",
        Answered = "answered",
        Closed = "closed",
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct RemarkRow {
    pub id: String,
    pub indicator: String,
    pub cut: String,
    pub label: String,
    pub author: String,
    pub author_name: String,
    pub about: String,
    pub about_name: String,
    pub text: String,
    pub made_on: Date,
    #[sqlx(try_from = "String")]
    pub state: RemarkState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for RemarkRow {
    fn key(&self) -> &str {
        &self.id
    }
}

macro_rules! in_scope {
    () => {
        "((a.path >= $1 AND a.path < $2) OR (b.path >= $1 AND b.path < $2)) AND CAST($3 AS DATE) IS NOT NULL"
    };
}

macro_rules! joins {
    () => {
        "FROM figure_remark k JOIN org a ON a.id = k.author JOIN org b ON b.id = k.about WHERE "
    };
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT k.id, k.indicator, k.cut, k.label, k.author, a.name AS author_name, k.about, b.name AS about_name, k.text, \
             k.made_on, k.state, k.revision, k.version ",
            joins!(),
            in_scope!()
        )
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR k.text LIKE :q ESCAPE '!' OR k.label LIKE :q ESCAPE '!' OR b.name LIKE :q ESCAPE '!') AND (:state = '' OR k.state = :state) \
         AND (:side = '' OR (:side = 'mine' AND k.about = :own) OR (:side = 'said' AND k.author = :own))"
    };
}

list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) ", joins!(), in_scope!(), filter!()),
    rows: concat!(columns!(), filter!()),
    usual: "CASE k.state WHEN 'closed' THEN 1 ELSE 0 END, k.made_on DESC, k.id DESC",
    tie: "k.id",
    orders: { figure: "k.label", about: "b.sort_key", author: "a.sort_key", made_on: "k.made_on" },
    unsorted: [text, state],
}
sql! { SHOW: scoped, concat!(columns!(), " AND k.id = $4") }
sql! { AT: scoped, concat!(columns!(), " AND k.indicator = $4 AND k.cut = $5 ORDER BY k.made_on DESC, k.id DESC LIMIT 50") }
// What waits for an answer of one's own, and what was answered to one.
sql! { WAITING: scoped, concat!(columns!(), " AND ((k.about = $4 AND k.author <> $4 AND k.state = 'open') \
OR (k.author = $4 AND k.state = 'answered')) ORDER BY k.made_on, k.id LIMIT 50") }

sql! { INSERT: unscoped("a new row; that whom it is about is visible was asked") by name,
"INSERT INTO figure_remark (id, indicator, cut, label, author, about, text, made_on, state, revision, version) \
VALUES (:id, :indicator, :cut, :label, :author, :about, :text, :made_on, 'open', 1, 1)" }
sql! { MOVE: versioned on RemarkRow, "UPDATE figure_remark SET state = $3" }
