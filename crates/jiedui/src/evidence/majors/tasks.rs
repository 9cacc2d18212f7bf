//! What the desk asks about the majors of a school.

use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("major", "edit") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let (year, missing) = super::unreported(&mut ctx.tx, &programme).await?;
    if missing == 0 {
        return Ok(Vec::new());
    }
    let why = "一年填一次，只问当年开设过的专业；没有变化的年份也只要这一次。";
    let act = Act::go("去填报", format!("/majors/years?year={year}"));
    Ok(vec![Task::new("填报专业年度数字", why, pending("待填报"), act).clause("T5.2").to_begin()])
}
