//! What days say of a money: what is late, and what may still be paid.

use jiedui_kernel::Date;

/// One money with its days: what came and what went, each amount on its day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timed {
    /// What it may come to; none where nothing was approved or planned.
    pub approved: Option<i64>,
    pub due: Option<Date>,
    /// Nothing more is expected.
    pub over: bool,
    pub arrivals: Vec<(Date, i64)>,
    /// Paid or given back.
    pub payments: Vec<(Date, i64)>,
}

/// How much of it is late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Late {
    /// Promised for a day that has passed, and has not come.
    pub overdue: i64,
    /// Came so long ago, and is still there.
    pub idle: i64,
}

impl Late {
    pub fn is_late(self) -> bool {
        self != Self::default()
    }
}

fn sum(rows: &[(Date, i64)]) -> i64 {
    rows.iter().fold(0, |sum, (_, cents)| sum.saturating_add(*cents))
}

fn until(rows: &[(Date, i64)], day: Date) -> i64 {
    rows.iter().filter(|(on, _)| *on <= day).fold(0, |sum, (_, cents)| sum.saturating_add(*cents))
}

impl Timed {
    pub fn arrived(&self) -> i64 {
        sum(&self.arrivals)
    }

    pub fn left(&self) -> i64 {
        self.arrived().saturating_sub(sum(&self.payments))
    }

    /// `old` is the last day of which it is said that what came by then is there too long. The oldest money is spent first.
    pub fn late(&self, today: Date, old: Date) -> Late {
        let passed = self.due.is_some_and(|due| due < today) && !self.over;
        let outstanding = self.approved.unwrap_or(0).saturating_sub(self.arrived()).max(0);
        let idle = until(&self.arrivals, old).saturating_sub(sum(&self.payments)).max(0);
        Late { overdue: if passed { outstanding } else { 0 }, idle }
    }

    /// What may be paid on a day without paying, then or later, what had not come yet.
    pub fn room(&self, day: Date) -> i64 {
        let days = self.arrivals.iter().chain(&self.payments).map(|(on, _)| *on).filter(|on| *on > day);
        let at = |on: Date| until(&self.arrivals, on).saturating_sub(until(&self.payments, on));
        days.chain([day]).map(at).min().unwrap_or(0).max(0)
    }
}

/// Why an amount cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotPositive,
    InFuture,
    /// More would have come than was approved; so much may.
    AboveApproved(i64),
    /// More would have been paid than had come by that day; so much may.
    AboveArrived(i64),
}

/// Whether an amount may come (`arrives`) or go on a day.
///
/// # Errors
/// The first reason against it.
pub fn check(of: &Timed, arrives: bool, (day, cents): (Date, i64), today: Date) -> Result<(), Refusal> {
    if cents <= 0 {
        return Err(Refusal::NotPositive);
    }
    if day > today {
        return Err(Refusal::InFuture);
    }
    if arrives {
        let Some(approved) = of.approved else { return Ok(()) };
        let room = approved.saturating_sub(of.arrived()).max(0);
        return if cents > room { Err(Refusal::AboveApproved(room)) } else { Ok(()) };
    }
    let room = of.room(day);
    if cents > room { Err(Refusal::AboveArrived(room)) } else { Ok(()) }
}
