//! Codes that people type from paper: short, and of signs that nobody takes for each other.

use jiedui_kernel::Random;

/// Signs that cannot be mistaken for each other; 32 of them, so that each carries five bits.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const GROUPS: usize = 5;
const GROUP: usize = 4;

/// A new code: a hundred bits in groups of four signs.
pub fn code(random: &Random) -> String {
    let mut bytes = [0; GROUPS * GROUP];
    random.fill(&mut bytes);
    let signs: Vec<char> = bytes
        .iter()
        .filter_map(|byte| SIGNS.get(usize::from(*byte) % SIGNS.len()))
        .map(|sign| char::from(*sign))
        .collect();
    signs.chunks(GROUP).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// A code as it is kept, however it was typed: with or without dashes and blanks, in small letters or large, and as wide as a
/// Chinese keyboard may write them.
pub fn plain(typed: &str) -> String {
    let narrow = typed.chars().map(|sign| match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        other => other,
    });
    narrow.filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let random = Random::System;
        let (one, other) = (code(&random), code(&random));
        assert_ne!(one, other);
        assert_eq!((one.len(), plain(&one).len()), (24, 20));
        assert_eq!(plain("１２３４５６"), "123456");
        assert_eq!(plain("ａb－２　c"), "AB2C");
        assert_eq!(plain(&format!(" {} ", one.to_lowercase().replace('-', " "))), plain(&one));
    }
}
