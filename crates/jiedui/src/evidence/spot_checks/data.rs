//! SQL of what is looked at again.

use crate::shared::confirmation::{State, confirmed};
use crate::shared::review::text_enum;
use jiedui_kernel::{Date, Instant};
use jiedui_store::{Keyed, list, pairing_in_scope, same_person, sql};
use serde::Serialize;

text_enum! {
    pub enum CheckState {
        Waiting = "waiting",
        /// It is as it was recorded.
        Held = "held",
        Differs = "differs",
        /// Nobody looked, which is nobody's fault.
        Lapsed = "lapsed",
    }
}

text_enum! {
    /// Why nobody looked.
    pub enum Why {
        Late = "late",
        /// The unit had nobody else.
        Alone = "alone",
        /// The entry was taken back, corrected or withdrawn meanwhile.
        Changed = "changed",
    }
}

/// One month's draw, with everything from which it can be made again.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DrawRow {
    pub month: String,
    pub seed: String,
    pub log_size: i64,
    pub log_root: String,
    pub programme: String,
    pub share_permille: i64,
    pub most_per_unit: i64,
    pub candidates: String,
    pub number: i64,
    pub digest: String,
    pub drawn_at: Instant,
}

/// An entry that was drawn, as the caller stands to it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct CheckRow {
    pub id: String,
    pub month: String,
    pub entry: String,
    pub activity: String,
    pub claimant: String,
    pub claimant_name: String,
    pub county_name: String,
    pub from_day: Date,
    pub to_day: Date,
    #[sqlx(try_from = "String")]
    pub entry_state: State,
    pub unit: String,
    pub unit_name: String,
    /// The bureau above the unit; "" where there is none.
    pub above: String,
    pub due: Date,
    #[sqlx(try_from = "String")]
    pub state: CheckState,
    pub why: String,
    pub looked_by: Option<String>,
    pub looked_name: Option<String>,
    pub looked_at: Option<Instant>,
    pub version: i64,
    /// 1 where the person that asks acted on the entry itself, under whichever account.
    pub handled: i64,
    /// 1 where the unit has no active account that did not.
    pub alone: i64,
}

impl Keyed for CheckRow {
    fn key(&self) -> &str {
        &self.id
    }
}

impl CheckRow {
    /// Whether the person that asks acted on the entry itself, under whichever account.
    pub fn is_handled(&self) -> bool {
        self.handled == 1
    }

    /// Whether the unit has nobody else.
    pub fn is_alone(&self) -> bool {
        self.alone == 1
    }
}

/// A step of an entry's history within a month.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StepRow {
    pub entry: String,
    pub kind: String,
    pub org: String,
    pub change: String,
}

// An account, or another one of the same person, acted on the entry: whatever is said or asked beside it is no act.
macro_rules! acted {
    ($account:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM step hs WHERE hs.resource_id = k.entry AND ",
            same_person!("hs.account", $account),
            " AND hs.kind NOT IN ('urge', 'reply', 'attach', 'detach'))"
        )
    };
}

macro_rules! alone {
    () => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM account_role ar JOIN account a ON a.id = ar.account WHERE ar.org = k.unit AND NOT a.disabled \
             AND NOT ",
            acted!("a.id"),
            ")"
        )
    };
}

macro_rules! joins {
    () => {
        "FROM spot_check k JOIN entry e ON e.id = k.entry JOIN pairing p ON p.id = e.pairing JOIN org c ON c.id = p.county_school \
         JOIN org cl ON cl.id = e.claimant JOIN org u ON u.id = k.unit LEFT JOIN org l ON l.id = k.looked_by WHERE "
    };
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT k.id, k.month, k.entry, e.activity, e.claimant, cl.name AS claimant_name, c.name AS county_name, e.from_day, \
             e.to_day, e.state AS entry_state, k.unit, u.name AS unit_name, COALESCE(u.parent, '') AS above, k.due, k.state, k.why, \
             k.looked_by, l.name AS looked_name, k.looked_at, k.version, CAST(CASE WHEN :account <> '' AND ",
            acted!(":account"),
            " THEN 1 ELSE 0 END AS BIGINT) AS handled, CAST(CASE WHEN ",
            alone!(),
            " THEN 1 ELSE 0 END AS BIGINT) AS alone ",
            joins!(),
            pairing_in_scope!("p")
        )
    };
}

// What an account of this unit may look at now; and what a bureau may, because the unit below has nobody else.
macro_rules! open {
    () => {
        concat!("k.state = 'waiting' AND k.due >= $3 AND ", confirmed!("e"))
    };
}

macro_rules! mine {
    () => {
        concat!(open!(), " AND k.unit = :own AND NOT (:account <> '' AND ", acted!(":account"), ")")
    };
}

macro_rules! below {
    () => {
        concat!(open!(), " AND u.parent = :own AND e.claimant <> :own AND ", alone!())
    };
}

