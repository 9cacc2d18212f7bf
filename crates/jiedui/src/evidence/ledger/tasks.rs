//! What the desk asks about entries, beside those that one confirms on the desk itself.

use super::EntryRow;
use crate::shared::confirmation::{self, State};
use crate::shared::tasks::{Act, Task, pending};
use crate::shared::waits::Waiting;
use jiedui_kernel::Result;
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::names::Names;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let (org, programme) = (ctx.actor.org.clone(), ctx.programme());
    let mut tasks = Vec::new();
    if ctx.can("entry", "settle")
        && let Some(before) = confirmation::escalated_before(&ctx.actor, &programme.calendar, ctx.today)
    {
        let rows = super::overdue(&mut ctx.tx, &org, before).await?;
        if i64::try_from(rows.len()).is_ok_and(|found| found < super::FOR_A_DESK) {
            tasks.extend(rows.iter().map(|row| adjudicate(&programme, row)));
        } else {
            tasks.push(adjudicate_many());
        }
    }
    if ctx.can("entry", "claim") {
        let disputed = super::disputed(&mut ctx.tx, &org).await?;
        tasks.extend(disputed.iter().map(|row| mend(&programme, row)));
        let unjoined = super::unjoined(&mut ctx.tx, &programme, &org).await?;
        tasks.extend(unjoined.iter().map(|row| join(&programme, row)));
        let lapsed = super::lapsed(&mut ctx.tx, &org).await?;
        tasks.extend(lapsed.iter().map(|row| look_again(&mut ctx.names, &programme, row)));
    }
    Ok(tasks)
}

/// An entry waits for its answerer.
pub async fn waiting(ctx: &mut RequestContext, id: &str) -> Result<Option<Waiting>> {
    let (row, programme) = (super::find(&mut ctx.tx, id).await?, ctx.programme());
    Ok((row.state == State::Claimed).then(|| Waiting {
        on: row.answerer.clone(),
        others: vec![row.claimant.clone()],
        title: super::rules::title(&programme, &row),
        revision: row.version,
    }))
}

fn name_of(programme: &Programme, row: &EntryRow) -> String {
    programme.activity(&row.activity).map_or_else(String::new, |activity| activity.name.clone())
}

fn adjudicate(programme: &Programme, row: &EntryRow) -> Task {
    let act = Act::go("去核定", format!("/entries/{}", row.id));
    let title = format!("核定：{}（{}）", name_of(programme, row), row.county_name);
    let why = format!("{}登记后，{}超过规定的工作日没有答复。", row.claimant_name, row.answerer_name);
    Task::new(title, why, pending("待核定"), act)
}

/// So many are worked off in the list.
fn adjudicate_many() -> Task {
    let title = format!("核定逾期未答的台账（{}条以上）", super::FOR_A_DESK);
    let act = Act::go("去核定", "/entries?waiting=me");
    Task::new(title, "登记后，对方超过规定的工作日没有答复。", pending("待核定"), act)
}

fn join(programme: &Programme, row: &EntryRow) -> Task {
    let act = Act::go("去写明", format!("/entries/{}", row.id));
    let title = format!("写明合办中本单位的人：{}", row.county_name);
    let name = name_of(programme, row);
    let why = format!("{}登记了合办的{name}；写明本单位的人以后才计入本单位。", row.claimant_name);
    Task::new(title, why, pending("待写明"), act)
}

fn look_again(names: &mut Names, programme: &Programme, row: &EntryRow) -> Task {
    let act = Act::go("去核对", format!("/entries/{}", row.id));
    let title = format!("核对任职：{}（{}）", name_of(programme, row), row.county_name);
    let name = row.person_name.as_ref().map(|name| names.shown(name, &row.concerned()));
    let name = name.as_deref().unwrap_or("其中的人");
    let why = format!("登记时{name}的任职，现在的任职资料里已不包括那些日子。");
    Task::new(title, why, pending("待核对"), act)
}

fn mend(programme: &Programme, row: &EntryRow) -> Task {
    let act = Act::go("去处理", format!("/entries/{}", row.id));
    let verb = if row.state == State::Disputed { "回应异议" } else { "处理部分确认" };
    let why = format!("{}：{}有不同意见，更正或接受后才计数。", name_of(programme, row), row.answerer_name);
    Task::new(format!("{verb}：{}", row.county_name), why, confirmation::mark(row.state), act)
}
