//! Meetings that come again: who holds them, how often, who is invited, and which record says that one was held.

use crate::fields::Side;
use crate::outputs::DutyEvery;
use serde::{Deserialize, Serialize};

/// `[[meeting]]`: a kind of meeting (S1.1, S1.3). That one is owed says a `[[duty]]`; here is only how it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingKind {
    pub id: String,
    pub name: String,
    pub about: String,
    pub clauses: Vec<String>,
    #[serde(default)]
    pub our_reading: bool,
    pub held_by: Vec<Side>,
    /// Those of these sides whom the host sees are invited, unless it takes some off.
    pub invites: Vec<Side>,
    pub every: DutyEvery,
    /// The record that is made by itself when such a meeting is closed, so that nobody enters it again.
    pub record: Option<String>,
    /// The field of that record which says what was decided.
    pub decided: Option<String>,
}

impl crate::Programme {
    pub fn meeting(&self, id: &str) -> Option<&MeetingKind> {
        self.meetings.iter().find(|kind| kind.id == id)
    }

    /// The meetings whose closing makes this record.
    pub fn meeting_recorded_as(&self, output: &str) -> Option<&MeetingKind> {
        self.meetings.iter().find(|kind| kind.record.as_deref() == Some(output))
    }
}
