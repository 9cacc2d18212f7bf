//! One meeting as calendar programs read it (RFC 5545): when, where and who holds it; of what people wrote only title and place.

use super::data::{MeetingRow, MeetingState};
use crate::shared::calendars;
use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use icalendar::{Component as _, Event, EventLike as _, EventStatus};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::download::CALENDAR;
use jiedui_web::reply::Reply;

/// The clock on the wall is eight hours ahead, all year.
const AHEAD_HOURS: i64 = 8;

pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?.into_row();
    let now = ctx.tx.now();
    Ok(Reply::made("meeting.ics", CALENDAR, move || Ok(calendar(&row, now).into_bytes())))
}

/// What somebody typed is one line: a line end in it would begin a property of its own.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn calendar(row: &MeetingRow, now: jiedui_kernel::Instant) -> String {
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
    let mut calendar = calendars::empty("meetings");
    calendar.push(event.done());
    calendar.done().to_string()
}
