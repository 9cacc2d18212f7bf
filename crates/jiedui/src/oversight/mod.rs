//! The whole at a glance, the sentences of the plan, the burden of forms, complaints.

pub mod burden;
pub mod clauses;
pub mod complaints;
pub mod dashboard;
