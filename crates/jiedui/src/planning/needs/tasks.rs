//! What the desk asks about needs.

use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let org = ctx.actor.org.clone();
    if !ctx.can("need", "edit") || !super::of_school(&mut ctx.tx, &org).await?.is_empty() {
        return Ok(Vec::new());
    }
    let why = "帮扶从学校的需求开始：写明缺什么，按轻重排好，项目就按它来定。";
    let act = Act::go("去填写", "/needs/new");
    Ok(vec![Task::new("写需求清单", why, pending("待填写"), act).to_begin()])
}
