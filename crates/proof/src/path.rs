//! Paths and their verification: RFC 6962, 2.1.1 and 2.1.2; the verifying sides follow RFC 9162, 2.1.3.2 and 2.1.4.2.
//! Making a path needs all leaf hashes and O(n) hashing; verifying one needs only the path.

use crate::hash::{Hash, HashKind, empty_root, node_hash};
use crate::tree::Tree;

/// The root over these leaf hashes; for none, [`empty_root`].
pub fn root(kind: HashKind, leaves: &[Hash]) -> Hash {
    let mut tree = Tree::new(kind);
    leaves.iter().for_each(|leaf| {
        tree.push(*leaf);
    });
    tree.root()
}

/// The largest power of two below `size`, which must be at least 2: where RFC 6962 splits a tree.
fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

/// The path that shows that the leaf at `index` (from 0) stands in the log of these leaf hashes: the siblings from the
/// leaf up to the root. `None` where there is no such leaf.
pub fn inclusion(kind: HashKind, leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut rest, mut at, mut path) = (leaves, index, Vec::new());
    while rest.len() > 1 {
        let (left, right) = rest.split_at(split(rest.len()));
        if at < left.len() {
            path.push(root(kind, right));
            rest = left;
        } else {
            path.push(root(kind, left));
            at -= left.len();
            rest = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether `path` shows that the leaf with hash `leaf` stands at `index` (from 0) in the log of `size` leaves with
/// this `root`. `size` and `root` must come from the same trusted record; see the note at the top of the crate.
pub fn verify_inclusion(
    kind: HashKind,
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut node) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            node = node_hash(kind, sibling, &node);
            // A node at the right edge without a sibling moves up unhashed until it is a right child.
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(kind, &node, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && node == *root
}

/// The path that shows that the log of the first `old_size` leaves is a beginning of the log of all of them. Empty
/// where `old_size` is 0 or all; `None` where it is more than there are.
pub fn consistency(kind: HashKind, leaves: &[Hash], old_size: usize) -> Option<Vec<Hash>> {
    if old_size > leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    if old_size == 0 || old_size == leaves.len() {
        return Some(path);
    }
    // `whole`: the subtree in hand begins the old log, so the verifier knows its root already.
    let (mut rest, mut old, mut whole) = (leaves, old_size, true);
    while old < rest.len() {
        let (left, right) = rest.split_at(split(rest.len()));
        if old <= left.len() {
            path.push(root(kind, right));
            rest = left;
        } else {
            path.push(root(kind, left));
            old -= left.len();
            rest = right;
            whole = false;
        }
    }
    if !whole {
        path.push(root(kind, rest));
    }
    path.reverse();
    Some(path)
}

/// Whether `path` shows that the log `(old_size, old_root)` is a beginning of the log `(new_size, new_root)`. Each
/// pair must come from one trusted record; see the note at the top of the crate. The empty log is a beginning of any.
pub fn verify_consistency(
    kind: HashKind,
    (old_size, old_root): (u64, &Hash),
    (new_size, new_root): (u64, &Hash),
    path: &[Hash],
) -> bool {
    if old_size > new_size {
        return false;
    }
    if old_size == new_size || old_size == 0 {
        let known = if old_size == new_size { new_root } else { &empty_root(kind) };
        return path.is_empty() && old_root == known;
    }
    // An old log that is one full subtree is its own first node, and the path leaves it out.
    let (first, path) = match (old_size.is_power_of_two(), path) {
        (true, path) if !path.is_empty() => (old_root, path),
        (false, [first, path @ ..]) => (first, path),
        _ => return false,
    };
    let full = (old_size - 1).trailing_ones();
    let (mut at, mut last) = ((old_size - 1) >> full, (new_size - 1) >> full);
    let (mut old_node, mut new_node) = (*first, *first);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old_node = node_hash(kind, sibling, &old_node);
            new_node = node_hash(kind, sibling, &new_node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_node = node_hash(kind, &new_node, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old_node == *old_root && new_node == *new_root
}
