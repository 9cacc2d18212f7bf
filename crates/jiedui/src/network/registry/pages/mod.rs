//! Its pages.

pub mod categories;
pub mod edit;
pub mod list;
pub mod merge_lines;
pub mod merges;
pub mod people;
