//! The month, or the week, that one looks at: who comes on which day.

use super::{AnnouncementLine, line};
use crate::network::pairings;
use crate::planning::calendar::data::{self, AnnouncementRow};
use chrono::{Datelike as _, TimeDelta};
use jiedui_kernel::{Actor, Date, Error, Period, Reported, Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::names::Names;
use jiedui_web::reply::{Choice, Filter, Page, Reply};
use serde::Serialize;
use std::sync::Arc;

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
/// So many stand in one day of a month; the others are in its week.
const IN_A_CELL: usize = 3;
/// The statement gives one more than are shown, so that one knows that there are more.
const MOST: usize = 500;

#[derive(Serialize)]
struct ListView {
    /// 2026-11, or the first day of the week.
    period: String,
    title: String,
    week: bool,
    weekdays: [&'static str; 7],
    days: Vec<Day>,
    /// Nothing stands in the whole period.
    empty: bool,
    /// More than can be shown.
    cut: bool,
    before: String,
    after: String,
    now: String,
    other: Link,
    filters: Vec<Filter>,
    can_announce: bool,
    helps: bool,
}

#[derive(Serialize)]
struct Day {
    date: String,
    number: u32,
    month: u32,
    weekday: &'static str,
    today: bool,
    /// It belongs to the month before or after.
    outside: bool,
    workday: bool,
    items: Vec<Item>,
    more: Option<Figure>,
}

#[derive(Serialize)]
struct Item {
    line: AnnouncementLine,
    /// It began on an earlier day and is told there.
    goes_on: bool,
}

/// What is looked at: whole weeks, of which `inside` is the month or the week meant.
struct Shown {
    at: Date,
    week: bool,
    inside: Period,
    weeks: Period,
    school: String,
    programme: Arc<Programme>,
    actor: Arc<Actor>,
    today: Date,
}

fn monday_of(day: Date) -> Date {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

fn week_of(day: Date) -> Period {
    let monday = monday_of(day);
    Period::new(monday, monday + TimeDelta::days(6)).unwrap_or(Period::day(day))
}

/// The whole weeks that a month touches.
fn weeks_of(month: Period) -> Period {
    Period::new(monday_of(month.from), week_of(month.to).to).unwrap_or(month)
}

fn month_of(day: Date) -> Period {
    let first = day.with_day(1).unwrap_or(day);
    let next = (first + TimeDelta::days(31)).with_day(1).unwrap_or(day);
    Period::new(first, next - TimeDelta::days(1)).unwrap_or(Period::day(day))
}

impl Shown {
    fn of(ctx: &RequestContext) -> Self {
        let week = ctx.query.get("view") == "week";
        let at = ctx.query.date("day").unwrap_or(ctx.today);
        let inside = if week { week_of(at) } else { month_of(at) };
        let weeks = if week { inside } else { weeks_of(inside) };
        let (programme, actor, today) = (ctx.programme(), Arc::clone(&ctx.actor), ctx.today);
        Self { at, week, inside, weeks, school: ctx.query.get("school").to_owned(), programme, actor, today }
    }

    fn href(&self, day: Option<Date>, week: bool) -> String {
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        let parts = [("view", if week { "week" } else { "" }), ("day", &day), ("school", &self.school)];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parts.iter().filter(|(_, value)| !value.is_empty()));
        match query.finish() {
            query if query.is_empty() => "/calendar".to_owned(),
            query => format!("/calendar?{query}"),
        }
    }

    fn title(&self) -> (String, String) {
        let from = self.inside.from;
        if self.week {
            (from.to_string(), format!("{}年{}月{}日起的一周", from.year(), from.month(), from.day()))
        } else {
            (from.format("%Y-%m").to_string(), format!("{}年{}月", from.year(), from.month()))
        }
    }

    fn days(&self, names: &mut Names, rows: &[AnnouncementRow]) -> Result<Vec<Day>> {
        let dates = self.weeks.from.iter_days().take_while(|day| *day <= self.weeks.to);
        dates.map(|date| self.day(names, rows, date)).collect()
    }

    /// What stands on a day: what begins first, then what goes on.
    fn day(&self, names: &mut Names, rows: &[AnnouncementRow], date: Date) -> Result<Day> {
        let goes_on = |row: &AnnouncementRow| row.from_day < date && date > self.weeks.from;
        let here: Vec<_> = rows.iter().filter(|row| row.from_day <= date && date <= row.to_day).collect();
        let (begun, mut all): (Vec<_>, Vec<_>) = here.into_iter().partition(|row| goes_on(row));
        all.extend(begun);
        let fits = if self.week { all.len() } else { all.len().min(IN_A_CELL) };
        let more = i64::try_from(all.len() - fits).map_err(Error::internal)?;
        let item = |row: &&AnnouncementRow| {
            let line = line(names, &self.programme, row, &self.actor, self.today)?;
            Ok(Item { line, goes_on: goes_on(row) })
        };
        let href = self.href(Some(date), true);
        Ok(Day {
            date: date.to_string(),
            number: date.day(),
            month: date.month(),
            weekday: WEEKDAYS[date.weekday().num_days_from_monday() as usize],
            today: date == self.today,
            outside: !self.inside.contains(date),
            workday: self.programme.calendar.workdays.is_workday(date),
            items: all[..fits].iter().map(item).collect::<Result<_>>()?,
            more: (more > 0)
                .then(|| Figure::of(Reported::Value(more), Unit::Items, href, "这一天另有的预告")),
        })
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let shown = Shown::of(ctx);
    let key = args![shown.weeks.from, shown.weeks.to, &shown.school];
    let mut rows = ctx.tx.all::<AnnouncementRow>(&data::BETWEEN, key).await?;
    let cut = rows.len() > MOST;
    rows.truncate(MOST);
    let (period, title) = shown.title();
    let now_at = if shown.inside.contains(ctx.today) { ctx.today } else { shown.at };
    let view = ListView {
        period,
        title,
        week: shown.week,
        weekdays: WEEKDAYS,
        days: shown.days(&mut ctx.names, &rows)?,
        empty: rows.iter().all(|row| row.to_day < shown.inside.from || row.from_day > shown.inside.to),
        cut,
        before: shown.href(Some(shown.inside.from - TimeDelta::days(1)), shown.week),
        after: shown.href(Some(shown.inside.to + TimeDelta::days(1)), shown.week),
        now: shown.href(None, shown.week),
        other: Link::new(shown.href(Some(now_at), !shown.week), if shown.week { "按月看" } else { "按周看" }),
        filters: filters(ctx, &shown).await?,
        can_announce: ctx.can("announcement", "announce"),
        helps: ctx.can("announcement", "propose"),
    };
    let lead = "谁哪天到校、来做什么。预告只为双方安排方便，不计数、不考核；做完按一下就成为台账。";
    let page = Page::new("日程", lead).clause("S1.4").clause("S1.6").kind("list");
    Reply::view("planning/calendar/list.html", page, &view)
}

/// One school of several; whoever has one only is not asked.
async fn filters(ctx: &mut RequestContext, shown: &Shown) -> Result<Vec<Filter>> {
    let mut options: Vec<Choice> = Vec::new();
    for row in pairings::in_scope(&mut ctx.tx).await? {
        if options.iter().all(|option| option.value != row.county_school) {
            options.push(Choice::new(&row.county_school, &row.county_name));
        }
    }
    if options.len() < 2 {
        return Ok(Vec::new());
    }
    let mut filters = vec![Filter::select("school", "学校", &shown.school, options)];
    for name in ["view", "day"] {
        let value = ctx.query.get(name);
        if !value.is_empty() {
            filters.push(Filter::hidden(name, value));
        }
    }
    Ok(filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_shown_in_whole_weeks() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let month = month_of(day("2026-11-24"));
        assert_eq!((month.from, month.to), (day("2026-11-01"), day("2026-11-30")));
        let shown = weeks_of(month);
        assert_eq!((shown.from, shown.to), (day("2026-10-26"), day("2026-12-06")), "Sunday to Monday");
        assert_eq!(month_of(day("2026-12-31")).to, day("2026-12-31"), "over the end of the year");
        assert_eq!(month_of(day("2027-02-28")).to, day("2027-02-28"));
    }
}
