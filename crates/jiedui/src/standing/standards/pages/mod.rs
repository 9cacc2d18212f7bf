//! Its pages.

pub mod gaps;
pub mod ladder;
pub mod levels;
pub mod list;
pub mod show;
pub mod whatif;
