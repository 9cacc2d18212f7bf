//! What the desk says of meetings: the host closes what was held, and whoever is invited knows when.

use super::data::{self, MeetingRow};
use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::Result;
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use std::collections::HashSet;

/// Of a series that was announced for a whole year the desk names the next one, and others as they come near.
const NEAR_DAYS: i64 = 31;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let mut tasks = Vec::new();
    if ctx.can("meeting", "convene") {
        for row in ctx.tx.all::<MeetingRow>(&data::ANNOUNCED_BY, args![&org]).await? {
            if row.on_day > today {
                continue;
            }
            let act = Act::go("去归档", format!("/meetings/{}", row.id));
            let why = "议定了什么一行一条记下，归档后到责任单位的工作台。";
            tasks.push(Task::new(format!("归档：{}", row.title), why, pending("待归档"), act));
        }
    }
    if ctx.can("followup", "report") {
        let mut named = HashSet::new();
        for row in ctx.tx.all::<MeetingRow>(&data::INVITED_TO, args![&org]).await? {
            let next = named.insert((row.host.clone(), row.kind.clone()));
            if !next && (row.on_day - today).num_days() > NEAR_DAYS {
                continue;
            }
            let act = Act::go("看议程", format!("/meetings/{}", row.id));
            let why = format!("{}召集；议程和材料由系统备好，不用准备。", row.host_name);
            let task = Task::new(format!("参加{}", row.title), why, pending("应邀"), act).to_begin();
            tasks.push(task.due(Some(row.on_day)));
        }
    }
    Ok(tasks)
}
