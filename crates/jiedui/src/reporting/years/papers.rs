//! 年度收尾情况 as a paper: what of a year is open, by name; once it is closed, its figures as they were kept with those of now
//! beside them. The figures of each school are too many for paper: they are in the workbook.

use super::actions;
use super::data::YearRow;
use super::pages::year_of;
use super::rules::{OpenStep, Parcel};
use crate::reporting::questions::Answer;
use crate::shared::papers::{self, amount, day_words};
use jiedui_documents::paper::{Block, Document, TableColumn};
use jiedui_kernel::{Date, Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

/// So many figures that became others stand on the paper.
const CHANGES: usize = 200;

/// A closed year, and how its figures stand now.
struct Closed {
    row: YearRow,
    parcel: Parcel,
    now: Answer,
}

/// None where the year is open, or what was kept is not the caller's to read.
async fn closed(ctx: &mut RequestContext, year: i32) -> Result<Option<Closed>> {
    if !ctx.can("closed_year", "read") {
        return Ok(None);
    }
    let programme = ctx.programme();
    let (row, parcel) = match actions::kept(&mut ctx.tx, year).await {
        Ok(kept) => kept,
        Err(Error::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    let now = actions::answer(&mut ctx.tx, &programme, year).await?;
    Ok(Some(Closed { row, parcel, now }))
}

fn named(columns: &[(&str, f64)]) -> Vec<TableColumn> {
    columns.iter().map(|(name, width)| TableColumn::new(name, *width)).collect()
}

fn what_is_open(document: &mut Document, open: &[OpenStep]) {
    if open.is_empty() {
        document.text("都已办完。");
        return;
    }
    let named_in = |step: &OpenStep| if step.rest.is_empty() { "—".to_owned() } else { step.names() };
    let row = |step: &OpenStep| vec![step.name.clone(), amount(step.left, step.unit), named_in(step)];
    let columns = [("事项", 30.0), ("没有办完", 14.0), ("还差谁", 46.0)];
    document.table(named(&columns), open.iter().map(row).collect());
}

/// The whole of each figure: as it was kept, and as it is.
fn figures(document: &mut Document, closed: &Closed) {
    let kept = &closed.parcel.answer;
    let now = |indicator: &str| {
        let at = closed.now.figures.iter().position(|figure| figure.indicator == indicator)?;
        let cell = closed.now.units.last()?.cells.get(at)?;
        Some(cell.confirmed.words(closed.now.figures.get(at)?.unit))
    };
    let Some(whole) = kept.units.last() else { return };
    let rows = kept.figures.iter().zip(&whole.cells).map(|(figure, cell)| {
        let claimed = if figure.single { "—".to_owned() } else { cell.claimed.words(figure.unit) };
        let now = now(&figure.indicator).unwrap_or_else(|| "不再列".to_owned());
        vec![figure.name.clone(), claimed, cell.confirmed.words(figure.unit), now]
    });
    let columns = [("指标", 40.0), ("收尾时登记", 17.0), ("收尾时确认", 17.0), ("现在确认", 17.0)];
    document.table(named(&columns), rows.collect());
    document.caption("各校的数见系统里导出的表格。");
}

fn changes(document: &mut Document, closed: &Closed) {
    let all = closed.parcel.answer.changes(&closed.now);
    if all.is_empty() {
        document.text("没有变化。");
        return;
    }
    let number = all.len();
    let rows = all.into_iter().take(CHANGES).map(|one| {
        let unit = one.figure.unit;
        let name = format!("{}{}", one.figure.name, if one.what.is_empty() { "" } else { "·" });
        let was = one.was.map_or_else(|| "没有列".to_owned(), |said| said.words(unit));
        let is = one.is.map_or_else(|| "不再列".to_owned(), |said| said.words(unit));
        vec![one.unit, format!("{name}{}", one.what), was, is]
    });
    document.table(named(&[("范围", 30.0), ("数", 34.0), ("收尾时", 18.0), ("现在", 18.0)]), rows.collect());
    if number > CHANGES {
        document.caption(format!("一共 {number} 处，先列 {CHANGES} 处；全部见系统里导出的表格。"));
    }
}

fn paper(year: i32, (issuer, today): (&str, Date), open: &[OpenStep], closed: Option<&Closed>) -> Document {
    let title = format!("{year}年度收尾情况");
    let mut document = Document { issuer: issuer.to_owned(), ..Document::new(title) };
    let by = closed.map(|of| format!("{}，{}", of.row.host_name, day_words(of.row.closed_on)));
    document.facts(vec![("截至", day_words(today)), ("收尾", by.unwrap_or_default())]);
    document.heading(1, if closed.is_some() { "收尾时没有办完的" } else { "没有办完的" });
    what_is_open(&mut document, open);
    if let Some(closed) = closed {
        document.heading(1, "各项合计");
        figures(&mut document, closed);
        document.heading(1, "后来变了的数");
        changes(&mut document, closed);
        document.caption(format!("存底校验值：{}", closed.row.digest));
    }
    document.blocks.push(Block::Signed { by: issuer.to_owned(), on: day_words(today) });
    document
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (year, programme) = (year_of(ctx)?, ctx.programme());
    let closed = closed(ctx, year).await?;
    let open = match &closed {
        Some(closed) => closed.parcel.open.clone(),
        None => actions::still_open(&mut ctx.tx, &programme, year).await?,
    };
    let document = paper(year, (&ctx.actor.org_name, ctx.today), &open, closed.as_ref());
    let href = format!("/years/{year}");
    let page = Page::new(document.title.clone(), "代拟稿：没有文号和印章，内容以系统里的为准。")
        .clause("S1.3")
        .back(href.clone(), "返回这个年度")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/paper"))
}
