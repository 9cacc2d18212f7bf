//! What the desk asks about outputs: one line for each kind of act, since a list stands behind it.

use super::OutputRow;
use crate::shared::confirmation::{self, State};
use crate::shared::tasks::{Task, pending};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("output", "answer") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let waiting = super::waiting(&mut ctx.tx, &programme).await?;
    let own = |row: &&OutputRow| row.answerer.as_deref() == Some(&ctx.actor.org);
    let (mine, overdue): (Vec<_>, Vec<_>) = waiting.iter().partition(own);
    let disputed = super::disputed(&mut ctx.tx).await?;
    let disputed: Vec<&OutputRow> = disputed.iter().collect();
    let made = [
        gathered(
            &mine,
            "/outputs?waiting=me",
            ("确认建设成果", "对方登记了，确认后计入确认数；有不同意见可以提出异议。"),
            pending("待确认"),
        ),
        gathered(
            &overdue,
            "/outputs?state=claimed",
            ("核定建设成果", "登记后超过规定的工作日没有答复。"),
            pending("待核定"),
        ),
        gathered(
            &disputed,
            "/outputs?state=disputed",
            ("回应对成果的异议", "对方有不同意见，更正后请对方重新确认，才计入确认数。"),
            confirmation::mark(State::Disputed),
        ),
    ];
    Ok(made.into_iter().flatten().collect())
}

fn gathered(rows: &[&OutputRow], all: &str, words: (&str, &str), state: StateMark) -> Option<Task> {
    let one = format!("/outputs/{}", rows.first()?.id);
    Task::gathered(rows.len(), (&one, all), words, state)
}
