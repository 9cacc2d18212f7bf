//! What people choose for passwords and others guess first: frequent ones, habits of the keyboard, and names that everybody at
//! the desk knows.

use jiedui_kernel::{Code, Mistake};
use pinyin::ToPinyin as _;

/// The most frequent ones and what they are made of, habits of Chinese users among them; in small letters.
const COMMON: &str = include_str!("common.txt");
/// What the product is called.
const PRODUCT: [&str; 2] = ["jiedui", "结对"];
/// Rows and columns of a keyboard, and what is counted off.
const ROWS: [&str; 8] = [
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "!@#$%^&*()",
];
/// So many signs of a row, in either direction, are a habit.
const RUN: usize = 5;

/// What others know of the holder.
#[derive(Debug, Clone, Default)]
pub struct KnownToOthers {
    pub login: String,
    pub name: String,
    /// The units in which the account has a role, by their names.
    pub units: Vec<String>,
}

impl KnownToOthers {
    pub fn login(login: &str) -> Self {
        Self { login: login.to_owned(), ..Self::default() }
    }
}

/// Why a password is guessed early; nothing where no reason is seen.
pub fn reasons(password: &str, known: &KnownToOthers) -> Vec<Mistake> {
    let small = password.to_lowercase();
    let mut found = Vec::new();
    let mut say = |guessed: bool, words: &str| {
        if guessed {
            found.push(Code::Weak.says(words));
        }
    };
    say(is_common(&small), "这个密码太常见，别人最先会试。请不要在常见的词后面加数字。");
    say(has_run(&small), "密码里有连续的数字、字母或键盘上相邻的一串。请打乱。");
    say(is_repeated(&small), "密码里同样的字符或片段重复太多。请换几个不同的词。");
    say(PRODUCT.iter().any(|name| small.contains(name)), "密码里不要含有本系统的名称。");
    say(known.login.len() >= 3 && small.contains(&known.login), "密码里不要含有账号。");
    say(has_name(&small, &known.name), "密码里不要含有您的姓名或它的拼音。");
    let unit = known.units.iter().any(|unit| has_unit(&small, unit));
    say(unit, "密码里不要含有单位的名称、拼音或首字母。");
    found
}

/// The same with what is put before and behind a word left out, and with the letters for which signs stand.
fn is_common(small: &str) -> bool {
    let bare = small.trim_matches(|c: char| !c.is_alphabetic());
    let plain: String = bare.chars().map(letter_for).collect();
    let whole: String = small.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_listed = |word: &str| word.len() >= 3 && COMMON.split_whitespace().any(|one| one == word);
    [small, bare, plain.as_str(), whole.as_str()].iter().any(|word| is_listed(word))
}

fn letter_for(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        other => other,
    }
}

fn has_run(small: &str) -> bool {
    let signs: Vec<char> = small.chars().collect();
    signs.windows(RUN).any(|part| {
        let forth: String = part.iter().collect();
        let back: String = part.iter().rev().collect();
        ROWS.iter().any(|row| row.contains(&forth) || row.contains(&back))
    })
}

/// One sign four times in a row, or the whole made of one short piece, or of few signs.
fn is_repeated(small: &str) -> bool {
    let signs: Vec<char> = small.chars().collect();
    let row = signs.windows(4).any(|part| part.iter().all(|sign| *sign == part[0]));
    let made_of =
        |length: usize| signs.len() >= 2 * length && signs.iter().zip(&signs[length..]).all(|(a, b)| a == b);
    let mut different = signs.clone();
    different.sort_unstable();
    different.dedup();
    row || (1..=signs.len() / 2).any(made_of) || (signs.len() >= 8 && different.len() < 5)
}

/// A personal name as it is written, or its pinyin with the family name first or last.
fn has_name(small: &str, name: &str) -> bool {
    let name: String = name.split(['（', '(']).next().unwrap_or_default().trim().to_lowercase();
    let sounds = sounds(&name);
    let joined = sounds.concat();
    let turned = sounds.split_first().map_or_else(String::new, |(family, own)| own.concat() + *family);
    let written = name.chars().count() >= 2 && small.contains(&name);
    written || (joined.len() >= 4 && (small.contains(&joined) || small.contains(&turned)))
}

/// A unit's name, the pinyin of its first two characters, or the first letters of four of its characters in a row.
fn has_unit(small: &str, unit: &str) -> bool {
    let sounds = sounds(unit);
    let start: String = sounds.iter().take(2).copied().collect();
    let initials: String = sounds.iter().filter_map(|sound| sound.chars().next()).collect();
    let by_start = start.len() >= 5 && small.contains(&start);
    let by_initials = initials.len() >= 4 && small.contains(&initials);
    let first: String = unit.chars().take(2).collect();
    by_start || by_initials || (first.chars().count() == 2 && !first.is_ascii() && small.contains(&first))
}

fn sounds(text: &str) -> Vec<&'static str> {
    text.to_pinyin().flatten().map(|sound| sound.plain()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_guessed(password: &str) -> bool {
        !reasons(password, &KnownToOthers::login("sheng")).is_empty()
    }

    #[test]
    fn what_is_guessed_first_is_told() {
        let guessed = [
            "Password123",
            "P@ssw0rd!2024",
            "Admin@12345",
            "Jiedui2024!",
            "Jiedui-demo-2024",
            "Woaini1314!",
            "Guangdong2024!",
            "Qwerty!2024",
            "Qwer12345!",
            "A1b2-56789",
            "Edcba-2-X9",
            "1qaz@WSX3edc",
            "Aaaa-1-Bcd!",
            "Ab1-Ab1-Ab1-",
            "Ab1!Ab1!Ab1!",
            "My-Sheng-77x",
        ];
        for password in guessed {
            assert!(is_guessed(password), "{password}");
        }
        for password in ["Testing-2026-x", "Wo-de-kouling-1", "Luzi-9-dengta", "三只-Huali-羊7", "rT7#kqLm2w"]
        {
            let found = reasons(password, &KnownToOthers::login("sheng"));
            assert!(found.is_empty(), "{password}: {found:?}");
        }
    }

    #[test]
    fn names_that_others_know_are_told() {
        let known = KnownToOthers {
            login: "xn01".to_owned(),
            name: "张晓梅（示例）".to_owned(),
            units: vec!["兴宁市技工学校".to_owned()],
        };
        let told = [
            "Zhangxiaomei-7",
            "Xiaomeizhang-7",
            "张晓梅-Abc-7",
            "Xingning-77-x",
            "兴宁-Tea-77-x",
            "Xnsjgxx-77-a",
            "Tea-xn01-77",
        ];
        for password in told {
            assert!(!reasons(password, &known).is_empty(), "{password}");
        }
        assert!(reasons("Luzi-9-dengta", &known).is_empty());
        assert!(reasons("Luzi-9-dengta", &KnownToOthers::default()).is_empty());
    }

    #[test]
    fn the_list_is_in_small_letters() {
        assert!(COMMON.split_whitespace().count() > 300);
        assert_eq!(COMMON, COMMON.to_lowercase());
    }
}
