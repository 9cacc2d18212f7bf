//! What is told, of which some can be switched off; when something may be sent, and how often it is tried.

pub mod address;
pub mod letters;

use chrono::{TimeDelta, Timelike as _};
use jiedui_kernel::{Actor, Date, Error, Instant, Workdays, shanghai_date};
use jiedui_programme::{Notices, Programme};

/// What one is told. Few kinds: whatever one has to do stands on the desk and is not told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The other side answered what one claimed.
    Answered,
    /// What one handed in came back, or was opened again.
    Returned,
    /// What one handed in was accepted, refused or came into force.
    Decided,
    Urged,
    Replied,
    /// Of one's own account, or of the system to whoever runs it.
    Account,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Returned, Self::Answered, Self::Decided, Self::Urged, Self::Replied, Self::Account];

    pub fn id(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Returned => "returned",
            Self::Decided => "decided",
            Self::Urged => "urged",
            Self::Replied => "replied",
            Self::Account => "account",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Answered => "对方答复",
            Self::Returned => "退回",
            Self::Decided => "办理结果",
            Self::Urged => "催办",
            Self::Replied => "回复",
            Self::Account => "账号与系统",
        }
    }

    /// What came back waits for whoever handed it in, and nobody else sees that his account is touched: these are told
    /// whatever was chosen.
    pub fn is_required(self) -> bool {
        matches!(self, Self::Returned | Self::Account)
    }
}

impl TryFrom<String> for Kind {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|kind| kind.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("notice.kind is “{text}”")))
    }
}

/// What an account wants to be told, and by which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Not told at all.
    pub muted: Vec<Kind>,
    /// What the letter of the day tells beside the desk.
    pub mailed: Vec<Kind>,
    /// Whether it tells of the desk.
    pub desk: bool,
}

const DESK: &str = "desk";

fn listed(ids: impl Iterator<Item = &'static str>) -> String {
    ids.map(|id| format!(",{id}")).collect::<String>() + ","
}

fn named(text: &str) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| text.split(',').any(|one| one == kind.id())).collect()
}

impl Choice {
    /// Where nobody chose: all, or for a quiet role only what is required, and no letters.
    pub fn usual(quiet: bool) -> Self {
        let muted = Kind::ALL.into_iter().filter(|kind| quiet && !kind.is_required()).collect();
        let mailed = if quiet { Vec::new() } else { Kind::ALL.to_vec() };
        Self { muted, mailed, desk: !quiet }
    }

    /// As rows keep what is muted, and what the letter tells.
    pub fn texts(&self) -> [String; 2] {
        let muted = self.muted.iter().filter(|kind| !kind.is_required()).map(|kind| kind.id());
        let desk = self.desk.then_some(DESK).into_iter();
        [listed(muted), listed(desk.chain(self.mailed.iter().map(|kind| kind.id())))]
    }

    pub fn read(muted: &str, letters: &str) -> Self {
        let muted = named(muted).into_iter().filter(|kind| !kind.is_required()).collect();
        Self { muted, mailed: named(letters), desk: letters.split(',').any(|one| one == DESK) }
    }

    /// Whether there is a letter at all.
    pub fn has_letters(&self) -> bool {
        self.desk || !self.mailed.is_empty()
    }
}

/// Whether somebody is told nothing until asking for it: every role that it has is a quiet one.
pub fn is_quiet(programme: &Programme, actor: &Actor) -> bool {
    let quiet = |id: &String| programme.access.roles.iter().any(|role| role.id == *id && role.quiet);
    !actor.roles.is_empty() && actor.roles.iter().all(quiet)
}

/// So long something unread counts as news.
pub const NEWS: TimeDelta = TimeDelta::days(60);
/// So long it can be looked up.
pub const KEPT: TimeDelta = TimeDelta::days(400);
/// The longest line with which somebody is urged, in characters.
pub const LINE: u32 = 100;
/// So long somebody who was urged is reminded of it on the desk, where it still waits.
pub const URGED: TimeDelta = TimeDelta::days(60);

/// From which day on the same thing may be urged again.
pub fn urge_from(workdays: &Workdays, notices: Notices, last: Option<Date>) -> Option<Date> {
    last.map(|day| workdays.after(day, notices.urge_workdays))
}

/// Whether something may be sent at this moment: on a working day, from the hour of the letter until the quiet hour.
pub fn may_send(workdays: &Workdays, notices: Notices, now: Instant) -> bool {
    let hour = (now + TimeDelta::hours(8)).hour();
    workdays.is_workday(shanghai_date(now)) && (notices.digest_hour..notices.quiet_hour).contains(&hour)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_is_sent_at_night_or_on_a_holiday() {
        let mut workdays = Workdays::default();
        workdays.holidays.insert(day("2026-10-01"));
        workdays.makeup.insert(day("2026-10-10"));
        let may = |text: &str| may_send(&workdays, Notices::default(), at(text));
        // Shanghai is eight hours ahead.
        assert!(may("2026-11-24T01:00:00Z") && may("2026-11-24T09:59:59Z"));
        assert!(!may("2026-11-24T00:59:59Z") && !may("2026-11-24T10:00:00Z") && !may("2026-11-23T20:00:00Z"));
        assert!(!may("2026-10-01T02:00:00Z"), "a holiday");
        assert!(!may("2026-11-28T02:00:00Z"), "a Saturday");
        assert!(may("2026-10-10T02:00:00Z"), "a Saturday that is worked");
    }

    #[test]
    fn the_same_thing_is_urged_once_in_five_working_days() {
        let workdays = Workdays::default();
        let from = |last: Option<&str>| urge_from(&workdays, Notices::default(), last.map(day));
        assert_eq!(from(None), None);
        assert_eq!(from(Some("2026-11-24")), Some(day("2026-12-01")), "a weekend does not count");
    }

    #[test]
    fn what_is_required_cannot_be_switched_off() {
        assert_eq!(Choice::read(",returned,answered,account,", ",").muted, [Kind::Answered]);
        let quiet = Choice::usual(true);
        assert!(!quiet.has_letters() && !quiet.muted.contains(&Kind::Returned));
        for choice in [quiet, Choice::usual(false)] {
            let [muted, letters] = choice.texts();
            assert_eq!(Choice::read(&muted, &letters), choice);
        }
        assert!(Choice::usual(false).muted.is_empty() && Choice::usual(false).has_letters());
    }
}
