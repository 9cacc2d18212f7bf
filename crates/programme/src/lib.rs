//! The programme: the plan as data, and what follows from it. Pure: no I/O, no clock, no database.
//!
//! | to find | look in |
//! |---|---|
//! | the types everybody reads | `model` |
//! | how the files of a programme become these types | [`load`]: `load` (layout) → `doc` (TOML with places) → `check` |
//! | what a programme may not say, the burden rules among it | `check` |
//! | how a mistake is shown | [`Problem`], with `translate` for what serde says |
//! | fields of forms and who fills them | `fields` |
//! | what a retired form is now | `became` |
//! | lasting things, applications, duties of an organisation | `outputs` |
//! | the year-profile and the standards it is held against | `profile` |
//! | forms that are not generated; the register of all forms | `forms`, `register` |
//! | what the rules see of the world, and what they make of it | `facts`, `readings` |
//! | what makes a good pairing | `matching`, `rules/matching` |
//! | advice on majors | `majors`, `rules/majors` |
//! | plans of a school and the rules of the project list | `paperwork` |
//! | whether an entry counts; clocks; indicators; targets; deadlines; projects | `rules` |
//! | what changes from one programme to another, and what may not | `diff` |
//! | examples written beside the rules, and their running | [`run_examples`] |
//!
//! A figure is always a fold over entries ([`EntryFact`]) and pairings ([`PairingFact`]); nothing is stored here, so the same
//! facts and the same [`Programme::digest`] give the same figures for ever.

mod access;
mod allocations;
mod assessments;
mod became;
mod calendar;
mod changes;
mod check;
mod commendations;
mod dated;
mod diff;
mod doc;
mod example;
mod exchanges;
mod facts;
mod fields;
mod forms;
mod funding;
mod indicators;
mod jobs;
mod load;
mod majors;
mod map;
mod matching;
mod meetings;
mod model;
mod notices;
mod outputs;
mod paperwork;
pub mod parts;
mod problem;
mod profile;
mod readings;
mod register;
mod rehearsal;
mod relations;
mod replay;
mod resources;
mod rules;
mod spot_checks;
mod state;
mod translate;

pub use access::*;
pub use allocations::*;
pub use assessments::*;
pub use became::*;
pub use calendar::*;
pub use changes::*;
pub use commendations::*;
pub use dated::*;
pub use diff::{Change, aim_words, breaks, diff, least_words, limit_words, table};
pub use example::{Example, Failure, accepted, run_examples};
pub use exchanges::*;
pub use facts::*;
pub use fields::*;
pub use forms::*;
pub use funding::*;
pub use jobs::*;
pub use load::{load, load_folder};
pub use majors::*;
pub use map::{DivisionMap, DivisionTile};
pub use matching::*;
pub use meetings::*;
pub use model::*;
pub use notices::*;
pub use outputs::*;
pub use paperwork::*;
pub use problem::Problem;
pub use profile::*;
pub use readings::*;
pub use register::*;
pub use rehearsal::*;
pub use relations::*;
pub use replay::*;
pub use resources::*;
pub use rules::*;
pub use spot_checks::*;
pub use state::*;
