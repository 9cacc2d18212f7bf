//! The SHA-256 of a content, which is its name in the folder.

use jiedui_kernel::hex;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// 64 small hexadecimal digits, so that a path made from it never leaves its folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(String);

const DIGITS: usize = 64;

impl ContentHash {
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex(Sha256::digest(bytes)))
    }

    /// None where the text is no such hash.
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == DIGITS && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_what_others_compute_and_nothing_else_is_one() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(ContentHash::of(b"").as_str(), empty);
        assert_eq!(ContentHash::parse(empty), Some(ContentHash::of(b"")));
        let upper = empty.to_uppercase();
        for wrong in ["", "../../etc/passwd", &empty[1..], upper.as_str(), &format!("{empty}0")] {
            assert_eq!(ContentHash::parse(wrong), None, "{wrong}");
        }
    }
}
