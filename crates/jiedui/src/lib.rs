//! 结对通: the application. Folders are mechanisms, in the order in which work flows; in each, a name always means the
//! same: `mod.rs` what it is for and its routes, `rules.rs` pure decisions, `data.rs` its SQL, `pages.rs` and `*.html`
//! its screens. Mechanisms call each other's `mod.rs`, never each other's `data.rs`, and never in a circle.

pub mod app;
pub mod cli;
pub mod demo;
pub mod http;
pub mod routes;
pub mod seeds;

pub mod accounts;
pub mod admin;
pub mod agreements;
pub mod applications;
pub mod burden;
pub mod cockpit;
pub mod complaints;
pub mod drafts;
pub mod duties;
pub mod fields;
pub mod figures;
pub mod indicators;
pub mod intake;
pub mod ledger;
pub mod majors;
pub mod matching;
pub mod needs;
pub mod obligations;
pub mod outputs;
pub mod pairings;
pub mod plan;
pub mod profiles;
pub mod projects;
pub mod registry;
pub mod school_plans;
pub mod standards;
pub mod steps;

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
