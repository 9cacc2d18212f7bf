//! Its pure decisions.

pub mod demo;
pub mod passwords;
