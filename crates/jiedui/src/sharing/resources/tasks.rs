//! What the desk says to the provincial office: a case was nominated and waits for its decision.

use super::actions;
use super::data::ItemRow;
use crate::shared::tasks::{Act, Task};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("library", "review") {
        return Ok(Vec::new());
    }
    let waiting = actions::nominated(&mut ctx.tx).await?;
    let task = |row: &ItemRow| {
        let title = format!("评审典型案例：{}", row.title);
        let why = format!("{}推荐的，等您评审。", row.owner_name);
        let act = Act::go("去评审", format!("/resources/{}", row.id));
        Task::new(title, why, row.state.mark(), act).clause("S3.3")
    };
    Ok(waiting.iter().map(|row| task(row)).collect())
}
