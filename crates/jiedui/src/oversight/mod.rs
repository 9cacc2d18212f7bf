//! The whole at a glance, the sentences of the plan, the burden of forms, complaints, whether the data hold together, their
//! backups, boundaries of divisions, whether decisions still come out as they were taken, numbers for whoever watches the
//! server, what other programs read, and help.

pub mod backups;
pub mod boundaries;
pub mod burden;
pub mod clauses;
pub mod complaints;
pub mod dashboard;
pub mod help;
pub mod interface;
pub mod invariants;
pub mod metrics;
pub mod rechecks;
pub mod versions;
