//! Pages of year-profiles.

pub mod edit;
pub mod elements;
pub mod list;
pub mod show;
