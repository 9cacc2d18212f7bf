//! Its writes, without HTTP.

pub mod verify;
