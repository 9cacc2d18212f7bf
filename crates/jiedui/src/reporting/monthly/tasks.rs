//! What the desk asks about the month: a bureau accepts, and a school to which it was sent back looks at it again.

use super::actions::Waiting;
use super::data::MonthState;
use super::{actions, rules};
use crate::shared::tasks::{Act, Task, pending, returned};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::history;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if ctx.can("month", "accept") { to_accept(ctx).await } else { sent_back(ctx).await }
}

async fn to_accept(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let programme = ctx.programme();
    let mut tasks = Vec::new();
    for Waiting { month, level, schools, asked } in actions::waiting(&mut ctx.tx, &programme).await? {
        let title = format!("接收{}的月调度", rules::title(month));
        let why = "各校的数字已从台账里带出，看过以后勾选接收，不用填写。";
        let href = format!("/months/{month}?wait=yes");
        let due = rules::due(&programme, level, month);
        let task = Task::gathered(schools, (&href, &href), (&title, why), pending("待接收"));
        tasks.extend(task.map(|task| task.due(due)));
        let title = format!("有学校申请退回{}的月调度", rules::title(month));
        let why = "打开看要补充什么：可以退回，也可以照样接收。";
        let task = Task::gathered(asked, (&href, &href), (&title, why), pending("待决定"));
        tasks.extend(task.map(|task| task.due(due)));
    }
    Ok(tasks)
}

async fn sent_back(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("month", "problems") {
        return Ok(Vec::new());
    }
    let (programme, org, today) = (ctx.programme(), ctx.actor.org.clone(), ctx.today);
    let mut tasks = Vec::new();
    for month in rules::months(&programme, today, rules::LOOK_BACK) {
        let Some(row) = super::of_school(&mut ctx.tx, month, &org).await? else { continue };
        let steps = history::of(&mut ctx.tx, &row.id).await?;
        let last = steps.last().filter(|step| step.kind == "send_back");
        if let Some(step) = last.filter(|_| row.state == MonthState::Open) {
            let act = Act::go("去看看", format!("/months/{month}/schools/{org}"));
            let title = format!("{}的月调度被退回", rules::title(month));
            let why = "请按意见核对：在原来的记录上更正，或写明情况，不用另报。";
            tasks.push(Task::new(title, why, returned(), act).said(step.reason.clone()));
        }
    }
    Ok(tasks)
}
