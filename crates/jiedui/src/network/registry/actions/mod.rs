//! What is written on persons: their dated posts, and that two records are one person's; and many rows at once.

pub mod many;
pub mod merges;
pub mod posts;
