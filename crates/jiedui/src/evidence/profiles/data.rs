//! SQL of year-profiles.

use crate::shared::review::{State as _, text_enum};
use jiedui_kernel::Date;
use jiedui_store::{Keyed, org_in_scope, sql};
use serde::Serialize;

text_enum! {
    /// How far a profile is. Two columns of its row, in one word: a correction is only ever of what was accepted.
    pub enum ProfileStage {
        Draft = "draft",
        Submitted = "submitted",
        Returned = "returned",
        Accepted = "accepted",
        /// Accepted; a correction is being written, and what was accepted holds.
        Correcting = "accepted/draft",
        CorrectionSubmitted = "accepted/submitted",
        CorrectionReturned = "accepted/returned",
    }
}

impl ProfileStage {
    pub fn correcting(self) -> bool {
        matches!(self, Self::Correcting | Self::CorrectionSubmitted | Self::CorrectionReturned)
    }

    /// Its numbers were handed in and are not with the school again.
    pub fn in_hand(self) -> bool {
        self == Self::Submitted || self.holds()
    }

    /// Its numbers were accepted.
    pub fn holds(self) -> bool {
        self == Self::Accepted || self.correcting()
    }

    /// The school writes in it for the first time.
    pub fn drafted(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// The bureau sent it, or its correction, back.
    pub fn returned(self) -> bool {
        matches!(self, Self::Returned | Self::CorrectionReturned)
    }

    /// The two columns: the state, and that of the correction.
    pub fn columns(self) -> (&'static str, &'static str) {
        let text = self.text();
        text.split_once('/').unwrap_or((text, ""))
    }
}

text_enum! {
    /// What became of a value in a correction.
    pub enum Outcome {
        Open = "",
        Accepted = "accepted",
        Abandoned = "abandoned",
    }
}

/// A year-profile with where its school stands.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct ProfileRow {
    pub id: String,
    pub org: String,
    pub school: String,
    /// The office under which the school stands.
    pub bureau: String,
    pub year: i64,
    #[sqlx(try_from = "String")]
    pub state: ProfileStage,
    pub as_of: Date,
    pub submitted_on: Option<Date>,
    pub accepted_on: Option<Date>,
    #[sqlx(rename = "revision")]
    pub revision: i64,
    pub round: i64,
    /// Why the latest correction was begun.
    pub reason: String,
    pub version: i64,
}

impl Keyed for ProfileRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ValueRow {
    pub profile: String,
    pub element: String,
    pub value: Option<i64>,
    pub known: String,
    pub source: String,
}

/// A value that a correction changed, or would change.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ChangeRow {
    pub round: i64,
    pub element: String,
    pub old_value: Option<i64>,
    pub old_known: String,
    pub value: Option<i64>,
    pub known: String,
    pub source: String,
    pub reason: String,
    #[sqlx(try_from = "String")]
    pub outcome: Outcome,
    pub settled_on: Option<Date>,
}

macro_rules! columns {
    () => {
        "SELECT p.id, p.org, o.name AS school, COALESCE(o.parent, '') AS bureau, p.year, \
         CASE WHEN p.correction = '' THEN p.state ELSE p.state || '/' || p.correction END AS state, p.as_of, \
         p.submitted_on, p.accepted_on, p.revision, p.round, p.reason, p.version \
         FROM profile p JOIN org o ON o.id = p.org WHERE "
    };
}

