//! The pages of clocks.

pub mod list;
pub mod semesters;
pub mod show;
