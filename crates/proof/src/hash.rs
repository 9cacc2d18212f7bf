//! The two hashes a log can be built on, with the prefixes that keep leaves and nodes apart.

use sha2::Digest as _;

/// The value of a leaf, a node or a root: 32 bytes for both kinds.
pub type Hash = [u8; 32];

/// The hash of a log. It is chosen when the data directory is made and never changes afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HashKind {
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SM3 (GB/T 32905-2016), for systems that must use the national algorithms. The implementation is not a
    /// certified cryptographic product.
    Sm3,
}

/// A name that is neither `sha256` nor `sm3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownHash(pub String);

impl std::fmt::Display for UnknownHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown hash {:?}: expected sha256 or sm3", self.0)
    }
}

impl std::error::Error for UnknownHash {}

impl HashKind {
    /// The name under which the choice is stored: `sha256` or `sm3`. `parse` reads it back.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
        }
    }

    fn of(self, parts: &[&[u8]]) -> Hash {
        match self {
            Self::Sha256 => {
                let mut hasher = sha2::Sha256::new();
                parts.iter().for_each(|part| hasher.update(part));
                hasher.finalize().into()
            }
            Self::Sm3 => {
                let mut hasher = sm3::Sm3::new();
                parts.iter().for_each(|part| hasher.update(part));
                hasher.finalize().into()
            }
        }
    }
}

impl std::str::FromStr for HashKind {
    type Err = UnknownHash;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "sha256" => Ok(Self::Sha256),
            "sm3" => Ok(Self::Sm3),
            other => Err(UnknownHash(other.to_owned())),
        }
    }
}

/// The root of a log without leaves: the hash of nothing (RFC 6962, 2.1).
pub fn empty_root(kind: HashKind) -> Hash {
    kind.of(&[])
}

/// The hash of one leaf: H(0x00 ‖ data). The prefix keeps a node from being passed off as a leaf.
pub fn leaf_hash(kind: HashKind, data: &[u8]) -> Hash {
    kind.of(&[&[0x00], data])
}

/// The hash of an inner node: H(0x01 ‖ left ‖ right).
pub fn node_hash(kind: HashKind, left: &Hash, right: &Hash) -> Hash {
    kind.of(&[&[0x01], left, right])
}

/// The hash that binds a row of a database: H(0x02 ‖ data). The prefix keeps it apart from leaves and nodes.
pub fn row_hash(kind: HashKind, data: &[u8]) -> Hash {
    kind.of(&[&[0x02], data])
}

/// A hash as 64 lower-case hexadecimal digits.
pub fn to_hex(hash: &Hash) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads 64 hexadecimal digits of either case; `None` for anything else, spaces included.
pub fn from_hex(text: &str) -> Option<Hash> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(hash)
}
