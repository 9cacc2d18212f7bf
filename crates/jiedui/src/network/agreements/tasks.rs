//! What the desk asks about agreements.

use crate::shared::tasks::{Act, Task, pending, returned};
use chrono::TimeDelta;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

/// A renewal takes its time: the lead is told so long before the term is over.
const NOTICE_DAYS: i64 = 60;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("agreement", "answer") {
        return Ok(Vec::new());
    }
    let (org, programme) = (ctx.actor.org.clone(), ctx.programme());
    let mut tasks = Vec::new();
    for row in super::to_answer(&mut ctx.tx, &programme, &org).await? {
        let why = format!("{}登记了三方协议，请核对日期后确认。", row.recorder_name);
        let act = Act::go("去确认", format!("/agreements/{}", row.id));
        tasks.push(Task::new(format!("确认协议：{}", row.county_name), why, pending("待确认"), act));
    }
    for row in super::sent_back(&mut ctx.tx, &org).await? {
        let act = Act::go("去修改", format!("/agreements/{}", row.id));
        let why = "另一方退回了本单位登记的协议。";
        tasks.push(Task::new(format!("修改协议：{}", row.county_name), why, returned(), act));
    }
    let until = ctx.today + TimeDelta::days(NOTICE_DAYS);
    for row in super::expiring(&mut ctx.tx, until).await?.into_iter().filter(|row| row.lead == org) {
        let act = Act::go("去续签", format!("/pairings/{}/agreements", row.pairing));
        let why = "协议期限快到了；续签后登记，结对本身不受影响。";
        let task = Task::new(format!("协议将到期：{}", row.county_name), why, pending("待续签"), act);
        tasks.push(task.due(row.to_day));
    }
    Ok(tasks)
}
