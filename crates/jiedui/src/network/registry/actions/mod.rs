//! What is written on persons: their dated posts, and that two records are one person's.

pub mod merges;
pub mod posts;
