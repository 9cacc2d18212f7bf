//! The month, or the week, that one looks at: who comes on which day.

use super::{Line, line};
use crate::planning::calendar::data::{self, AnnouncementRow};
use chrono::{Datelike as _, TimeDelta};
use jiedui_kernel::{Date, Period, Result};
use jiedui_programme::Programme;
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::parse_date;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

#[derive(Serialize)]
struct ListView {
    /// 2026-11, or the first day of the week.
    period: String,
    title: String,
    week: bool,
    weekdays: [&'static str; 7],
    weeks: Vec<Vec<Day>>,
    /// Nothing stands in the whole period.
    empty: bool,
    before: String,
    after: String,
    now: String,
    other: Link,
    can_announce: bool,
    address: &'static str,
}

#[derive(Serialize)]
struct Day {
    date: String,
    number: u32,
    weekday: &'static str,
    today: bool,
    /// It belongs to the month before or after.
    outside: bool,
    workday: bool,
    items: Vec<Line>,
}

fn monday_of(day: Date) -> Date {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

/// The whole weeks that a month touches.
fn weeks_of(month: Period) -> Period {
    let from = monday_of(month.from);
    let to = monday_of(month.to) + TimeDelta::days(6);
    Period::new(from, to).unwrap_or(month)
}

fn month_of(day: Date) -> Option<Period> {
    let first = day.with_day(1)?;
    let next = (first + TimeDelta::days(31)).with_day(1)?;
    Period::new(first, next - TimeDelta::days(1))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let query = ctx.query.clone();
    let week = query.get("view") == "week";
    let at = parse_date(query.get("day")).unwrap_or(ctx.today);
    let at_week = Period::new(monday_of(at), monday_of(at) + TimeDelta::days(6));
    let (month, this_week) = (month_of(at).unwrap_or(Period::day(at)), at_week.unwrap_or(Period::day(at)));
    let shown = if week { this_week } else { weeks_of(month) };
    let rows = ctx
        .tx
        .all::<AnnouncementRow>(&data::BETWEEN, args![shown.from, shown.to, query.get("pairing")])
        .await?;
    let inside = if week { this_week } else { month };
    let programme = ctx.programme();
    let days = days(&programme, &rows, shown, inside, ctx.today)?;
    let address = |day: Date, view: &str| format!("/calendar?{view}day={day}");
    let view = if week { "view=week&" } else { "" };
    let view = ListView {
        period: if week { this_week.from.to_string() } else { month.from.format("%Y-%m").to_string() },
        title: if week {
            format!("{}月{}日起的一周", this_week.from.month(), this_week.from.day())
        } else {
            format!("{}年{}月", month.from.year(), month.from.month())
        },
        week,
        weekdays: WEEKDAYS,
        empty: rows.is_empty(),
        before: address(inside.from - TimeDelta::days(1), view),
        after: address(inside.to + TimeDelta::days(1), view),
        now: format!("/calendar{}", if week { "?view=week" } else { "" }),
        other: if week {
            Link::new(address(at, ""), "按月看")
        } else {
            Link::new(address(if inside.contains(ctx.today) { ctx.today } else { at }, "view=week&"), "按周看")
        },
        weeks: days.into_iter().fold(Vec::new(), by_week),
        can_announce: ctx.can("announcement", "announce"),
        address: "/calendar/address",
    };
    let lead = "谁哪天到校、来做什么。预告只为双方安排方便，不计数、不考核；做完按一下就成为台账。";
    let page = Page::new("日程", lead).clause("S1.4").clause("S1.6").kind("list");
    Reply::view("planning/calendar/list.html", page, &view)
}

fn by_week(mut weeks: Vec<Vec<Day>>, day: Day) -> Vec<Vec<Day>> {
    match weeks.last_mut() {
        Some(week) if week.len() < 7 => week.push(day),
        _ => weeks.push(vec![day]),
    }
    weeks
}

fn days(
    programme: &Programme,
    rows: &[AnnouncementRow],
    shown: Period,
    inside: Period,
    today: Date,
) -> Result<Vec<Day>> {
    let mut days = Vec::new();
    for date in shown.from.iter_days().take_while(|day| *day <= shown.to) {
        let here = rows.iter().filter(|row| row.from_day <= date && date <= row.to_day);
        days.push(Day {
            date: date.to_string(),
            number: date.day(),
            weekday: WEEKDAYS[date.weekday().num_days_from_monday() as usize],
            today: date == today,
            outside: !inside.contains(date),
            workday: programme.calendar.workdays.is_workday(date),
            items: here.map(|row| line(programme, row, today)).collect::<Result<_>>()?,
        });
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_shown_in_whole_weeks() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let month = month_of(day("2026-11-24")).unwrap();
        assert_eq!((month.from, month.to), (day("2026-11-01"), day("2026-11-30")));
        let shown = weeks_of(month);
        assert_eq!((shown.from, shown.to), (day("2026-10-26"), day("2026-12-06")), "Sunday to Monday");
        let december = month_of(day("2026-12-31")).unwrap();
        assert_eq!(december.to, day("2026-12-31"), "over the end of the year");
    }
}
