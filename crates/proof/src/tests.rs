//! Reference vectors of Certificate Transparency (RFC 6962; the eight leaves and their roots are those that the CT
//! implementations test against), then properties for both hashes.

use crate::*;
use proptest::prelude::*;

const KINDS: [HashKind; 2] = [HashKind::Sha256, HashKind::Sm3];

const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The root over the first n of `LEAVES`, n = 0 … 8.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn reference() -> Vec<Hash> {
    LEAVES.iter().map(|data| leaf_hash(HashKind::Sha256, data)).collect()
}

fn hexes(path: &[Hash]) -> Vec<String> {
    path.iter().map(to_hex).collect()
}

/// Distinct leaves: with equal ones a "wrong" index may be a right one.
fn leaves(kind: HashKind, size: usize) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(kind, &index.to_be_bytes())).collect()
}

/// RFC 6962, 2.1, word for word: the oracle for the incremental tree.
fn recursive_root(kind: HashKind, leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(kind),
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            let (left, right) = leaves.split_at(k);
            node_hash(kind, &recursive_root(kind, left), &recursive_root(kind, right))
        }
    }
}

/// The turns from the root of a tree of `size` leaves down to the leaf at `index`.
fn route(index: usize, size: usize) -> Vec<bool> {
    let (mut at, mut size, mut turns) = (index, size, Vec::new());
    while size > 1 {
        let mut k = 1;
        while k * 2 < size {
            k *= 2;
        }
        let right = at >= k;
        turns.push(right);
        (at, size) = if right { (at - k, size - k) } else { (at, k) };
    }
    turns
}

#[test]
fn reference_roots() {
    let leaves = reference();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(to_hex(&root(HashKind::Sha256, &leaves[..size])), *expected, "size {size}");
    }
}

#[test]
fn reference_inclusion() {
    let path = inclusion(HashKind::Sha256, &reference(), 5).unwrap();
    assert_eq!(
        hexes(&path),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    let path = inclusion(HashKind::Sha256, &reference()[..3], 2).unwrap();
    assert_eq!(hexes(&path), ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]);
}

#[test]
fn reference_consistency() {
    let path = consistency(HashKind::Sha256, &reference(), 6).unwrap();
    assert_eq!(
        hexes(&path),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    let path = consistency(HashKind::Sha256, &reference()[..5], 2).unwrap();
    assert_eq!(
        hexes(&path),
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ]
    );
}

