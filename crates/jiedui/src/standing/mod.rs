//! Where everybody stands: duties, obligations, standards, indicators, applications.

pub mod applications;
pub mod duties;
pub mod indicators;
pub mod obligations;
pub mod remarks;
pub mod standards;
