//! Its writes, without HTTP.

pub mod plan;
