//! What programs read.

pub mod schema;
