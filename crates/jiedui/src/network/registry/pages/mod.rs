//! Its pages.

pub mod categories;
pub mod edit;
pub mod list;
pub mod people;
