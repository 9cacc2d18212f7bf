//! What is written on persons: their dated posts, and that two records are one person's; and on schools the level granted.

pub mod levels;
pub mod merges;
pub mod posts;
