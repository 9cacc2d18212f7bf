//! The overview. For those who lead: the targets with what decides them, what is to be raised, then map, course and places.
//! For a school: its own figures beside those of its last year.

mod asked;
mod export;
mod leading;
mod own;
mod places;
mod tiles;
mod topics;
mod trend;
mod wall;

use crate::network::pairings::{self, PairingRow};
use crate::standing::indicators::Facts;
use jiedui_kernel::Result;
use jiedui_programme::{Indicator, IndicatorOf, Programme, RoleAt};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Reply;

pub use export::show as export;
pub use topics::put;
pub use wall::screen;

/// Columns of the table by place.
const COLUMNS: usize = 3;

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    if leads(ctx) { leading::show(ctx).await } else { own::show(ctx).await }
}

/// Whether the caller answers for a province, a city or a county, and not for one school.
fn leads(ctx: &RequestContext) -> bool {
    let programme = ctx.programme();
    let above = |at: RoleAt| matches!(at, RoleAt::Province | RoleAt::City | RoleAt::County);
    programme.access.roles.iter().any(|role| above(role.at) && ctx.actor.has_role(&role.id))
}

/// Whether a target that is not over yet goes by this indicator.
fn aimed(programme: &Programme, of: &Indicator) -> bool {
    programme.targets.iter().any(|target| target.indicator.as_deref() == Some(of.id.as_str()))
}

/// Where a school opens: on its sheet; a former partner sees the pairing that it had there, and the school no more.
fn school_href(facts: &Facts, school: &str) -> String {
    let own: Vec<&PairingRow> = facts.pairings.iter().filter(|row| row.county_school == school).collect();
    let runs = |row: &&PairingRow| pairings::rules::runs(row.from_day, row.to_day, facts.today);
    match own.last() {
        Some(last) if !own.iter().any(runs) => format!("/pairings/{}", last.id),
        _ => format!("/schools/{school}/glance"),
    }
}

/// What is done, as columns of the table by place: what targets ask for first.
fn columns(programme: &Programme, fits: impl Fn(&Indicator) -> bool) -> Vec<&Indicator> {
    let is_done = |of: &&Indicator| matches!(of.of, IndicatorOf::Entries { .. }) && fits(of);
    let mut shown: Vec<&Indicator> = programme.indicators.iter().filter(is_done).collect();
    shown.sort_by_key(|of| !aimed(programme, of));
    shown.truncate(COLUMNS);
    shown
}
