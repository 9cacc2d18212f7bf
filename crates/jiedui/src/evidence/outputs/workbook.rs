//! The list as a workbook: what the address filters by, and where one type is looked at its own fields too.

use super::data::OutputRow;
use super::pages::list;
use super::rules;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Error, Result};
use jiedui_programme::{Field, FieldKind, Output, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::fields;
use jiedui_web::reply::Reply;

/// As many rows as a reader can still work with; whoever needs more filters.
const MOST: i64 = 20_000;

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let (list, call) = list::asked(ctx).await?;
    let (query, programme) = (ctx.query.clone(), ctx.programme());
    let of = programme.output(query.get("type"));
    let mut lines: Vec<Vec<Value>> = Vec::new();
    let take = |rows: Vec<OutputRow>| lines.extend(rows.iter().map(|row| cells(&programme, of, row)));
    let count = list.in_chunks(&mut ctx.tx, &call, MOST, take).await?;
    let name = of.map_or("建设成果", |kind| kind.name.as_str());
    let sheet = Sheet::new("成果", columns(of))
        .above([format!("{name}一览"), format!("截至 {}    共 {count} 项", ctx.today)]);
    let book = Workbook { sheets: vec![sheet], ..Workbook::default() };
    let make = move || write(&book, [lines]).map_err(Error::internal);
    Ok(Reply::made(format!("{name}{}.xlsx", ctx.today), XLSX, make))
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
