//! Its writes, without HTTP.

pub mod consult;
pub mod course;
pub mod publish;
pub mod recheck;
pub mod scenario;
pub mod stability;
