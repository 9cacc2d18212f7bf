//! SQL of contributions that are copied.

use jiedui_kernel::{Date, Instant};
use jiedui_store::{rows, sql};

/// A change of a contribution, as the journal has it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WholeChange {
    pub at: Instant,
    pub made_on: Date,
    pub indicator: String,
    pub resource: String,
    pub day: Date,
    pub kind: String,
    pub school: String,
    pub pairing: Option<String>,
    pub d_claimed: i64,
    pub d_confirmed: i64,
    pub cause: String,
}

sql! { CHANGES: unscoped("the demonstration is multiplied by the system"),
"SELECT at, made_on, indicator, resource, day, kind, school, pairing, d_claimed, d_confirmed, cause FROM figure_change \
ORDER BY id" }
rows! { ADD_ROWS: unscoped("new rows, by the system")
figure_row (indicator, resource, day, month, kind, school, pairing, claimed, confirmed) }
rows! { ADD_CHANGES: unscoped("new rows, by the system")
figure_change (id, at, made_on, indicator, resource, day, month, kind, school, pairing, d_claimed, d_confirmed, cause) }
rows! { ADD_NAMED: unscoped("new rows, by the system") figure_person (indicator, person, entry, day, school, confirmed) }
