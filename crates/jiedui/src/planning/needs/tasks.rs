//! What the desk asks about needs, and for whom a need waits.

use super::data::{self, AnswerRow, NeedState};
use crate::network::pairings::{self, rules::runs};
use crate::shared::tasks::{Act, Task, pending};
use crate::shared::waits::Waiting;
use jiedui_kernel::Result;
use jiedui_store::args;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let org = ctx.actor.org.clone();
    if !ctx.can("need", "edit") || !super::of_school(&mut ctx.tx, &org).await?.is_empty() {
        return Ok(Vec::new());
    }
    let why = "帮扶从学校的需求开始：写明缺什么，按轻重排好，项目就按它来定。";
    let act = Act::go("去填写", "/needs/new");
    Ok(vec![Task::new("写需求清单", why, pending("待填写"), act).to_begin()])
}

/// An open need that no filed project names waits for the lead college of its school.
pub async fn waiting(ctx: &mut RequestContext, id: &str) -> Result<Option<Waiting>> {
    let (row, today) = (super::find(&mut ctx.tx, id).await?, ctx.today);
    if row.state != NeedState::Open || !ctx.tx.all::<AnswerRow>(&data::ANSWERS, args![id]).await?.is_empty() {
        return Ok(None);
    }
    let pairings = pairings::of_county_school(&mut ctx.tx, &row.org).await?;
    let running = pairings.into_iter().find(|one| runs(one.from_day, one.to_day, today));
    Ok(running.map(|pairing| Waiting {
        on: pairing.lead,
        others: vec![row.org.clone()],
        title: format!("{}的需求“{}”", row.school, row.title),
        revision: row.version,
    }))
}
