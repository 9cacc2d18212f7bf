//! What the desk says to whoever had a table sent: it did not get over to the end.

use super::actions;
use super::data::RunRow;
use crate::shared::tasks::{Act, Task};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("exchange", "transfer") {
        return Ok(Vec::new());
    }
    let (programme, today) = (ctx.programme(), ctx.today);
    // On the day itself the job is still at it.
    let stuck = actions::under_way(&mut ctx.tx).await?;
    let task = |row: &RunRow| {
        let name = programme.exchange(&row.exchange).map_or(row.exchange.as_str(), |one| one.name.as_str());
        let (title, why) = if row.by_file {
            (format!("登记对方的答复：{name}"), "文件已经交出。收到答复请上传，没有答复的放弃后再交。")
        } else {
            (format!("接着送或放弃：{name}"), "对方没有答完，剩下的还没有送到。")
        };
        let act = Act::go("去看", format!("/exchange-runs/{}", row.id));
        Task::new(title, why, row.state.mark(), act)
    };
    Ok(stuck.iter().filter(|row| row.began_on < today).map(|row| task(row)).collect())
}
