//! What the desk says of matching: a pair on which one's word is asked, a day until which wishes can be entered, and for the
//! office a round that can be closed.

use super::data;
use super::pages::own_preferences::open_call;
use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::{Date, Result};
use jiedui_store::args;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    if ctx.can("matching_proposal", "comment") {
        let rows = ctx.tx.all::<(String, String, Date)>(&data::WAITING, args![&org, today]).await?;
        for (id, county, closes_on) in rows {
            let act = Act::go("去提意见", format!("/matching/proposals/{id}"));
            let why = "省办就拟定的结对征求意见；看过理由，说同意或有不同意见。";
            let task = Task::new(format!("对拟定的结对提意见：{county}"), why, pending("待提意见"), act);
            tasks.push(task.due(Some(closes_on)).clause("G1.1"));
        }
    }
    if ctx.can("matching_wish", "edit")
        && let Some(call) = open_call(ctx).await?
    {
        let act = Act::go("去填报", "/matching/mine");
        let why = "选填：想和哪所学校结对、不想和哪所结对，可以告诉省办；没有意见的不用填。";
        let task = Task::new("填报结对意愿", why, pending("可填报"), act).to_begin();
        tasks.push(task.due(Some(call.last_day)).clause("G0.1"));
    }
    if ctx.can("matching", "edit") {
        for (id, name) in ctx.tx.all::<(String, String)>(&data::OVERDUE_ROUNDS, args![today]).await? {
            let act = Act::go("去结束", format!("/matching/{id}/consult"));
            let why = "意见截止日期已过；结束后可以调整，或者公布。";
            tasks
                .push(Task::new(format!("结束征求意见：{name}"), why, pending("待结束"), act).clause("G1.1"));
        }
    }
    Ok(tasks)
}
