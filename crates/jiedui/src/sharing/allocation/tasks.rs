//! What the desk says to whoever published an allocation: a school objected and waits for an answer.

use super::actions;
use super::data::AppealRow;
use crate::shared::tasks::{Act, Task};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("allocation", "answer") {
        return Ok(Vec::new());
    }
    let waiting = actions::to_answer(&mut ctx.tx).await?;
    let task = |row: &AppealRow| {
        let title = format!("答复异议：{}", row.title);
        let why = format!("{}对分得的数有异议，等您答复。", row.school_name);
        let act = Act::go("去答复", format!("/appeals/{}", row.id));
        Task::new(title, why, row.state.mark(), act).said(row.reason.clone()).clause("T4.6")
    };
    Ok(waiting.iter().map(|row| task(row)).collect())
}
