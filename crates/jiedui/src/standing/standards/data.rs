//! SQL of what the province has checked.

use jiedui_kernel::Date;
use jiedui_store::sql;
use serde::Serialize;

/// The province says that it compared a threshold with its source.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct CheckRow {
    pub id: String,
    pub threshold: String,
    pub source: String,
    pub reason: String,
    pub checked_on: Date,
    /// Who acted, with the organisation.
    pub checked_by: String,
    pub withdrawn_on: Option<Date>,
    pub withdrawal: String,
}

sql! { ALL: free,
"SELECT id, threshold, source, reason, checked_on, checked_by, withdrawn_on, withdrawal FROM threshold_check ORDER BY id" }
sql! { INSERT: free,
"INSERT INTO threshold_check (id, threshold, source, reason, checked_on, checked_by, withdrawn_on, withdrawal, slot) \
VALUES ($1, $2, $3, $4, $5, $6, NULL, '', $2) ON CONFLICT (slot) DO NOTHING" }
sql! { WITHDRAW: free,
"UPDATE threshold_check SET withdrawn_on = $2, withdrawal = $3, slot = id WHERE slot = $1 AND withdrawn_on IS NULL" }
