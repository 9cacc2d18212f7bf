//! What the office has to answer, by when; and what was answered to whoever asked.

use super::kind_name;
use super::state_mark;
use crate::shared::tasks::{Act, Task};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let today = ctx.today;
    let mut tasks = Vec::new();
    if ctx.can("complaint", "answer") {
        for row in super::to_answer(&mut ctx.tx).await? {
            let act = Act::go("去答复", format!("/complaints/{}", row.id));
            let title = format!("答复投诉建议：{}", kind_name(&row.kind));
            let task = Task::new(title, "", state_mark(&row, today), act);
            tasks.push(task.due(Some(row.due_on)).said(row.excerpt()));
        }
    }
    if ctx.can("complaint", "create") {
        for row in super::to_judge(&mut ctx.tx).await? {
            let act = Act::go("看答复", format!("/complaints/{}", row.id));
            let why = "省办已经答复；满意就办结，不满意可以追问。";
            let title = format!("您提的意见有了答复：{}", kind_name(&row.kind));
            tasks.push(Task::new(title, why, state_mark(&row, today), act));
        }
    }
    Ok(tasks)
}
