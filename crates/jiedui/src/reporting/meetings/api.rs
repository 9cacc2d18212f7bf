//! A meeting, with those of its series in its year, as calendar programs read them (RFC 5545): when, where and who holds them; of
//! what people wrote only title and place. Each has an id of its own: where one moves, the others stay.

use super::data::{self, MeetingRow, MeetingState};
use crate::shared::calendars;
use chrono::{Datelike as _, NaiveDateTime, NaiveTime, TimeDelta};
use icalendar::{Component as _, Event, EventLike as _, EventStatus};
use jiedui_kernel::{Instant, Period, Result};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::download::CALENDAR;
use jiedui_web::reply::Reply;

/// The clock on the wall is eight hours ahead, all year.
const AHEAD_HOURS: i64 = 8;

pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?.into_row();
    let rows = series(ctx, row).await?;
    let now = ctx.tx.now();
    Ok(Reply::made("meeting.ics", CALENDAR, move || Ok(calendar(&rows, now).into_bytes())))
}

/// The meeting, and what else of its host and kind was announced in its year and the caller sees.
async fn series(ctx: &mut RequestContext, row: MeetingRow) -> Result<Vec<MeetingRow>> {
    let year = Period::year(row.on_day.year()).unwrap_or(Period::day(row.on_day));
    let days = args![&row.host, &row.kind, year.from, year.to];
    let others: Vec<MeetingRow> = ctx.tx.all(&data::IN_PERIOD, days).await?;
    let others = others.into_iter().filter(|one| one.state == MeetingState::Announced && one.id != row.id);
    let mut rows: Vec<MeetingRow> = others.collect();
    rows.push(row);
    rows.sort_by(|one, other| (one.on_day, &one.id).cmp(&(other.on_day, &other.id)));
    Ok(rows)
}

/// What somebody typed is one line: a line end in it would begin a property of its own.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn calendar(rows: &[MeetingRow], now: Instant) -> String {
    let mut calendar = calendars::empty("meetings");
    for row in rows {
        calendar.push(event(row, now));
    }
    calendar.done().to_string()
}

fn event(row: &MeetingRow, now: Instant) -> Event {
    let mut event = Event::new();
    event
        .uid(&format!("{}@jiedui", row.id))
        .summary(&one_line(&row.title))
        .description(&format!("召集单位：{}", row.host_name))
        .timestamp(now)
        .sequence(u32::try_from(row.version - 1).unwrap_or_default())
        .status(match row.state {
            MeetingState::Cancelled => EventStatus::Cancelled,
            _ => EventStatus::Confirmed,
        });
    if !row.place.is_empty() {
        event.location(&one_line(&row.place));
    }
    match NaiveTime::parse_from_str(&row.at_time, "%H:%M") {
        Ok(at) => {
            let wall: NaiveDateTime = row.on_day.and_time(at);
            event.starts((wall - TimeDelta::hours(AHEAD_HOURS)).and_utc());
        }
        Err(_) => {
            event.starts(row.on_day).ends(row.on_day + TimeDelta::days(1));
        }
    }
    event.done()
}
