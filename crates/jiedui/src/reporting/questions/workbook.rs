//! A kept answer as a workbook: a row for each part of the province, and on a second sheet what the figures lack.

use super::actions;
use super::pages::settled_in;
use super::rules::Asked;
use super::rules::answer::{Answer, AnswerFigure, AnswerLack, AnswerUnit, Said};
use crate::shared::papers::day_words;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Error, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::reply::Reply;

/// A number that can be reckoned with; in its place the word that says why there is none.
pub fn value(said: &Said, unit: Unit) -> Value {
    match said.value.value() {
        Some(value) if unit.in_hundredths() => Value::Number(value as f64 / 100.0),
        Some(value) => Value::Integer(value),
        None => said.value.label().unwrap_or_default().into(),
    }
}

fn columns(answer: &Answer) -> Vec<Column> {
    let mut all = vec![Column::new("unit", &answer.by, Kind::Text).width(30.0)];
    for figure in &answer.figures {
        let column = |which: &str, words: &str| {
            let key = format!("{}-{which}", figure.indicator);
            Column::new(&key, &format!("{}{words}（{}）", figure.name, figure.unit.label()), Kind::Integer)
        };
        if !figure.single {
            all.push(column("claimed", "·登记"));
        }
        all.push(column("confirmed", if figure.single { "" } else { "·确认" }));
    }
    all
}

fn row(figures: &[AnswerFigure], unit: &AnswerUnit) -> Vec<Value> {
    let mut cells: Vec<Value> = vec![unit.name.clone().into()];
    for (figure, cell) in figures.iter().zip(&unit.cells) {
        if !figure.single {
            cells.push(value(&cell.claimed, figure.unit));
        }
        cells.push(value(&cell.confirmed, figure.unit));
    }
    cells
}

/// The columns of an answer, and a row for each of its units.
fn table(answer: &Answer) -> (Vec<Column>, Vec<Vec<Value>>) {
    (columns(answer), answer.units.iter().map(|unit| row(&answer.figures, unit)).collect())
}

/// What the figures lack, on the second sheet and on paper.
pub fn missing_columns() -> Vec<Column> {
    vec![
        Column::new("school", "学校", Kind::Text).width(36.0),
        Column::new("place", "所在地", Kind::Text),
        Column::new("what", "缺的", Kind::Text).width(24.0),
        Column::new("why", "情况", Kind::Text).width(30.0),
    ]
}

pub fn missing_rows(answer: &Answer) -> Vec<Vec<Value>> {
    let row = |one: &AnswerLack| {
        let what = format!("{}年度基本情况", one.year);
        vec![one.name.clone().into(), one.place.clone().into(), what.into(), one.words().into()]
    };
    answer.missing.iter().map(row).collect()
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, number) = (ctx.param("id"), ctx.param("number"));
    let question = actions::find(&mut ctx.tx, &id).await?;
    let kept = actions::kept_at(&mut ctx.tx, &question, &number).await?;
    let answer = actions::text_of(&kept)?;
    let settled = settled_in(ctx, &Asked::of(&question)).await?;
    let mut above = vec![
        answer.title.clone(),
        format!("要数单位：{}    时期：{}", answer.host_name, answer.period),
        format!("数的截止日期：{}", day_words(answer.as_of)),
        format!("校验值：{}", kept.digest),
    ];
    above.extend(settled.map(|one| one.line_of_kept()));
    let (columns, rows) = table(&answer);
    let sheets = vec![Sheet::new("答案", columns).above(above), Sheet::new("缺什么", missing_columns())];
    let spec = Workbook { sheets, ..Workbook::default() };
    let lacks = missing_rows(&answer);
    let make = move || write(&spec, [rows, lacks]).map_err(Error::internal);
    Ok(Reply::made(format!("临时要数 {}.xlsx", answer.as_of), XLSX, make))
}
