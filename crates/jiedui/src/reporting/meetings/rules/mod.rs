//! The life of a meeting: announced by its host, closed once its day has come, and then as it is.

pub mod parcel;
pub mod topics;

use super::data::{MeetingRow, MeetingState};
use crate::shared::review::{
    self, Action, Caller, Condition, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use chrono::{Datelike as _, NaiveDateTime, NaiveTime};
use jiedui_documents::paper::chinese;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Period, Workdays, shanghai_date};
use jiedui_programme::{MeetingKind, NamedPeriod, Programme, Side, period_around};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// Nothing of a closed meeting is changed any more: what it decided lives on in the tracked items.
pub const LIFE: Life<MeetingState> = {
    use Action::{Accept, Comment, Complete, Edit, Withdraw};
    use MeetingState::{Announced, Cancelled, Closed};
    use Role::Author;
    Life {
        resource: "meeting",
        granted_as: "meeting",
        proposes: &[],
        rules: &[
            Rule::new(Author, Edit, "edit", &[Announced]).right("convene"),
            Rule::new(Author, Complete, "agenda", &[Announced]).right("convene"),
            Rule::new(Author, Comment, "attend", &[Announced]).right("convene"),
            Rule::new(Author, Accept, "close", &[Announced])
                .to(Closed)
                .when(&[Condition::Over])
                .right("convene"),
            Rule::new(Author, Withdraw, "cancel", &[Announced]).to(Cancelled).right("convene"),
        ],
    }
};

pub const STEPS: [(&str, &str); 6] = [
    ("announce", "召集会议"),
    ("edit", "修改时间或地点"),
    ("agenda", "整理议程和议定事项"),
    ("attend", "记下到会单位和纪要"),
    ("close", "会议归档"),
    ("cancel", "取消会议"),
];

impl MeetingState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Announced => "已召集",
            Self::Closed => "已归档",
            Self::Cancelled => "已取消",
        }
    }
}

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Meeting 会议",
            about: "A meeting is announced by its host, who alone writes on it, and is closed once its day has come.",
            begins: MeetingState::Announced,
            label: MeetingState::label,
            words: &STEPS,
        },
    )
}

impl Reviewed for MeetingRow {
    type State = MeetingState;
    const LIFE: &'static Life<MeetingState> = &LIFE;
    const CHANGED: &'static str = "这次会议刚被同事改动过，您的操作没有写入。请看过现在的内容再定。";

    fn head(&self) -> Head<'_, MeetingState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        Standing::default()
            .role(Role::Author, caller.actor.org == self.host)
            .holds(Condition::Over, self.on_day <= caller.today)
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Accept => "到了开会那天，才由召集单位归档；归档过的不用再办。",
            _ => "会议由召集单位整理，归档或取消以后不再改动。",
        };
        Error::Forbidden(words.to_owned())
    }
}

pub fn mark(state: MeetingState) -> StateMark {
    match state {
        MeetingState::Announced => StateMark::new("active", state.label(), "◐"),
        MeetingState::Closed => StateMark::new("done", state.label(), "●"),
        MeetingState::Cancelled => StateMark::new("none", state.label(), "–"),
    }
}

/// The kinds that one with these roles holds.
pub fn held_by<'a>(
    programme: &'a Programme,
    has_role: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = &'a MeetingKind> {
    let holds = move |side: &Side| has_role(side.role());
    programme.meetings.iter().filter(move |kind| kind.held_by.iter().any(&holds))
}

/// The period for which one on this day is the regular one.
pub fn period(kind: &MeetingKind, day: Date) -> Option<NamedPeriod> {
    period_around(kind.every, day)
}

/// What a meeting of this kind on this day is called.
pub fn title(kind: &MeetingKind, day: Date) -> String {
    let period = period(kind, day).map(|period| period.name).unwrap_or_default();
    format!("{period}{}", kind.name)
}

/// The same where meetings of that name are there already: the second one says that it is the second.
pub fn free_title(kind: &MeetingKind, day: Date, there: &[&str]) -> String {
    let first = title(kind, day);
    let name = |at: usize| match at {
        1 => first.clone(),
        at => format!("{first}（第{}次）", chinese(at)),
    };
    let is_free = |name: &String| !there.contains(&name.as_str());
    (1..=there.len() + 1).map(name).find(is_free).unwrap_or_else(|| first.clone())
}

/// The day from which the notice of what is decided counts. A meeting that is written down after it was held keeps the days that
/// it set; of one that was announced nobody is asked before it is closed, which is not before its day.
pub fn said(row: &MeetingRow, history: &[HistoryRow], today: Date) -> Date {
    let written = history.first().map(|step| shanghai_date(step.at));
    if written.is_some_and(|day| day > row.on_day) { row.on_day } else { today.max(row.on_day) }
}

