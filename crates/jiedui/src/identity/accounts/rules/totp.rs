//! Codes of a second step of signing in, as RFC 6238 has them with what authenticator apps expect: SHA-1, half minutes, six
//! digits. And the secret as such an app takes it: base 32 (RFC 4648), in an address.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiedui_kernel::{Instant, Random};
use sha1::Sha1;

const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;
/// As many bytes as the hash has (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;
/// Codes of the steps beside the present one are taken too: clocks differ, and typing takes its time.
const BESIDE: i64 = 1;
const SIGNS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret, in base 32.
pub fn secret(random: &Random) -> String {
    let mut bytes = [0; SECRET_BYTES];
    random.fill(&mut bytes);
    to_base32(&bytes)
}

/// The step whose code was typed, if it is none that was taken already or lies before one.
pub fn step_of(secret: &str, typed: &str, now: Instant, last_step: i64) -> Option<i64> {
    let (secret, present) = (from_base32(secret)?, now.timestamp().div_euclid(STEP_SECONDS));
    let steps = present - BESIDE..=present + BESIDE;
    steps.filter(|step| *step > last_step).find(|step| code(&secret, *step).is_some_and(|code| code == typed))
}

/// Whether a text has the form of a code.
pub fn is_code(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What an authenticator app reads from a square code.
pub fn address(login: &str, secret: &str) -> String {
    const ISSUER: &str = "%E7%BB%93%E5%AF%B9%E9%80%9A";
    format!("otpauth://totp/{ISSUER}:{login}?secret={secret}&issuer={ISSUER}")
}

/// A secret in groups of four, for whoever types it.
pub fn grouped(secret: &str) -> String {
    let signs: Vec<char> = secret.chars().collect();
    signs.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// What the holder's telephone shows.
#[cfg(test)]
pub fn shown(secret: &str, now: Instant) -> String {
    code(&from_base32(secret).unwrap(), now.timestamp().div_euclid(STEP_SECONDS)).unwrap()
}

/// The code of a step (RFC 4226, section 5.3).
fn code(secret: &[u8], step: i64) -> Option<String> {
    let number = truncated(secret, step)? % 10_u32.pow(DIGITS as u32);
    Some(format!("{number:0DIGITS$}"))
}

fn truncated(secret: &[u8], step: i64) -> Option<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let bytes = mac.finalize().into_bytes();
    let at = usize::from(bytes.last()? & 0x0f);
    let four = bytes.get(at..at + 4)?;
    Some(four.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) & 0x7fff_ffff)
}

fn to_base32(bytes: &[u8]) -> String {
    let sign = |chunk: &[u8]| {
        let bits = (0..5).fold(0_u64, |bits, at| bits << 8 | u64::from(chunk.get(at).copied().unwrap_or(0)));
        let count = (chunk.len() * 8).div_ceil(5);
        let index = move |place: usize| (bits >> (35 - 5 * place) & 31) as usize;
        (0..count).map(move |place| char::from(SIGNS[index(place)])).collect::<String>()
    };
    bytes.chunks(5).map(sign).collect()
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for sign in text.bytes() {
        let value = SIGNS.iter().position(|one| *one == sign.to_ascii_uppercase())?;
        bits = bits << 5 | u32::try_from(value).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The secret of the appendices of both RFCs.
    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 4226, appendix D.
    #[test]
    fn codes_by_counter() {
        let wanted = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (step, wanted) in (0..).zip(wanted) {
            assert_eq!(code(SECRET, step).unwrap(), wanted);
        }
    }

    /// RFC 6238, appendix B, whose codes have two digits more in front.
    #[test]
    fn codes_by_time() {
        let wanted = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (seconds, wanted) in wanted {
            assert_eq!(truncated(SECRET, seconds / STEP_SECONDS).unwrap() % 100_000_000, wanted);
        }
    }

    #[test]
    fn a_code_is_taken_once_and_near_its_time() {
        let secret = to_base32(SECRET);
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let at = |seconds: i64| Instant::from_timestamp(seconds, 0).unwrap();
        assert_eq!(step_of(&secret, "287082", at(59), 0), Some(1));
        assert_eq!(step_of(&secret, "287082", at(89), 0), Some(1), "the step before");
        assert_eq!(step_of(&secret, "287082", at(90), 0), None, "two steps before");
        assert_eq!(step_of(&secret, "359152", at(59), 0), Some(2), "the step behind");
        assert_eq!(step_of(&secret, "287082", at(59), 1), None, "taken already");
        assert_eq!(step_of(&secret, "287082", at(59), 2), None, "a later one was taken");
        assert_eq!(step_of(&secret, "", at(59), 0), None);
        assert_eq!(step_of("not base 32!", "287082", at(59), 0), None);
        assert!(is_code("000000") && !is_code("00000") && !is_code("00000x") && !is_code("０００００0"));
    }

    proptest! {
        #[test]
        fn base_32_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(from_base32(&to_base32(&bytes)).unwrap(), bytes);
        }
    }

    #[test]
    fn a_secret_is_new_and_whole() {
        let random = Random::System;
        let (one, other) = (secret(&random), secret(&random));
        assert_ne!(one, other);
        assert_eq!((one.len(), from_base32(&one).unwrap().len()), (32, SECRET_BYTES));
        assert_eq!(grouped(&one).split(' ').count(), 8);
        assert!(
            address("sheng", &one).starts_with("otpauth://totp/%E7%BB%93%E5%AF%B9%E9%80%9A:sheng?secret=")
        );
    }
}
