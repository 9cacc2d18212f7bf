//! What the desk says of posts: those that wait for an answer, and those that the other side disputes.

use super::actions;
use super::data::{VacancyRow, VacancyState};
use crate::shared::tasks::{Act, Task};
use jiedui_kernel::Result;
use jiedui_store::Found;
use jiedui_web::context::RequestContext;

fn href(rows: &[Found<VacancyRow>]) -> String {
    rows.first().map_or_else(String::new, |row| format!("/employment/posts/{}", row.id))
}

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let mut found = Vec::new();
    if ctx.can("employment", "answer") {
        let waiting = actions::to_answer(&mut ctx.tx).await?;
        let (one, all) = (href(&waiting), "/employment/posts?which=waiting");
        let words = ("确认岗位", "对方登记了岗位，等您核对：确认，或写明哪里不对。到期的不用再答复。");
        found.extend(Task::gathered(waiting.len(), (&one, all), words, VacancyState::Recorded.mark()));
    }
    if ctx.can("employment", "record") {
        for row in actions::disputed(&mut ctx.tx).await? {
            let title = format!("有异议的岗位：{}", row.title);
            let who = row.answerer_name.as_deref().unwrap_or_default();
            let why = format!("{who}有异议。有错的请撤回后重新登记，没有错的请与对方核对。");
            let act = Act::go("去看", format!("/employment/posts/{}", row.id));
            found.push(Task::new(title, why, row.state.mark(), act));
        }
    }
    Ok(found.into_iter().map(|task| task.clause("T12.2")).collect())
}
