//! What calendar programs read: RFC 5545, one event for each announcement in the holder's scope, without names of persons.

use super::data::{self, AnnouncementRow, SubscriberRow};
use super::pages::activity_name;
use super::rules::State;
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus};
use jiedui_kernel::{Actor, ActorKind, Error, Result, Scope};
use jiedui_programme::{Programme, RoleAt};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Reply;
use jiedui_web::session::digest;
use std::sync::Arc;

/// What lies further back is of no use in a calendar.
const PAST_DAYS: i64 = 60;

pub async fn feed(ctx: &mut RequestContext) -> Result<Reply> {
    let seats =
        ctx.tx.all::<SubscriberRow>(&data::SUBSCRIBER, args![digest(&ctx.param("token")), false]).await?;
    let actor = subscriber(&ctx.programme(), &seats).ok_or(Error::NotFound)?;
    if !ctx.app.can(&actor, "announcement", "read") {
        return Err(Error::NotFound);
    }
    ctx.tx.act_as(Arc::new(actor));
    let (from, to) = (
        ctx.today - chrono::TimeDelta::days(PAST_DAYS),
        ctx.today + chrono::TimeDelta::days(super::rules::FARTHEST_DAYS),
    );
    let rows = ctx.tx.all::<AnnouncementRow>(&data::BETWEEN, args![from, to, ""]).await?;
    let text = calendar(&ctx.programme(), &rows, ctx.now);
    Ok(Reply::File {
        name: "jiedui.ics".to_owned(),
        mime: "text/calendar; charset=utf-8",
        bytes: text.into_bytes(),
    })
}

/// The account behind an address, at the first of its organisations.
fn subscriber(programme: &Programme, seats: &[SubscriberRow]) -> Option<Actor> {
    let first = seats.first()?;
    let roles: Vec<String> =
        seats.iter().filter(|seat| seat.org == first.org).map(|seat| seat.role.clone()).collect();
    let administers =
        programme.access.roles.iter().any(|role| role.at == RoleAt::System && roles.contains(&role.id));
    Some(Actor {
        kind: ActorKind::Person {
            account: first.account.clone(),
            person: String::new(),
            name: first.name.clone(),
        },
        org: first.org.clone(),
        org_name: first.org_name.clone(),
        scope: if administers { Scope::nothing() } else { Scope::subtree(&first.path) },
        roles,
    })
}

fn calendar(programme: &Programme, rows: &[AnnouncementRow], now: jiedui_kernel::Instant) -> String {
    let mut calendar = Calendar::new();
    calendar.name("结对通日程");
    for row in rows.iter().filter(|row| row.state != State::NotHeld) {
        let what = activity_name(programme, &row.activity);
        let event = Event::new()
            .uid(&format!("{}@jiedui", row.id))
            .summary(&format!("{what}：{} → {}", row.org_name, row.county_name))
            .description(&row.purpose)
            .location(&row.county_name)
            .timestamp(now)
            .starts(row.from_day)
            // RFC 5545, 3.6.1: the end of an event of whole days is the day after the last.
            .ends(row.to_day + chrono::TimeDelta::days(1))
            .sequence(u32::try_from(row.version).unwrap_or_default())
            .status(if row.proposed_from.is_some() { EventStatus::Tentative } else { EventStatus::Confirmed })
            .done();
        calendar.push(event);
    }
    calendar.done().to_string()
}
