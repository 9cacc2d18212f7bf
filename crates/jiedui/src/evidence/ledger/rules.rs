//! Pure decisions of the ledger: who may do what to an entry, and what an answer comes to.

use super::data::EntryRow;
use chrono::NaiveTime;
use jiedui_kernel::{Actor, Date, Error, Instant, Period, Result, Workdays};
use jiedui_programme::{Activity, Calendar, EntryState, Measure, Post, Programme};
use jiedui_web::figure::StateMark;

pub fn state_of(text: &str) -> EntryState {
    match text {
        "confirmed" => EntryState::Confirmed,
        "part" => EntryState::Part,
        "disputed" => EntryState::Disputed,
        "withdrawn" => EntryState::Withdrawn,
        _ => EntryState::Claimed,
    }
}

pub fn state_mark(text: &str) -> StateMark {
    match state_of(text) {
        EntryState::Claimed => StateMark::new("claimed", "待确认", "○"),
        EntryState::Confirmed => StateMark::new("confirmed", "已确认", "●"),
        EntryState::Part => StateMark::new("part", "部分确认", "◐"),
        EntryState::Disputed => StateMark::new("disputed", "有异议", "◆"),
        EntryState::Withdrawn => StateMark::new("withdrawn", "已撤回", "–"),
    }
}

pub const STATES: [(&str, &str); 5] = [
    ("claimed", "待确认"),
    ("confirmed", "已确认"),
    ("part", "部分确认"),
    ("disputed", "有异议"),
    ("withdrawn", "已撤回"),
];

pub fn post_of(text: &str) -> Option<Post> {
    match text {
        "head" => Some(Post::Head),
        "party_secretary" => Some(Post::PartySecretary),
        "deputy_head" => Some(Post::DeputyHead),
        "middle_manager" => Some(Post::MiddleManager),
        "backbone_teacher" => Some(Post::BackboneTeacher),
        "teacher" => Some(Post::Teacher),
        "staff" => Some(Post::Staff),
        _ => None,
    }
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Confirm,
    /// For stays: all but these days.
    Except(Period),
    /// For numbers: only so many.
    Only(i64),
    Dispute,
}

/// What the entry's row becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    pub state: EntryState,
    pub confirmed: i64,
    pub disputed: Option<Period>,
}

/// decisions.md "Part confirmation": 12 of 15 is confirmed 12, and 3 disputed until the claimant corrects.
pub fn answered(entry: &EntryRow, activity: &Activity, verdict: &Verdict) -> Result<Answered> {
    let stay =
        Period::new(entry.from_day, entry.to_day).ok_or_else(|| Error::internal("an entry turned round"))?;
    match verdict {
        Verdict::Confirm => {
            Ok(Answered { state: EntryState::Confirmed, confirmed: entry.quantity, disputed: None })
        }
        Verdict::Dispute => Ok(Answered { state: EntryState::Disputed, confirmed: 0, disputed: None }),
        Verdict::Except(_) if activity.measure != Measure::Days => {
            Err(Error::field("disputed_from", "这一事项不按天计，不能只确认其中几天。"))
        }
        Verdict::Except(hole) => {
            let Some(inside) = stay.intersect(*hole).filter(|inside| inside == hole) else {
                return Err(Error::field("disputed_from", "不予确认的日期要落在登记的起止日期之内。"));
            };
            let left: i64 = stay.without(inside).iter().map(|period| period.days()).sum();
            if left == 0 {
                return Err(Error::field("disputed_from", "全部日期都不认可，请改用“提出异议”。"));
            }
            Ok(Answered { state: EntryState::Part, confirmed: left, disputed: Some(inside) })
        }
        Verdict::Only(_) if activity.measure != Measure::Entered => {
            Err(Error::field("confirmed", "这一事项不按人数填报，不能部分确认。"))
        }
        Verdict::Only(number) if *number <= 0 || *number >= entry.quantity => {
            Err(Error::field("confirmed", "部分确认的数要大于零、小于登记的数；全部属实请直接确认。"))
        }
        Verdict::Only(number) => Ok(Answered { state: EntryState::Part, confirmed: *number, disputed: None }),
    }
}

/// What the caller may do to an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct AllowedActions {
    pub answer: bool,
    pub take_back: bool,
    pub settle: bool,
    pub correct: bool,
    pub accept: bool,
    pub withdraw: bool,
}

pub fn may(actor: &Actor, entry: &EntryRow, programme: &Programme, today: Date) -> AllowedActions {
    let state = state_of(&entry.state);
    let open = in_time(entry, programme, today);
    let claimant = actor.org == entry.claimant && open;
    let answerer = actor.org == entry.answerer && open;
    let answered = matches!(state, EntryState::Confirmed | EntryState::Part | EntryState::Disputed);
    AllowedActions {
        answer: answerer && state == EntryState::Claimed,
        take_back: answerer && answered,
        settle: state == EntryState::Claimed && settles(actor, entry, &programme.calendar, today),
        correct: claimant && state != EntryState::Withdrawn,
        accept: claimant && state == EntryState::Part,
        withdraw: claimant && matches!(state, EntryState::Claimed | EntryState::Part | EntryState::Disputed),
    }
}

/// A former partner may still answer, correct or confirm for some days; after that the entry is read only.
pub fn in_time(entry: &EntryRow, programme: &Programme, today: Date) -> bool {
    crate::network::pairings::rules::answers_still(entry.pairing_to, programme, today)
}

/// After 15 working days without an answer a claim also stands on the county bureau's desk, after as many again on the
/// city's: each may settle it with a reason. Time alone settles nothing.
pub fn settles(actor: &Actor, entry: &EntryRow, calendar: &Calendar, today: Date) -> bool {
    let claimed = jiedui_kernel::shanghai_date(entry.claimed_at);
    escalated_before(actor, calendar, today).is_some_and(|day| claimed < day)
        && actor.scope.covers(&entry.county_path)
        && actor.org != entry.answerer
        && actor.org != entry.claimant
}

/// Claims made before this day stand on this one's desk for settlement; `None` where the role settles nothing.
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

/// The last day on which the answerer may answer before the claim goes one level up.
pub fn answer_due(entry: &EntryRow, programme: &Programme) -> Date {
    jiedui_programme::escalates_on(programme, jiedui_kernel::shanghai_date(entry.claimed_at))
}

/// The bind values for "claimed before this day (Shanghai)".
pub fn cutoff(before: Option<Date>) -> (bool, Instant) {
    let midnight = |day: Date| day.and_time(NaiveTime::MIN).and_utc() - chrono::TimeDelta::hours(8);
    match before {
        Some(day) => (true, midnight(day)),
        None => (false, midnight(Date::MIN.max(Date::default()))),
    }
}
