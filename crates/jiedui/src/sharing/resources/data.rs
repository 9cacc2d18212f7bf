//! SQL of the library. What is shared is for everybody who may read the library, wherever it comes from; what was withdrawn
//! only its school sees, and the bureaus above it.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, list, rows, sql};

text_enum! {
    pub enum ItemState {
        Shared = "shared",
        Nominated = "nominated",
        Model = "model",
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    pub enum UseState {
        Stated = "stated",
        TakenBack = "taken_back",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ItemRow {
    pub id: String,
    pub owner: String,
    pub owner_name: String,
    pub owner_path: String,
    pub kind: String,
    pub title: String,
    pub about: String,
    pub major: String,
    pub task: String,
    pub licence: String,
    pub holder: String,
    pub output: Option<String>,
    pub place: i64,
    pub edition: i64,
    pub shared_on: Date,
    #[sqlx(try_from = "String")]
    pub state: ItemState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for ItemRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// An item as the list shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ItemLine {
    pub id: String,
    pub owner_name: String,
    pub kind: String,
    pub title: String,
    pub licence: String,
    pub shared_on: Date,
    #[sqlx(try_from = "String")]
    pub state: ItemState,
    /// How many schools say that they used it.
    pub uses: i64,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EditionRow {
    pub edition: i64,
    pub hash: String,
    pub size: i64,
    pub mime: String,
    pub name: String,
    pub note: String,
    pub added_on: Date,
}

/// A content, and one of the editions that name it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ContentRow {
    pub hash: String,
    pub item: String,
    pub edition: i64,
}

/// What a school says that it used.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UseRow {
    pub id: String,
    pub item: String,
    pub title: String,
    pub school: String,
    pub school_name: String,
    pub subject: String,
    pub semester: String,
    pub stated_on: Date,
    #[sqlx(try_from = "String")]
    pub state: UseState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for UseRow {
    fn key(&self) -> &str {
        &self.id
    }
}

// Everything that is searched for and filtered by is a term; the first is the rarest, from which the index is read. The
// newest items stand first in it, so that a page costs no sorting. What two common words have in common takes long to be counted, and
// beyond a thousand nobody reads how many there are.
macro_rules! wanted {
    () => {
        "k.term = :t1 AND (:t2 = '' OR EXISTS (SELECT 1 FROM library_term x WHERE x.term = :t2 AND x.place = k.place)) \
         AND (:t3 = '' OR EXISTS (SELECT 1 FROM library_term x WHERE x.term = :t3 AND x.place = k.place)) \
         AND (:t4 = '' OR EXISTS (SELECT 1 FROM library_term x WHERE x.term = :t4 AND x.place = k.place)) \
         AND (:t5 = '' OR EXISTS (SELECT 1 FROM library_term x WHERE x.term = :t5 AND x.place = k.place)) \
         AND (:t6 = '' OR EXISTS (SELECT 1 FROM library_term x WHERE x.term = :t6 AND x.place = k.place)) \
         AND (:t7 = '' OR EXISTS (SELECT 1 FROM library_term x WHERE x.term = :t7 AND x.place = k.place)) \
         AND (:t8 = '' OR EXISTS (SELECT 1 FROM library_term x WHERE x.term = :t8 AND x.place = k.place))"
    };
}

list! { LIST: unscoped("what is shared is for everybody who reads the library; what was withdrawn has only the term of its school"),
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM library_term k WHERE ", wanted!()),
    rows: concat!(
        "SELECT i.id, o.name AS owner_name, i.kind, i.title, i.licence, i.shared_on, i.state, \
         (SELECT CAST(COUNT(DISTINCT u.school) AS BIGINT) FROM library_use u WHERE u.item = i.id AND u.state = 'stated') AS uses \
         FROM library_term k CROSS JOIN library_item i JOIN org o ON o.id = i.owner WHERE i.place = k.place AND ", wanted!()
    ),
    usual: "k.place DESC",
    tie: "k.place",
    orders: { shared: "k.place" },
    unsorted: [title, kind, owner, licence, uses, state],
    counted: (1_000, "1001"),
}
// How common a term is; more than so many is common.
sql! { FREQUENCY: unscoped("says of how many shared items a term is, and of none which"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM library_term WHERE term = $1 LIMIT 3000) AS counted" }

macro_rules! items {
    () => {
        "SELECT i.id, i.owner, o.name AS owner_name, o.path AS owner_path, i.kind, i.title, i.about, i.major, i.task, i.licence, \
         i.holder, i.output, i.place, i.edition, i.shared_on, i.state, i.revision, i.version FROM library_item i \
         JOIN org o ON o.id = i.owner WHERE ((o.path >= $1 AND o.path < $2) OR i.state <> 'withdrawn') AND CAST($3 AS DATE) IS NOT NULL"
    };
}

sql! { SHOW: scoped, concat!(items!(), " AND i.id = $4") }
sql! { NOMINATED: scoped, concat!(
items!(), " AND o.path >= $1 AND o.path < $2 AND i.state = $4 ORDER BY i.id LIMIT 200") }
sql! { TWIN: unscoped("of the caller's own organisation: whether it shares this content already"),
"SELECT i.title FROM library_edition e JOIN library_item i ON i.id = e.item AND i.edition = e.edition \
WHERE e.hash = $1 AND i.owner = $2 AND i.state <> $3 ORDER BY i.id LIMIT 1" }

sql! { INSERT: unscoped("a new row in the name of the caller's own organisation") by name,
"INSERT INTO library_item (id, owner, kind, title, about, major, task, licence, holder, output, place, edition, shared_on, state, \
revision, version) VALUES (:id, :owner, :kind, :title, :about, :major, :task, :licence, :holder, NULL, :place, 1, :shared_on, 'shared', \
1, 1)" }
sql! { TAKE_TURN: housekeeping("a row lock that both engines know; says nothing"),
"UPDATE library_turn SET n = n + 1 WHERE id = 1" }
sql! { TURN: free, "SELECT n FROM library_turn WHERE id = 1" }
sql! { MOVE: versioned on ItemRow, "UPDATE library_item SET state = $3" }
sql! { NOMINATE: versioned on ItemRow, "UPDATE library_item SET state = $3, output = $4" }
sql! { RENEW: versioned on ItemRow, "UPDATE library_item SET state = $3, edition = $4, revision = $5" }

sql! { EDITIONS_OF: unscoped("after the item was found in scope"),
"SELECT edition, hash, size, mime, name, note, added_on FROM library_edition WHERE item = $1 ORDER BY edition DESC" }
sql! { ADD_EDITION: on ItemRow,
"INSERT INTO library_edition (item, edition, hash, size, mime, name, note, added_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" }

// Each content once, with one of those that name it.
sql! { CONTENTS: unscoped("the comparison of all contents with the folder, by the system"),
"SELECT hash, MIN(item) AS item, MIN(edition) AS edition FROM library_edition WHERE hash > $1 GROUP BY hash ORDER BY hash LIMIT $2" }
sql! { NAMED: unscoped("which contents of a shelf somebody names, by the system"),
"SELECT DISTINCT hash FROM library_edition WHERE hash >= $1 AND hash < $2" }

sql! { CLEAR_TERMS: on ItemRow, "DELETE FROM library_term WHERE place = (SELECT place FROM library_item WHERE id = $1)" }
rows! { ADD_TERMS: unscoped("terms of an item that its owner or the office has just changed") library_term (term, place) }

macro_rules! uses {
    () => {
        "SELECT u.id, u.item, i.title, u.school, s.name AS school_name, u.subject, u.semester, u.stated_on, u.state, u.revision, \
         u.version FROM library_use u JOIN library_item i ON i.id = u.item JOIN org s ON s.id = u.school WHERE "
    };
}

sql! { USES_OF: unscoped("after the item was found in scope: who uses what is shared is for everybody to see"), concat!(
uses!(), "u.item = $1 AND u.state = $2 ORDER BY u.stated_on DESC, u.id DESC LIMIT 500") }
sql! { USE: scoped, concat!(uses!(), "s.path >= $1 AND s.path < $2 AND CAST($3 AS DATE) IS NOT NULL AND u.id = $4") }
sql! { STATE_USE: on ItemRow,
"INSERT INTO library_use (item, id, school, subject, semester, stated_on, state, revision, version) \
VALUES ($1, $2, $3, $4, $5, $6, 'stated', 1, 1)" }
sql! { MOVE_USE: versioned on UseRow, "UPDATE library_use SET state = $3" }
