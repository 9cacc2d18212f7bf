//! The money of the caller's part of the province as a workbook: balances by source, school, project and year, and the movements
//! one by one, narrowed as the page is. Amounts are yuan with their cents.

use super::actions;
use super::data::MoveRow;
use super::pages::{list, source_name};
use super::rules::book::Grouping;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_funding::Balance;
use jiedui_kernel::{Error, Result, Unit};
use jiedui_programme::FundingRules;
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::listing::Listing;
use jiedui_web::reply::Reply;

/// So many movements are written while one waits; whoever has more asks year by year.
const MOST: i64 = 5_000;
const CHUNK: i64 = 1_000;

fn yuan(cents: i64) -> Value {
    Value::Number(cents as f64 / 100.0)
}

/// Claimed and confirmed, step by step.
const STEPS: [(&str, &str); 12] = [
    ("needed", "方案缺口"),
    ("planned", "项目计划"),
    ("applied", "申报"),
    ("approved", "批复（登记）"),
    ("approved_sure", "批复（确认）"),
    ("arrived", "到位（登记）"),
    ("arrived_sure", "到位（确认）"),
    ("paid", "支出（登记）"),
    ("paid_sure", "支出（确认）"),
    ("returned", "退回"),
    ("left", "结余"),
    ("in_kind", "实物折价"),
];

fn columns(cut: Grouping) -> Vec<Column> {
    let part = Column::new("part", cut.label(), Kind::Text).width(32.0);
    let steps = STEPS.map(|(key, name)| Column::new(key, &format!("{name}（元）"), Kind::Integer));
    std::iter::once(part).chain(steps).collect()
}

fn row(name: &str, of: &Balance) -> Vec<Value> {
    let (arrived, left) = (of.arrived(), of.left());
    let amounts = [
        of.needed.claimed,
        of.planned.claimed,
        of.applied.claimed,
        of.approved.claimed,
        of.approved.confirmed,
        arrived.claimed,
        arrived.confirmed,
        of.paid.claimed,
        of.paid.confirmed,
        of.returned.claimed,
        left.claimed,
        of.in_kind.claimed,
    ];
    std::iter::once(name.into()).chain(amounts.map(yuan)).collect()
}

fn move_columns() -> Vec<Column> {
    let text = |key: &str, heading: &str, width: f64| Column::new(key, heading, Kind::Text).width(width);
    vec![
        Column::new("day", "日期", Kind::Date),
        text("school", "学校", 30.0),
        text("kind", "收支", 8.0),
        text("source", "经费来源", 18.0),
        text("of", "哪一笔钱", 30.0),
        text("project", "项目", 26.0),
        text("words", "用途", 30.0),
        Column::new("amount", "金额（元）", Kind::Integer),
        text("number", "凭证号或文号", 18.0),
        text("state", "状态", 10.0),
        text("org", "登记单位", 26.0),
    ]
}

fn move_row(rules: &FundingRules, row: &MoveRow) -> Vec<Value> {
    let text = |text: Option<&String>| text.map_or(Value::Empty, |text| text.as_str().into());
    vec![
        row.day.into(),
        row.school_name.as_str().into(),
        row.kind.label().into(),
        source_name(rules, &row.source).into(),
        text(row.output_title.as_ref().or(row.share_title.as_ref())),
        text(row.project_title.as_ref()),
        row.words.as_str().into(),
        yuan(row.amount),
        text(Some(&row.number).filter(|number| !number.is_empty())),
        row.state.label().into(),
        row.org_name.as_str().into(),
    ]
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::rules_of(&programme)?;
    let mut listing = Listing::at("/funding/export", Unit::Items, &ctx.query);
    let asked = list::Asked::read(ctx, &mut listing, rules).await?;
    let call = asked.moves(&ctx.actor);
    listing.for_export(&call)?;
    let (mut sheets, mut rows) = (Vec::new(), Vec::new());
    for cut in Grouping::ALL {
        let (_, parts, sum) = list::table(ctx, rules, &asked.cut_by(cut)).await?;
        let mut lines: Vec<Vec<Value>> = parts.iter().map(|part| row(&part.name, &part.balance)).collect();
        lines.push(row("合计", &sum));
        let above = [format!("经费，按{}分", cut.label()), format!("截至 {}", ctx.today)];
        sheets.push(Sheet::new(cut.label(), columns(cut)).above(above).below([rules.about.as_str()]));
        rows.push(lines);
    }
    let mut lines: Vec<Vec<Value>> = Vec::new();
    let take = |found: Vec<MoveRow>| lines.extend(found.iter().map(|one| move_row(rules, one)));
    let written = call.in_chunks(&mut ctx.tx, None, [CHUNK, MOST], take).await?;
    let left = written == MOST && !call.rows::<MoveRow>(&mut ctx.tx, None, 1, MOST).await?.is_empty();
    let rest = if left { "；更早的没有列出，请按年度分开导出" } else { "" };
    let above = ["收支明细".to_owned(), format!("截至 {}    共 {written} 笔{rest}", ctx.today)];
    sheets.push(Sheet::new("收支", move_columns()).above(above));
    rows.push(lines);
    let book = Workbook { sheets, ..Workbook::default() };
    let make = move || write(&book, rows).map_err(Error::internal);
    Ok(Reply::made(format!("经费{}.xlsx", ctx.today), XLSX, make))
}
