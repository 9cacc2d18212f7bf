//! Its writes, without HTTP.

pub mod publish;
pub mod scenario;
