//! 协作方案、达标方案 as papers: the edition on the page, with a place for each party to sign.

use super::actions;
use super::body::{Body, Column, Holds, columns};
use super::data::PlanRow;
use super::pages::show::{opened, title};
use super::pages::words::Words;
use crate::planning::needs;
use crate::shared::papers;
use crate::shared::review::Reviewed as _;
use jiedui_documents::paper::{Block, Document, TableColumn};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

async fn paper(ctx: &mut RequestContext) -> Result<Document> {
    let (row, programme) = (opened(ctx).await?.row, ctx.programme());
    let needs = needs::of_school(&mut ctx.tx, &row.org).await?;
    let template = actions::template(&programme, &row)?;
    let body = Body::parse(&row.body)?;
    let words = Words::new(&programme, &row, &needs);
    let mut document = Document::new(title(&row, template));
    document.caption(edition(&row));
    for section in &template.sections {
        document.heading(1, section.title.clone());
        document.text(body.text.get(&section.id).map_or("", String::as_str));
        let (kinds, rows) = (columns(section.kind), body.rows(section.kind));
        if !rows.is_empty() {
            let shown = kinds.iter().filter(|column| column.holds != Holds::Unit);
            let heads = shown.map(|column| TableColumn::new(column.label, width(column))).collect();
            let cells = |row: &Vec<String>| words.cells(kinds, row).iter().map(|cell| cell.text()).collect();
            document.table(heads, rows.iter().map(cells).collect());
        } else if body.text.get(&section.id).is_none_or(String::is_empty) {
            document.text("还没有写。");
        }
    }
    let of = row.parties(&programme).into_iter().map(|party| party.name).collect();
    document.blocks.push(Block::Signatures { of });
    Ok(document)
}

/// How wide a column is against the others: as what it holds asks for.
fn width(column: &Column) -> f64 {
    match column.holds {
        Holds::Text(_) | Holds::Indicator => 3.0,
        Holds::Day => 2.3,
        Holds::Clause | Holds::Need => 2.0,
        Holds::ConsentParty => 1.7,
        Holds::Level | Holds::Money => 1.5,
        Holds::Whole | Holds::Hundredths | Holds::Unit => 1.3,
    }
}

/// Which edition it is, and since when it holds: a printed plan must say whether it is the one in force.
fn edition(row: &PlanRow) -> String {
    match row.agreed_on {
        Some(day) => format!("第 {} 版，{}起生效。", row.edition, papers::day_words(day)),
        None => format!("第 {} 版，各方还没有都同意。", row.edition),
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let document = paper(ctx).await?;
    let href = format!("/plans/{}", ctx.param("id"));
    let page = Page::new(document.title.clone(), "内容与系统里的这一版相同；签字盖章用。")
        .clause("G1.3")
        .back(href.clone(), "返回这份方案")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/paper"))
}
