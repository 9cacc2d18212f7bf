//! Its pure decisions.

pub mod coverage;
