//! For tests alone: what a broken disk, or somebody who means harm, makes of a good input. The same seed gives the same, so that
//! what fails once fails again.

use crate::Random;

/// Most changes of one copy.
const CHANGES: u64 = 4;
/// Most bytes that go, or stand twice, at a change.
const PIECE: usize = 16;

/// A copy with one to four changes: cut off, pieces gone or doubled, bytes and bits turned, and words put in that mean something to
/// its reader.
pub fn damaged(random: &Random, whole: &[u8], words: &[&str]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=random.below(CHANGES) {
        let at = below(random, bytes.len() + 1);
        let end = (at + 1 + below(random, PIECE)).min(bytes.len());
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            3 => turn(&mut bytes, at, u8::MAX),
            4 | 5 => turn(&mut bytes, at, 1_u8 << random.below(8)),
            _ => {
                let word = words.get(below(random, words.len())).copied().unwrap_or_default();
                drop(bytes.splice(at..at, word.bytes()));
            }
        }
    }
    bytes
}

/// The same as a text: what is none any more stands as the sign for that.
pub fn damaged_text(random: &Random, whole: &str, words: &[&str]) -> String {
    String::from_utf8_lossy(&damaged(random, whole.as_bytes(), words)).into_owned()
}

fn below(random: &Random, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).unwrap_or(0)
}

fn turn(bytes: &mut [u8], at: usize, bits: u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= bits;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_does_the_same_damage_and_nothing_is_left_whole() {
        let whole = b"what was written and is to be read again";
        let all = |seed| {
            let random = Random::seeded(seed);
            (0..200).map(|_| damaged(&random, whole, &["{", "0"])).collect::<Vec<_>>()
        };
        assert_eq!(all(1), all(1));
        assert_ne!(all(1), all(2));
        // Changes that undo each other are rare.
        let same = all(1).iter().filter(|one| one.as_slice() == whole).count();
        assert!(same < 20, "{same}");
        assert!(damaged(&Random::seeded(3), b"", &[]).is_empty());
    }
}
