//! Names as people write them. One folding for every file and form, so that a name is found again however it was typed,
//! and one rule for names that are so near that a person has to be asked.

use unicode_normalization::UnicodeNormalization as _;

/// A name as it is compared: width and compatibility forms as the usual ones, without blanks and marks that nobody sees,
/// one kind of dot, of brackets and of dashes, small letters. Two names that fold to the same are one name.
pub fn fold(name: &str) -> String {
    let mut folded = once(name);
    // Taking apart may bring blanks, and taking those away may bring signs together: until nothing moves any more.
    for _ in 0..4 {
        let next = once(&folded);
        if next == folded {
            break;
        }
        folded = next;
    }
    folded
}

fn once(name: &str) -> String {
    let seen = name.chars().filter(|c| !is_unseen(*c));
    seen.nfkc().map(usual).flat_map(char::to_lowercase).collect()
}

/// Whether two names are one, or so near that one of them may be a slip: a division is left out or written without its
/// 省, 市, 县 or 区, and a school is called 技工学校 in one and 技师学院 in the other. Never taken for the same unasked.
pub fn near(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    a == b || (!a.is_empty() && !b.is_empty() && bare(&a) == bare(&b))
}

/// Blanks, and marks that take no room: they differ between two names that look alike.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            // Soft hyphen; joiners, Mongolian and Hangul fillers.
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}'
            // Zero width, direction, word joiner, what was meant to be invisible.
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            // Variation selectors, byte order mark, annotations, tags.
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// One sign for those that mean the same in a name.
fn usual(c: char) -> char {
    match c {
        // Between the parts of a name: the middle dot and what input methods give instead.
        '•' | '‧' | '∙' | '⋅' | '・' | '●' | '⸱' | 'ᐧ' => '·',
        '〔' | '【' | '〖' | '[' | '{' | '〈' | '《' | '「' | '『' | '<' => '(',
        '〕' | '】' | '〗' | ']' | '}' | '〉' | '》' | '」' | '』' | '>' => ')',
        '‐' | '‒' | '–' | '—' | '―' | '−' => '-',
        '“' | '”' | '„' | '‘' | '’' | '‚' | '\'' | '`' => '"',
        '、' => ',',
        other => other,
    }
}

/// A folded name without what is often left out, and with one word for both kinds of school.
fn bare(folded: &str) -> String {
    let one = folded.replace("高级技工学校", "技工学校").replace("技师学院", "技工学校");
    let marks = ['省', '市', '县', '区'];
    let bare: String = one.chars().filter(|c| !marks.contains(c)).collect();
    // Nothing but marks is no name.
    if bare.is_empty() { one } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_name_however_it_is_written() {
        let same: [&[&str]; 5] = [
            &[
                "仁化县技工学校（示例）",
                "仁化县技工学校(示例)",
                "仁化县　技工学校〔示例〕",
                " 仁化县技工学校【示例】",
            ],
            &[
                "阿卜杜拉·买买提",
                "阿卜杜拉•买买提",
                "阿卜杜拉‧买买提",
                "阿卜杜拉・买买提",
                "阿卜杜拉･买买提",
                "阿卜杜拉∙买买提",
                "阿卜杜拉⋅买买提",
            ],
            &["ABC学院", "ａｂｃ学院", "Ａbｃ 学院"],
            // Compatibility signs that a scanner or an old encoding gives.
            &["立信", "立\u{4FE1}", "⽴信"],
            &["清远－连州", "清远—连州", "清远-连州"],
        ];
        for names in same {
            for name in names {
                assert_eq!(fold(name), fold(names[0]), "{name}");
            }
        }
        assert_eq!(fold("仁化县技工学校（示例）"), "仁化县技工学校(示例)");
    }

    #[test]
    fn marks_that_nobody_sees_do_not_count() {
        for mark in [
            "\u{200E}",
            "\u{200F}",
            "\u{200C}",
            "\u{200D}",
            "\u{2060}",
            "\u{AD}",
            "\u{FE0E}",
            "\u{180E}",
            "\u{E0100}",
            "\u{FEFF}",
            "\u{202E}",
            "\u{3000}",
            "\n",
        ] {
            assert_eq!(fold(&format!("张{mark}三")), "张三", "{mark:?}");
        }
    }

    #[test]
    fn near_names_are_told_and_others_are_not() {
        let near_ones = [
            ("仁化技工学校", "仁化县技工学校"),
            ("广东省韶关市仁化县技工学校", "广东韶关仁化技工学校"),
            ("韶关市技师学院", "韶关技工学校"),
            ("韶关市高级技工学校", "韶关市技师学院"),
            ("仁化县技工学校", "仁化县技工学校"),
        ];
        for (a, b) in near_ones {
            assert!(near(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("仁化县技工学校", "翁源县技工学校"),
            ("", "市"),
            ("仁化县技工学校", ""),
            ("市", "县"),
            ("张三", "张三丰"),
        ] {
            assert!(!near(a, b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(name in any::<String>()) {
            let once = fold(&name);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn what_is_not_seen_does_not_count(name in "[甲乙丙技工学校a-z0-9()·]{1,12}", at in 0_usize..12,
            mark in prop::sample::select(vec!['\u{200B}', '\u{2060}', '\u{FE0F}', '\u{A0}', '\u{3000}', '\u{AD}'])) {
            let marked: String = name.chars().take(at).chain([mark]).chain(name.chars().skip(at)).collect();
            prop_assert_eq!(fold(&marked), fold(&name));
        }

        #[test]
        fn nearness_goes_both_ways(a in "[甲乙市县区省技工学校师院]{0,8}", b in "[甲乙市县区省技工学校师院]{0,8}") {
            prop_assert_eq!(near(&a, &b), near(&b, &a));
            prop_assert!(near(&a, &a));
        }
    }
}
