//! SQL of the search. What it yields are ids; each thing is read once more in the scope of the caller before it is shown.

use jiedui_store::{org_in_scope, pairing_in_scope, rows, sql};

/// What is kept of a thing.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptRow {
    pub pairing: String,
    pub org: String,
    pub terms: String,
}

/// How common each of some terms is.
pub type Counts = (i64, i64, i64, i64, i64, i64, i64, i64);

macro_rules! common {
    ($term:literal) => {
        concat!(
            "(SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM search_term WHERE term = ",
            $term,
            " LIMIT 3000) AS counted)"
        )
    };
}

macro_rules! has {
    ($term:literal) => {
        concat!(
            "(",
            $term,
            " = '' OR EXISTS (SELECT 1 FROM search_term y WHERE y.term = ",
            $term,
            " AND y.id = k.id))"
        )
    };
}

// More than so many is common.
sql! { COUNTS: unscoped("says of how many things a term is, and of none which"), concat!(
"SELECT ", common!("$1"), ", ", common!("$2"), ", ", common!("$3"), ", ", common!("$4"), ", ", common!("$5"), ", ",
common!("$6"), ", ", common!("$7"), ", ", common!("$8")) }

// From the rarest term, its newest things first, and no more of them than can be read in some milliseconds.
sql! { SEARCH: scoped by name, concat!(
"SELECT s.id FROM (SELECT x.id FROM search_term x WHERE x.term = :t1 ORDER BY x.id DESC LIMIT 3000) k \
CROSS JOIN search_thing s WHERE s.kind = :kind AND s.id = k.id AND ", has!(":t2"), " AND ", has!(":t3"), " AND ", has!(":t4"),
" AND ", has!(":t5"), " AND ", has!(":t6"), " AND ", has!(":t7"), " AND ", has!(":t8"),
" AND (s.pairing = '' OR s.pairing IN (SELECT p.id FROM pairing p WHERE ", pairing_in_scope!("p"), ")) \
AND (s.org = '' OR s.org IN (SELECT o.id FROM org o WHERE ", org_in_scope!("o"), ")) ORDER BY s.id DESC LIMIT 12") }

sql! { THING: unscoped("the index follows a row that is written in the same transaction"),
"SELECT pairing, org, terms FROM search_thing WHERE kind = $1 AND id = $2" }
sql! { KEPT: unscoped("ids alone, for the comparison with the rows"),
"SELECT id FROM search_thing WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3" }
sql! { TERMS_KEPT: unscoped("a number, for the comparison with the rows"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM search_term" }
rows! { PUT: unscoped("computed from a row that is written in the same transaction")
search_thing (kind, id, pairing, org, terms)
"ON CONFLICT (kind, id) DO UPDATE SET pairing = excluded.pairing, org = excluded.org, terms = excluded.terms" }
sql! { DROP_THING: unscoped("computed from a row that is there no more"),
"DELETE FROM search_thing WHERE kind = $1 AND id = $2" }
rows! { ADD_TERMS: unscoped("computed from a row that is written in the same transaction") search_term (term, id) }
sql! { DROP_TERM: unscoped("computed from a row that is written in the same transaction"),
"DELETE FROM search_term WHERE term = $1 AND id = $2" }
sql! { CLEAR_TERMS: unscoped("all of it is computed from the rows again"), "DELETE FROM search_term" }
sql! { CLEAR_THINGS: unscoped("all of it is computed from the rows again"), "DELETE FROM search_thing" }
