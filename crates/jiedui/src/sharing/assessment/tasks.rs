//! What the desk says to whoever assesses: somebody objected and waits for a second look; or the time is over and the
//! result can be frozen.

use super::actions;
use super::data::{AssessmentRow, ObjectionRow};
use crate::shared::tasks::{Act, Task};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

/// The sentence that asks for it.
const CLAUSE: &str = "S4.3";

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let mut found = Vec::new();
    if ctx.can("assessment", "answer") {
        let waiting = actions::objections::to_answer(&mut ctx.tx).await?;
        found.extend(waiting.iter().map(objection));
    }
    if ctx.can("assessment", "freeze") {
        let over = actions::to_freeze(&mut ctx.tx).await?;
        found.extend(over.iter().map(freeze));
    }
    Ok(found)
}

fn objection(row: &ObjectionRow) -> Task {
    let title = format!("复核异议：{}", row.title);
    let why = format!("{}对核对表有异议，等复核答复。", row.org_name);
    let act = Act::go("去复核", format!("/assessment-objections/{}", row.id));
    Task::new(title, why, row.state.mark(), act).said(row.reason.clone()).clause(CLAUSE)
}

fn freeze(row: &AssessmentRow) -> Task {
    let title = format!("考核定稿：{}", row.title);
    let act = Act::go("去定稿", format!("/assessments/{}", row.id));
    let why = "异议期限已过，异议都答复了，可以定稿。";
    Task::new(title, why, row.state.mark(), act).to_begin().clause(CLAUSE)
}
