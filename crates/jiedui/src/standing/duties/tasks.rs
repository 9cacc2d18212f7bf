//! What of its own duties an organisation has still to record.

use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("duty", "read") || !ctx.can("output", "record") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let open = super::open_of_own(&mut ctx.tx, &programme).await?;
    let task = |(name, output, standing): (String, String, bool)| {
        let why = if standing {
            "还没有登记；建立以后记下来即可。"
        } else {
            "本期还没有登记，期末将到。"
        };
        // Where a meeting makes the record, nobody enters it.
        let act = match programme.meeting_recorded_as(&output) {
            Some(kind) => Act::go("去召集", format!("/meetings?kind={}", kind.id)),
            None => Act::go("去登记", format!("/outputs/new/{output}")),
        };
        Task::new(name, why, pending("待登记"), act).to_begin()
    };
    Ok(open.into_iter().map(task).collect())
}
