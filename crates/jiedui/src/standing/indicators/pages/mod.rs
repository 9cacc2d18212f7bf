//! Its pages.

pub mod parts;
pub mod reported;
pub mod shares;
pub mod show;
pub mod targets;
mod years;
