//! A form for machines: as JSON Schema, and as an empty workbook made from the same register.

use super::super::pages::forms::asked;
use crate::evidence::{ledger, profiles};
use jiedui_documents::{Column, Kind, Sheet, Workbook, template};
use jiedui_kernel::{Date, Error, Result, Unit};
use jiedui_programme::{FieldKind, FormEntry, FormKind, Programme, RegisterField};
use jiedui_web::context::RequestContext;
use jiedui_web::download::{JSON_SCHEMA, XLSX};
use jiedui_web::reply::Reply;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

pub async fn json(ctx: &mut RequestContext) -> Result<Reply> {
    let (form, programme, today) = (asked(ctx)?, ctx.programme(), ctx.today);
    Ok(Reply::made(format!("{}.schema.json", form.id), JSON_SCHEMA, move || {
        serde_json::to_vec_pretty(&of_form(&programme, &form, today)).map_err(Error::internal)
    }))
}

pub async fn workbook(ctx: &mut RequestContext) -> Result<Reply> {
    let (form, today) = (asked(ctx)?, ctx.today);
    // A form of which nothing is asked any more has no template.
    if fields(&form, today).next().is_none() {
        return Err(Error::NotFound);
    }
    let name = format!("{}.xlsx", form.name);
    let described = described(ctx, &form).await?;
    let make = move || template(&described).map_err(Error::internal);
    Ok(Reply::made(name, XLSX, make))
}

/// What is taken in from a table has the template of that import, so that what is filled in here is taken there.
async fn described(ctx: &mut RequestContext, form: &FormEntry) -> Result<Workbook> {
    let (programme, today) = (ctx.programme(), ctx.today);
    match (form.kind, programme.activity(&form.id)) {
        (FormKind::Activity, Some(activity)) => ledger::description(ctx, activity).await,
        (FormKind::Profile, _) => Ok(profiles::description(ctx)),
        _ => Ok(book(form, today)),
    }
}

/// What is asked on a day; what has come to its end is in neither.
fn fields(form: &FormEntry, day: Date) -> impl Iterator<Item = &RegisterField> {
    form.fields.iter().filter(move |field| field.asked_on(day))
}

pub fn of_form(programme: &Programme, form: &FormEntry, day: Date) -> Value {
    let mut properties = Map::new();
    for field in fields(form, day) {
        properties.insert(field.id.clone(), property(field));
    }
    let required: Vec<&str> =
        fields(form, day).filter(|field| field.required).map(|field| field.id.as_str()).collect();
    let id =
        format!("urn:jiedui:{}:{}:{}:{}", programme.meta.id, programme.meta.version, form.kind.id(), form.id);
    json!({
        "$schema": DRAFT,
        "$id": id,
        "title": form.name,
        "description": format!("{}，每次约 {} 分钟。", form.frequency.label(), form.minutes),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// What it is for, and when it is asked where not always.
fn said(field: &RegisterField) -> String {
    if field.condition.is_empty() {
        return field.purpose.clone();
    }
    format!("{}，其余留空。{}", field.condition, field.purpose)
}

fn property(field: &RegisterField) -> Value {
    let mut made = Map::new();
    made.insert("title".to_owned(), field.label.clone().into());
    made.insert("description".to_owned(), said(field).into());
    let typed = match field.kind {
        FieldKind::Text | FieldKind::Enterprise | FieldKind::Chain => {
            json!({ "type": "string", "maxLength": 200 })
        }
        FieldKind::LongText => json!({ "type": "string", "maxLength": 2_000 }),
        FieldKind::Number if field.unit.is_some_and(Unit::in_hundredths) => {
            json!({ "type": "number", "minimum": 0, "multipleOf": 0.01 })
        }
        FieldKind::Number => json!({ "type": "integer", "minimum": 0 }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Choice if !field.options.is_empty() => {
            let one =
                |option: &jiedui_programme::FieldOption| json!({ "const": option.id, "title": option.name });
            json!({ "type": "string", "oneOf": field.options.iter().map(one).collect::<Vec<_>>() })
        }
        FieldKind::Choice | FieldKind::Person => json!({ "type": "string", "minLength": 1 }),
        FieldKind::Yes => json!({ "type": "boolean" }),
    };
    if let Value::Object(typed) = typed {
        made.extend(typed);
    }
    if let Some(unit) = field.unit {
        made.insert("x-unit".to_owned(), unit.label().into());
    }
    Value::Object(made)
}

pub fn book(form: &FormEntry, day: Date) -> Workbook {
    let mut lists = BTreeMap::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut columns = Vec::new();
    for field in fields(form, day) {
        let unit = field.unit.map_or(String::new(), |unit| format!("（{}）", unit.label()));
        let mut heading = format!("{}{unit}", field.label);
        // A plan asks the same of several parts; a sheet needs each heading once.
        let times = seen.entry(heading.clone()).or_default();
        *times += 1;
        if *times > 1 {
            heading = format!("{heading}（第{times}处）");
        }
        let kind = match field.kind {
            FieldKind::Number if !field.unit.is_some_and(Unit::in_hundredths) => Kind::Integer,
            FieldKind::Date => Kind::Date,
            FieldKind::Choice if !field.options.is_empty() => {
                lists.insert(heading.clone(), field.options.iter().map(|one| one.name.clone()).collect());
                Kind::Choice(heading.clone())
            }
            FieldKind::Yes => {
                lists.insert("是".to_owned(), vec!["是".to_owned()]);
                Kind::Choice("是".to_owned())
            }
            _ => Kind::Text,
        };
        let column = Column::new(&field.id, &heading, kind).help(&said(field));
        columns.push(if field.required { column.required() } else { column });
    }
    Workbook { sheets: vec![Sheet::new(&sheet_name(&form.name), columns)], lists }
}

/// A name that Excel takes.
fn sheet_name(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\')).take(31).collect()
}
