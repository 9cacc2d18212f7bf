//! One spelling for every text that comes in: what looks the same is the same, so that a person or a thing is not there twice
//! by a sign that nobody sees.

use jiedui_kernel::typed;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Fields that hold secrets.
const SECRETS: [&str; 3] = ["password", "again", "old"];

/// Fields of one line, into which several may have been copied.
const ONE_LINE: [&str; 2] = ["title", "name"];

/// Whether a field holds a secret: it is taken sign for sign, and shown nowhere.
pub fn is_secret(name: &str) -> bool {
    SECRETS.contains(&name) || name.contains("password")
}

/// A value as it is kept, whatever it was copied from: without the marks of other programs, composed signs in one form (NFC), and
/// in a single line every run of blanks as one. Lines of a longer text keep their layout.
pub fn cleaned(name: &str, value: &str) -> String {
    if is_secret(name) {
        return value.to_owned();
    }
    let value = typed::text(value);
    let value = if ONE_LINE.contains(&name) { value.replace('\n', " ") } else { value };
    let value = if is_nfc(&value) { value } else { value.nfc().collect() };
    if value.contains(['\n', '\r']) {
        return value;
    }
    let strange = |c: char| c.is_whitespace() && c != ' ';
    if value.contains("  ") || value.contains(strange) {
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        value
    }
}

/// Whether a text holds a sign that nobody sees: control characters other than line breaks and tabs, signs without width, and
/// signs that turn the direction of what follows. The sign that joins pictures is none of them: elsewhere it was taken out.
pub fn has_invisible(text: &str) -> bool {
    text.chars().any(is_invisible)
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
        )
        || matches!(
            c,
            '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
                ..='\u{180f}' | '\u{2800}' | '\u{ffa0}'
        )
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(value: &str) -> String {
        cleaned("remark", value)
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        assert_eq!(clean("e\u{301}cole"), "\u{e9}cole");
        for spelled in ["张 三", "张\u{3000}三", "张\u{a0} 三", "张  三", " 张 三 \t"] {
            assert_eq!(clean(spelled).trim(), "张 三", "{spelled:?}");
        }
        assert_eq!(clean("一\n  二\u{3000}三"), "一\n  二\u{3000}三", "the layout of a longer text stays");
        assert_eq!(cleaned("password", "a\u{3000} b"), "a\u{3000} b", "a secret is taken as it is");
    }

    #[test]
    fn what_nobody_sees_is_found() {
        let hidden = [
            "张三\u{200b}",
            "张三\u{200e}",
            "张\u{202e}三",
            "\u{feff}张三",
            "张\u{ad}三",
            "a\u{0}",
            "\u{2066}a\u{2069}",
            "张\u{ffa0}三",
            "张\u{1160}三",
            "张\u{2800}三",
        ];
        assert!(hidden.iter().all(|text| has_invisible(text)));
        for plain in [
            "张三",
            "阿卜杜拉·买买提",
            "𬭎 㛃 䶮",
            "一行\n两行\t",
            "①②③ ℃ m²",
            "第 3 页，共 5 页",
            "👍🏻",
            "❤️",
        ] {
            assert!(!has_invisible(plain), "{plain:?}");
        }
    }
}
