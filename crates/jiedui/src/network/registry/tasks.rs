//! What the desk asks about people: that a second person looks at two records which are said to be one person's.

use super::data::{self, MergeRow};
use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("person", "edit") {
        return Ok(Vec::new());
    }
    let waiting = ctx.tx.all::<MergeRow>(&data::MERGES_WAITING, Vec::new()).await?;
    let mine = |row: &&MergeRow| !ctx.actor.is(&row.proposed_by);
    let task = |row: &MergeRow| {
        let why = "有人提出两条人员记录是同一个人；合并后履职和覆盖人数按一个人算，请核对后同意或不同意。";
        let act = Act::go("去核对", format!("/registry/{}/people", row.org));
        Task::new(format!("核对人员记录：{}", row.org_name), why, pending("待另一人同意"), act)
    };
    Ok(waiting.iter().filter(mine).map(task).collect())
}
