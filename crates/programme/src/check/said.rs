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
    let signs = signs(text);
    let mut found = amounts(&signs, unit);
    found.retain(|one| {
        let rest: String = signs[one.end..].iter().collect();
        follows_asking(&signs[..one.begin]) || BEHIND.iter().any(|word| rest.starts_with(word))
    });
    found.into_iter().map(|one| one.value).collect()
}

/// All amounts of a unit in a text that says nothing else, such as a name: 建成五所技师学院.
pub(super) fn stated(text: &str, unit: Unit) -> Vec<i64> {
    amounts(&signs(text), unit).into_iter().map(|one| one.value).collect()
}

/// 1:20 in hundredths of a per cent, rounded down and up: thresholds are kept either way.
pub(super) fn proportions(text: &str) -> Vec<(i64, i64)> {
    let signs: String = signs(text).into_iter().filter(|sign| !sign.is_whitespace()).collect();
    let whole = |digits: &str| digits.parse::<i64>().ok();
    let mut found = Vec::new();
    for (at, _) in signs.match_indices(':') {
        let before = signs[..at].rsplit(|sign: char| !sign.is_ascii_digit()).next().and_then(whole);
        let behind = signs[at + 1..].split(|sign: char| !sign.is_ascii_digit()).next().and_then(whole);
        if let (Some(part), Some(of)) = (before, behind.filter(|of| *of > 0)) {
            let parts = part.saturating_mul(10_000);
            found.push((parts / of, parts / of + i64::from(parts % of != 0)));
        }
    }
    found
}

/// How often something is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    Week,
    Month,
    Quarter,
    /// A semester, as people say half a year.
    Semester,
    Year,
}

impl Pace {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Week => "每周",
            Self::Month => "每月",
            Self::Quarter => "每季度",
            Self::Semester => "每学期（半年）",
            Self::Year => "每年",
        }
    }
}

const PACES: [(&str, Pace); 17] = [
    ("每周", Pace::Week),
    ("每星期", Pace::Week),
    ("每个星期", Pace::Week),
    ("每月", Pace::Month),
    ("每个月", Pace::Month),
    ("每季", Pace::Quarter),
    ("每个季度", Pace::Quarter),
    ("每学期", Pace::Semester),
    ("每个学期", Pace::Semester),
    ("每半年", Pace::Semester),
    ("每年", Pace::Year),
    ("每个年度", Pace::Year),
    ("每个自然年", Pace::Year),
    ("每自然年", Pace::Year),
    ("每学年", Pace::Year),
    ("每个学年", Pace::Year),
    ("年均", Pace::Year),
];

/// How often a text says that something is owed; nothing where it does not say.
pub(super) fn paces(text: &str) -> Vec<Pace> {
    let text: String = signs(text).into_iter().filter(|sign| !sign.is_whitespace()).collect();
    let mut found: Vec<Pace> =
        PACES.iter().filter(|(word, _)| text.contains(*word)).map(|(_, pace)| *pace).collect();
    // 半年一次, and neither 上半年 nor 半年以后.
    let half = text.match_indices("半年").any(|(at, word)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..].chars().next();
        !before.is_some_and(|sign| "上下前后近这头".contains(sign)) && behind.is_some_and(is_number)
    });
    found.extend(half.then_some(Pace::Semester));
    found
}

/// Full-width figures are figures, and 百分之九十六 is 九十六%.
fn signs(text: &str) -> Vec<char> {
    const PER_CENT: [char; 3] = ['百', '分', '之'];
    let signs: Vec<char> = text.nfkc().collect();
    let (mut evened, mut at) = (Vec::with_capacity(signs.len()), 0);
    while at < signs.len() {
        let rest = &signs[at..];
        let length = rest.iter().skip(PER_CENT.len()).take_while(|sign| is_number(**sign)).count();
        // 百分之九十六点五 is left as it is: half of it would be another number.
        let point = rest.get(PER_CENT.len() + length) == Some(&'点');
        if length > 0 && !point && rest.starts_with(&PER_CENT) {
            evened.extend(&rest[PER_CENT.len()..PER_CENT.len() + length]);
            evened.push('%');
            at += PER_CENT.len() + length;
        } else {
            evened.push(signs[at]);
            at += 1;
        }
    }
    evened
}

/// An amount in a text: where its number begins, and where its unit ends.
struct Amount {
    value: i64,
    begin: usize,
    end: usize,
}

fn amounts(signs: &[char], unit: Unit) -> Vec<Amount> {
    let label: Vec<char> = unit.label().chars().collect();
    let mut found = Vec::new();
    for begin in 0..signs.len() {
        let begins = is_number(signs[begin]) && (begin == 0 || !is_number(signs[begin - 1]));
        if !begins {
            continue;
        }
        let length = signs[begin..].iter().take_while(|sign| is_number(**sign)).count();
        // 三十个日历天 are thirty days.
        let skipped = signs[begin + length..].iter().take_while(|sign| " 个日历".contains(**sign)).count();
        let counted = begin + length + if label.starts_with(&['个']) { 0 } else { skipped };
        let behind = &signs[counted..];
        if !behind.starts_with(&label) || longer(behind, unit) {
            continue;
        }
        let number: String = signs[begin..begin + length].iter().collect();
        let value = amount(&number).and_then(|value| kept(value, unit));
        found.extend(value.map(|value| Amount { value, begin, end: counted + label.len() }));
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
    fn a_share_is_said_in_words_or_signs() {
        for text in ["不低于96%", "不低于９６％", "不低于百分之九十六", "不低于百分之 96", "达到百分之96"]
        {
            let text = text.replace(' ', "");
            assert_eq!(asked(&text, Unit::BasisPoints), [9_600], "{text}");
        }
        assert_eq!(asked("不低于百分之九十六点五", Unit::BasisPoints), Vec::<i64>::new());
        assert_eq!(proportions("不低于 1:20"), [(500, 500)]);
        assert_eq!(proportions("1：20 或 1：18"), [(500, 500), (555, 556)]);
        assert_eq!(proportions("注：以原文为准"), Vec::new());
    }

    #[test]
    fn a_name_states_its_number_without_asking() {
        for text in ["建成五所技师学院", "建成5所技师学院", "技师学院（５所）"] {
            assert_eq!(stated(text, Unit::Schools), [5], "{text}");
        }
        for text in ["调研两次", "调研2次", "调研二次"] {
            assert_eq!(stated(text, Unit::Times), [2], "{text}");
        }
        assert_eq!(stated("至少三个专业", Unit::Items), [3]);
        assert_eq!(stated("在校生规模（2025年）", Unit::Persons), Vec::<i64>::new());
    }

    #[test]
    fn how_often_is_said_in_many_ways() {
        for text in ["每学期两次", "每半年两次", "每个学期两次", "半年一次", "至少半年两次", "每 学 期 2 次"]
        {
            assert!(paces(text).contains(&Pace::Semester), "{text}");
        }
        assert_eq!(paces("每个自然年至少两次"), [Pace::Year]);
        assert_eq!(paces("每个季度开一次会"), [Pace::Quarter]);
        for text in ["上半年两次", "近半年内", "结对后不满一学期的不作要求", "年中终止的按天折算"]
        {
            assert_eq!(paces(text), [], "{text}");
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
