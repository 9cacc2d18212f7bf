//! One's own tokens, and what can be asked for by them.

pub mod hooks;
pub mod reference;
pub mod tokens;
