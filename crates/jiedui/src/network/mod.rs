//! Schools and offices, and who is paired with whom (G1).

pub mod agreements;
pub mod import;
pub mod pairings;
pub mod registry;
