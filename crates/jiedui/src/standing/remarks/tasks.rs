//! What the desk asks about remarks: an answer of whom it is about, and a word of who said it.

use super::data::{self, RemarkRow, RemarkState};
use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::Result;
use jiedui_store::args;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("remark", "read") {
        return Ok(Vec::new());
    }
    let org = ctx.actor.org.clone();
    let rows = ctx.tx.all::<RemarkRow>(&data::WAITING, args![org]).await?;
    let task = |row: RemarkRow| {
        let (title, why, label) = if row.state == RemarkState::Open {
            (
                format!("答复对“{}”的意见", row.label),
                "数有出入的在原来的记录上更正，没有出入的写一句说明。",
                "去答复",
            )
        } else {
            (format!("对“{}”的意见已有答复", row.label), "看过答复，没有疑问就了结。", "去看看")
        };
        let act = Act::go(label, format!("/remarks/{}", row.id));
        Task::new(title, why, pending(row.state.label()), act).said(row.text)
    };
    Ok(rows.into_iter().map(task).collect())
}
