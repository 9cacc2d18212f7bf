//! What people type, read as they mean it: a text without the marks that nobody sees, and a number with its separators, its
//! full-width digits and the unit behind it. What could mean two things is refused, and the words say how to write it.

use crate::{Code, Mistake, Unit};

/// Beyond this a number is a typo.
const MOST: i64 = 1_000_000_000_000;
/// Money in 万元 goes further: a plan of a whole province is one amount.
const MOST_CENTS: i64 = 999_999_999_999_999;
/// So much of a word that is no unit is said again.
const QUOTED: usize = 8;

/// Signs that take no room: they join, divide or turn the text beside them, or ask for another picture of the sign before
/// them, and make two equal names unlike.
fn is_unseen(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Pictures of which several are joined to one.
fn is_joined(before: Option<char>) -> bool {
    matches!(before, Some('\u{fe0f}' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}'))
}

/// Signs that are there as letters and as pictures; the one behind them says which is meant.
fn is_coloured(before: Option<char>) -> bool {
    matches!(
        before,
        Some(
            '\u{a9}'
            | '\u{ae}'
            | '\u{2000}'..='\u{2bff}'
            | '\u{3030}'
            | '\u{303d}'
            | '\u{3297}'
            | '\u{3299}'
            | '\u{1f000}'..='\u{1faff}',
        )
    )
}

/// A text as it is kept: every kind of line break counts once and is the same sign, also the soft ones of Word and WPS; what
/// nobody sees is taken out. Everything else stays as it is.
pub fn text(raw: &str) -> String {
    let mut kept = String::with_capacity(raw.len());
    let mut before = None;
    for sign in raw.chars() {
        match sign {
            '\n' if before == Some('\r') => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            '\u{200d}' if is_joined(kept.chars().next_back()) => kept.push(sign),
            '\u{fe0f}' if is_coloured(kept.chars().next_back()) => kept.push(sign),
            sign if is_unseen(sign) => {}
            sign => kept.push(sign),
        }
        before = Some(sign);
    }
    kept
}

/// A number in its unit: whole, or with up to two decimals where the unit is kept in hundredths. The mistake says what is
/// wrong without naming the field.
pub fn number(unit: Unit, text: &str) -> Result<i64, Mistake> {
    let (figure, word) = parts(text);
    let places = match (unit, word.as_str()) {
        (Unit::Yuan, "万" | "万元") => 6,
        (Unit::Yuan, "亿" | "亿元") => 10,
        (unit, word) if figure.is_empty() || word.is_empty() || means(unit, word) => usual_places(unit),
        (unit, word) => return Err(of_another_unit(word, unit.label())),
    };
    scaled(&figure, places, usual_places(unit) > 0, MOST)
}

/// Money in a field that asks for 万元, in cents; with 元 behind it, it is taken as that.
pub fn ten_thousand_yuan(text: &str) -> Result<i64, Mistake> {
    let (figure, word) = parts(text);
    let places = match word.as_str() {
        "" | "万" | "万元" => 6,
        "元" => 2,
        "亿" | "亿元" => 10,
        _ if figure.is_empty() => 6,
        word => return Err(of_another_unit(word, "万元")),
    };
    scaled(&figure, places, true, MOST_CENTS)
}

/// A whole number of what has no unit of its own.
pub fn whole(text: &str) -> Result<i64, Mistake> {
    bare(text, 0)
}

/// The same with up to two decimals, in hundredths.
pub fn hundredths(text: &str) -> Result<i64, Mistake> {
    bare(text, 2)
}

fn bare(text: &str, places: usize) -> Result<i64, Mistake> {
    let (figure, word) = parts(text);
    if !figure.is_empty() && !word.is_empty() {
        return Err(Code::NoNumber.says("只写数字，不写单位。"));
    }
    scaled(if word.is_empty() { &figure } else { "" }, places, places > 0, MOST)
}

fn usual_places(unit: Unit) -> usize {
    if unit.in_hundredths() { 2 } else { 0 }
}

/// Whether a word behind a number is its unit.
fn means(unit: Unit, word: &str) -> bool {
    let others: &[&str] = match unit {
        Unit::SquareMetres => &["平米", "平方", "㎡", "m²", "m2"],
        Unit::SquareMetresPerPerson => &["㎡/人", "平方米每人"],
        Unit::Persons => &["名"],
        Unit::BasisPoints => &["个百分点"],
        _ => &[],
    };
    word == unit.label() || others.contains(&word)
}

fn of_another_unit(word: &str, unit: &str) -> Mistake {
    let word: String = word.chars().take(QUOTED).collect();
    Code::NoNumber.says(format!("的单位是“{unit}”，写的却是“{word}”，请只写数字。"))
}

/// The figure at the beginning of a text and the word behind it, both in plain signs.
fn parts(text: &str) -> (String, String) {
    let plain = |sign: char| match sign {
        '０'..='９' => char::from_digit(u32::from(sign) - u32::from('０'), 10).unwrap_or(sign),
        '．' | '。' => '.',
        '，' => ',',
        '％' => '%',
        sign if sign.is_whitespace() => ' ',
        sign => sign,
    };
    let text: String = text.chars().filter(|sign| !is_unseen(*sign)).map(plain).collect();
    let text = text.trim();
    let end = text.find(|sign: char| !(sign.is_ascii_digit() || ". ,".contains(sign))).unwrap_or(text.len());
    let (figure, word) = text.split_at(end);
    (figure.trim().to_owned(), word.trim().to_owned())
}

/// A figure without its separators, which divide thousands and nothing else: 1,2 may be meant as 1.2.
fn ungrouped(whole: &str) -> Option<String> {
    let digits = |group: &str| group.bytes().all(|sign| sign.is_ascii_digit());
    let mut groups = whole.split([',', ' ']);
    let first = groups.next().filter(|first| !first.is_empty() && digits(first))?;
    let mut found = first.to_owned();
    for group in groups {
        if first.len() > 3 || group.len() != 3 || !digits(group) {
            return None;
        }
        found.push_str(group);
    }
    Some(found)
}

/// A figure times ten to so many places, which must leave a whole number.
fn scaled(figure: &str, places: usize, decimals: bool, most: i64) -> Result<i64, Mistake> {
    if figure.is_empty() {
        let words = if decimals {
            "应是不小于零的数字，如 12.5。"
        } else {
            "应是不小于零的整数。"
        };
        return Err(Code::NoNumber.says(words));
    }
    let (whole, part) = figure.split_once('.').unwrap_or((figure, ""));
    let fine = part.bytes().all(|sign| sign.is_ascii_digit());
    let Some(whole) = ungrouped(whole).filter(|_| fine) else {
        return Err(Code::NoNumber.says("里的逗号、空格或小数点位置不对，请只写数字。"));
    };
    let part = part.trim_end_matches('0');
    if part.len() > places {
        return Err(Code::NoNumber.says(match (places, decimals) {
            (_, false) => "应是整数，不能带小数，请取整后再填。",
            (2, _) => "应是数字，最多两位小数。",
            _ => "的小数位太多，最多写到分。",
        }));
    }
    let digits = format!("{whole}{part:0<places$}");
    match digits.parse::<i64>() {
        Ok(number) if number <= most => Ok(number),
        _ => Err(Code::OutOfRange.says("大得不合常理，请核对是否多打了几位。")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (unit, text, value) in [
            (Unit::Persons, "1,200", 1200),
            (Unit::PersonTimes, "１２", 12),
            (Unit::PersonTimes, " 12人次", 12),
            (Unit::PersonTimes, "12 人次 ", 12),
            (Unit::Persons, "12名", 12),
            (Unit::SquareMetres, "２６８５８㎡", 26_858),
            (Unit::SquareMetres, "1200.0", 1200),
            (Unit::Items, "12 000\u{200b}", 12_000),
            (Unit::Yuan, "150万", 150_000_000),
            (Unit::Yuan, "508万元", 508_000_000),
            (Unit::Yuan, "1.5亿元", 15_000_000_000),
            (Unit::Yuan, "12.05元", 1205),
            (Unit::Yuan, "0.000001万", 1),
            (Unit::BasisPoints, "96.5％", 9650),
        ] {
            assert_eq!(number(unit, text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_things_is_refused_with_the_way_to_write_it() {
        for (unit, text, words) in [
            (Unit::SquareMetres, "1200.5", "整数"),
            (Unit::PersonTimes, "12人", "人次"),
            (Unit::Persons, "150万", "单位是“人”"),
            (Unit::Persons, "1,2", "逗号"),
            (Unit::Persons, "1234,567", "逗号"),
            (Unit::Persons, "12 34", "空格"),
            (Unit::Yuan, "1.2.3", "小数点"),
            (Unit::Yuan, "0.071", "两位小数"),
            (Unit::Yuan, "0.0000001万", "小数位太多"),
            (Unit::Items, "-1", "不小于零"),
            (Unit::Items, "一打", "不小于零"),
            (Unit::Items, "", "不小于零"),
        ] {
            let refused = number(unit, text).unwrap_err();
            assert_eq!(refused.code, Code::NoNumber, "{text}");
            assert!(refused.words.contains(words), "{text}: {}", refused.words);
        }
        assert_eq!(number(Unit::Items, "99999999999999999999").unwrap_err().code, Code::OutOfRange);
        assert_eq!(number(Unit::Yuan, "999999亿").unwrap_err().code, Code::OutOfRange);
    }

    #[test]
    fn a_field_in_ten_thousands_takes_money_with_and_without_its_unit() {
        for (text, cents) in [
            ("12.5", 12_500_000),
            ("150万", 150_000_000),
            ("150万元", 150_000_000),
            ("1500000元", 150_000_000),
        ] {
            assert_eq!(ten_thousand_yuan(text), Ok(cents), "{text}");
        }
        assert!(ten_thousand_yuan("12人").is_err() && ten_thousand_yuan("万").is_err());
        assert_eq!((whole("１,２００"), hundredths("53.3")), (Ok(1200), Ok(5330)));
        assert!(whole("12个").unwrap_err().words.contains("不写单位"));
        assert!(whole("x").is_err() && whole("1.5").is_err() && hundredths("0.001").is_err());
    }

    #[test]
    fn text_from_elsewhere_keeps_its_lines_and_loses_what_nobody_sees() {
        assert_eq!(text("一\r\n二\r三\u{b}四\u{2028}五\n\n六"), "一\n二\n三\n四\n五\n\n六");
        assert_eq!(text("郭\u{200b}晓\u{202e}明\u{feff}"), "郭晓明");
        assert_eq!(text("一家👨\u{200d}👩\u{200d}👧 fi\u{ad}ne"), "一家👨\u{200d}👩\u{200d}👧 fine");
        assert_eq!(text("张\u{fe0f}三\u{fe00}\u{fe0f}\u{200d}"), "张三", "a name is there once");
        assert_eq!(text("葛\u{e0100}城"), "葛城", "another picture of one sign is the same sign");
        for seen in [
            "❤\u{fe0f}",
            "🏳\u{fe0f}\u{200d}🌈",
            "⚠\u{fe0f}",
            "阿卜杜拉·买买提",
            "𬭎 㛃 䶮 \u{e863}",
            "㊗\u{fe0f}",
        ] {
            assert_eq!(text(seen), seen);
        }
        assert_eq!(text("\u{0}\u{7}\t　x"), "\u{0}\u{7}\t　x", "what is refused is left to be refused");
    }

    fn wide(text: &str) -> String {
        let one = |sign: char| match sign.to_digit(10) {
            Some(digit) => char::from_u32(u32::from('０') + digit).unwrap(),
            None => sign,
        };
        text.chars().map(one).collect()
    }

    fn grouped(value: i64) -> String {
        let digits = value.to_string();
        let at = |(place, sign): (usize, char)| {
            let cut = place > 0 && (digits.len() - place).is_multiple_of(3);
            format!("{}{sign}", if cut { "," } else { "" })
        };
        digits.chars().enumerate().map(at).collect()
    }

    proptest! {
        /// However it is dressed, a number is the same number.
        #[test]
        fn a_number_is_the_same_in_any_dress(value in 0..=MOST, blanks in 0..3_usize) {
            let unit = Unit::PersonTimes;
            let (plain, gap) = (value.to_string(), " ".repeat(blanks));
            let dressed = [
                plain.clone(), wide(&plain), grouped(value), wide(&grouped(value)), format!("{gap}{plain}{gap}人次{gap}"),
                format!("{plain}.0"), format!("\u{feff}{plain}\u{200b}"),
            ];
            for text in dressed {
                prop_assert_eq!(number(unit, &text), Ok(value), "{}", text);
            }
        }

        /// What pages print is read back, in every unit.
        #[test]
        fn what_is_printed_is_read_back(value in 0..1_000_000_000_i64) {
            for unit in [Unit::Yuan, Unit::BasisPoints, Unit::Persons, Unit::SquareMetres] {
                prop_assert_eq!(number(unit, &unit.format(value)), Ok(value));
                let (shown, word) = unit.shown(value);
                prop_assert_eq!(number(unit, &format!("{shown}{word}")), Ok(value));
            }
            let (shown, _) = Unit::Yuan.shown_in_column(value);
            prop_assert_eq!(ten_thousand_yuan(&shown), Ok(value));
        }

        /// No text is a number by accident, and none stops the reading.
        #[test]
        fn any_text_is_read_or_refused(raw in "\\PC{0,20}") {
            if let Ok(value) = number(Unit::Items, &raw) {
                prop_assert!(value >= 0);
                prop_assert!(raw.chars().any(|sign| sign.is_ascii_digit() || ('０'..='９').contains(&sign)));
            }
            prop_assert!(whole(&raw).is_err() || whole(&raw) == number(Unit::Items, &raw));
            prop_assert!(hundredths(&raw).is_err() || hundredths(&raw) == number(Unit::BasisPoints, &raw));
            prop_assert!(ten_thousand_yuan(&raw).is_err() || ten_thousand_yuan(&raw).unwrap() >= 0);
        }

        /// A text read twice is the text read once; of what one sees nothing is lost, and lines stay lines.
        #[test]
        fn a_text_loses_nothing_that_one_sees(raw in "[a-c数\\r\\n\\x{b}\\x{2028}\\x{200b}\\x{202e} ]{0,40}") {
            let kept = text(&raw);
            prop_assert_eq!(text(&kept), kept.clone());
            let seen = |of: &str| of.chars().filter(|sign| "abc数 ".contains(*sign)).collect::<String>();
            prop_assert_eq!(seen(&kept), seen(&raw));
            let breaks = raw.replace("\r\n", "\n").chars().filter(|sign| "\r\n\u{b}\u{2028}".contains(*sign)).count();
            prop_assert_eq!(kept.matches('\n').count(), breaks);
        }
    }
}
