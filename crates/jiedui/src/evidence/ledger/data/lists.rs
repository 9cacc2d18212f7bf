//! The ledger's list, which grows without end: five ways to find a page, each from an index, with the same filters.
//!
//! * [`LIST`] walks the entries by day, the newest first: for whoever sees many pairings.
//! * [`OF_STATE`], [`OF_ACTIVITY`] and [`OF_CLAIMANT`] do so among those of one state, activity or claimant: what is rare
//!   would be looked for through all days.
//! * [`NARROW`] takes the entries of few pairings and sorts them.

use crate::shared::confirmation::{State, stands, waits};
use jiedui_kernel::{Date, Instant};
use jiedui_store::{list, pairing_in_scope, person_records, sql};
use serde::{Deserialize, Serialize};

/// How many pairings an address and the caller's scope leave, among how many.
#[derive(Debug, sqlx::FromRow)]
pub struct ReachRow {
    pub found: i64,
    pub all_pairings: i64,
}

// By names of schools and of helpers; who else claims (a bureau) is no party of a pairing.
macro_rules! parties_named {
    () => {
        "(:pairing = '' OR p.id = :pairing) AND (:q = '' OR EXISTS (SELECT 1 FROM pairing_party qp JOIN org qo ON qo.id = qp.org \
         WHERE qp.pairing = p.id AND qo.name LIKE :q ESCAPE '!'))"
    };
}

sql! { REACH: scoped by name, concat!(
"SELECT CAST((SELECT COUNT(*) FROM pairing p WHERE ", pairing_in_scope!("p"), " AND ", parties_named!(), ") AS BIGINT) AS found, \
CAST((SELECT COUNT(*) FROM pairing) AS BIGINT) AS all_pairings") }

// What the columns of an entry, or small tables, tell: nothing is joined to the rows that are passed over.
macro_rules! filter {
    () => {
        concat!(
            " AND (:activities = '' OR :activities LIKE '%,' || e.activity || ',%') \
             AND (:pairing = '' OR e.pairing = :pairing) AND (:q = '' \
             OR e.pairing IN (SELECT qp.id FROM pairing qp JOIN org qc ON qc.id = qp.county_school WHERE qc.name LIKE :q ESCAPE '!') \
             OR e.claimant IN (SELECT qo.id FROM org qo WHERE qo.name LIKE :q ESCAPE '!')) \
             AND e.to_day >= :since AND e.to_day <= :until AND (:claimant = '' OR e.claimant = :claimant) \
             AND (:answerer = '' OR (",
            waits!("e"),
            " AND (e.answerer = :answerer OR (:settles AND e.claimed_at < :cutoff)))) AND (:typical = '' \
             OR e.pairing IN (SELECT tp.id FROM pairing tp JOIN org tc ON tc.id = tp.county_school \
             JOIN division td ON td.code = tc.division WHERE (:typical = 'typical' AND td.typical_class <> '') \
             OR (:typical = 'other' AND td.typical_class = '')))"
        )
    };
}

// COALESCE keeps the engines from taking the entries of each pairing and sorting all of them.
macro_rules! visible {
    () => {
        concat!("COALESCE(e.pairing, '') IN (SELECT p.id FROM pairing p WHERE ", pairing_in_scope!("p"), ")")
    };
}

macro_rules! of_few {
    () => {
        concat!(
            "e.pairing IN (SELECT p.id FROM pairing p WHERE ",
            pairing_in_scope!("p"),
            " AND ",
            parties_named!(),
            ")"
        )
    };
}

macro_rules! any_state {
    () => {
        " AND (:state = '' OR e.state = :state)"
    };
}

/// What the rows are narrowed by, for whoever asks for them again later: an address read once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filters {
    pub activities: String,
    pub state: Option<State>,
    pub pairing: String,
    pub q: String,
    pub since: Date,
    pub until: Date,
    pub claimant: String,
    pub answerer: String,
    pub settles: bool,
    pub cutoff: Instant,
    pub typical: String,
}

