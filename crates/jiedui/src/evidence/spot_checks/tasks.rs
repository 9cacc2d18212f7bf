//! What the desk says of spot checks: to whoever may look, and to a unit whose bureau found one to differ.

use super::data::{self, CheckRow};
use crate::shared::tasks::{Act, Task, pending, returned};
use jiedui_kernel::Result;
use jiedui_store::named;
use jiedui_web::context::RequestContext;
use jiedui_web::history;

/// Where those stand that one may look at.
const MINE: &str = "/spot-checks?waiting=me";

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("spot_check", "look") {
        return Ok(Vec::new());
    }
    let (own, account) = (ctx.actor.org.clone(), ctx.actor.account().to_owned());
    let mut tasks = Vec::new();
    let rows = named!(data::TO_MEND { own: &own, account: &account }).all::<CheckRow>(&mut ctx.tx).await?;
    for row in &rows {
        tasks.push(mend(ctx, row).await?);
    }
    let rows = named!(data::MINE { own: &own, account: &account }).all::<CheckRow>(&mut ctx.tx).await?;
    let why = "随机抽到的已确认记录，请另一个人再看一眼：一致的按一下，不符的写一句。";
    tasks.extend(gathered(&rows, ("抽查复看", why)).map(Task::to_begin));
    let rows = named!(data::BELOW { own: &own, account: &account }).all::<CheckRow>(&mut ctx.tx).await?;
    let why = "下级单位没有没经手的另一个人可以复看；您可以代看，不看也不算过失。";
    tasks.extend(gathered(&rows, ("代下级复看抽查", why)).map(Task::to_begin));
    Ok(tasks)
}

/// One line for all of them, with the day of the first.
fn gathered(rows: &[CheckRow], words: (&str, &str)) -> Option<Task> {
    let first = rows.first()?;
    let one = format!("/spot-checks/{}", first.id);
    let task = Task::gathered(rows.len(), (&one, MINE), words, pending("待复看"))?;
    Some(task.due(Some(first.due)))
}

async fn mend(ctx: &mut RequestContext, row: &CheckRow) -> Result<Task> {
    let steps = history::of(&mut ctx.tx, &row.id).await?;
    let said = steps.iter().rfind(|step| step.kind == "refer").map(|step| step.reason.clone());
    let why = "上级人社局复看时与记录不符；请核对，属实的撤销原来的确认并提出异议，由对方更正。";
    let act = Act::go("去核对", format!("/entries/{}", row.entry));
    Ok(Task::new("抽查与记录不符", why, returned(), act).said(said.unwrap_or_default()))
}
