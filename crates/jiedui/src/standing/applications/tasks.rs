//! What the desk asks about applications: one line for each kind of act, since a list stands behind it.

use super::data::{CaseRow, CaseState};
use super::rules;
use crate::shared::tasks::Task;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("application", "read") {
        return Ok(Vec::new());
    }
    let cases = super::waiting(&mut ctx.tx).await?;
    let made = [
        (CaseState::Asked, "推荐申报", "申报单位提请推荐；推荐，或写明哪里要补充后退回。"),
        (CaseState::Applied, "登记申报结果", "申报已递交；结果定了以后登记下来，材料不全的可以退回。"),
        (CaseState::Returned, "修改被退回的申报", "按意见改好后再交。"),
        (CaseState::Recommended, "递交申报", "已经推荐，可以递交了。"),
    ]
    .map(|(state, title, why)| {
        let found: Vec<&CaseRow> = cases.iter().filter(|case| case.state == state).collect();
        let one = format!("/applications/{}", found.first()?.id);
        let ways = (one.as_str(), "/applications?waiting=me");
        Task::gathered(found.len(), ways, (title, why), rules::state_mark(state))
    });
    Ok(made.into_iter().flatten().collect())
}
