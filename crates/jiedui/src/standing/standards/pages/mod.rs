//! Its pages.

pub mod gaps;
pub mod list;
pub mod show;
pub mod whatif;
