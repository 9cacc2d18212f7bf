//! Its pages.

pub mod parts;
pub mod reported;
pub mod show;
pub mod targets;
