//! The form of a need, new and changed, with its draft on the server; and what happens where two change it at once.

use super::super::NewNeed;
use super::super::data::NeedRow;
use super::super::rules;
use crate::shared::choices;
use jiedui_kernel::{Code, FieldError, Quantity, Result, Unit};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

/// The name under which the draft of a new need is kept.
const NEW: &str = "need-new";

fn key_of(row: &NeedRow) -> String {
    format!("need-{}", row.id)
}

#[derive(Serialize)]
struct FormView {
    action: String,
    submit: &'static str,
    draft: Draft,
    version: Option<i64>,
    clause: Field,
    title: Field,
    detail: Field,
    quantity: Field,
    unit: Field,
    wished_on: Field,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
}

/// What a form page shows beside its fields.
struct Sheet {
    draft: Draft,
    errors: Vec<FieldError>,
    status: u16,
}

impl Sheet {
    /// With what was typed and not sent, where there is such a draft.
    async fn taken_up(ctx: &mut RequestContext, key: &str) -> Result<(Self, Option<FormValues>)> {
        let mut draft = drafts::find(ctx, key).await?;
        let pairs = draft.pairs.take();
        Ok((Self { draft, errors: Vec::new(), status: 200 }, pairs))
    }

    /// The form once more, as it was sent.
    fn sent(key: String, errors: Vec<FieldError>, status: u16) -> Self {
        Self { draft: Draft::none(key), errors, status }
    }
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let org = ctx.actor.org.clone();
    super::super::county_school(&mut ctx.tx, &org).await?;
    let (sheet, kept) = Sheet::taken_up(ctx, NEW).await?;
    let given = kept.unwrap_or_else(|| ctx.query.clone());
    page(ctx, None, &given, sheet).await
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let (new, mut errors) = read(&ctx.form.values);
    // What could not be read is told together with what may not be said.
    if !errors.is_empty() {
        errors.extend(rules::check_need(&new, &programme, ctx.today, None));
        return again(ctx, None, errors).await;
    }
    match super::super::write(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(id) => {
            drafts::forget(ctx, NEW).await?;
            let text = "已提出，排在清单最后；按缓急上移，协作院校和各级就能看到顺序。";
            Ok(Reply::done(format!("/needs#n-{id}"), Flash::done(text)))
        }
        Err(errors) => again(ctx, None, errors).await,
    }
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let row = mine(ctx).await?;
    let (sheet, kept) = Sheet::taken_up(ctx, &key_of(&row)).await?;
    let given = kept.unwrap_or_else(|| values_of(&row));
    page(ctx, Some(&row), &given, sheet).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let row = mine(ctx).await?;
    let version = ctx.form_version()?;
    let programme = ctx.programme();
    let (new, mut errors) = read(&ctx.form.values);
    if version != row.version || !errors.is_empty() {
        errors.extend(rules::check_need(&new, &programme, ctx.today, row.wished_on));
        return again(ctx, Some(&row), errors).await;
    }
    match super::super::rewrite(&mut ctx.tx, &programme, &row, version, &new).await.or_refused()? {
        Ok(()) => {
            drafts::forget(ctx, &key_of(&row)).await?;
            let text = "修改已保存；顺序没有变，修改记录各方都能看到。";
            Ok(Reply::done(format!("/needs/{}", row.id), Flash::done(text)))
        }
        Err(refused) => {
            // Somebody may have saved between our reading and our writing.
            let row = mine(ctx).await?;
            again(ctx, Some(&row), refused.errors).await
        }
    }
}

async fn mine(ctx: &mut RequestContext) -> Result<Found<NeedRow>> {
    let id = ctx.param("id");
    let row = super::super::find(&mut ctx.tx, &id).await?;
    super::super::changeable(&ctx.tx, &row)?;
    Ok(row)
}

async fn again(ctx: &mut RequestContext, row: Option<&NeedRow>, errors: Vec<FieldError>) -> Result<Reply> {
    let key = row.map_or_else(|| NEW.to_owned(), key_of);
    let given = ctx.form.values.clone();
    let stale = row.is_some_and(|row| given.get("version") != row.version.to_string());
    let sheet = Sheet::sent(key, errors, if stale { 409 } else { 422 });
    page(ctx, row, &given, sheet).await
}