impl Filters {
    /// The state as statements take it.
    pub fn state(&self) -> &'static str {
        self.state.map_or("", State::text)
    }
}

// What counts of one person's work: as who did it, as the own person of a helper in joint work, or as who took part.
sql! { OF_PERSON: scoped, concat!(columns!(), joins!(), pairing_in_scope!("p"), " AND e.confirmed > 0 AND ", stands!("e"), " \
AND e.to_day >= $5 AND e.from_day <= $6 AND e.id IN (\
SELECT x.id FROM entry x WHERE x.person IN ", person_records!("$4"), " UNION SELECT y.entry FROM entry_part y WHERE y.person IN ", person_records!("$4"),
" UNION SELECT z.entry FROM entry_person z WHERE z.person IN ", person_records!("$4"), ") ORDER BY e.from_day, e.id LIMIT 500") }

// What was done in a pairing on some of these days, the newest first.
sql! { OF_PAIRING: scoped, concat!(columns!(), joins!(), pairing_in_scope!("p"), " AND e.pairing = $4 AND ", stands!("e"),
" AND e.to_day >= $5 AND e.from_day <= $6 ORDER BY e.to_day DESC, e.id DESC LIMIT $7") }

// The same rows for an export, the newest first, each page from where the one before it ended; `:until` is the day of its
// last row by then.
sql! { EXPORTED: scoped by name, concat!(
columns!(), "FROM (SELECT e.id FROM entry e WHERE ", visible!(), any_state!(), filter!(),
" AND (e.to_day < :day OR e.id < :id) ORDER BY e.to_day DESC, e.id DESC LIMIT :most) k CROSS JOIN entry e ", joined!(),
"e.id = k.id ORDER BY e.to_day DESC, e.id DESC") }

// For programs, in the order of ids: of many pairings from the index of ids, of few those of each, sorted. COALESCE keeps the
// engines from walking all entries for the second.
macro_rules! after {
    ($seen:expr, $id:literal) => {
        concat!(
            columns!(),
            "FROM (SELECT e.id FROM entry e WHERE ",
            $seen,
            " AND ",
            $id,
            " > $4 ORDER BY ",
            $id,
            " LIMIT $5) k CROSS JOIN entry e ",
            joined!(),
            "e.id = k.id ORDER BY e.id"
        )
    };
}
sql! { AFTER: scoped, after!(visible!(), "e.id") }
sql! { AFTER_OF_FEW: scoped,
after!(concat!("e.pairing IN (SELECT p.id FROM pairing p WHERE ", pairing_in_scope!("p"), ")"), "COALESCE(e.id, '')") }

macro_rules! entries {
    ($name:ident, $seen:expr, $state:expr) => {
        list! { $name: scoped,
            count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM entry e WHERE ", $seen, $state, filter!()),
            rows: concat!(columns!(), joins!(), $seen, $state, filter!()),
            usual: "e.to_day DESC, e.id DESC" among {
                concat!(columns!(), "FROM ("),
                concat!("SELECT e.id FROM entry e WHERE ", $seen, $state, filter!()),
                concat!("entry e ", joined!(), "e.id = k.id")
            },
            tie: "e.id",
            orders: {
                span: "e.from_day",
                county_school: "c.sort_key",
                typical: "NULLIF(d.typical_class, '')" nullable,
                claimant: "cl.sort_key",
                claimed: "e.quantity",
                confirmed: "e.confirmed",
                state: "e.state",
            },
            unsorted: [activity, person],
        }
    };
}

entries! { LIST, visible!(), any_state!() }
entries! { OF_STATE, visible!(), " AND e.state = :state" }
entries! { OF_ACTIVITY, visible!(), concat!(" AND e.activity = :activity", any_state!()) }
entries! { OF_CLAIMANT, visible!(), concat!(" AND e.claimant = :claimant", any_state!()) }
entries! { NARROW, of_few!(), any_state!() }
