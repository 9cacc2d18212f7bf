//! What the desk says of announcements: a school is told who comes next; a helper is asked where the last day has come.

use super::data::{self, AnnouncementRow};
use super::pages::activity_name;
use crate::shared::tasks::{Act, Task, Urgency};
use jiedui_kernel::Result;
use jiedui_store::args;
use jiedui_web::context::RequestContext;

/// How many days ahead a school is reported at its desk.
const SOON_DAYS: i64 = 14;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    if ctx.can("announcement", "announce") {
        for row in ctx.tx.all::<AnnouncementRow>(&data::OPEN_OF, args![&ctx.actor.org]).await? {
            tasks.push(of_helper(ctx, &row)?);
        }
    }
    if ctx.can("announcement", "propose") {
        let until = ctx.today + chrono::TimeDelta::days(SOON_DAYS);
        for row in ctx.tx.all::<AnnouncementRow>(&data::NEXT_AT, args![&ctx.actor.org, until]).await? {
            let person = ctx.names.shown_if_any(row.person_name.as_ref(), &row.concerned());
            tasks.push(of_school(ctx, &row, &person)?);
        }
    }
    Ok(tasks)
}

/// The school waits for an answer, or the announcement for what became of it.
fn of_helper(ctx: &RequestContext, row: &AnnouncementRow) -> Result<Task> {
    let (what, today) = (activity_name(&ctx.programme(), &row.activity), ctx.today);
    let (title, why, act) = if row.to_day < today {
        ("这次开展了吗", "开展了按一下就登记；改期或未开展也说一声，以后不再问。", "去说明")
    } else if row.proposed_from.is_some() {
        ("学校建议改期", "同意就改；不方便就仍按原定日期，或另提日期。", "去答复")
    } else {
        ("今天可以登记", "内容都已带出，开展以后按一下就成为台账。", "去登记")
    };
    let act = Act::go(act, format!("/calendar/{}", row.id));
    let task =
        Task::new(format!("{title}：{what}（{}）", row.county_name), why, row.life()?.mark(today), act);
    // Only what can still be answered in time has a day by which.
    let due = (row.proposed_from.is_some() && row.to_day >= today).then_some(row.from_day);
    Ok(Task { urgency: if due.is_some() { Urgency::Awaited } else { Urgency::RunningOut }, ..task.due(due) })
}

/// Nothing has to be done: the school knows who comes.
fn of_school(ctx: &RequestContext, row: &AnnouncementRow, person: &str) -> Result<Task> {
    let day = |day: jiedui_kernel::Date| day.format("%-m月%-d日").to_string();
    let days = if row.from_day == row.to_day {
        day(row.from_day)
    } else {
        format!("{}至{}", day(row.from_day), day(row.to_day))
    };
    let who = [person, row.visitors.as_str()];
    let who: Vec<&str> = who.into_iter().filter(|who| !who.is_empty()).collect();
    let said = [days, who.join("、"), row.purpose.clone()];
    let said: Vec<String> = said.into_iter().filter(|part| !part.is_empty()).collect();
    let act = Act::go("查看", format!("/calendar/{}", row.id));
    let what = activity_name(&ctx.programme(), &row.activity);
    let begun = row.from_day <= ctx.today;
    let why = if begun {
        "今天在校，不用答复。"
    } else {
        "不方便可以建议改期；不用答复。"
    };
    let task =
        Task::new(format!("将到校：{what}（{}）", row.org_name), why, row.life()?.mark(ctx.today), act);
    Ok(Task { urgency: Urgency::RunningOut, ..task }.said(said.join("；")))
}
