//! Clocks that want something done.

use super::Clock;
use crate::shared::tasks::{Act, Task, Urgency};
use jiedui_kernel::Result;
use jiedui_programme::ClockState;
use jiedui_web::context::RequestContext;

/// A helper sees its own that are open; a county school those at risk; bureaus and the office what is at risk or missed.
/// The most urgent come first, typical counties before others.
pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("clock", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let clocks = super::in_scope(&mut ctx.tx, &programme).await?;
    let helps = clocks.iter().any(|clock| clock.reading.helper == ctx.actor.org);
    let oversees = ctx.can("entry", "settle") || ctx.can("registry", "edit");
    let open = |clock: &&Clock| {
        let mine = clock.reading.helper == ctx.actor.org;
        clock.current
            && clock.running
            && match clock.reading.state {
                ClockState::AtRisk => mine || !helps,
                ClockState::Missed => oversees,
                ClockState::Running => mine,
                _ => false,
            }
    };
    let mut picked: Vec<&Clock> = clocks.iter().filter(open).collect();
    picked.sort_by_key(|clock| (clock.reading.latest_start, clock.typical_class.is_empty()));
    Ok(picked.into_iter().map(|clock| task(ctx, clock)).collect())
}

fn task(ctx: &RequestContext, clock: &Clock) -> Task {
    let mine = clock.reading.helper == ctx.actor.org && ctx.can("entry", "claim");
    let (act, title) = if mine {
        let href = format!("/entries/new/{}?pairing={}", clock.activity, clock.pairing);
        (Act::primary(&clock.action, href), format!("{}：{}", clock.name, clock.county_name))
    } else {
        let title = format!("{}：{} → {}", clock.name, clock.helper_name, clock.county_name);
        (Act::go("查看", &clock.href), title)
    };
    let why = if clock.reading.state == ClockState::Missed {
        "最迟日期已过，本期来不及完成。"
    } else {
        ""
    };
    let made = Task::new(title, why, clock.state, act).clause(&clock.clause).due(clock.reading.latest_start);
    Task {
        urgency: Urgency::RunningOut,
        href: clock.href.clone(),
        need: clock.need(),
        left: clock.left.clone(),
        ..made
    }
}
