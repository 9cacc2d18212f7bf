//! Its pages.

pub mod access;
pub mod accounts;
pub mod audit;
pub mod import;
pub mod manage;
pub mod names;
pub mod persons;
pub mod requests;
