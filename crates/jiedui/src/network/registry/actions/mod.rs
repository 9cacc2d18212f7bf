//! What is written on persons: their dated posts, and that two records are one person's; and what one file wrote, taken back.

pub mod merges;
pub mod posts;
pub mod undo;
