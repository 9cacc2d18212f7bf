//! Who may sign in, and what the three administrators do.

pub mod accounts;
pub mod admin;
