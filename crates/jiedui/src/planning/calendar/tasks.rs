//! What the desk says of announcements: a school is told who comes next; a helper is asked where the last day has come.

use super::data::{self, AnnouncementRow};
use super::pages::activity_name;
use crate::shared::tasks::{Act, Task, Urgency};
use jiedui_kernel::Result;
use jiedui_store::args;
use jiedui_web::context::RequestContext;

/// How many days ahead a school is told at its desk.
const SOON_DAYS: i64 = 14;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let (org, programme, today) = (ctx.actor.org.clone(), ctx.programme(), ctx.today);
    let mut tasks = Vec::new();
    if ctx.can("announcement", "announce") {
        for row in ctx.tx.all::<AnnouncementRow>(&data::OPEN_OF, args![&org]).await? {
            let (life, what) = (row.life()?, activity_name(&programme, &row.activity));
            let (title, why, act) = if row.proposed_from.is_some() {
                ("学校建议改期", "同意就改，不方便就仍按原定日期。", "去答复")
            } else if row.to_day < today {
                ("预告的日期已过", "做了就登记一下；没有成行也说一声，以后不再问。", "去说明")
            } else {
                ("今天可以登记", "内容都已带出，看过一按就成为台账。", "去登记")
            };
            let act = Act::go(act, format!("/calendar/{}", row.id));
            let title = format!("{title}：{what}（{}）", row.county_name);
            tasks.push(Task::new(title, why, life.mark(today), act).due(Some(row.to_day)));
        }
    }
    if ctx.can("announcement", "propose") {
        let until = today + chrono::TimeDelta::days(SOON_DAYS);
        for row in ctx.tx.all::<AnnouncementRow>(&data::NEXT_AT, args![&org, until]).await? {
            let act = Act::go("查看", format!("/calendar/{}", row.id));
            let title = format!("将到校：{}（{}）", activity_name(&programme, &row.activity), row.org_name);
            let task = Task::new(title, "不方便可以建议改期；不用答复。", row.life()?.mark(today), act);
            tasks.push(Task { urgency: Urgency::RunningOut, ..task }.due(Some(row.from_day)));
        }
    }
    Ok(tasks)
}
