//! What follows from the facts. Each file is one rule with its clause and decision; all functions are pure.

mod attained;
mod clock;
mod counts;
mod deadline;
mod duty;
mod eligibility;
mod figures;
mod indicator;
mod majors;
mod matching;
mod of_outputs;
mod pace;
mod periods;
mod project;
mod raised;
mod ratio;
mod relation;
mod standards;
mod target;
mod work;

pub use attained::{newest_accepted, standard_for};
pub use clock::{ClockFrame, ClockWork, clock, clock_frames, clocks};
pub use counts::{counts, counts_for};
pub use deadline::{earliest_deadline, escalates_on, former_partner_until};
pub use duty::{DutyReading, duty_periods, duty_reading, period_around};
pub use eligibility::{ConditionReading, ConditionState, SchoolState, Stands, eligibility, verdict};
pub use figures::{
    Contribution, PERSON, PROFILE, contributions, contributions_of_entry, contributions_of_output,
    contributions_of_profile, counts_schools, covered_people, distinct_schools, evaluate, read, span,
};
pub(crate) use figures::{contributions_of_entries, evaluate_added};
pub use indicator::{indicator, pairing_indicator};
pub use majors::{Advice, Reason, Signal, advice};
pub use matching::{contribution, distance_km, score};
pub use pace::{
    Influence, Months, Pace, YearKnown, YearlyCourse, YearlyPace, influences, pace, year_known,
    yearly_course, yearly_growth, yearly_pace,
};
pub use periods::{NamedPeriod, periods, periods_at};
pub use project::{ProjectEnd, ProjectFact, ProjectState, project_state};
pub use raised::{RaisedAlready, raised_already};
pub use ratio::{increase_label, ratio, rounded};
pub use relation::{PairingFact, Relation, Term, relations};
pub use standards::{Attained, Attainment, Meets, ThresholdReading, Values, attainment, with_derived};
pub use target::standing;
pub use work::{confirmed_days, standing_days};
