//! The screens of the register.

pub mod list;
pub mod show;
