//! Its pure decisions.

pub mod browsers;
pub mod demo;
pub mod guessed;
pub mod links;
pub mod outside;
pub mod passwords;
pub mod totp;
