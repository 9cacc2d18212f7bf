//! Passwords: argon2id with the parameters of its RFC's low-memory recommendation, and what makes one too weak.

use super::guessed::{self, KnownToOthers};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, PasswordHash};
use jiedui_kernel::{Code, Error, FieldError, Mistake, Random, Result};

/// The shortest password allowed (domain.md §7.1: at least 8 with several kinds of signs; ours is longer).
pub const SHORTEST: usize = 10;

/// A hashed password. Making one is slow on purpose: it is slow work, done before a transaction is opened.
pub struct Hashed(String);

impl Hashed {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub fn hash(password: &str, random: &Random) -> Result<Hashed> {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    let hash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(Error::internal)?;
    Ok(Hashed(hash.to_string()))
}

/// The hash of a password that is strong enough for this login.
pub fn accept(password: &str, login: &str, random: &Random) -> Result<Hashed> {
    Error::of(weaknesses(password, &KnownToOthers::login(login)))?;
    hash(password, random)
}

pub fn matches(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// The same for an account that may not be there. Without a stored hash it works as long and says no, so that the time
/// taken tells nothing.
pub fn matches_or_none(password: &str, stored: Option<&str>, random: &Random) -> bool {
    match stored {
        Some(stored) => matches(password, stored),
        None => hash(password, random).is_err(),
    }
}

/// Why a password is too weak; empty where it is fine.
pub fn weaknesses(password: &str, known: &KnownToOthers) -> Vec<FieldError> {
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    let present = kinds.iter().filter(|kind| password.chars().any(kind)).count();
    let mut found = Vec::new();
    let mut say = |mistake: Mistake| found.push(FieldError::new("password", mistake));
    if password.chars().count() < SHORTEST {
        say(Code::TooShort.says(format!("密码至少 {SHORTEST} 个字符。")));
    }
    if password.chars().count() > 128 {
        say(Code::TooLong.says("密码最多 128 个字符。"));
    }
    if present < 3 {
        say(Code::Weak.says("密码请从大写字母、小写字母、数字、符号中至少用三类。"));
    }
    guessed::reasons(password, known).into_iter().for_each(say);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_password_only() {
        let random = Random::seeded(1);
        let stored = hash("Jiedui-demo-2024", &random).unwrap();
        assert!(stored.as_str().starts_with("$argon2id$"));
        assert!(matches("Jiedui-demo-2024", stored.as_str()));
        assert!(!matches("Jiedui-demo-2025", stored.as_str()));
        assert!(!matches("Jiedui-demo-2024", "not a hash"));
    }

    #[test]
    fn weak_passwords_are_told_why() {
        let known = KnownToOthers::login("sheng");
        assert!(weaknesses("Testing-2026-x", &known).is_empty());
        assert_eq!(weaknesses("short", &known).len(), 2);
        assert_eq!(weaknesses("Sheng-2024-abc", &known).len(), 1);
    }
}
