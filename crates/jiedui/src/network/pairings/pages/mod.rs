//! The list of pairings, one pairing, its end, what lies outside of all, and what becomes of them when a school changes.

pub mod ending;
pub mod lineage;
pub mod list;
pub mod outside;
pub mod show;
