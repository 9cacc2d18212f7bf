//! Numbers in words: what is said of a rule may not be another number than the rule asks.

use jiedui_kernel::Unit;
use unicode_normalization::UnicodeNormalization as _;

/// Words behind which a number says how much is asked.
const ASKED: [&str; 24] = [
    "至少",
    "不少于",
    "不低于",
    "不得少于",
    "不得低于",
    "不应少于",
    "不应低于",
    "最少",
    "最低",
    "起码",
    "≥",
    ">=",
    "≧",
    "≮",
    "不超过",
    "达到",
    "满",
    "约",
    "每年",
    "年均",
    "每学期",
    "每半年",
    "每季",
    "每月",
];
/// As much is said by what follows the unit: 两次以上.
const BEHIND: [&str; 4] = ["以上", "及以上", "或以上", "起步"];
/// So many signs may stand between such a word and its number: 每年调研两次.
const BETWEEN: usize = 3;

/// The amounts of a unit that a text asks for, as the unit keeps them.
pub(super) fn asked(text: &str, unit: Unit) -> Vec<i64> {
    // Full-width figures are figures.
    let signs: Vec<char> = text.nfkc().collect();
    let label: Vec<char> = unit.label().chars().collect();
    let mut found = Vec::new();
    for at in 0..signs.len() {
        let begins = is_number(signs[at]) && (at == 0 || !is_number(signs[at - 1]));
        if !begins {
            continue;
        }
        let length = signs[at..].iter().take_while(|sign| is_number(**sign)).count();
        // 三十个日历天 are thirty days.
        let behind: Vec<char> =
            signs[at + length..].iter().copied().skip_while(|sign| " 个日历".contains(*sign)).collect();
        let number: String = signs[at..at + length].iter().collect();
        if !behind.starts_with(&label) || longer(&behind, unit) {
            continue;
        }
        let rest: String = behind[label.len()..].iter().collect();
        if follows_asking(&signs[..at]) || BEHIND.iter().any(|word| rest.starts_with(word)) {
            found.extend(amount(&number).and_then(|value| kept(value, unit)));
        }
    }
    found
}

/// 人次 begins like 人, and is another unit.
fn longer(behind: &[char], unit: Unit) -> bool {
    unit == Unit::Persons && behind.get(1) == Some(&'次')
}

fn follows_asking(before: &[char]) -> bool {
    (0..=BETWEEN.min(before.len())).any(|between| {
        let head: String = before[..before.len() - between].iter().collect();
        let skipped = &before[before.len() - between..];
        !skipped.iter().any(|sign| "，。；、（）".contains(*sign))
            && ASKED.iter().any(|word| head.ends_with(word))
    })
}

fn is_number(sign: char) -> bool {
    sign.is_ascii_digit() || sign == '.' || "零〇一二两三四五六七八九十百千万".contains(sign)
}

/// In tenths of thousandths, so that 3.8万 and 96.5 stay whole.
const PARTS: i64 = 10_000;

fn kept(value: i64, unit: Unit) -> Option<i64> {
    let parts = if unit.in_hundredths() { PARTS / 100 } else { PARTS };
    (value % parts == 0).then_some(value / parts)
}

/// 两 → 2, 三十 → 30, 3.8万 → 38000; in `PARTS`.
fn amount(number: &str) -> Option<i64> {
    if number.starts_with(|first: char| first.is_ascii_digit()) {
        let end = number.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(number.len());
        let (digits, rest) = number.split_at(end);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = format!("{part:0<4}");
        let value = whole.parse::<i64>().ok()?.checked_mul(PARTS)? + part.get(..4)?.parse::<i64>().ok()?;
        return rest.chars().try_fold(value, |value, sign| value.checked_mul(power(sign)?));
    }
    let (mut total, mut section, mut digit) = (0_i64, 0_i64, 0_i64);
    for sign in number.chars() {
        match power(sign) {
            Some(10_000) => {
                total += (section + digit) * 10_000;
                (section, digit) = (0, 0);
            }
            Some(power) => {
                section += digit.max(1) * power;
                digit = 0;
            }
            None => digit = one(sign)?,
        }
    }
    (total + section + digit).checked_mul(PARTS)
}

fn power(sign: char) -> Option<i64> {
    [('十', 10), ('百', 100), ('千', 1_000), ('万', 10_000)]
        .into_iter()
        .find_map(|(of, power)| (of == sign).then_some(power))
}

fn one(sign: char) -> Option<i64> {
    match sign {
        '两' => Some(2),
        '〇' => Some(0),
        _ => i64::try_from("零一二三四五六七八九".chars().position(|of| of == sign)?).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_found_behind_what_asks() {
        assert_eq!(asked("每个自然年到每所结对县级院校至少两次", Unit::Times), [2]);
        assert_eq!(asked("主要负责同志每年调研三次", Unit::Times), [3]);
        assert_eq!(asked("前后相加满30天，至少 三十 天", Unit::Days), [30, 30]);
        assert_eq!(asked("合计满三十个日历天", Unit::Days), [30]);
        assert_eq!(asked("在校生约3.8万人", Unit::Persons), [38_000]);
        assert_eq!(asked("就业率不低于96.5%", Unit::BasisPoints), [9_650]);
        assert_eq!(asked("不少于一千二百人次", Unit::PersonTimes), [1_200]);
        assert_eq!(asked("至少十所", Unit::Schools), [10]);
    }

    #[test]
    fn an_amount_may_be_asked_in_many_ways() {
        for text in [
            "一年三次以上",
            "三次及以上",
            "不少于3次",
            "每学期三次",
            "≥3次",
            "≥ 3 次",
            ">=3次",
            "每年３次",
            "最少三次",
            "起码要三次",
            "不得低于 3 次",
        ] {
            assert_eq!(asked(text, Unit::Times), [3], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_meant() {
        assert_eq!(asked("一天内两次只算一次", Unit::Times), Vec::<i64>::new());
        assert_eq!(asked("至少两次，其中一次由校长", Unit::Times), [2]);
        assert_eq!(asked("不少于1200人次", Unit::Persons), Vec::<i64>::new());
        assert_eq!(asked("每年9月", Unit::Times), Vec::<i64>::new());
    }
}