/// Draws the form. Where what was typed began from an older version (another's save came between), each differing field
/// shows the other's value, and the form carries the present version: saving it again is deliberate.
async fn page(
    ctx: &mut RequestContext,
    row: Option<&NeedRow>,
    given: &FormValues,
    sheet: Sheet,
) -> Result<Reply> {
    let version = given.whole("version");
    let theirs = row.filter(|row| version.is_some_and(|version| version != row.version)).map(values_of);
    let saved = match (row, &theirs) {
        (Some(row), Some(_)) => saved_last(&mut ctx.tx, &row.id).await?,
        _ => None,
    };
    let field = |name: &str, label: &str, options: Vec<Choice>| {
        let field = Field::new(name, label).options(options).value(given.get(name)).error(&sheet.errors);
        match &theirs {
            Some(theirs) => field.theirs(theirs.get(name)),
            None => field,
        }
    };
    let long = |most: u32, field: Field| Field { maxlength: Some(most), ..field };
    let today = Field { min: ctx.today.to_string(), ..field("wished_on", "希望什么时候", Vec::new()) };
    let units = rules::UNITS.map(|unit| Choice::new(unit.label(), unit.label()));
    let units = [vec![Choice::new("", "不填")], units.to_vec()].concat();
    let sentences = [vec![Choice::new("", "请选择")], choices::clause_choices(&ctx.programme())].concat();
    let view = FormView {
        action: row.map_or_else(|| "/needs/new".to_owned(), |row| format!("/needs/{}/edit", row.id)),
        submit: if row.is_some() { "保存修改" } else { "提出需求" },
        version: row.map(|row| row.version),
        clause: field("clause", "对应任务", sentences).required(),
        title: long(
            60,
            field("title", "需要什么", Vec::new())
                .required()
                .help("一句话说清，如“派两名数控骨干教师跟岗”。"),
        ),
        detail: long(500, field("detail", "补充说明", Vec::new())),
        quantity: Field {
            width: "short", ..field("quantity", "数量", Vec::new()).help("能数清才填。")
        },
        unit: Field { width: "short", ..field("unit", "单位", units).help("与数量一起填。") },
        wished_on: today.help("没有具体日子就留空。"),
        errors: sheet.errors.clone(),
        saved,
        draft: sheet.draft,
    };
    let back = row.map_or_else(|| "/needs".to_owned(), |row| format!("/needs/{}", row.id));
    let title = if row.is_some() { "修改需求" } else { "提出需求" };
    let page = Page::new(title, "写清要什么、要多少、什么时候要；协作院校据此商量项目，不另要材料。")
        .clause("G0.1")
        .back(back, if row.is_some() { "返回这条需求" } else { "需求清单" })
        .kind("form");
    Ok(Reply::view("planning/needs/form.html", page, &view)?.with_status(sheet.status))
}

/// What the form says, as far as it can be read, and what cannot.
fn read(pairs: &FormValues) -> (NewNeed, Vec<FieldError>) {
    let mut read = Reader::default();
    let word = pairs.get("unit");
    let unit = rules::unit_of(word);
    let given = !pairs.get("quantity").is_empty();
    let number = given.then(|| read.number(pairs, "quantity", "数量", 1..=1_000_000_000)).flatten();
    if !word.is_empty() && unit.is_none() {
        read.fail("unit", Code::NotListed.says("请从列表中选择单位。"));
    } else if given && unit.is_none() {
        read.fail("unit", Code::Missing.says("填了数量，请选择单位。"));
    } else if unit.is_some() && !given {
        read.fail("quantity", Code::Missing.says("选了单位，请填写数量；说不出数量就把单位改成“不填”。"));
    }
    let wished_on = read.optional_date(pairs, "wished_on", "希望的日期");
    let size = number.zip(unit).map(|(number, unit)| Quantity::new(number * part_of(unit), unit));
    let new = NewNeed {
        clause: pairs.get("clause").to_owned(),
        title: pairs.get("title").to_owned(),
        detail: pairs.get("detail").to_owned(),
        size,
        wished_on,
    };
    (new, read.errors)
}

/// 元 are kept in cents and asked for in whole yuan.
fn part_of(unit: Unit) -> i64 {
    if unit == Unit::Yuan { 100 } else { 1 }
}

/// A need as its form would have sent it.
fn values_of(row: &NeedRow) -> FormValues {
    let part = rules::unit_of(&row.unit).map_or(1, part_of);
    FormValues::made([
        ("version", row.version.to_string()),
        ("clause", row.clause.clone()),
        ("title", row.title.clone()),
        ("detail", row.detail.clone()),
        ("quantity", row.quantity.map(|number| (number / part).to_string()).unwrap_or_default()),
        ("unit", row.unit.clone()),
        ("wished_on", row.wished_on.map(|day| day.to_string()).unwrap_or_default()),
    ])
}
