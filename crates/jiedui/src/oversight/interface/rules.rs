//! What a token may be.

pub mod hooks;

use jiedui_kernel::{Code, FieldError, Mistake};

/// Characters of the name of a token or of a hook.
pub const NAME_LENGTH: usize = 40;
/// Nothing that stands for a person holds for longer without that person.
pub const LONGEST_DAYS: i64 = 365;
/// So many of one account at a time: one knows what each is for.
pub const AT_ONCE: i64 = 10;

/// What is wrong with the name of a token or of a hook: it says what it is for.
fn wrong_name(name: &str) -> Vec<FieldError> {
    let length = name.chars().count();
    let mistake = if name.is_empty() {
        Mistake::missing("用途")
    } else if length > NAME_LENGTH {
        Mistake::too_long("用途", NAME_LENGTH, length)
    } else {
        return Vec::new();
    };
    vec![FieldError::new("name", mistake)]
}

/// What is wrong with a token that is asked for, of whose account so many are open.
pub fn check(name: &str, days: i64, open: i64) -> Vec<FieldError> {
    let mut errors = wrong_name(name);
    if !(1..=LONGEST_DAYS).contains(&days) {
        let words = format!("有效期从 1 天到 {LONGEST_DAYS} 天。");
        errors.push(FieldError::new("days", Code::OutOfRange.says(words)));
    }
    if open >= AT_ONCE {
        let words = format!("一个账号最多同时有 {AT_ONCE} 个可用的接口密钥。请先停用不再用的。");
        errors.push(FieldError::new("", Code::TooMany.says(words)));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_purpose_and_an_end_and_there_are_not_many() {
        let codes = |name: &str, days, open| {
            check(name, days, open).into_iter().map(|error| error.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("统计报表", LONGEST_DAYS, AT_ONCE - 1), []);
        assert_eq!(codes("", 0, AT_ONCE), [Code::Missing, Code::OutOfRange, Code::TooMany]);
        assert_eq!(
            codes(&"长".repeat(NAME_LENGTH + 1), LONGEST_DAYS + 1, 0),
            [Code::TooLong, Code::OutOfRange]
        );
    }
}
