//! What the desk says to a school that lacks something: one line for each year, whoever asks for it, until it has reported.

use super::actions;
use super::rules::RequestState;
use crate::shared::tasks::{Act, Task};
use crate::shared::waits::Waiting;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use std::collections::BTreeSet;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("profile", "edit") {
        return Ok(Vec::new());
    }
    let org = ctx.actor.org.clone();
    let owed = actions::owed(&mut ctx.tx, &org).await?;
    let years: BTreeSet<i32> = owed.iter().map(|(row, _)| row.year()).collect();
    let task = |year: i32| {
        // The nearest day stands first; who else asks for the same waits for the same form.
        let of_year: Vec<_> = owed.iter().filter(|(row, _)| row.year() == year).collect();
        let (row, state) = of_year.first()?;
        let state = if of_year.iter().any(|(_, one)| *one == RequestState::Late) {
            RequestState::Late.mark()
        } else {
            state.mark()
        };
        let title = format!("补报年度基本情况：{year}年度");
        let why = format!("{}要的数里缺这一份；只填已有的这张表，提交后这一条自动消失。", row.host_name);
        let act = Act::go("去填报", format!("/profiles/{org}/{year}"));
        let titles: Vec<&str> = of_year.iter().map(|(row, _)| row.title.as_str()).collect();
        let task = Task::new(title, why, state, act).said(titles.join("；")).due(Some(row.due));
        // The line says who asks, the button leads to the form; whoever urges does so about the request.
        Some(Task { href: format!("/requests/{}", row.id), ..task.clause("S1.3") })
    };
    Ok(years.into_iter().rev().filter_map(task).collect())
}

/// What was asked for and did not come by its day waits for the school.
pub async fn waiting(ctx: &mut RequestContext, id: &str) -> Result<Option<Waiting>> {
    let (row, state) = actions::request(&mut ctx.tx, id).await?;
    Ok((state == RequestState::Late).then(|| Waiting {
        on: row.school.clone(),
        others: vec![row.host.clone()],
        title: format!("补报{}年度基本情况", row.year),
        // A request is asked for once and never changed.
        revision: 1,
    }))
}
