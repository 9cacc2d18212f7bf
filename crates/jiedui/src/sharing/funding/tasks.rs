//! What the desk says of money: movements that wait for an answer, and those that the other side disputes.

use super::actions;
use super::data::{MoveRow, MoveState};
use crate::shared::tasks::{Act, Task};
use jiedui_kernel::Result;
use jiedui_store::Found;
use jiedui_web::context::RequestContext;

fn href(rows: &[Found<MoveRow>]) -> String {
    rows.first().map_or_else(String::new, |row| format!("/funding/moves/{}", row.id))
}

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let mut found = Vec::new();
    if ctx.can("fund", "answer") {
        let waiting = actions::to_answer(&mut ctx.tx).await?;
        let (one, all) = (href(&waiting), "/funding/moves?state=recorded");
        let words = ("确认经费收支", "对方登记了收支，等您核对：确认，或写明哪里不对。");
        found.extend(Task::gathered(waiting.len(), (&one, all), words, MoveState::Recorded.mark()));
    }
    if ctx.can("fund", "record") {
        for row in actions::disputed(&mut ctx.tx).await? {
            let title = format!("有异议的{}：{}", row.kind.label(), row.words);
            let why = format!("{}有异议。有错的请撤回后重新登记，没有错的请与对方核对。", row.answerer_name);
            let act = Act::go("去看", format!("/funding/moves/{}", row.id));
            found.push(Task::new(title, why, row.state.mark(), act));
        }
    }
    Ok(found.into_iter().map(|task| task.clause("S2.1")).collect())
}
