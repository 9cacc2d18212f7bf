//! Its pure decisions.

pub mod facts;
pub mod slice;
