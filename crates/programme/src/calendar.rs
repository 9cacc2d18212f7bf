//! Semesters, working days, and how early something is told.

use jiedui_kernel::{Date, Period, Workdays};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    pub semesters: Vec<Semester>,
    /// 寒暑假. Semesters are spans for counting and may reach into them.
    #[serde(default)]
    pub vacations: Vec<Vacation>,
    /// No deadline may be nearer than this many working days.
    pub minimum_notice_workdays: u32,
    /// After this many working days a claim nobody answered also stands on the desk one level up.
    pub escalation_workdays: u32,
    /// For how long a former partner may still answer, correct or confirm.
    pub former_partner_days: u32,
    /// A clock is at risk when its latest feasible date is at most this many working days away.
    pub at_risk_workdays: u32,
    /// It is also at risk when what is left must be done so many times as fast as the whole period asks for.
    #[serde(default = "thrice")]
    pub at_risk_speed: u32,
    /// 启用日: periods that ended before it are shown and not judged.
    pub in_use_since: Option<Date>,
    /// The first month of the monthly dispatch, by any of its days; none where there is no dispatch.
    pub months_since: Option<Date>,
    /// So many working days after the end of a month county, city and province each accept it.
    #[serde(default = "accept_workdays")]
    pub month_accept_workdays: [u32; 3],
    /// So many working days a tracked item has where nobody says another day.
    #[serde(default = "followup_workdays")]
    pub followup_workdays: u32,
    /// What of a month is pointed out to look at again.
    #[serde(default)]
    pub unusual: Unusual,
    #[serde(default)]
    pub workdays: Workdays,
}

impl Calendar {
    /// The days of term among these: working days of a semester outside of 寒暑假, as runs of days that follow each other.
    pub fn taught(&self, days: Period) -> Vec<Period> {
        let mut runs: Vec<Period> = Vec::new();
        for semester in &self.semesters {
            let whole = Period::new(semester.from, semester.to);
            let Some(within) = whole.and_then(|whole| whole.intersect(days)) else { continue };
            let all = within.from.iter_days().take_while(|day| *day <= within.to);
            for day in all.filter(|day| self.is_taught(*day)) {
                match runs.last_mut() {
                    Some(run) if run.to.succ_opt() == Some(day) => run.to = day,
                    _ => runs.push(Period::day(day)),
                }
            }
        }
        runs
    }

    fn is_taught(&self, day: Date) -> bool {
        let free = |one: &Vacation| one.from <= day && day <= one.to;
        self.workdays.is_workday(day) && !self.vacations.iter().any(free)
    }
}

/// From where on something about a month is unusual. It is pointed out and never judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Unusual {
    /// A pattern among entries is told from so many on.
    pub few: u32,
    /// So many seconds after a claim its answer is hardly a look at it.
    pub at_once_seconds: u32,
    /// Entries written on so many last days of the month, or after it, are told where they are more than half.
    pub last_days: u32,
    /// Of the school's own months before so many are looked at, and so many of them must have something.
    pub own_months: u32,
    pub own_least: u32,
    /// More than so many times the middle one of these is far from them.
    pub own_times: u32,
    /// More than so many times the month before is a jump.
    pub jump_times: u32,
    /// For so many working days after the end of a month it is shown to the parties alone.
    pub parties_first_workdays: u32,
}

impl Default for Unusual {
    fn default() -> Self {
        Self {
            few: 3,
            at_once_seconds: 60,
            last_days: 2,
            own_months: 12,
            own_least: 3,
            own_times: 3,
            jump_times: 5,
            parties_first_workdays: 2,
        }
    }
}

fn accept_workdays() -> [u32; 3] {
    [5, 8, 10]
}

fn followup_workdays() -> u32 {
    20
}

fn thrice() -> u32 {
    3
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Semester {
    /// e.g. `2025-2026-1`.
    pub id: String,
    /// e.g. 2025–2026学年第一学期.
    pub name: String,
    pub from: Date,
    pub to: Date,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vacation {
    /// e.g. 2026年寒假.
    pub name: String,
    pub from: Date,
    pub to: Date,
}
