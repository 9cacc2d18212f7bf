//! Its pages.

pub mod desk;
pub mod overview;
pub mod readiness;
