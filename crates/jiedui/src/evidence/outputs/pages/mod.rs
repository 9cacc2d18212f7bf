//! The pages of outputs, each with what it shows again when something is wrong.

pub mod attach;
pub mod attached;
pub mod edit;
pub mod list;
pub mod show;
mod suggested;
