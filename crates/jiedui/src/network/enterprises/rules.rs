//! When two names are one, and who may say that two enterprises are.

use jiedui_kernel::{Actor, Code, Mistake};
use unicode_normalization::UnicodeNormalization as _;

/// A longer one is no name.
pub const LONGEST: usize = 60;

/// A name without what people write differently: full and half width, blanks, the kind of brackets, case.
pub fn evened(name: &str) -> String {
    let bracket = |c: char| match c {
        '[' | '{' | '〔' | '【' | '「' | '〈' | '《' | '<' => '(',
        ']' | '}' | '〕' | '】' | '」' | '〉' | '》' | '>' => ')',
        c => c,
    };
    let even = |name: &str| -> String {
        name.nfkc().filter(|c| !c.is_whitespace()).map(bracket).flat_map(char::to_lowercase).collect()
    };
    // A mark that stood alone joins the letter before it once the blank between them is gone.
    let (mut once, mut again) = (even(name), String::new());
    while once != again {
        again = even(&once);
        std::mem::swap(&mut once, &mut again);
    }
    once
}

/// The names that a field holds, each once, as they were typed. The comma stays: it stands in names of companies abroad.
pub fn names(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for name in text.split(['、', '；', ';', '\n']).map(str::trim).filter(|name| !evened(name).is_empty()) {
        if found.iter().all(|other| evened(other) != evened(name)) {
            found.push(name);
        }
    }
    found
}

/// Whether the caller may say of an enterprise that it is another one: the province, and the bureau of its county.
pub fn may_join(actor: &Actor, bureau: &str) -> bool {
    actor.has_role("province") || (actor.has_role("county") && actor.scope.covers(bureau))
}

/// Why one cannot be joined to the other.
pub fn refused(one: (&str, bool), other: (&str, bool)) -> Option<Mistake> {
    let ((one, joined), (other, led)) = (one, other);
    match () {
        () if one == other => Some(Code::NotFitting.says("这就是本企业。请写另一家已登记的企业。")),
        () if joined => Some(Code::NotFitting.says("本企业已经并入别家；要改并，请先撤销合并。")),
        () if led => Some(Code::NotFitting.says("那一家已经并入别家，请写它并入的那一家。")),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_write_differently_is_made_alike() {
        let ways = [
            "示例（阳春）电子有限公司",
            "示例(阳春)电子有限公司",
            " 示例 【阳春】电子有限公司",
            "示例〔阳春〕电子有限公司　",
        ];
        assert!(ways.iter().all(|way| evened(way) == "示例(阳春)电子有限公司"));
        assert_eq!(evened("ＡＢＣ Ｃｏ., Ltd."), evened("abc co.,ltd."));
        assert_ne!(evened("示例一公司"), evened("示例二公司"));
    }

    #[test]
    fn several_names_stand_in_one_field() {
        assert_eq!(names("甲公司、 乙公司；甲 公司"), ["甲公司", "乙公司"]);
        assert_eq!(names("ABC Co., Ltd."), ["ABC Co., Ltd."]);
        assert!(names("、 ；").is_empty());
    }

    #[test]
    fn nothing_is_joined_in_a_circle() {
        assert!(refused(("a", false), ("b", false)).is_none());
        assert!(refused(("a", false), ("a", false)).is_some());
        assert!(refused(("a", true), ("b", false)).is_some() && refused(("a", false), ("b", true)).is_some());
    }

    proptest! {
        #[test]
        fn evening_twice_is_evening_once(name in ".{0,40}") {
            prop_assert_eq!(evened(&evened(&name)), evened(&name));
        }
    }
}