sql! { ALL: scoped, concat!(columns!(), org_in_scope!("o"), " ORDER BY o.sort_key, p.year") }
sql! { OF_YEAR: scoped, concat!(columns!(), org_in_scope!("o"), " AND p.year = $4 ORDER BY o.sort_key") }
sql! { OF_SCHOOL: scoped, concat!(columns!(), org_in_scope!("o"), " AND p.org = $4 ORDER BY p.year") }
// For programs, in the order of ids.
sql! { AFTER: scoped, concat!(columns!(), org_in_scope!("o"), " AND p.id > $4 ORDER BY p.id LIMIT $5") }
sql! { SHOW: scoped, concat!(columns!(), org_in_scope!("o"), " AND p.id = $4") }
sql! { TO_ANSWER: scoped, concat!(columns!(), org_in_scope!("o"),
" AND o.parent = $4 AND (p.state = 'submitted' OR p.correction = 'submitted') ORDER BY o.sort_key, p.year") }
sql! { VALUES: scoped, concat!(
"SELECT v.profile, v.element, v.value, v.known, v.source FROM profile_value v JOIN profile p ON p.id = v.profile \
JOIN org o ON o.id = p.org WHERE ", org_in_scope!("o"), " ORDER BY v.profile, v.element") }
sql! { VALUES_OF_YEAR: scoped, concat!(
"SELECT v.profile, v.element, v.value, v.known, v.source FROM profile_value v JOIN profile p ON p.id = v.profile \
JOIN org o ON o.id = p.org WHERE ", org_in_scope!("o"), " AND p.year = $4 ORDER BY v.profile, v.element") }
sql! { VALUES_OF: unscoped("after the profile was found in scope"),
"SELECT profile, element, value, known, source FROM profile_value WHERE profile = $1 ORDER BY element" }
sql! { CHANGES_OF: unscoped("after the profile was found in scope"),
"SELECT round, element, old_value, old_known, value, known, source, reason, outcome, settled_on FROM profile_change \
WHERE profile = $1 ORDER BY round, element" }

sql! { INSERT: unscoped("a new row of a school that was found in scope; a concurrent insert keeps its row"),
"INSERT INTO profile (id, org, year, state, as_of, submitted_on, accepted_on, revision, correction, round, reason, version) \
VALUES ($1, $2, $3, 'draft', $4, NULL, NULL, 0, '', 0, '', 1) ON CONFLICT (org, year) DO NOTHING" }
sql! { MOVE: versioned on ProfileRow,
"UPDATE profile SET state = $3, correction = $4" }
sql! { SUBMIT: versioned on ProfileRow,
"UPDATE profile SET state = $3, correction = $4, submitted_on = $5, revision = revision + 1" }
sql! { SUBMIT_CORRECTION: versioned on ProfileRow,
"UPDATE profile SET state = $3, correction = $4, revision = revision + 1" }
sql! { ACCEPT: versioned on ProfileRow,
"UPDATE profile SET state = $3, correction = $4, accepted_on = $5" }
sql! { BEGIN_CORRECTION: versioned on ProfileRow,
"UPDATE profile SET state = $3, correction = $4, round = round + 1, reason = $5" }
sql! { PUT_VALUE: on ProfileRow,
"INSERT INTO profile_value (profile, element, value, known, source) VALUES ($1, $2, $3, $4, $5) \
ON CONFLICT (profile, element) DO UPDATE SET value = excluded.value, known = excluded.known, source = excluded.source" }
sql! { DROP_VALUE: on ProfileRow, "DELETE FROM profile_value WHERE profile = $1 AND element = $2" }
sql! { DROP_CHANGE: on ProfileRow,
"DELETE FROM profile_change WHERE profile = $1 AND round = $2 AND element = $3 AND outcome = ''" }
sql! { PUT_CHANGE: on ProfileRow by name,
"INSERT INTO profile_change (profile, round, element, old_value, old_known, value, known, source, reason, outcome, settled_on) \
VALUES ($1, :round, :element, :old_value, :old_known, :value, :known, :source, :reason, '', NULL) \
ON CONFLICT (profile, round, element) DO UPDATE SET value = excluded.value, known = excluded.known, source = excluded.source" }
sql! { CLOSE_CHANGES: on ProfileRow,
"UPDATE profile_change SET outcome = $3, settled_on = $4 WHERE profile = $1 AND round = $2 AND outcome = ''" }
