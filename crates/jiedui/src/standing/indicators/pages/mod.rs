//! Its pages.

pub mod leading;
pub mod list;
pub mod parts;
pub mod remarks;
pub mod reported;
pub mod say;
pub mod shares;
pub mod show;
pub mod targets;
mod years;
