//! What the desk says of commendations: to the unit of a person who is asked, to each of the two who review, to whoever answers
//! an objection, and when a list can be shown or decided. No name of a person stands here.

use super::actions::{self, objections, reviewing};
use super::data::{NominationState, ObjectionRow, RoundRow, RoundState};
use super::rules::{CLAUSE, words};
use crate::shared::objections::ObjectionState;
use crate::shared::review::{Action, State as _};
use crate::shared::tasks::{Act, Task};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use std::sync::Arc;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if ctx.programme().commendations.is_none() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    if ctx.can("commendation", "agree") {
        found.extend(to_agree(ctx).await?);
    }
    if ctx.can("commendation", "review") {
        let words = ("评审提名", "提名等您提出意见：列入，或写明理由不列入。");
        found.extend(gathered(ctx, NominationState::Nominated, words).await?);
    }
    if ctx.can("commendation", "confirm") {
        let words = ("核对评审意见", "同事提出了评审意见，等另一个人核对。");
        found.extend(gathered(ctx, NominationState::Proposed, words).await?);
    }
    if ctx.can("commendation", "answer") {
        let (programme, waiting) = (ctx.programme(), objections::to_answer(&mut ctx.tx).await?);
        let days = programme.commendations.as_ref().map_or(0, |rules| rules.reply_workdays);
        let due = |row: &ObjectionRow| programme.calendar.workdays.after(row.raised_on, days);
        found.extend(waiting.iter().map(|row| objection(row).due(Some(due(row)))));
    }
    if ctx.can("commendation", "publish") {
        found.extend(ready(ctx).await?);
    }
    Ok(found.into_iter().map(|task| task.clause(CLAUSE)).collect())
}

/// Those that the caller may answer: the person itself or, where it has no account, its unit.
async fn to_agree(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let (programme, mut found) = (ctx.programme(), Vec::new());
    for row in reviewing::to_agree(&mut ctx.tx).await? {
        let opened = reviewing::open(&mut ctx.tx, &programme, &row.id).await?;
        if !opened.can(Action::Agree) {
            continue;
        }
        let own = row.is_own(&ctx.actor);
        let asks = if own { "请您决定是否同意提名" } else { "请写明本人是否同意提名" };
        let title = format!("{asks}：{}", words::title(row.year));
        let why = format!("{}提名了{}的一位同志，本人同意以后才评审。", row.nominator_name, row.school_name);
        let act = Act::go("去答复", format!("/nominations/{}", row.id));
        found.push(Task::new(title, why, row.state.mark(), act));
    }
    Ok(found)
}

/// One line for all that wait for the caller and that it may review.
async fn gathered(
    ctx: &mut RequestContext,
    state: NominationState,
    words: (&str, &str),
) -> Result<Option<Task>> {
    let actor = Arc::clone(&ctx.actor);
    let waiting = reviewing::waiting(&mut ctx.tx, state).await?;
    let waiting: Vec<_> = waiting
        .into_iter()
        .filter(|row| !actor.is(&row.nominated_by) && !actor.is(&row.proposed_by))
        .collect();
    let one = waiting.first().map_or_else(String::new, |row| format!("/nominations/{}", row.id));
    let all = format!("/commendations?state={}", state.text());
    Ok(Task::gathered(waiting.len(), (&one, &all), words, state.mark()))
}

fn objection(row: &ObjectionRow) -> Task {
    let title = format!("答复异议：{}", words::title(row.year));
    let why = format!("{}对公示的名单有异议，等您答复。", row.org_name);
    let act = Act::go("去答复", format!("/commendation-objections/{}", row.id));
    Task::new(title, why, row.state.mark(), act).said(row.reason.clone())
}

/// Nominations are over and all are reviewed, or the days of notice are over and nobody objects.
async fn ready(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let (today, org) = (ctx.today, ctx.actor.org.clone());
    let rounds = actions::rounds(&mut ctx.tx).await?;
    let mut found = Vec::new();
    for row in rounds.iter().filter(|row| row.issuer == org) {
        let (title, why) = match row.state {
            RoundState::Open if today > row.nominate_until => {
                let all = actions::nominations(&mut ctx.tx, &row.id).await?;
                let listed = all.iter().any(|one| one.state == NominationState::Listed);
                if !listed || all.iter().any(|one| one.state.waits_for_office()) {
                    continue;
                }
                ("公示名单", "提名已经截止，也都评审完了，可以公示。")
            }
            RoundState::Noticed if row.notice_until.is_some_and(|until| today > until) => {
                let raised = objections::of(&mut ctx.tx, &row.id).await?;
                if raised.iter().any(|one| one.state == ObjectionState::Raised) {
                    continue;
                }
                ("决定通报表扬", "公示期已过，异议都答复了，可以决定。")
            }
            _ => continue,
        };
        found.push(begin(row, title, why));
    }
    Ok(found)
}

fn begin(row: &RoundRow, title: &str, why: &str) -> Task {
    let title = format!("{title}：{}", words::title(row.year));
    let act = Act::go("去办理", format!("/commendations/{}", row.id));
    Task::new(title, why, row.state.mark(), act).to_begin()
}
