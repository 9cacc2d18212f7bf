//! Whole numbers as the other side writes them: the point moved, nothing rounded.

use crate::fault::Wrong;

/// The most places by which a point is moved: cents told in ten thousands of yuan move by six.
pub const MAX_SHIFT: u32 = 8;

/// The number with its point so many places to the left, without zeros at its end.
pub fn print(value: i64, shift: u32) -> String {
    let shift = shift.min(MAX_SHIFT);
    let unit = 10_u64.pow(shift);
    let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{part:0width$}", width = shift as usize);
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// The number that was written so.
///
/// # Errors
/// What is no number, has more decimals than our unit, or is beyond what a number of ours can be.
pub fn scan(text: &str, shift: u32) -> Result<i64, Wrong> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(part) {
        return Err(Wrong::NoNumber);
    }
    let (part, places) = (part.trim_end_matches('0'), shift.min(MAX_SHIFT) as usize);
    if part.len() > places {
        return Err(Wrong::TooFine);
    }
    format!("{sign}{whole}{part:0<places$}").parse().map_err(|_| Wrong::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_moves_and_nothing_is_rounded() {
        for (value, shift, text) in [
            (0, 0, "0"),
            (0, 6, "0"),
            (12, 0, "12"),
            (-5, 2, "-0.05"),
            (1_234_500, 6, "1.2345"),
            (100, 2, "1"),
        ] {
            assert_eq!(print(value, shift), text);
            assert_eq!(scan(text, shift), Ok(value));
        }
        assert_eq!(scan("1.500", 1), Ok(15), "zeros at the end say nothing");
        assert_eq!(scan("1.25", 1), Err(Wrong::TooFine));
        assert_eq!(scan("99999999999999999999", 0), Err(Wrong::OutOfRange));
        for bad in ["", "-", ".", "1.", ".5", "+1", "1e3", "１", "1,000", "0x1", "--1", " 1"] {
            assert_eq!(scan(bad, 2), Err(Wrong::NoNumber), "{bad}");
        }
    }
}
