//! The overview as a workbook: the targets, and what the table by place tells. What it is narrowed by, the day as of which it is
//! told and what each figure counts stand in the file: it is read where the page is not.

use super::asked::Asked;
use super::leading;
use super::places::{self, AreaRow, Places};
use crate::network::registry;
use crate::shared::papers::day_words;
use crate::standing::indicators::chinese_month;
use crate::standing::obligations::Clock;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Code, Error, Result, Unit};
use jiedui_programme::{Indicator, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::figure::Figure;
use jiedui_web::reply::Reply;

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    if !super::leads(ctx) {
        return Err(Error::NotFound);
    }
    let programme = ctx.programme();
    let divisions = registry::divisions(&mut ctx.tx).await?;
    let (list, asked) = Asked::read(ctx, &programme, &divisions).await?;
    if let Some(note) = list.around().notes.first() {
        return Err(Error::field("address", Code::NotListed.says(format!("{note}请改好条件再导出。"))));
    }
    let (facts, records) = asked.known(ctx, &programme).await?;
    let (shown, shares) = (asked.columns(&programme), asked.shares(&programme));
    let current: Vec<&Clock> = records.clocks.iter().filter(|clock| asked.owes(&programme, clock)).collect();
    let areas = places::places(&programme, &facts, &shown, (&current, &asked.cut));
    let areas = areas.with_shares(&programme, &facts, &shares);
    let targets = leading::targets(ctx, &programme, &facts, &asked);
    let targets: Vec<Vec<Value>> =
        targets.iter().map(|line| line.told().into_iter().map(Value::from).collect()).collect();
    let by_place: Vec<Vec<Value>> =
        areas.rows.iter().map(|row| place(row, (&shown, &shares), areas.of_now)).collect();
    let counted: Vec<Vec<Value>> = shown.iter().chain(&shares).map(|of| definition(&programme, of)).collect();
    let sheets = vec![
        Sheet::new("目标", target_columns()).above(above(&programme, &asked, facts.today)),
        Sheet::new(areas.title, place_columns(&areas, &shown, &shares)),
        Sheet::new("统计口径", definition_columns()),
    ];
    let spec = Workbook { sheets, ..Workbook::default() };
    let make = move || write(&spec, [targets, by_place, counted]).map_err(Error::internal);
    Ok(Reply::made(format!("全局概览 {}.xlsx", facts.today), XLSX, make))
}

/// What the file is of, in words.
fn above(programme: &Programme, asked: &Asked<'_>, day: jiedui_kernel::Date) -> Vec<String> {
    let cut = &asked.cut;
    let task = programme.tasks.iter().find(|task| task.id == asked.task).map(|task| task.name.clone());
    let typical = match cut.typical.as_str() {
        "typical" => "典型县（市、区）",
        "other" => "其他县（市、区）",
        _ => "全部县（市、区）",
    };
    let month = if cut.month == 0 { "全年".to_owned() } else { chinese_month(cut.month) };
    let city = if cut.city.is_empty() { "本单位看得到的全部" } else { cut.city.as_str() };
    let task = task.unwrap_or_else(|| "全部任务".to_owned());
    vec![
        "全局概览".to_owned(),
        format!("范围：{city}、{typical}    时期：{}年度{month}    任务：{task}", cut.year),
        format!("数的截止日期：{}", day_words(day)),
        "目标按全年算；月份只管分地区的登记数和确认数。".to_owned(),
    ]
}

fn target_columns() -> Vec<Column> {
    let text = |key: &str, name: &str, width: f64| Column::new(key, name, Kind::Text).width(width);
    vec![
        text("clause", "条目", 10.0),
        text("name", "目标", 36.0),
        text("year", "目标年度", 12.0),
        text("wanted", "目标值", 24.0),
        text("state", "状态", 16.0),
        text("claimed", "登记", 16.0),
        text("confirmed", "确认", 16.0),
        text("before", "上一年", 20.0),
        text("lacking", "差在哪里", 36.0),
    ]
}

fn place_columns(areas: &Places, shown: &[&Indicator], shares: &[&Indicator]) -> Vec<Column> {
    let mut all = vec![
        Column::new("name", areas.title, Kind::Text).width(30.0),
        Column::new("paired", "已结对（所）", Kind::Integer),
    ];
    for of in shown {
        for (which, word) in [("claimed", "登记"), ("confirmed", "确认")] {
            let name = format!("{}·{word}（{}）", of.name, of.unit.label());
            all.push(Column::new(&format!("{}-{which}", of.id), &name, Kind::Integer));
        }
    }
    if areas.of_now {
        all.push(Column::new("at_risk", "有风险（项）", Kind::Integer));
        all.push(Column::new("missed", "已逾期（项）", Kind::Integer));
    }
    for of in shares {
        let name = format!("{}·确认（{}）", of.name, of.unit.label());
        all.push(Column::new(&format!("{}-share", of.id), &name, Kind::Integer));
    }
    all
}

fn place(row: &AreaRow, (shown, shares): (&[&Indicator], &[&Indicator]), of_now: bool) -> Vec<Value> {
    let mut all: Vec<Value> = vec![row.name.clone().into(), value(&row.paired, Unit::Schools)];
    for (of, (claimed, confirmed)) in shown.iter().zip(&row.cells) {
        all.push(value(claimed, of.unit));
        all.push(value(confirmed, of.unit));
    }
    if of_now {
        all.extend([&row.at_risk, &row.missed].map(|figure| value(figure, Unit::Items)));
    }
    all.extend(shares.iter().zip(&row.shares).map(|(of, figure)| value(figure, of.unit)));
    all
}

/// A number that can be reckoned with, a share as it is shown; in its place the word that says why there is none.
fn value(figure: &Figure, unit: Unit) -> Value {
    let shown = figure.shown().filter(|_| unit == Unit::BasisPoints);
    match (shown, figure.raw) {
        (Some(share), _) => Value::Number(share),
        (None, Some(raw)) if unit.in_hundredths() => Value::Number(raw as f64 / 100.0),
        (None, Some(raw)) => Value::Integer(raw),
        (None, None) => figure.word.unwrap_or_default().into(),
    }
}

fn definition_columns() -> Vec<Column> {
    vec![
        Column::new("clause", "条目", Kind::Text),
        Column::new("name", "指标", Kind::Text).width(36.0),
        Column::new("unit", "计量单位", Kind::Text),
        Column::new("definition", "统计口径", Kind::Text).width(80.0),
        Column::new("programme", "方案版本", Kind::Text).width(24.0),
    ]
}

fn definition(programme: &Programme, of: &Indicator) -> Vec<Value> {
    vec![
        of.clause.clone().into(),
        of.name.clone().into(),
        of.unit.label().into(),
        of.definition.clone().into(),
        programme.meta.version.clone().into(),
    ]
}
