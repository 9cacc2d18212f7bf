//! Pages of what is looked at again.

pub mod list;
pub mod month;
pub mod show;
