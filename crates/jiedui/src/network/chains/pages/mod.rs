//! The screens of chains.

pub mod list;
pub mod show;
