//! What the desk asks about plans.

use crate::shared::tasks::{Act, Task, pending, returned};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("school_plan", "draft") && !ctx.can("school_plan", "answer") {
        return Ok(Vec::new());
    }
    let (org, programme) = (ctx.actor.org.clone(), ctx.programme());
    let name = |id: &str| programme.template(id).map_or("方案", |template| template.name.as_str()).to_owned();
    let mut tasks = Vec::new();
    for row in super::to_answer(&mut ctx.tx, &programme, &org).await? {
        let act = Act::go("去答复", format!("/plans/{}", row.id));
        let title = format!("{}征求同意：{}", name(&row.template), row.county_name);
        tasks.push(Task::new(title, "请看过后同意，或写明哪里要改。", pending("待答复"), act));
    }
    for row in super::sent_back(&mut ctx.tx, &org).await? {
        let act = Act::go("去修改", format!("/plans/{}", row.id));
        let title = format!("修改{}：{}", name(&row.template), row.county_name);
        tasks.push(Task::new(title, "有一方退回了方案，按意见改好后再提交。", returned(), act));
    }
    Ok(tasks)
}
