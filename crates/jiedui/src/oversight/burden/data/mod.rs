//! Its SQL and rows.

pub mod load;
