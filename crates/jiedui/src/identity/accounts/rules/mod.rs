//! Its pure decisions.

pub mod demo;
pub mod links;
pub mod passwords;
