//! What the desk asks about handovers: the one who left writes it down, the other one agrees.

use super::data::{self, HandoverRow, SuccessionRow};
use crate::shared::tasks::{Act, Task, pending, returned};
use chrono::TimeDelta;
use jiedui_kernel::Result;
use jiedui_programme::former_partner_until;
use jiedui_store::args;
use jiedui_web::context::RequestContext;

/// No former partner has longer than this; the rule itself decides.
const LOOK_BACK_DAYS: i64 = 200;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("handover", "answer") {
        return Ok(Vec::new());
    }
    let (org, programme, today) = (ctx.actor.org.clone(), ctx.programme(), ctx.today);
    let mut tasks = Vec::new();
    let since = today - TimeDelta::days(LOOK_BACK_DAYS);
    for row in ctx.tx.all::<SuccessionRow>(&data::OPEN_OF, args![&org, since]).await? {
        let until = former_partner_until(&programme, row.ended);
        if row.leaving != org || until < today {
            continue;
        }
        let why = format!("{}已经接任；没有办完的事都已列好，看过以后提交，请对方确认。", row.arriving_name);
        let act = Act::go("去交接", format!("/pairings/{}/handovers", row.pairing));
        let task = Task::new(format!("办理交接：{}", row.county_name), why, pending("待提出"), act);
        tasks.push(task.due(Some(until)));
    }
    for row in ctx.tx.all::<HandoverRow>(&data::WAITING, args![&org]).await? {
        let until = row.ended.map(|ended| former_partner_until(&programme, ended));
        if until.is_none_or(|until| until < today) {
            continue;
        }
        let address = format!("/handovers/{}", row.id);
        let mine = row.recorder == org;
        let task = match (mine, row.sent_back) {
            (true, true) => Task::new(
                format!("修改交接：{}", row.county_name),
                "对方退回了本单位提出的交接。",
                returned(),
                Act::go("去修改", address),
            ),
            (false, false) => Task::new(
                format!("确认交接：{}", row.county_name),
                "对方列出了没有办完的事和各自的办法，请核对后确认。",
                pending("待确认"),
                Act::go("去确认", address),
            ),
            _ => continue,
        };
        tasks.push(task.due(until));
    }
    Ok(tasks)
}
