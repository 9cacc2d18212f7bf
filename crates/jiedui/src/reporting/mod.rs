//! What is reported upwards without being filled in: the month, and what meetings make of it (S1.1, S1.3).

pub mod followups;
pub mod meetings;
pub mod monthly;
pub mod questions;
pub mod years;
