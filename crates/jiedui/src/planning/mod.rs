//! What is needed, who is matched, and what was agreed to be done (G1.3, S4.1).

pub mod calendar;
pub mod handovers;
pub mod matching;
pub mod needs;
pub mod projects;
pub mod school_plans;
