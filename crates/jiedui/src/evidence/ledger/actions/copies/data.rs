//! SQL of entries that are copied.

use crate::shared::confirmation::State;
use jiedui_kernel::{Date, Instant};
use jiedui_store::{rows, sql};

/// An entry with all its columns.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WholeEntry {
    pub id: String,
    pub pairing: String,
    pub activity: String,
    pub programme: String,
    pub claimant: String,
    pub answerer: String,
    pub from_day: Date,
    pub to_day: Date,
    pub person: Option<String>,
    pub post: String,
    pub quantity: i64,
    pub confirmed: i64,
    pub disputed_from: Option<Date>,
    pub disputed_to: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub fields: String,
    pub claimed_at: Instant,
    pub answered_at: Option<Instant>,
    pub answered_by: String,
    pub version: i64,
    pub project: Option<String>,
}

/// What a helper said of its own part.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WholePart {
    pub entry: String,
    pub org: String,
    pub person: Option<String>,
    pub post: String,
}

sql! { COUNT: unscoped("the demonstration is multiplied by the system"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM entry" }
sql! { ENTRIES: unscoped("the demonstration is multiplied by the system"),
"SELECT id, pairing, activity, programme, claimant, answerer, from_day, to_day, person, post, quantity, confirmed, \
disputed_from, disputed_to, state, fields, claimed_at, answered_at, answered_by, version, project FROM entry ORDER BY id" }
sql! { HELPERS: unscoped("the demonstration is multiplied by the system"),
"SELECT entry, org, share FROM entry_helper ORDER BY entry, org" }
sql! { PEOPLE: unscoped("the demonstration is multiplied by the system"),
"SELECT entry, person FROM entry_person ORDER BY entry, person" }
sql! { PARTS: unscoped("the demonstration is multiplied by the system"),
"SELECT entry, org, person, post FROM entry_part ORDER BY entry, org" }

rows! { ADD_ENTRIES: unscoped("new rows, by the system")
entry (id, pairing, activity, programme, claimant, answerer, from_day, to_day, person, post, quantity, confirmed,
disputed_from, disputed_to, state, fields, claimed_at, answered_at, answered_by, version, project) }
rows! { ADD_HELPERS: unscoped("new rows, by the system") entry_helper (entry, org, share) }
rows! { ADD_PEOPLE: unscoped("new rows, by the system") entry_person (entry, person) }
rows! { ADD_PARTS: unscoped("new rows, by the system") entry_part (entry, org, person, post) }
