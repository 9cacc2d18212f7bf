//! How the caller stands to something claimed: as claimant, as answerer, as a bureau above that may adjudicate by now.

use chrono::NaiveTime;
use jiedui_kernel::{Actor, Date, Instant, Workdays};
use jiedui_programme::Calendar;

/// Who has to do with something claimed, and since when it waits.
#[derive(Debug, Clone, Copy)]
pub struct Parties<'a> {
    pub claimant: &'a str,
    pub answerer: Option<&'a str>,
    /// Where in the tree of organisations it stands.
    pub path: &'a str,
    pub claimed_at: Instant,
    /// Claimant and answerer may still act: a former partner for some days after the end of its pairing.
    pub in_time: bool,
}

/// The seats that the caller has in one confirmation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caller {
    pub claimant: bool,
    pub answerer: bool,
    pub in_time: bool,
    /// A bureau that is not party to it and would adjudicate it, now or later.
    pub oversees: bool,
    /// It waited so long that this bureau may adjudicate it.
    pub adjudicates: bool,
    /// The one who decided the application that it came of, and takes the decision back.
    pub decider: bool,
}

impl Caller {
    /// Nobody answers or adjudicates what is its own.
    pub fn of(actor: &Actor, parties: &Parties<'_>, calendar: &Calendar, today: Date) -> Self {
        let claimant = actor.org == parties.claimant;
        let named = parties.answerer == Some(actor.org.as_str());
        let overdue = escalated_before(actor, calendar, today);
        let oversees = overdue.is_some() && !claimant && !named;
        let claimed = jiedui_kernel::shanghai_date(parties.claimed_at);
        Self {
            claimant,
            answerer: named && !claimant,
            in_time: parties.in_time,
            oversees,
            adjudicates: oversees
                && overdue.is_some_and(|day| claimed < day)
                && actor.scope.covers(parties.path),
            decider: false,
        }
    }

    /// The one who takes back the decision that it came of.
    pub fn decider() -> Self {
        Self { decider: true, ..Self::default() }
    }
}

/// Claims made before this day stand on this one's desk for adjudication; `None` where the role adjudicates nothing.
/// After the days of the programme without an answer a claim also stands on the county bureau's desk, after as many again
/// on the city's; time alone settles nothing.
pub fn escalated_before(actor: &Actor, calendar: &Calendar, today: Date) -> Option<Date> {
    let steps = if actor.has_role("county") {
        1
    } else if actor.has_role("city") {
        2
    } else {
        return None;
    };
    Some(workdays_ago(&calendar.workdays, today, calendar.escalation_workdays * steps))
}

/// What came before this moment is older than so many working days.
pub fn left_since(calendar: &Calendar, today: Date, workdays: u32) -> Instant {
    cutoff(Some(workdays_ago(&calendar.workdays, today, workdays))).1
}

/// Claims made before this day have waited longer than the programme says, whoever may adjudicate them.
pub fn waits_too_long_before(calendar: &Calendar, today: Date) -> Date {
    workdays_ago(&calendar.workdays, today, calendar.escalation_workdays)
}

/// The latest day from which more than `count` working days have passed, plus one: everything before it is overdue.
fn workdays_ago(workdays: &Workdays, today: Date, count: u32) -> Date {
    let mut day = today;
    let mut passed = 0;
    while passed < count {
        if workdays.is_workday(day) {
            passed += 1;
        }
        match day.pred_opt() {
            Some(before) => day = before,
            None => return day,
        }
    }
    day
}

/// The bind values for "claimed before this day (Shanghai)".
pub fn cutoff(before: Option<Date>) -> (bool, Instant) {
    let midnight = |day: Date| day.and_time(NaiveTime::MIN).and_utc() - chrono::TimeDelta::hours(8);
    match before {
        Some(day) => (true, midnight(day)),
        None => (false, midnight(Date::MIN.max(Date::default()))),
    }
}
