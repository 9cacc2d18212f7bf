//! That the registry follows what was granted.

use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

/// One line however many schools there are: a list stands behind it.
pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("registry", "edit") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    if super::behind(&mut ctx.tx, &programme, "").await?.is_empty() {
        return Ok(Vec::new());
    }
    let why = "有学校已经获批升格，院校库里还是原来的层次；看过以后点一下就更新。";
    let act = Act::go("去更新", "/ladder/levels");
    Ok(vec![Task::new("更新获批的层次", why, pending("待更新"), act).clause("T2.3").to_begin()])
}
