//! When the system speaks to people by itself: `[notices]` of `programme.toml`.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notices {
    /// From this hour of a working day on the one letter of the day is sent.
    pub digest_hour: u32,
    /// From this hour on nothing is sent, until the next working day.
    pub quiet_hour: u32,
    /// So many working days before a date it is told.
    pub reminder_workdays: u32,
    /// So many working days after a date whoever asked for it is told that nothing came.
    pub escalation_workdays: u32,
    /// The same thing is urged by the same unit once in so many working days.
    pub urge_workdays: u32,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            digest_hour: 9,
            quiet_hour: 18,
            reminder_workdays: 5,
            escalation_workdays: 10,
            urge_workdays: 5,
        }
    }
}
