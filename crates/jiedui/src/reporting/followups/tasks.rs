//! What the desk says of tracked items: the owner sees to each, and who asked for it answers a report.

use super::data::{self, FollowupRow, FollowupState};
use crate::shared::tasks::{Act, Task, pending};
use crate::shared::waits::Waiting;
use jiedui_kernel::Result;
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;

/// So many stand there one by one; the list behind them has the others.
const SHOWN: usize = 5;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let mut tasks = Vec::new();
    if ctx.can("followup", "assign") {
        let rows = ctx.tx.all::<FollowupRow>(&data::REPORTED_TO, args![&org]).await?;
        let one = rows.first().map(|row| format!("/followups/{}", row.id)).unwrap_or_default();
        let words = ("确认督办事项办结", "责任单位已报办结，看过办理情况后确认，或退回继续办理。");
        let all = "/followups?side=asked&state=reported";
        tasks.extend(Task::gathered(rows.len(), (&one, all), words, pending("待确认")));
        let (programme, rows) = (ctx.programme(), ctx.tx.all::<FollowupRow>(&data::LATE, args![&org]).await?);
        let days = programme.notices.escalation_workdays;
        let long = |row: &&FollowupRow| programme.calendar.workdays.after(row.due, days) <= today;
        tasks.extend(rows.iter().filter(long).take(SHOWN).map(late));
    }
    if ctx.can("followup", "report") {
        let rows = ctx.tx.all::<FollowupRow>(&data::OWED, args![&org]).await?;
        tasks.extend(rows.iter().take(SHOWN).map(|row| owed(row, today)));
        let rest = rows.len().saturating_sub(SHOWN);
        let all = "/followups?side=mine&state=open";
        let words = ("其余督办事项", "按期限先后排列。");
        tasks.extend(Task::gathered(rest, (all, all), words, pending("待办理")));
    }
    Ok(tasks)
}

/// Nothing was reported for so long after the day that whoever asked for it is told.
fn late(row: &FollowupRow) -> Task {
    let state = StateMark::new("late", "已过期限", "■");
    let why = format!("{}没有报办结；可以催办、改期或撤销。", row.owner_name);
    let act = Act::go("去看", format!("/followups/{}", row.id));
    Task::new("督办事项过期", why, state, act).said(row.text.clone()).due(Some(row.due))
}

/// What is open and past its day waits for its owner; what was reported, for whoever asked for it.
pub async fn waiting(ctx: &mut RequestContext, id: &str) -> Result<Option<Waiting>> {
    let (row, today) = (super::find(&mut ctx.tx, id).await?, ctx.today);
    let (on, other) = match row.state {
        FollowupState::Open if row.is_overdue(today) => (&row.owner, &row.host),
        FollowupState::Reported => (&row.host, &row.owner),
        _ => return Ok(None),
    };
    let title = format!("督办事项“{}”", row.text);
    Ok(Some(Waiting { on: on.clone(), others: vec![other.clone()], title, revision: row.revision }))
}

fn owed(row: &FollowupRow, today: jiedui_kernel::Date) -> Task {
    let state = if row.is_overdue(today) {
        StateMark::new("late", "已过期限", "■")
    } else {
        pending("待办理")
    };
    let why = format!("{}交办；办好后写一句办理情况，对方确认就办结。", row.host_name);
    let task = Task::new("督办事项", why, state, Act::go("去办理", format!("/followups/{}", row.id)));
    let task = task.said(row.text.clone()).due(Some(row.due));
    if row.clause.is_empty() { task } else { task.clause(&row.clause) }
}