/// So many days before or ahead a meeting is written down.
pub const DAYS: i64 = 366;

/// The days of the later meetings of a series: in each period that is left of the year one as far from its beginning as the
/// first is from that of its own, on a working day of that period. A kind that is held once a year, or at no fixed time, has none.
pub fn later(kind: &MeetingKind, first: Date, workdays: &Workdays) -> Vec<Date> {
    let mut days = Vec::new();
    let Some(start) = period(kind, first) else { return days };
    let (into, mut last) = (first - start.period.from, start.period.to);
    while let Some(next) = last.succ_opt().and_then(|day| period(kind, day)) {
        if next.period.from.year() != first.year() {
            break;
        }
        days.push(working_day((next.period.from + into).min(next.period.to), next.period, workdays));
        last = next.period.to;
    }
    days
}

/// That day, or else the next working day of the period, or else the last before it.
fn working_day(day: Date, period: Period, workdays: &Workdays) -> Date {
    let after = day.iter_days().take_while(|day| *day <= period.to);
    let before = std::iter::successors(day.pred_opt(), Date::pred_opt).take_while(|day| *day >= period.from);
    after.chain(before).find(|day| workdays.is_workday(*day)).unwrap_or(day)
}

/// How many characters a title, a place or a topic may have.
pub const TITLE: u32 = 120;
pub const PERSONS: u32 = 200;
pub const MINUTES: u32 = 3000;

/// What is wrong with the day, the time and the place of a meeting.
pub fn check(on: Option<Date>, at: &str, place: &str, today: Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if on.is_none() {
        errors.push(FieldError::new("on", Code::Missing.says("请选择哪一天开。")));
    }
    // A meeting that was held may be written down afterwards, within the year.
    if on.is_some_and(|day| (today - day).num_days().abs() > DAYS) {
        errors.push(FieldError::new("on", Code::OutOfRange.says("会议日期要在前后一年以内。")));
    }
    let clock = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").is_ok() && text.len() == 5;
    if !at.is_empty() && !clock(at) {
        errors.push(FieldError::new("at", Code::NoDate.says("时间请写成 09:30 这样。")));
    }
    if place.chars().count() > TITLE as usize {
        let length = place.chars().count();
        errors.push(FieldError::new("place", Mistake::too_long("地点", TITLE as usize, length)));
    }
    errors
}

/// When it begins by the clock on the wall; none where no hour was written.
pub fn begins(on: Date, at: &str) -> Option<NaiveDateTime> {
    NaiveTime::parse_from_str(at, "%H:%M").ok().map(|time| on.and_time(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_programme::DutyEvery;

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, MeetingState::Announced);
    }

    #[test]
    fn a_meeting_is_named_after_its_period() {
        let programme = review::tests::programme();
        let kind = programme.meeting("quarterly").unwrap();
        assert_eq!(title(kind, "2026-11-24".parse().unwrap()), "2026年第四季度季会议");
        let today = "2026-11-24".parse().unwrap();
        let (one, two) = ("2026年第四季度季会议", "2026年第四季度季会议（第二次）");
        let there: [&[&str]; 4] = [&[], &[one], &[two], &[one, two]];
        let third = "2026年第四季度季会议（第三次）";
        assert_eq!(there.map(|there| free_title(kind, today, there)), [one, two, one, third]);
        assert!(check(Some(today), "09:30", "", today).is_empty());
        assert_eq!(check(None, "9点", "", today).len(), 2);
        assert_eq!(begins(today, "09:30").unwrap().to_string(), "2026-11-24 09:30:00");
        assert!(begins(today, "").is_none());
    }

    #[test]
    fn a_series_has_one_meeting_in_each_period_that_is_left_of_the_year() {
        let programme = review::tests::programme();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let kind = programme.meeting("quarterly").unwrap();
        // The seventeenth of April and of July are Saturdays, that of October is a Sunday.
        let told = later(kind, day("2027-01-17"), &Workdays::default());
        assert_eq!(told, ["2027-04-19", "2027-07-19", "2027-10-18"].map(day), "or a working day after");
        assert!(later(kind, day("2027-10-20"), &Workdays::default()).is_empty(), "the last quarter");
        let end = later(kind, day("2027-03-31"), &Workdays::default());
        assert_eq!(end, ["2027-06-29", "2027-09-28", "2027-12-29"].map(day), "within the period");
        let monthly = MeetingKind { every: DutyEvery::Month, ..kind.clone() };
        let told = later(&monthly, day("2027-01-31"), &Workdays::default());
        assert_eq!((told.len(), told[0]), (11, day("2027-02-26")), "the last working day of a short month");
        let yearly = MeetingKind { every: DutyEvery::CalendarYear, ..kind.clone() };
        assert!(later(&yearly, day("2027-01-17"), &Workdays::default()).is_empty());
    }
}
