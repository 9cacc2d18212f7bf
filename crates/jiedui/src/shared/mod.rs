//! Behaviours that several mechanisms have in common.

pub mod choices;
pub mod contributions;
