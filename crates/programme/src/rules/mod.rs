//! What follows from the facts. Each file is one rule with its clause and decision; all functions are pure.

mod clock;
mod counts;
mod deadline;
mod indicator;
mod majors;
mod matching;
mod periods;
mod project;
mod relation;
mod target;
mod work;

pub use clock::{clock, clocks};
pub use counts::counts;
pub use deadline::{earliest_deadline, escalates_on, former_partner_until};
pub use indicator::{indicator, pairing_indicator};
pub use majors::{Advice, Reason, Signal, advice};
pub use matching::{distance_km, score};
pub use periods::{NamedPeriod, periods};
pub use project::{ProjectEnd, ProjectFact, ProjectState, project_state};
pub use relation::{PairingFact, Relation, Term, relations};
pub use target::standing;
pub use work::{confirmed_days, standing_days};
