//! How long a link to a screen on a wall opens.

use chrono::TimeDelta;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Result};
use jiedui_web::figure::StateMark;

/// A link opens for no longer than a year: a screen that nobody looks after goes dark.
pub const MOST_DAYS: i64 = 366;
/// What the form proposes.
pub const USUAL_DAYS: i64 = 90;
/// So many links of one unit may open at a time.
pub const MOST_OPEN: i64 = 20;
/// Signs of the words that say where a screen hangs.
pub const LONGEST: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    Open,
    Ended,
    Revoked,
}

impl LinkState {
    /// Of one that was revoked or not, and opens to the end of a day.
    pub fn of(is_revoked: bool, ends_on: Date, today: Date) -> Self {
        match (is_revoked, ends_on < today) {
            (true, _) => Self::Revoked,
            (false, true) => Self::Ended,
            (false, false) => Self::Open,
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Open => StateMark::new("open", "使用中", "◐"),
            Self::Ended => StateMark::new("ended", "已到期", "－"),
            Self::Revoked => StateMark::new("revoked", "已停用", "－"),
        }
    }
}

/// What a form said of a new link: its last day, or all that is wrong.
pub fn check(label: &str, ends_on: Option<Date>, today: Date) -> Result<Date> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, mistake: Mistake| errors.push(FieldError::new(field, mistake));
    let signs = label.chars().count();
    if signs == 0 {
        wrong("label", Mistake::missing("用在哪里"));
    } else if signs > LONGEST {
        wrong("label", Mistake::too_long("用在哪里", LONGEST, signs));
    }
    match ends_on {
        None => wrong("until", Code::NoDate.says("请填写用到哪一天。")),
        Some(day) if day < today => {
            wrong("until", Code::InPast.says("这一天已经过去，请填今天或以后的日期。"))
        }
        Some(day) if day > today + TimeDelta::days(MOST_DAYS) => {
            wrong("until", Code::OutOfRange.says("一个链接最多用一年，到期可以再生成一个。"));
        }
        Some(_) => {}
    }
    ends_on.filter(|_| errors.is_empty()).ok_or(Error::Invalid(errors))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_link_opens_to_the_end_of_its_last_day() {
        let last = day("2026-12-31");
        assert_eq!(LinkState::of(false, last, last), LinkState::Open);
        assert_eq!(LinkState::of(false, last, day("2027-01-01")), LinkState::Ended);
        assert_eq!(LinkState::of(true, last, last), LinkState::Revoked);
        assert_eq!(
            LinkState::of(true, last, day("2027-01-01")),
            LinkState::Revoked,
            "what was done is told first"
        );
    }

    #[test]
    fn a_link_has_a_name_and_an_end_within_a_year() {
        let today = day("2026-11-24");
        let codes = |label: &str, ends_on: Option<Date>| match check(label, ends_on, today) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(errors)) => errors.into_iter().map(|error| error.code).collect(),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(codes("三楼会议室", Some(today)), []);
        assert_eq!(codes("三楼会议室", Some(day("2027-11-25"))), []);
        assert_eq!(codes("三楼会议室", Some(day("2027-11-26"))), [Code::OutOfRange]);
        assert_eq!(codes("三楼会议室", Some(day("2026-11-23"))), [Code::InPast]);
        assert_eq!(codes("", None), [Code::Missing, Code::NoDate]);
        assert_eq!(codes(&"长".repeat(LONGEST + 1), Some(today)), [Code::TooLong]);
    }
}
