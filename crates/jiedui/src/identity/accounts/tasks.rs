//! What the desk says of one's own account.

use super::data::{self, LinkRow};
use super::rules::links::Answer;
use crate::shared::tasks::{Act, Task, pending};
use jiedui_kernel::Result;
use jiedui_store::args;
use jiedui_web::context::RequestContext;

/// A reset stays here until the holder says whether it was wanted.
pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let link = ctx.tx.maybe::<LinkRow>(&data::LINK_OF, args![ctx.actor.account()]).await?;
    let open = link.filter(|link| link.reset && link.answer == Answer::NotYet);
    Ok(open.into_iter().map(|link| of_reset(&link)).collect())
}

fn of_reset(link: &LinkRow) -> Task {
    let why = format!(
        "由{}提出、{}批准。是您要求的就确认一下；不是的话马上说明。",
        link.asked_name, link.made_name
    );
    Task::new("您的密码被申请重置", why, pending("待您确认"), Act::go("去确认", "/my#reset"))
}
