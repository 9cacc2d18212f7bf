//! Its writes, without HTTP.

pub mod repair;
pub mod verify;
