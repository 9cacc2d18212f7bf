//! Its writes, without HTTP.

pub mod levels;
pub mod plan;
