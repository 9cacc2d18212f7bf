//! Its pages.

pub mod gaps;
pub mod ladder;
pub mod list;
pub mod show;
pub mod whatif;
