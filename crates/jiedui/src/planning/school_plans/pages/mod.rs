//! Pages of plans.

pub mod compare;
pub mod edit;
pub mod list;
pub mod show;
pub mod words;
