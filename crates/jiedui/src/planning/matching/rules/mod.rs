//! Its pure decisions.

pub mod body;
pub mod facts;
pub mod life;
pub mod setting;
pub mod solve;
pub mod stability;
