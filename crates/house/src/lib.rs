//! The rules of the house, as tests over the tree itself.
//!
//! Each rule is a function from files to complaints, with a test of its own on a sample that breaks it: a rule
//! that cannot fail guards nothing. `tests/tree.rs` runs them all on the real tree. Plain text scanning and no
//! dependencies, so that these tests stay the fastest to build.

pub mod complaint;
pub mod rust;
pub mod tree;

pub mod flattened;
pub mod layers;
pub mod manifest;
pub mod mechanisms;
pub mod overview;
pub mod pages;
pub mod quoted;
pub mod sizes;
pub mod sql;
pub mod states;
pub mod templates;
pub mod terms;
pub mod typed;
pub mod unused;
pub mod waivers;
pub mod words;
