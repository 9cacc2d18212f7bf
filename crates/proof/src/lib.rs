//! An append-only Merkle log in the shape of RFC 6962, section 2.1. Whoever holds a root and the number of leaves can
//! later be shown, with a short path, that a leaf stands in the log (inclusion) and that the log of then is a
//! beginning of the log of today (consistency). Pure: it never sees a database, a file or a clock.
//!
//! **A root means something only together with its size.** As in RFC 6962, the size is not hashed into the root, and
//! some wrong sizes lead to the same shape of path. So record, print and countersign the pair `(size, root)`, and
//! never take the size from the one who brings the path.

mod hash;
mod path;
#[cfg(test)]
mod tests;
mod tree;

pub use hash::{Hash, HashKind, UnknownHash, empty_root, from_hex, leaf_hash, node_hash, row_hash, to_hex};
pub use path::{consistency, inclusion, root, verify_consistency, verify_inclusion};
pub use tree::Tree;
