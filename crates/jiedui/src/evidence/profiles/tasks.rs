//! What a school has still to tell, and what its bureau has to accept.

use super::ProfileRow;
use crate::shared::tasks::{Act, Task, pending, returned};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let org = ctx.actor.org.clone();
    let mut tasks = Vec::new();
    if ctx.can("profile", "accept") {
        let rows = super::to_answer(&mut ctx.tx, &org).await?;
        tasks.extend(rows.iter().map(to_accept));
    }
    if ctx.can("profile", "edit") {
        let programme = ctx.programme();
        let rows = super::to_tell(&mut ctx.tx, &programme, &org).await?;
        tasks.extend(rows.iter().map(|(year, row)| to_tell(&org, *year, row.as_ref())));
    }
    Ok(tasks.into_iter().map(|task| task.clause("T1.1")).collect())
}

fn to_accept(row: &ProfileRow) -> Task {
    let (verb, why) = if !row.state.correcting() {
        ("接收基本情况", "学校已提交年度基本情况，请核对后接收，有出入就退回。")
    } else {
        ("接收更正", "学校更正了已接收的数，请核对后接收，有出入就退回。")
    };
    let act = Act::go("去核对", format!("/profiles/{}/{}", row.org, row.year));
    Task::new(format!("{verb}：{}{}年度", row.school, row.year), why, pending("待接收"), act)
}

fn to_tell(org: &str, year: i32, row: Option<&ProfileRow>) -> Task {
    let base = format!("/profiles/{org}/{year}");
    if row.is_some_and(|row| row.state.returned()) {
        let why = "主管人社局退回了，按意见改好后再提交。";
        Task::new(format!("修改年度基本情况：{year}年度"), why, returned(), Act::go("去修改", base))
    } else {
        let why = "先带出上年的数，没有变化的一年点一下就提交。";
        Task::new(format!("填年度基本情况：{year}年度"), why, pending("待填报"), Act::go("去填报", base))
            .to_begin()
    }
}
