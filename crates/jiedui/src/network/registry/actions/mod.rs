//! What is written on persons: their dated posts, and that two records are one person's; on schools the level granted; many
//! rows at once; and what one file wrote, taken back.

pub mod levels;
pub mod many;
pub mod merges;
pub mod posts;
pub mod undo;
