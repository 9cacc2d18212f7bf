//! A kept answer as a paper: the numbers, of which day they are, what they lack, and the digest under which they were kept.

use super::actions;
use super::data::AnswerRow;
use super::rules::answer::Answer;
use super::workbook;
use crate::shared::papers::{self, day_words};
use jiedui_documents::paper::{Block, Document, Table, TableColumn};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

fn paper(answer: &Answer, kept: &AnswerRow) -> Document {
    let mut document = Document { issuer: answer.host_name.clone(), ..Document::new("临时要数答复") };
    document.facts(vec![
        ("谁要、作什么用", answer.title.clone()),
        ("时期", answer.period.clone()),
        ("数的截止日期", day_words(answer.as_of)),
    ]);
    document.heading(1, "答案");
    let columns = vec![
        TableColumn::new(&answer.by, 30.0),
        TableColumn::new("数", 34.0),
        TableColumn::new("登记", 18.0).centred(),
        TableColumn::new("确认", 18.0).centred(),
    ];
    let rows = answer.units.iter().flat_map(|unit| {
        answer.figures.iter().zip(&unit.cells).map(|(figure, cell)| {
            let claimed = if figure.single { "—".to_owned() } else { cell.claimed.words(figure.unit) };
            vec![unit.name.clone(), figure.name.clone(), claimed, cell.confirmed.words(figure.unit)]
        })
    });
    document.table(columns, rows.collect());
    for figure in &answer.figures {
        document.caption(format!("{}：{}", figure.name, figure.definition));
    }
    document.heading(1, "缺什么");
    if answer.missing.is_empty() {
        document.text("不缺。");
    } else {
        let missing = Table::of(&workbook::missing_columns(), &workbook::missing_rows(answer));
        document.blocks.push(Block::Table(missing));
    }
    document.caption(format!("校验值：{}", kept.digest));
    if !answer.stamp.log_root.is_empty() {
        document.caption(format!("日志总校验值：{}", answer.stamp.log_root));
    }
    document.blocks.push(Block::Signed { by: answer.host_name.clone(), on: day_words(answer.as_of) });
    document
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, number) = (ctx.param("id"), ctx.param("number"));
    let row = actions::find(&mut ctx.tx, &id).await?;
    let kept = actions::kept_at(&mut ctx.tx, &row, &number).await?;
    let document = paper(&actions::text_of(&kept)?, &kept);
    let href = format!("/questions/{id}/answers/{number}");
    let page = Page::new("临时要数答复", "代拟稿：没有文号和印章，内容以系统里存下的为准。")
        .clause("S1.3")
        .back(href.clone(), "返回存下的答案")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/paper"))
}
