//! Schools, offices, enterprises and chains, and who is paired with whom (G1).

pub mod agreements;
pub mod chains;
pub mod enterprises;
pub mod import;
pub mod pairings;
pub mod registry;
