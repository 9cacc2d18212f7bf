//! What was done and what came of it: two-sided work, lasting results, year-profiles, majors.

pub mod ledger;
pub mod majors;
pub mod outputs;
pub mod profiles;
pub mod service_certificates;
pub mod spot_checks;
