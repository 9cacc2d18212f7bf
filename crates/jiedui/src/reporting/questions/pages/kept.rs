//! An answer as it was kept, and what is another now.

use super::{AnswerView, ChangeLine, change_lines, frozen};
use crate::reporting::questions::actions;
use crate::reporting::questions::rules::answer::AnswerLack;
use crate::shared::frozen::KeptView;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct KeptAnswerView {
    href: String,
    host: String,
    period: String,
    answer: AnswerView,
    missing: Vec<(String, String, i32, &'static str)>,
    kept: KeptView,
    changes: Vec<ChangeLine>,
}

fn lack(one: &AnswerLack) -> (String, String, i32, &'static str) {
    (one.name.clone(), one.place.clone(), one.year, one.words())
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, number, programme) = (ctx.param("id"), ctx.param("number"), ctx.programme());
    let row = actions::find(&mut ctx.tx, &id).await?;
    let kept = actions::kept_at(&mut ctx.tx, &row, &number).await?;
    let (answer, now) = (actions::text_of(&kept)?, actions::answered(&mut ctx.tx, &programme, &row).await?);
    let href = format!("/questions/{id}/answers/{number}");
    let whole = answer.adds_up() && answer.as_of == kept.as_of && answer.title == row.title;
    let view = KeptAnswerView {
        host: answer.host_name.clone(),
        period: answer.period.clone(),
        answer: frozen(&answer, &now),
        missing: answer.missing.iter().map(lack).collect(),
        kept: KeptView::of(&answer.stamp, (&kept.text, &kept.digest), format!("{href}/text"), whole),
        changes: change_lines(&answer, &now.answer),
        href,
    };
    let page = Page::new(row.title.clone(), "存下时的答案，不会再变；后来的变化列在下面。")
        .clause("S1.3")
        .back(format!("/questions/{id}"), "返回这次要数")
        .kind("detail");
    Reply::view("reporting/questions/kept.html", page, &view)
}

/// What was kept, byte for byte.
pub async fn text(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, number) = (ctx.param("id"), ctx.param("number"));
    let row = actions::find(&mut ctx.tx, &id).await?;
    let kept = actions::kept_at(&mut ctx.tx, &row, &number).await?;
    let name = format!("临时要数 {}.json", kept.as_of);
    Ok(Reply::Kept(File { name, mime: "application/json", bytes: kept.text.into_bytes() }))
}
