//! How wide a text is without a font: Chinese signs are as wide as they are high, most others little more than half. Rather
//! too wide than too narrow, so that nothing runs into its neighbour whatever font a browser takes.

use jiedui_kernel::Unit;

/// The size of all texts, in units of the drawing.
pub(crate) const FONT: i64 = 14;
const HALF: i64 = 8;

pub(crate) fn width(text: &str) -> i64 {
    text.chars().map(of_sign).sum()
}

fn of_sign(sign: char) -> i64 {
    if sign.is_ascii() && !matches!(sign, 'W' | 'M' | '@' | '%') { HALF } else { FONT }
}

/// As much of a text as there is room for.
pub(crate) fn fit(text: &str, room: i64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let (mut kept, mut used) = (String::new(), FONT);
    for sign in text.chars() {
        used += of_sign(sign);
        if used > room {
            break;
        }
        kept.push(sign);
    }
    if room >= FONT {
        kept.push('…');
    }
    kept
}

/// A text in lines that are no wider than this.
pub(crate) fn lines(text: &str, room: i64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for sign in text.chars() {
        if used > 0 && used + of_sign(sign) > room {
            lines.push(String::new());
            used = 0;
        }
        used += of_sign(sign);
        if let Some(line) = lines.last_mut() {
            line.push(sign);
        }
    }
    lines
}

/// The part of a length that a value is of a whole; what is less than nothing, or more than all, ends at the ends.
pub(crate) fn scaled(value: i64, whole: i64, length: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let part = i128::from(value.clamp(0, whole)) * i128::from(length) / i128::from(whole);
    i64::try_from(part).unwrap_or(length)
}

/// The same between two ends.
pub(crate) fn between(value: i64, (from, to): (i64, i64), length: i64) -> i64 {
    scaled(value.saturating_sub(from), to.saturating_sub(from), length)
}

/// The next number that reads well on an axis: 1, 2 or 5 with noughts.
pub(crate) fn round_up(value: i64) -> i64 {
    let mut step = 1_i64;
    loop {
        for of in [1, 2, 5] {
            match step.checked_mul(of) {
                Some(round) if round >= value => return round,
                Some(_) => {}
                None => return value,
            }
        }
        match step.checked_mul(10) {
            Some(next) => step = next,
            None => return value,
        }
    }
}

/// A share in percent, with the parts of a hundredth left out.
pub(crate) fn share(part: i64, whole: i64) -> Option<String> {
    if whole <= 0 || part < 0 {
        return None;
    }
    let points = i128::from(part) * 10_000 / i128::from(whole);
    let points = i64::try_from(points).ok()?;
    Some(format!("{}%", Unit::BasisPoints.format(points)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_the_whole_square() {
        assert_eq!(width("仁化县"), 3 * FONT);
        assert_eq!(width("12人"), 2 * HALF + FONT);
        assert_eq!(fit("仁化县技工学校", 50), "仁化…");
        assert_eq!(fit("仁化", 28), "仁化");
        assert_eq!(fit("仁化", 10), "");
        assert_eq!(lines("仁化县", 30), ["仁化", "县"]);
    }

    #[test]
    fn values_end_at_the_ends() {
        assert_eq!([scaled(-1, 10, 100), scaled(5, 10, 100), scaled(11, 10, 100)], [0, 50, 100]);
        assert_eq!(scaled(i64::MAX, i64::MAX, 300), 300);
        assert_eq!(scaled(3, 0, 100), 0);
        assert_eq!(between(15, (10, 20), 100), 50);
        assert_eq!([round_up(0), round_up(7), round_up(1437), round_up(2000)], [1, 10, 2000, 2000]);
        assert_eq!(round_up(i64::MAX), i64::MAX);
    }

    #[test]
    fn shares_are_of_something() {
        assert_eq!(share(1, 3).as_deref(), Some("33.33%"));
        assert_eq!((share(1, 0), share(-1, 5)), (None, None));
    }
}
