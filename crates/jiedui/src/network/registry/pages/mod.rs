//! Its pages.

pub mod categories;
pub mod list;
pub mod people;
