//! Duties that a dated record fulfils (S1.2, S1.3, S1.5): held or not held, standing or not standing, never scored.

use crate::facts::OutputFact;
use crate::model::Programme;
use crate::outputs::{Duty, DutyEvery, Output};
use crate::readings::ClockState;
use crate::rules::periods::NamedPeriod;
use crate::state::EntryState;
use chrono::{Datelike, Days};
use jiedui_kernel::{Date, Period};
use serde::{Deserialize, Serialize};

/// One duty of one organisation in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyReading {
    pub duty: String,
    pub org: String,
    pub period: Period,
    pub period_name: String,
    pub state: ClockState,
    pub owed: i64,
    /// Records that stand, confirmed or not.
    pub claimed: i64,
    pub confirmed: i64,
    /// Ids of the records that count here, claimed or confirmed, in the order of their days.
    pub rows: Vec<String>,
}

/// The periods in which the duty is owed and which have begun by `today`, the earliest first. They begin with the first
/// semester of the programme: it says nothing of the time before. What must stand at any time has one period, until today.
pub fn duty_periods(programme: &Programme, duty: &Duty, today: Date) -> Vec<NamedPeriod> {
    let Some(first) = programme.calendar.semesters.iter().map(|semester| semester.from).min() else {
        return Vec::new();
    };
    let months = match duty.every {
        DutyEvery::Standing => {
            let period = Period::new(first, today.max(first));
            let named =
                |period| NamedPeriod { id: "now".to_owned(), name: "现在".to_owned(), period, dated: true };
            return period.map(named).into_iter().filter(|named| duty.is_owed_on(named.period.to)).collect();
        }
        DutyEvery::Month => 1,
        DutyEvery::Quarter => 3,
        DutyEvery::CalendarYear => 12,
    };
    let (mut year, mut month) = (first.year(), first.month0() / months * months + 1);
    let mut found = Vec::new();
    while let Some(named) = named(year, month, months).filter(|named| named.period.from <= today) {
        if duty.is_owed_on(named.period.to) {
            found.push(named);
        }
        month += months;
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    found
}

/// The period of that length in which a day lies; none where there are no such periods.
pub fn period_around(every: DutyEvery, day: Date) -> Option<NamedPeriod> {
    let months = match every {
        DutyEvery::Standing => return None,
        DutyEvery::Month => 1,
        DutyEvery::Quarter => 3,
        DutyEvery::CalendarYear => 12,
    };
    named(day.year(), day.month0() / months * months + 1, months)
}

fn named(year: i32, month: u32, months: u32) -> Option<NamedPeriod> {
    let from = Date::from_ymd_opt(year, month, 1)?;
    let next = match month + months {
        after if after > 12 => Date::from_ymd_opt(year + 1, after - 12, 1)?,
        after => Date::from_ymd_opt(year, after, 1)?,
    };
    let period = Period::new(from, next.checked_sub_days(Days::new(1))?)?;
    let (id, name) = match months {
        1 => (format!("{year}-{month:02}"), format!("{year}年{month}月")),
        3 => (format!("{year}-q{}", month.div_ceil(3)), format!("{year}年第{}季度", quarter(month))),
        _ => (year.to_string(), format!("{year}年")),
    };
    Some(NamedPeriod { id, name, period, dated: true })
}

fn quarter(month: u32) -> &'static str {
    match month {
        1..=3 => "一",
        4..=6 => "二",
        7..=9 => "三",
        _ => "四",
    }
}

/// How the organisation stands to the duty in the period; `outputs` may hold those of others, which are passed over.
///
/// - A record counts in the period in which it got into a stage that counts: a meeting that is only planned was not held.
/// - What must stand at any time counts while it is in such a stage.
/// - What is recorded and not confirmed yet is waiting, and never missed.
pub fn duty_reading(
    programme: &Programme,
    duty: &Duty,
    org: &str,
    outputs: &[OutputFact],
    period: &NamedPeriod,
    today: Date,
) -> DutyReading {
    let mut own: Vec<(Date, &OutputFact)> = outputs
        .iter()
        .filter(|fact| fact.org == org && programme.is_output_of(fact, &duty.output, duty.only.as_ref()))
        .filter(|fact| duty.answered.iter().all(|field| fact.fields.contains_key(field)))
        .filter(|fact| !matches!(fact.state, EntryState::Withdrawn | EntryState::Disputed))
        .filter_map(|fact| {
            Some((counts_from(programme.output(&fact.output)?, duty, fact, period.period, today)?, fact))
        })
        .collect();
    own.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    let sure = |fact: &OutputFact| {
        let sure = OutputFact { stages: fact.sure_stages().to_vec(), ..fact.clone() };
        let kind = programme.output(&fact.output);
        kind.is_some_and(|kind| counts_from(kind, duty, &sure, period.period, today).is_some())
    };
    let confirmed = own.iter().filter(|(_, fact)| sure(fact)).count();
    let (claimed, confirmed) = (whole(own.len()), whole(confirmed));
    DutyReading {
        duty: duty.id.clone(),
        org: org.to_owned(),
        period: period.period,
        period_name: period.name.clone(),
        state: state(programme, duty, (claimed, confirmed), period.period, today),
        owed: duty.at_least_on(period.period.to),
        claimed,
        confirmed,
        rows: own.into_iter().map(|(_, fact)| fact.id.clone()).collect(),
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The day from which the record counts in the period; `None` where it does not.
fn counts_from(kind: &Output, duty: &Duty, fact: &OutputFact, period: Period, today: Date) -> Option<Date> {
    if duty.every == DutyEvery::Standing {
        let day = period.to.min(today);
        let at = fact.stages.iter().rposition(|(_, from)| *from <= day)?;
        let (stage, from) = fact.stages.get(at)?;
        return kind.counts_in(stage).then_some(*from);
    }
    let (_, from) = fact.stages.iter().find(|(stage, _)| kind.counts_in(stage))?;
    (period.contains(*from) && *from <= today).then_some(*from)
}

fn state(
    programme: &Programme,
    duty: &Duty,
    (claimed, confirmed): (i64, i64),
    period: Period,
    today: Date,
) -> ClockState {
    let soon = || {
        let left = programme.calendar.workdays.between(today, period.to);
        left <= i64::from(programme.calendar.at_risk_workdays)
    };
    let owed = duty.at_least_on(period.to);
    let before = |since: Date| duty.every != DutyEvery::Standing && period.to < since;
    if programme.calendar.in_use_since.is_some_and(before) {
        ClockState::BeforeUse
    } else if confirmed >= owed {
        ClockState::Met
    } else if claimed >= owed {
        ClockState::Awaiting
    } else if duty.every == DutyEvery::Standing {
        ClockState::Running
    } else if period.to < today {
        ClockState::Missed
    } else if soon() {
        ClockState::AtRisk
    } else {
        ClockState::Running
    }
}