// Whoever sees all sees all; a unit its own, and a bureau what it looks at for a unit below.
macro_rules! filter {
    () => {
        concat!(
            " AND (:all OR k.unit = :own OR k.looked_by = :own OR (",
            below!(),
            ")) AND (:mine = '' OR (",
            mine!(),
            ") OR (",
            below!(),
            ")) AND (:month = '' OR k.month = :month) \
             AND (:state = '' OR k.state = :state OR (:state = 'looked' AND k.state IN ('held', 'differs')))"
        )
    };
}

list! { LIST: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) ", joins!(), pairing_in_scope!("p"), filter!()),
    rows: concat!(columns!(), filter!()),
    usual: "k.month DESC, CASE WHEN k.state = 'waiting' THEN 0 ELSE 1 END, k.id",
    tie: "k.id",
    orders: { span: "e.from_day", county_school: "c.sort_key", claimant: "cl.sort_key", unit: "u.sort_key", due: "k.due" },
    unsorted: [activity, state],
}

sql! { SHOW: scoped by name, concat!(columns!(), " AND k.id = :id") }
sql! { MINE: scoped by name, concat!(columns!(), " AND ", mine!(), " ORDER BY k.due, k.id LIMIT 50") }
sql! { BELOW: scoped by name, concat!(columns!(), " AND ", below!(), " ORDER BY k.due, k.id LIMIT 50") }
// What a bureau found to differ and the unit has not acted on: the entry stands as it was confirmed before.
sql! { TO_MEND: scoped by name, concat!(columns!(), " AND k.state = 'differs' AND k.unit = :own AND k.looked_by <> :own AND ",
confirmed!("e"), " AND e.answered_at < k.looked_at ORDER BY k.looked_at, k.id LIMIT 50") }
sql! { WAITING: scoped by name, concat!(columns!(), " AND ", open!(), " ORDER BY k.id LIMIT 2000") }
// What waits and cannot be looked at any more.
sql! { OVER: scoped by name, concat!(columns!(), " AND k.state = 'waiting' AND (k.due < $3 OR NOT ", confirmed!("e"),
") ORDER BY k.id LIMIT 500") }

sql! { LOOK: versioned on CheckRow, "UPDATE spot_check SET state = $3, looked_by = $4, looked_at = $5" }
sql! { LAPSE: versioned on CheckRow, "UPDATE spot_check SET state = $3, why = $4" }

macro_rules! draw_columns {
    () => {
        "SELECT month, seed, log_size, log_root, programme, share_permille, most_per_unit, candidates, number, digest, drawn_at \
         FROM spot_draw "
    };
}

sql! { DRAW: free, concat!(draw_columns!(), "WHERE month = $1") }
sql! { DRAWS: free, concat!(draw_columns!(), "ORDER BY month") }
sql! { MONTHS: free, "SELECT month FROM spot_draw ORDER BY month DESC LIMIT 60" }
// Two servers at once make one draw: the second one finds it.
sql! { INSERT_DRAW: free by name,
"INSERT INTO spot_draw (month, seed, log_size, log_root, programme, share_permille, most_per_unit, candidates, number, digest, \
drawn_at) VALUES (:month, :seed, :log_size, :log_root, :programme, :share_permille, :most_per_unit, :candidates, :number, \
:digest, :drawn_at) ON CONFLICT (month) DO NOTHING" }
sql! { INSERT: unscoped("drawn by the system, whose scope is everything"),
"INSERT INTO spot_check (id, month, entry, unit, due, state, why, looked_by, looked_at, version) \
VALUES ($1, $2, $3, $4, $5, 'waiting', '', NULL, NULL, 1)" }
sql! { COUNTS: scoped, concat!("SELECT k.state, CAST(COUNT(*) AS BIGINT) AS number ", joins!(), pairing_in_scope!("p"),
" AND k.month = $4 GROUP BY k.state ORDER BY k.state") }
sql! { DRAWN: unscoped("whether a draw comes out as it did, by the system"),
"SELECT entry, unit FROM spot_check WHERE month = $1 ORDER BY entry" }
// All that happened in a month to the entries that the other side confirmed in it; the confirmations are found in an index.
sql! { STEPS: unscoped("the draw is of the whole province, by the system"),
"SELECT b.resource_id AS entry, b.kind, b.org, b.change FROM step b WHERE b.at >= $1 AND b.at < $2 AND b.resource_id IN \
(SELECT s.resource_id FROM step s WHERE s.resource = 'entry' AND s.kind IN ('confirm', 'part') AND s.at >= $1 AND s.at < $2) \
ORDER BY b.id" }
// Whoever gave the answer of a unit.
sql! { ANSWERED_BY: unscoped("after the check was found in scope") by name,
"SELECT s.account FROM step s WHERE s.resource_id = :entry AND s.org = :unit AND s.kind IN ('confirm', 'part') \
AND s.account <> '' ORDER BY s.id DESC LIMIT 1" }
