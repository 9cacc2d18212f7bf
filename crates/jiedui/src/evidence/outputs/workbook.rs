//! The list as a workbook: what the address filters by, and where one type is looked at its own fields too.

use super::data::{self, Filters, OutputRow};
use super::pages::list;
use super::rules;
use crate::shared::background::{self, JobKind, Made, Task, Work};
use crate::shared::jobs;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::{Field, FieldKind, Output, Programme};
use jiedui_store::{Tx, named};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::fields;
use jiedui_web::reply::Reply;
use std::sync::Arc;

/// So many rows are made into a workbook while one waits.
const AT_ONCE: i64 = 5_000;
/// Rows read at once in the background.
const PAGE: i64 = 1_000;

/// What is too long to be made while one waits: plain rows, in the order in which they were recorded.
pub const EXPORT: JobKind = JobKind {
    id: "output.export",
    name: "导出建设成果",
    right: ("output", "read"),
    work: Work::Make(|task, output| Box::pin(make(task, output))),
};

async fn make(task: &Task, output: background::Output) -> Result<Made> {
    let filters: Filters = serde_json::from_str(&task.args).map_err(Error::internal)?;
    let mut tx = task.app.db.read(Arc::clone(&task.actor)).await?;
    let (programme, today) = (task.app.programme(), tx.today());
    let of = programme.output(&filters.output);
    let number = list::call(&filters).count(&mut tx).await?;
    task.progress.begin("正在读取", Some(number));
    let sheet = Sheet::new("成果", columns(of));
    let stream = output.workbook(Workbook { sheets: vec![sheet], ..Workbook::default() });
    let (mut after, mut written) = (String::new(), 0);
    loop {
        let rows = page(&mut tx, &filters, &after).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.id);
        stream.rows(rows.iter().map(|row| cells(&programme, of, row)).collect()).await?;
        task.progress.add(rows.len());
        written += rows.len();
    }
    drop(tx);
    stream.finish().await?;
    Ok(Made { file: file_name(of, today), words: format!("共 {written} 项成果。") })
}

async fn page(tx: &mut Tx, of: &Filters, after: &str) -> Result<Vec<OutputRow>> {
    let Filters { q, kind, output, clause, stage, city, typical, place, answerer, .. } = of;
    named!(data::EXPORTED {
        q,
        kind,
        output,
        clause,
        state: of.state(),
        stage,
        city,
        typical,
        place,
        answerer,
        after,
        most: PAGE,
    })
    .all(tx)
    .await
}

fn file_name(of: Option<&Output>, today: Date) -> String {
    format!("{}{today}.xlsx", of.map_or("建设成果", |kind| kind.name.as_str()))
}

/// Makes it in the background.
pub async fn queue(ctx: &mut RequestContext) -> Result<Reply> {
    let (list, filters) = list::asked(ctx).await?;
    list.for_export(&list::call(&filters))?;
    jobs::queue_export(&mut ctx.tx, &EXPORT, &filters).await
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let (list, filters) = list::asked(ctx).await?;
    let call = list::call(&filters);
    let (query, programme) = (ctx.query.clone(), ctx.programme());
    let (number, more) = call.number(&mut ctx.tx).await?;
    if number > AT_ONCE {
        list.for_export(&call)?;
        return jobs::too_large(&EXPORT, "/outputs", &query, (number, more));
    }
    let of = programme.output(query.get("type"));
    let mut lines: Vec<Vec<Value>> = Vec::new();
    let take = |rows: Vec<OutputRow>| lines.extend(rows.iter().map(|row| cells(&programme, of, row)));
    let count = list.in_chunks(&mut ctx.tx, &call, AT_ONCE, take).await?;
    let name = of.map_or("建设成果", |kind| kind.name.as_str());
    let sheet = Sheet::new("成果", columns(of))
        .above([format!("{name}一览"), format!("截至 {}    共 {count} 项", ctx.today)]);
    let book = Workbook { sheets: vec![sheet], ..Workbook::default() };
    let make = move || write(&book, [lines]).map_err(Error::internal);
    Ok(Reply::made(file_name(of, ctx.today), XLSX, make))
}

