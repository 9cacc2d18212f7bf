//! What the desk says of account requests: those that wait for a decision, and those that came back.

use super::data::requests as data;
use crate::identity::accounts;
use crate::shared::tasks::{Act, Task, pending, returned};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

const LIST: &str = "/accounts/requests?state=waiting";

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("account_request", "decide") {
        return Ok(Vec::new());
    }
    let waiting = usize::try_from(ctx.tx.number(&data::NUMBER_WAITING, Vec::new()).await?).unwrap_or(0);
    let words = ("账号申请等您批准", "新建账号、增加角色、重置密码，都由系统管理员提出、您批准。");
    let mut tasks: Vec<Task> =
        Task::gathered(waiting, (LIST, LIST), words, pending("待批准")).into_iter().collect();
    if let Some(last) = accounts::denied(&mut ctx.tx).await?.first() {
        let why = format!("{}（{}）说明重置密码不是本人要求的，请查明。", last.name, last.login);
        tasks.push(Task::new(
            "有人否认重置密码",
            why,
            returned(),
            Act::go("去查看", "/accounts/requests#denied"),
        ));
    }
    Ok(tasks)
}
