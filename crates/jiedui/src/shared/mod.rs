//! Behaviours that several mechanisms have in common.

pub mod choices;
pub mod confirmation;
pub mod contributions;
pub mod lives;
pub mod review;
