//! What calendar programs read: RFC 5545, one event for each announcement that its holder may see now, without names of
//! persons and without what people wrote.

use super::data::{self, AnnouncementRow, SubscriberRow};
use super::pages::activity_name;
use super::rules::State;
use crate::shared::calendars;
use icalendar::{Component as _, Event, EventLike as _, EventStatus};
use jiedui_kernel::{Actor, ActorKind, Error, Result, Scope};
use jiedui_programme::{Programme, RoleAt};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::download::CALENDAR;
use jiedui_web::reply::Reply;
use jiedui_web::session::digest;
use std::sync::Arc;

/// What lies further back is of no use in a calendar.
const PAST_DAYS: i64 = 60;

/// The secret is compared by its digest: what the time of a look-up tells about a digest leads to no secret.
pub async fn feed(ctx: &mut RequestContext) -> Result<Reply> {
    let seats =
        ctx.tx.all::<SubscriberRow>(&data::SUBSCRIBER, args![digest(&ctx.param("token")), false]).await?;
    let actor = subscriber(&ctx.programme(), &seats).ok_or(Error::NotFound)?;
    if !ctx.app.can(&actor, "announcement", "read") {
        return Err(Error::NotFound);
    }
    ctx.tx.act_as(Arc::new(actor));
    let from = ctx.today - chrono::TimeDelta::days(PAST_DAYS);
    let to = ctx.today + chrono::TimeDelta::days(super::rules::FARTHEST_DAYS);
    let rows = ctx.tx.all::<AnnouncementRow>(&data::FEED, args![from, to]).await?;
    let programme = ctx.programme();
    Ok(Reply::made("jiedui.ics", CALENDAR, move || Ok(calendar(&programme, &rows).into_bytes())))
}

/// The account behind an address, in the seat in which it was made.
fn subscriber(programme: &Programme, seats: &[SubscriberRow]) -> Option<Actor> {
    let first = seats.first()?;
    let roles: Vec<String> = seats.iter().map(|seat| seat.role.clone()).collect();
    let administers =
        programme.access.roles.iter().any(|role| role.at == RoleAt::System && roles.contains(&role.id));
    Some(Actor {
        kind: ActorKind::Person {
            account: first.account.clone(),
            others: Vec::new(),
            name: first.name.clone(),
        },
        org: first.org.clone(),
        org_name: first.org_name.clone(),
        scope: if administers { Scope::nothing() } else { Scope::subtree(&first.path) },
        roles,
    })
}

pub fn calendar(programme: &Programme, rows: &[AnnouncementRow]) -> String {
    let mut calendar = calendars::empty("calendar");
    calendar.name("结对通日程");
    for row in rows {
        let what = activity_name(programme, &row.activity);
        let event = Event::new()
            .uid(&format!("{}@jiedui", row.id))
            .summary(&format!("{what}：{} → {}", row.org_name, row.county_name))
            .location(&row.county_name)
            // Without METHOD the stamp says when the event was last changed (3.8.7.2), so that the text stays the same
            // until something changes.
            .timestamp(row.changed_at)
            .starts(row.from_day)
            // The end of an event of whole days is the day after the last (3.6.1).
            .ends(row.to_day + chrono::TimeDelta::days(1))
            .sequence(u32::try_from(row.version - 1).unwrap_or_default())
            .status(status(row))
            .done();
        calendar.push(event);
    }
    calendar.done().to_string()
}

fn status(row: &AnnouncementRow) -> EventStatus {
    match row.state {
        State::Cancelled | State::NotHeld => EventStatus::Cancelled,
        State::Announced if row.proposed_from.is_some() => EventStatus::Tentative,
        State::Announced | State::Held => EventStatus::Confirmed,
    }
}
