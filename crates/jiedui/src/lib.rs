//! 结对通: the application. Folders are mechanisms, gathered in groups in the order in which the groups may see each
//! other; in each mechanism a name always means the same: `mod.rs` what it is for and its front door, `rules.rs` pure
//! decisions, `data.rs` its SQL, `actions.rs` its writes, `pages.rs` and `*.html` its screens. Mechanisms call each
//! other's `mod.rs`, never each other's `data.rs`, and never in a circle.

pub mod cli;
pub mod demo;
pub mod mechanisms;
pub mod programme_files;
pub mod seeds;
pub mod site;

pub mod evidence;
pub mod identity;
pub mod network;
pub mod oversight;
pub mod planning;
pub mod reporting;
pub mod shared;
pub mod sharing;
pub mod standing;

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
