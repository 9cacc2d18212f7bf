//! Behaviours that several mechanisms have in common.

pub mod background;
pub mod calendars;
pub mod carriers;
pub mod choices;
pub mod codes;
pub mod confirmation;
pub mod contributions;
pub mod finding;
pub mod frozen;
pub mod imports;
pub mod jobs;
pub mod kept;
pub mod lives;
pub mod mechanism;
pub mod notices;
pub mod objections;
pub mod outside;
pub mod papers;
pub mod retired;
pub mod review;
pub mod search;
pub mod settled;
pub mod taken_back;
pub mod tasks;
pub mod terms;
pub mod waits;
