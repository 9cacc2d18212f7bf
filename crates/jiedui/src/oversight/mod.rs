//! The whole at a glance, the sentences of the plan, the burden of forms, complaints, whether the data hold together, and
//! whether decisions do.

pub mod burden;
pub mod clauses;
pub mod complaints;
pub mod dashboard;
pub mod invariants;
pub mod rechecks;
pub mod versions;
