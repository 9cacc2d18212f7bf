//! What one school was asked for: who wants it, what for, until when, and the way to the form that it has anyway.

use crate::network::registry;
use crate::reporting::questions::actions;
use crate::shared::notices::{self, UrgeView};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::history::{self, TimelineItem};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct RequestView {
    title: String,
    host: String,
    school: Link,
    year: i32,
    profile: String,
    due: String,
    asked_on: String,
    state: StateMark,
    /// Whether the caller is the school, and owes it.
    mine: bool,
    /// The question, for those who may read it.
    question: Option<String>,
    urge: Option<UrgeView>,
    history: Vec<TimelineItem>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let (row, state) = actions::request(&mut ctx.tx, &id).await?;
    let seen = ctx.can("question", "read") && actions::find(&mut ctx.tx, &row.question).await.is_ok();
    let urge = notices::urge_view(ctx, "request", &row.id).await?;
    let view = RequestView {
        urge,
        history: history::timeline(&history::of(&mut ctx.tx, &row.id).await?, &[]),
        title: row.title.clone(),
        host: row.host_name.clone(),
        school: registry::link(&row.school, &row.school_name),
        year: row.year(),
        profile: format!("/profiles/{}/{}", row.school, row.year),
        due: row.due.to_string(),
        asked_on: row.asked_on.to_string(),
        state: state.mark(),
        mine: ctx.actor.org == row.school && state.is_owed(),
        question: seen.then(|| format!("/questions/{}", row.question)),
    };
    // A school does not see the question; what it was asked for stands on its desk.
    let (back, label) = match &view.question {
        Some(question) => (question.clone(), "返回这次要数"),
        None => ("/".to_owned(), "回到工作台"),
    };
    let lead = "只请补已有的这张表，不另报材料；提交以后，工作台上的这一条自动消失。";
    let title = format!("请补报{}年度基本情况", row.year);
    let page = Page::new(title, lead).clause("S1.3").clause("T1.1").back(back, label).kind("detail");
    Reply::view("reporting/questions/request.html", page, &view)
}
