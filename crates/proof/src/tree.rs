//! The growing log, kept as its peaks: the roots of the full subtrees, largest first. A log of n leaves has as many
//! peaks as n has binary ones, so appending and rooting cost O(log n) and the state fits into one small row.

use crate::hash::{Hash, HashKind, empty_root, node_hash};

/// The state from which a log goes on growing: its size and its peaks, without the leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    kind: HashKind,
    size: u64,
    peaks: Vec<Hash>,
}

impl Tree {
    /// A log without leaves.
    pub fn new(kind: HashKind) -> Self {
        Self { kind, size: 0, peaks: Vec::new() }
    }

    /// Takes up a log where it was left, from what `size` and `peaks` gave. `None` where the number of peaks does not
    /// belong to that size; whether they are the *right* peaks shows only by comparing `root` with a recorded one.
    pub fn from_peaks(kind: HashKind, size: u64, peaks: Vec<Hash>) -> Option<Self> {
        let wanted = usize::try_from(size.count_ones()).ok()?;
        (peaks.len() == wanted).then_some(Self { kind, size, peaks })
    }

    /// Appends one leaf, given as its hash (see [`crate::leaf_hash`]), and returns its index, counted from 0.
    pub fn push(&mut self, leaf: Hash) -> u64 {
        let index = self.size;
        let mut node = leaf;
        // Every trailing one of the old size is a full subtree as large as the one in hand: they merge.
        for _ in 0..index.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(self.kind, &left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
        index
    }

    /// The root over all leaves so far; for none, [`empty_root`].
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return empty_root(self.kind) };
        peaks.fold(last, |right, left| node_hash(self.kind, &left, &right))
    }

    /// How many leaves the log has.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn kind(&self) -> HashKind {
        self.kind
    }

    /// The roots of the full subtrees, largest (and oldest) first; to be stored together with `size`.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }
}