fn columns(of: Option<&Output>) -> Vec<Column> {
    let text = |key: &str, heading: &str, width: f64| Column::new(key, heading, Kind::Text).width(width);
    let mut columns = vec![
        text("title", "名称", 30.0),
        text("type", "类型", 18.0),
        text("clause", "行动方案条目", 26.0),
        text("school", "所在院校或单位", 30.0),
        text("city", "所在市", 12.0),
        text("place", "所在县（市、区）", 14.0),
        text("typical", "典型县", 12.0),
        text("org", "登记单位", 26.0),
        Column::new("since", "登记的日期", Kind::Date),
        text("stage", "阶段", 12.0),
        Column::new("stage_from", "阶段开始", Kind::Date),
        text("quantity", "数量", 12.0),
        text("achieved", "已完成", 12.0),
        text("unit", "单位", 8.0),
        text("state", "状态", 10.0),
        text("project", "属于哪个项目", 26.0),
    ];
    for field in of.map(|kind| kind.fields.as_slice()).unwrap_or_default() {
        let unit = field.unit.map(|unit| format!("（{}）", unit.label())).unwrap_or_default();
        columns.push(Column::new(&format!("f-{}", field.id), &format!("{}{unit}", field.label), Kind::Text));
    }
    columns
}

fn cells(programme: &Programme, of: Option<&Output>, row: &OutputRow) -> Vec<Value> {
    let text = |text: &str| if text.is_empty() { Value::Empty } else { text.into() };
    let kind = programme.output(&row.output);
    let number = |label: &str, value: i64| {
        kind.filter(|_| !label.is_empty()).map_or(Value::Empty, |kind| kind.unit.format(value).into())
    };
    let (quantity, achieved) =
        kind.map_or(("", ""), |kind| (kind.quantity_label.as_str(), kind.achieved_label.as_str()));
    let stage = kind.and_then(|kind| rules::stage(kind, &row.stage)).map_or("", |stage| &stage.name);
    let name = kind.map_or("", |kind| &kind.name);
    let issued = kind.is_none_or(|kind| kind.definition_issued);
    let mut values = vec![
        text(&row.title),
        if issued { text(name) } else { format!("{name}（定义未下达）").into() },
        text(&list::clause_name(programme, &row.clause)),
        text(&row.place_name),
        text(&row.city),
        text(&row.place),
        text(&row.typical_class),
        text(&row.org_name),
        row.since.into(),
        text(stage),
        row.stage_from.into(),
        number(quantity, row.quantity),
        number(achieved, row.achieved),
        if quantity.is_empty() { Value::Empty } else { text(kind.map_or("", |kind| kind.unit.label())) },
        text(rules::state_mark(row).label),
        text(row.project_title.as_deref().unwrap_or_default()),
    ];
    let kept = fields::parse(&row.fields);
    for field in of.map(|kind| kind.fields.as_slice()).unwrap_or_default() {
        values.push(value(field, kept.get(&field.id)));
    }
    values
}

/// A field's value as people write it. Persons are left out: the list goes to many hands.
fn value(field: &Field, kept: Option<&serde_json::Value>) -> Value {
    let Some(kept) = kept else { return Value::Empty };
    let text = kept.as_str().unwrap_or_default();
    match field.kind {
        FieldKind::Number => {
            let unit = field.unit.unwrap_or(jiedui_kernel::Unit::Items);
            kept.as_i64().map_or(Value::Empty, |number| unit.format(number).into())
        }
        FieldKind::Yes => "是".into(),
        FieldKind::Choice => {
            let option = field.options.iter().find(|option| option.id == text);
            option.map_or(text, |option| option.name.as_str()).into()
        }
        FieldKind::Person => "（见系统）".into(),
        _ => text.into(),
    }
}
