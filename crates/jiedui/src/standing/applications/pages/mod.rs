//! Pages of applications.

pub mod edit;
pub mod list;
pub mod show;
