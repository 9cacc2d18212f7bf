//! Its pages.

pub mod capacities;
pub mod edit;
pub mod list;
pub mod show;
