//! What somebody says who claims an entry or corrects one.

use crate::network::pairings::PairingRow;
use jiedui_kernel::Date;

/// What a claimant says.
#[derive(Debug, Clone)]
pub struct NewEntry {
    pub pairing: PairingRow,
    /// The helper that provides it, where the claimant is the county school and has to name one.
    pub helper: Option<String>,
    /// It is another one, although all that is claimed was claimed before.
    pub again: bool,
    /// It was done in term, although it is for the holidays.
    pub in_term: bool,
    /// The other helper takes part too: one entry, two providers.
    pub joint: bool,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub person: Option<String>,
    pub quantity: Option<i64>,
    /// The project it is part of (S4.1).
    pub project: Option<String>,
    /// People of the county school who took part, where the activity has a roster.
    pub roster: Vec<String>,
    /// Values of the activity's further fields.
    pub fields: serde_json::Map<String, serde_json::Value>,
}

impl NewEntry {
    /// Nothing is said yet but where it was done.
    pub fn on(pairing: PairingRow) -> Self {
        Self {
            pairing,
            helper: None,
            again: false,
            in_term: false,
            joint: false,
            from: None,
            to: None,
            person: None,
            quantity: None,
            project: None,
            roster: Vec::new(),
            fields: serde_json::Map::new(),
        }
    }
}
