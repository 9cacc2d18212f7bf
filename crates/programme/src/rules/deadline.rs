//! Dates that follow from the programme's calendar.

use crate::model::Programme;
use chrono::Days;
use jiedui_kernel::Date;

/// The nearest day that may be set as a deadline (decision "Meetings and the burden rules": minimum notice).
pub fn earliest_deadline(programme: &Programme, today: Date) -> Date {
    programme.calendar.workdays.after(today, programme.calendar.minimum_notice_workdays)
}

/// The day from which an unanswered claim also stands on the desk of the county bureau (decision "Who claims, who
/// confirms"); with its result in place of `since`, that of the city's. Time alone settles nothing.
pub fn escalates_on(programme: &Programme, since: Date) -> Date {
    programme.calendar.workdays.after(since, programme.calendar.escalation_workdays)
}

/// The last day on which a former partner may still answer, correct or confirm what is dated inside the pairing
/// (decision "Scope"); `ended` is the pairing's last day.
pub fn former_partner_until(programme: &Programme, ended: Date) -> Date {
    ended.checked_add_days(Days::new(programme.calendar.former_partner_days.into())).unwrap_or(Date::MAX)
}
