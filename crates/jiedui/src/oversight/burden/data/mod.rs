//! Its SQL and rows.

use jiedui_kernel::{Date, MONTHS};
use jiedui_store::{org_in_scope, rows, sql};

/// How often an organisation filled in a form in each of twelve months, the oldest first, of days that are over.
#[derive(Debug, sqlx::FromRow)]
pub struct KeptRow {
    pub org: String,
    pub kind: String,
    pub form: String,
    month_1: i64,
    month_2: i64,
    month_3: i64,
    month_4: i64,
    month_5: i64,
    month_6: i64,
    month_7: i64,
    month_8: i64,
    month_9: i64,
    month_10: i64,
    month_11: i64,
    month_12: i64,
}

impl KeptRow {
    /// Month by month, the oldest first.
    pub const fn times(&self) -> [i64; MONTHS] {
        [
            self.month_1,
            self.month_2,
            self.month_3,
            self.month_4,
            self.month_5,
            self.month_6,
            self.month_7,
            self.month_8,
            self.month_9,
            self.month_10,
            self.month_11,
            self.month_12,
        ]
    }
}

/// The day before which all is counted, and the steps that were counted as forms.
#[derive(Debug, sqlx::FromRow)]
pub struct TurnRow {
    pub counted_until: Date,
    pub steps: String,
}

macro_rules! times_in {
    ($month:literal) => {
        concat!("CAST(SUM(CASE WHEN f.month = ", $month, " THEN f.times ELSE 0 END) AS BIGINT)")
    };
}

// `$4` to `$15` are the months, the oldest first. They are columns, so that an organisation and a form are one row however many
// months have something. CROSS JOIN makes SQLite begin with the organisations that the caller sees.
sql! { KEPT: scoped, concat!("SELECT f.org, f.kind, f.form, ",
times_in!("$4"), " AS month_1, ", times_in!("$5"), " AS month_2, ", times_in!("$6"), " AS month_3, ",
times_in!("$7"), " AS month_4, ", times_in!("$8"), " AS month_5, ", times_in!("$9"), " AS month_6, ",
times_in!("$10"), " AS month_7, ", times_in!("$11"), " AS month_8, ", times_in!("$12"), " AS month_9, ",
times_in!("$13"), " AS month_10, ", times_in!("$14"), " AS month_11, ", times_in!("$15"), " AS month_12 \
FROM org o CROSS JOIN form_month f WHERE f.org = o.id AND ", org_in_scope!("o"), " \
AND f.month IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) GROUP BY f.org, f.kind, f.form") }
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
