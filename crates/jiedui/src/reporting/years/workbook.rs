//! A closed year as a workbook: every figure by school as it was kept, what became another since, and what was open.

use super::actions;
use super::pages::year_of;
use crate::reporting::questions::{Said, answer_value};
use crate::shared::papers::day_words;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::reply::Reply;

/// A row for each figure of each school: a year has more figures than a sheet should have columns.
fn kept_columns() -> Vec<Column> {
    vec![
        Column::new("unit", "范围", Kind::Text).width(36.0),
        Column::new("name", "数", Kind::Text).width(36.0),
        Column::new("unit-word", "计量单位", Kind::Text),
        Column::new("claimed", "登记", Kind::Integer),
        Column::new("confirmed", "确认", Kind::Integer),
    ]
}

fn changed_columns() -> Vec<Column> {
    vec![
        Column::new("unit", "范围", Kind::Text).width(36.0),
        Column::new("name", "数", Kind::Text).width(36.0),
        Column::new("what", "登记或确认", Kind::Text),
        Column::new("unit-word", "计量单位", Kind::Text),
        Column::new("was", "收尾时", Kind::Integer),
        Column::new("is", "现在", Kind::Integer),
    ]
}

fn open_columns() -> Vec<Column> {
    vec![
        Column::new("name", "事项", Kind::Text).width(36.0),
        Column::new("left", "没有办完", Kind::Integer),
        Column::new("unit", "计量单位", Kind::Text),
        Column::new("rest", "还差谁", Kind::Text).width(60.0),
    ]
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let (year, programme) = (year_of(ctx)?, ctx.programme());
    let (row, parcel) = actions::kept(&mut ctx.tx, year).await?;
    let now = actions::answer(&mut ctx.tx, &programme, year).await?;
    let above = [
        format!("{year}年度收尾"),
        format!("收尾单位：{}    收尾日期：{}", row.host_name, day_words(row.closed_on)),
        format!("校验值：{}", row.digest),
    ];
    let figures = &parcel.answer.figures;
    let kept = parcel.answer.units.iter().flat_map(|unit| {
        figures.iter().zip(&unit.cells).map(|(figure, cell)| {
            let claimed = if figure.single { "".into() } else { answer_value(&cell.claimed, figure.unit) };
            let confirmed = answer_value(&cell.confirmed, figure.unit);
            vec![
                unit.name.clone().into(),
                figure.name.clone().into(),
                figure.unit.label().into(),
                claimed,
                confirmed,
            ]
        })
    });
    let rows: Vec<Vec<Value>> = kept.collect();
    let changes = parcel.answer.changes(&now).into_iter().map(|one| {
        let unit = one.figure.unit;
        let value = |said: Option<Said>, none: &str| -> Value {
            said.map_or_else(|| none.into(), |said| answer_value(&said, unit))
        };
        let (was, is) = (value(one.was, "没有列"), value(one.is, "不再列"));
        vec![one.unit.into(), one.figure.name.into(), one.what.into(), unit.label().into(), was, is]
    });
    let changes: Vec<Vec<Value>> = changes.collect();
    let open = parcel.open.iter().map(|step| {
        vec![step.name.clone().into(), step.left.into(), step.unit.label().into(), step.names().into()]
    });
    let open: Vec<Vec<Value>> = open.collect();
    let sheets = vec![
        Sheet::new("各校的数", kept_columns()).above(above),
        Sheet::new("后来的变化", changed_columns()),
        Sheet::new("没有办完的", open_columns()),
    ];
    let spec = Workbook { sheets, ..Workbook::default() };
    let make = move || write(&spec, [rows, changes, open]).map_err(Error::internal);
    Ok(Reply::made(format!("{year}年度收尾 {}.xlsx", ctx.today), XLSX, make))
}