/// GB/T 32905-2016, annex A, example 1 ("abc"), and the digest of nothing.
#[test]
fn sm3_is_sm3() {
    use sm3::Digest as _;
    let abc: Hash = sm3::Sm3::digest(b"abc").into();
    assert_eq!(to_hex(&abc), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_eq!(
        to_hex(&root(HashKind::Sm3, &[])),
        "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
    );
}

#[test]
fn names_and_hex_read_back() {
    for kind in KINDS {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    assert!("md5".parse::<HashKind>().is_err());
    assert_eq!(from_hex(ROOTS[8]).map(|hash| to_hex(&hash)).as_deref(), Some(ROOTS[8]));
    assert_eq!(from_hex(&ROOTS[8].to_uppercase()), from_hex(ROOTS[8]));
    assert_eq!(from_hex(&ROOTS[8][1..]), None);
    assert_eq!(from_hex(&format!("+{}", &ROOTS[8][1..])), None);
    assert_eq!(from_hex(&"中".repeat(21)), None);
}

/// Every proof over every size up to 24, with every other index refused.
#[test]
fn every_small_proof_verifies_and_no_other() {
    for kind in KINDS {
        let all = leaves(kind, 24);
        for size in 0..=all.len() {
            let (log, head) = (&all[..size], root(kind, &all[..size]));
            assert_eq!(inclusion(kind, log, size), None);
            assert_eq!(consistency(kind, log, size + 1), None);
            for index in 0..size {
                let path = inclusion(kind, log, index).unwrap();
                for claimed in 0..size as u64 + 2 {
                    let right = claimed == index as u64;
                    let shown = verify_inclusion(kind, &log[index], claimed, size as u64, &path, &head);
                    assert_eq!(shown, right, "{kind:?} {index} as {claimed} of {size}");
                }
            }
            for old in 0..=size {
                let path = consistency(kind, log, old).unwrap();
                for claimed in 0..=size {
                    let before = (claimed as u64, &root(kind, &log[..claimed]));
                    let shown = verify_consistency(kind, before, (size as u64, &head), &path);
                    // The proofs from nothing and from everything are both empty.
                    let right = claimed == old || path.is_empty() && (claimed == 0 || claimed == size);
                    assert_eq!(shown, right, "{kind:?} {old} as {claimed} of {size}");
                }
            }
        }
    }
}

#[test]
fn a_tree_goes_on_from_its_peaks() {
    for kind in KINDS {
        let mut whole = Tree::new(kind);
        for (index, leaf) in leaves(kind, 70).into_iter().enumerate() {
            let mut resumed = Tree::from_peaks(kind, whole.size(), whole.peaks().to_vec()).unwrap();
            assert_eq!(whole.push(leaf), index as u64);
            resumed.push(leaf);
            assert_eq!(resumed, whole);
        }
        assert_eq!(Tree::from_peaks(kind, 3, vec![[0; 32]]), None);
    }
}

fn kind() -> impl Strategy<Value = HashKind> {
    prop_oneof![Just(HashKind::Sha256), Just(HashKind::Sm3)]
}

proptest! {
    #[test]
    fn incremental_equals_batch(kind in kind(), data in prop::collection::vec(any::<[u8; 4]>(), 0..300)) {
        let leaves: Vec<Hash> = data.iter().map(|data| leaf_hash(kind, data)).collect();
        let mut tree = Tree::new(kind);
        for (index, leaf) in leaves.iter().enumerate() {
            tree.push(*leaf);
            prop_assert_eq!(tree.size(), index as u64 + 1);
        }
        prop_assert_eq!(tree.root(), recursive_root(kind, &leaves));
        prop_assert_eq!(root(kind, &leaves), recursive_root(kind, &leaves));
    }

    #[test]
    fn a_flipped_bit_breaks_inclusion(
        kind in kind(), size in 1usize..400, pick in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), bit in 0usize..256,
    ) {
        let (log, index) = (leaves(kind, size), pick.index(size));
        let (mut path, mut leaf, mut head) = (inclusion(kind, &log, index).unwrap(), log[index], root(kind, &log));
        let shown = |leaf: &Hash, path: &[Hash], head: &Hash| {
            verify_inclusion(kind, leaf, index as u64, size as u64, path, head)
        };
        prop_assert!(shown(&leaf, &path, &head));
        prop_assert!(path.is_empty() || !shown(&leaf, &path[1..], &head));
        prop_assert!(!shown(&leaf, &[&path[..], &[head]].concat(), &head));
        let parts = path.len() + 2;
        let target = at.index(parts);
        let flipped = match target {
            0 => &mut leaf,
            1 => &mut head,
            n => &mut path[n - 2],
        };
        flipped[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!shown(&leaf, &path, &head));
    }

    #[test]
    fn a_wrong_size_breaks_inclusion_where_the_shape_differs(
        kind in kind(), size in 1usize..200, other in 1usize..200, pick in any::<prop::sample::Index>(),
    ) {
        let (log, index) = (leaves(kind, size), pick.index(size));
        let (path, head) = (inclusion(kind, &log, index).unwrap(), root(kind, &log));
        let shown = verify_inclusion(kind, &log[index], index as u64, other as u64, &path, &head);
        prop_assert_eq!(shown, index < other && route(index, other) == route(index, size));
        // With the pair (size, root) of another state of the log it never verifies.
        let head = root(kind, &leaves(kind, other));
        let shown = verify_inclusion(kind, &log[index], index as u64, other as u64, &path, &head);
        prop_assert_eq!(shown, other == size);
    }

    #[test]
    fn a_flipped_bit_breaks_consistency(
        kind in kind(), size in 1usize..400, pick in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), bit in 0usize..256,
    ) {
        let (log, old) = (leaves(kind, size), pick.index(size + 1));
        let mut path = consistency(kind, &log, old).unwrap();
        let (mut before, mut after) = (root(kind, &log[..old]), root(kind, &log));
        let shown = |before: &Hash, after: &Hash, path: &[Hash]| {
            verify_consistency(kind, (old as u64, before), (size as u64, after), path)
        };
        prop_assert!(shown(&before, &after, &path));
        prop_assert!(path.is_empty() || !shown(&before, &after, &path[1..]));
        prop_assert!(!shown(&before, &after, &[&path[..], &[after]].concat()));
        let target = at.index(path.len() + 2);
        let flipped = match target {
            0 => &mut before,
            1 => &mut after,
            n => &mut path[n - 2],
        };
        flipped[bit / 8] ^= 1 << (bit % 8);
        // The empty log says nothing about the new root, so a change there cannot show.
        prop_assert_eq!(shown(&before, &after, &path), old == 0 && target == 1);
    }

    #[test]
    fn rewritten_history_is_found(kind in kind(), size in 2usize..200, pick in any::<prop::sample::Index>()) {
        let (mut log, old) = (leaves(kind, size), 1 + pick.index(size - 1));
        let before = root(kind, &log[..old]);
        log[pick.index(old)][0] ^= 1;
        let path = consistency(kind, &log, old).unwrap();
        let after = root(kind, &log);
        prop_assert!(!verify_consistency(kind, (old as u64, &before), (size as u64, &after), &path));
    }

    #[test]
    fn verifying_never_panics(
        kind in kind(), a in any::<u64>(), b in any::<u64>(), path in prop::collection::vec(any::<Hash>(), 0..70),
    ) {
        prop_assert!(!verify_inclusion(kind, &[7; 32], a, b, &path, &[9; 32]));
        prop_assert!(!verify_consistency(kind, (a, &[7; 32]), (b, &[9; 32]), &path));
    }

    #[test]
    fn hex_reads_back(hash in any::<Hash>()) {
        prop_assert_eq!(from_hex(&to_hex(&hash)), Some(hash));
    }
}
