//! 督办单: a tracked item as a paper, for who files on paper. It says what the page says and asks for nothing more.

use super::data::FollowupRow;
use super::rules;
use crate::shared::papers;
use jiedui_documents::paper::{Block, Document};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

async fn paper(ctx: &mut RequestContext) -> Result<Document> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?.into_row();
    let clause = ctx.programme().clauses.iter().find(|clause| clause.id == row.clause).cloned();
    Ok(notice(&row, &clause.map(|clause| clause.title).unwrap_or_default(), ctx.today))
}

fn notice(row: &FollowupRow, clause: &str, today: jiedui_kernel::Date) -> Document {
    let mut document = Document {
        issuer: row.host_name.clone(),
        recipients: row.owner_name.clone(),
        ..Document::new("督办单")
    };
    document
        .text(&format!("请办理下列事项，于{}前办结，并在系统里写一句办理情况。", papers::day_words(row.due)));
    document.heading(1, "事项");
    document.text(&row.text);
    let about = [&row.school_name, &row.project_title].map(|name| name.clone().unwrap_or_default());
    let [school, project] = about;
    document.facts(vec![
        ("来自", row.meeting_title.clone().unwrap_or_default()),
        ("学校", school),
        ("项目", project),
        ("依据", clause.to_owned()),
        ("现在", rules::mark(row, today).label.to_owned()),
    ]);
    document.blocks.push(Block::Signed { by: row.host_name.clone(), on: papers::day_words(row.made_on) });
    document
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let document = paper(ctx).await?;
    let href = format!("/followups/{}", ctx.param("id"));
    let page = Page::new("督办单", "代拟稿：没有文号和印章，内容以系统为准。")
        .clause("S1.3")
        .back(href.clone(), "返回督办事项")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/paper"))
}
