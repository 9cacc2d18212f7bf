//! Behaviours that several mechanisms have in common.

pub mod carriers;
pub mod choices;
pub mod contributions;
pub mod mechanism;
pub mod tasks;
