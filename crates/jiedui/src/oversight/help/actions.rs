//! The day of a demonstration, moved on so that what is late or due at the end of a month can be seen
//! ([0114](../../../../../docs/decisions/0114-the-day-of-practice.md)).

use chrono::{Days, TimeDelta};
use jiedui_kernel::{Actor, Date, Error, Result};
use jiedui_store::settings;
use jiedui_web::context::RequestContext;
use jiedui_web::{App, session};
use std::sync::Arc;

/// Where the day is noted to which it was moved.
const DAY: &str = "practice";

/// Moves the day on by so many; the day that it is then. Whoever does it stays signed in, others were away as long.
///
/// # Errors
/// The data are no demonstration, or the clock is the machine's: there is nothing to be moved.
pub async fn move_on(ctx: &mut RequestContext, days: u32) -> Result<Date> {
    if !ctx.app.demo || !ctx.app.db.clock().can_move() {
        return Err(Error::NotFound);
    }
    let (day, then) = (ctx.today + Days::new(days.into()), ctx.now + TimeDelta::days(days.into()));
    settings::write(&mut ctx.tx, DAY, &day.to_string()).await?;
    if let Some(own) = &ctx.session {
        session::begin_again(&mut ctx.tx, &own.id, then).await?;
    }
    ctx.app.db.clock().move_on(days);
    Ok(day)
}

/// Goes on from the day to which a demonstration was moved, where it is not over.
pub async fn take_up_day(app: &App) -> Result<()> {
    let kept = settings::read(&mut app.db.read(Arc::new(Actor::system("demo"))).await?, DAY).await?;
    let Some(day) = kept.and_then(|day| day.parse::<Date>().ok()) else { return Ok(()) };
    if let Ok(ahead) = u32::try_from((day - app.db.clock().today()).num_days()) {
        app.db.clock().move_on(ahead);
    }
    Ok(())
}
