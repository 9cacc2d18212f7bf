//! Files that people hand in: what they are by their content, under which name they are kept, and where.
//!
//! | to find | look in |
//! |---|---|
//! | the types that are known, told by content and not by name | `kind` |
//! | a name without path and signs, with the ending of its type | `name` |
//! | the folder in which each content lies once, under its SHA-256 | `folder` |
//!
//! No database and no clock: who handed in what, and when, is the caller's to keep.

mod digest;
mod folder;
mod kind;
mod name;

pub use digest::ContentHash;
pub use folder::{Folder, PART_BYTES};
pub use kind::{FileKind, Unknown};
pub use name::{ending_of, safe_name};
