//! Schools, offices and enterprises, and who is paired with whom (G1).

pub mod agreements;
pub mod enterprises;
pub mod import;
pub mod pairings;
pub mod registry;
