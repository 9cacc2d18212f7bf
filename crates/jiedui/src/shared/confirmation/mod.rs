//! What one side claims and the other confirms: the one life of ledger entries and outputs (decisions.md "Who claims, who
//! confirms", "Part confirmation"). Claimed, then confirmed, confirmed in part or disputed; corrected, accepted,
//! withdrawn; adjudicated by a bureau where nobody answered in time.
//!
//! [`Confirmation::apply`] is the only way from one state to another. What a caller may do is what it allows, the
//! drawing in `docs/lives.md` is made from it, and [`record`] writes what it did into the one history.

mod caller;
mod data;
mod history;
mod life;
mod state;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use data::{confirmed, contested, stands, undisputed, waits};

pub use caller::{Caller, Parties, cutoff, escalated_before, left_since, waits_too_long_before};
pub use history::{ActionKind, Record, actions_of_batch, claimed_with, record, touched_of_batch, words};
pub use life::lives;
pub use state::{
    Action, AllowedActions, CHANGED, Change, Confirmation, Effect, Refusal, Ruling, State, choices, mark,
};
