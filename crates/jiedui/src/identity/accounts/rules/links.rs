//! The code that opens once, by which the holder of an account sets the password: short enough to be typed from paper.

use chrono::TimeDelta;
use jiedui_kernel::{Error, Instant};

/// How long it opens: over a weekend.
pub const OPEN_FOR: TimeDelta = TimeDelta::hours(96);

/// What the holder of an account says of a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    NotYet,
    Own,
    NotOwn,
}

impl Answer {
    pub const ALL: [Self; 3] = [Self::NotYet, Self::Own, Self::NotOwn];

    pub fn id(self) -> &'static str {
        match self {
            Self::NotYet => "",
            Self::Own => "own",
            Self::NotOwn => "not_own",
        }
    }
}

impl TryFrom<String> for Answer {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|answer| answer.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("account_link.answer is “{text}”")))
    }
}

/// Whether a link opens now.
pub fn opens(used_at: Option<Instant>, expires_at: Instant, answer: Answer, now: Instant) -> bool {
    used_at.is_none() && expires_at > now && answer != Answer::NotOwn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_once_in_time_and_not_where_its_holder_said_no() {
        let (now, later) = (Instant::UNIX_EPOCH, Instant::UNIX_EPOCH + OPEN_FOR);
        assert!(opens(None, later, Answer::NotYet, now));
        assert!(!opens(Some(now), later, Answer::NotYet, now));
        assert!(!opens(None, later, Answer::NotYet, later));
        assert!(!opens(None, later, Answer::NotOwn, now));
    }
}
