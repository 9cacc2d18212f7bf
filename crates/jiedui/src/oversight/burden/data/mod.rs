//! Its SQL and rows.

use jiedui_kernel::Date;
use jiedui_store::{org_in_scope, rows, sql};

/// How often an organisation filled in a form in a month, of days that are over.
#[derive(Debug, sqlx::FromRow)]
pub struct KeptRow {
    pub org: String,
    pub kind: String,
    pub form: String,
    pub month: String,
    pub times: i64,
}

/// The day before which all is counted, and the steps that were counted as forms.
#[derive(Debug, sqlx::FromRow)]
pub struct TurnRow {
    pub counted_until: Date,
    pub steps: String,
}

// CROSS JOIN makes SQLite begin with the organisations that the caller sees.
sql! { KEPT: scoped, concat!("SELECT f.org, f.kind, f.form, f.month, f.times FROM org o CROSS JOIN form_month f \
WHERE f.org = o.id AND ", org_in_scope!("o"), " AND f.month >= $4") }
sql! { TURN: free, "SELECT counted_until, steps FROM form_turn" }
// Of two that count at once the second finds that the first was there.
sql! { FIRST_TURN: housekeeping("sums that are made again from the steps"),
"INSERT INTO form_turn (id, counted_until, steps) VALUES ('turn', $1, $2) ON CONFLICT (id) DO NOTHING" }
sql! { MOVE_TURN: housekeeping("sums that are made again from the steps"),
"UPDATE form_turn SET counted_until = $1, steps = $2 WHERE counted_until = $3 AND steps = $4" }
sql! { FORGET_TURN: housekeeping("sums that are made again from the steps"), "DELETE FROM form_turn" }
sql! { FORGET: housekeeping("sums that are made again from the steps"), "DELETE FROM form_month" }
sql! { FORGET_BEFORE: housekeeping("sums that are made again from the steps"), "DELETE FROM form_month WHERE month < $1" }
rows! { ADD: housekeeping("sums that are made again from the steps") form_month (org, kind, form, month, times)
"ON CONFLICT (org, month, kind, form) DO UPDATE SET times = form_month.times + excluded.times" }
