//! Whoever's own status moved with the programme reads of it at the desk for some days; whoever may activate one sees the
//! one that is ready.

use super::actions::{active, prepared};
use super::data;
use crate::shared::tasks::{Act, Task, pending};
use chrono::TimeDelta;
use jiedui_kernel::{Instant, Result};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;

/// For so many days.
const TOLD_DAYS: i64 = 14;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    if ctx.can("programme", "activate")
        && let Some(row) = prepared(&mut ctx.tx).await?.filter(|row| row.replayed_at.is_some())
    {
        let act = Act::go("去看", format!("/programme/{}", row.id));
        let why = "演算已完成：看清哪些单位的状态会变，再启用或放弃。";
        tasks.push(Task::new("方案变更待启用", why, pending("待启用"), act));
    }
    let since: Instant = ctx.now - TimeDelta::days(TOLD_DAYS);
    let latest = active(&mut ctx.tx).await?.filter(|row| row.decided_at.is_some_and(|at| at >= since));
    if let Some(row) = latest {
        let own = ctx.tx.number(&data::OWN_EFFECTS, args![&row.id, &ctx.actor.org]).await?;
        if own > 0 {
            let act = Act::go("看变化", format!("/programme/{}", row.id));
            let why = format!("方案启用了新的一版，本单位有 {own} 项状态随之变化。");
            let mark = StateMark::new("active", "请知悉", "◐");
            tasks.push(Task::new("方案有变更", why, mark, act).to_begin());
        }
    }
    Ok(tasks)
}
