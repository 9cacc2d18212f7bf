//! Many entries of one activity from a workbook (principle 1: what stands in a table already is not typed again). Each
//! row is claimed as the form would claim it; what is wrong is reported at its cell, and one mistake keeps everything out.

use super::actions::claim::{self, NewEntry};
use super::pages::form as entry_form;
use super::rules;
use crate::network::pairings::PairingRow;
use crate::network::registry::{self, PersonAt};
use jiedui_documents::{CellError, Column, Kind, Record, Sheet, Workbook, template as empty};
use jiedui_kernel::{Error, FieldError, Result, Unit};
use jiedui_programme::{Activity, Confirmer, FieldKind, Measure, Time};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::fields;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use jiedui_web::work::Prepared;
use jiedui_web::workbook::SentWorkbook;
use serde::Serialize;
use std::collections::BTreeMap;

/// More rows than this in one file are a table of somebody else's.
const MOST_ROWS: usize = 500;
const PAIRINGS: &str = "学校";
const HELPERS: &str = "协作院校";
const PROJECTS: &str = "项目";
const YES: &str = "是";

/// What names stand for in the workbook of one activity.
struct Names {
    /// The county school's name (for a county school, the two helpers') and the pairing.
    pairings: Vec<(String, PairingRow)>,
    /// Label, pairing and id of the projects that an entry can be part of.
    projects: Vec<(String, String, String)>,
    /// The claimant's own people.
    people: Vec<PersonAt>,
}

fn sheet_name(activity: &Activity) -> String {
    let fine = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    activity.name.chars().filter(fine).take(31).collect()
}

async fn names(ctx: &mut RequestContext, activity: &Activity) -> Result<Names> {
    let rows = claim::pairings_for(&mut ctx.tx, activity).await?;
    if rows.is_empty() {
        return Err(Error::Forbidden(format!("本单位现在没有可以登记“{}”的结对。", activity.name)));
    }
    let own = ctx.actor.org.clone();
    let (mut projects, programme) = (Vec::new(), ctx.programme());
    for row in &rows {
        for project in claim::projects_for(&mut ctx.tx, (&programme, activity), &row.id, None).await? {
            projects.push((format!("{}年 {}", project.year, project.title), row.id.clone(), project.id));
        }
    }
    let since = ctx.today - chrono::TimeDelta::days(400);
    let people = match &activity.person {
        Some(_) => registry::people_at(&mut ctx.tx, &own, since, ctx.today).await?,
        None => Vec::new(),
    };
    let label = |row: &PairingRow| {
        if row.county_school == own {
            format!("{}、{}", row.lead_name, row.nearby_name)
        } else {
            row.county_name.clone()
        }
    };
    Ok(Names { pairings: rows.into_iter().map(|row| (label(&row), row)).collect(), projects, people })
}

fn spec(activity: &Activity, names: &Names) -> Workbook {
    let choice = |name: &str| Kind::Choice(name.to_owned());
    let many = names.pairings.len() > 1;
    let mut columns = Vec::new();
    if many {
        columns.push(Column::new("pairing", PAIRINGS, choice(PAIRINGS)).required().width(28.0));
    }
    if activity.confirmed_by == Confirmer::Helper {
        columns.push(Column::new("helper", "去了哪所院校", choice(HELPERS)).required().width(28.0));
    }
    let first = if activity.time == Time::Day { "日期" } else { "开始日期" };
    columns.push(Column::new("from", first, Kind::Date).required());
    if activity.time == Time::Span {
        columns.push(Column::new("to", "结束日期", Kind::Date).required().help("这一天也算在内"));
    }
    if let Some(rule) = &activity.person {
        let help = "本单位在册人员的姓名；没有的先登记任职";
        columns.push(Column::new("person", &rule.label, Kind::Text).required().help(help));
    }
    if activity.measure == Measure::Entered {
        let heading = format!("{}（{}）", activity.quantity_label, activity.unit.label());
        columns.push(Column::new("quantity", &heading, number_kind(activity.unit)).required());
    }
    if activity.joint {
        columns.push(
            Column::new("joint", "两所协作院校合办", choice(YES))
                .help("合办只登记一条；对方写明自己的人才计入对方"),
        );
    }
    if let Some(rule) = &activity.roster {
        let help = "学校在册人员的姓名，用顿号隔开，可不填";
        columns.push(Column::new("roster", &rule.label, Kind::Text).width(30.0).help(help));
    }
    if !names.projects.is_empty() || activity.of_project {
        let column = Column::new("project", "属于哪个项目", choice(PROJECTS)).width(28.0);
        columns.push(if activity.of_project { column.required() } else { column });
    }
    let mut lists = BTreeMap::new();
    for field in &activity.fields {
        columns.push(column_of(field));
        if field.kind == FieldKind::Choice {
            let options = field.options.iter().map(|option| option.name.clone()).collect();
            lists.insert(field.label.clone(), options);
        }
    }
    let help = "与已登记的一条或表里的另一行完全相同、但确实是另一次时，填“是”；其余留空";
    columns.push(Column::new("again", "确实是另一次", choice(YES)).help(help));
    let helpers = names.pairings.iter().flat_map(|(_, row)| [row.lead_name.clone(), row.nearby_name.clone()]);
    lists.insert(PAIRINGS.to_owned(), names.pairings.iter().map(|(name, _)| name.clone()).collect());
    lists.insert(HELPERS.to_owned(), helpers.collect());
    lists.insert(PROJECTS.to_owned(), names.projects.iter().map(|(name, _, _)| name.clone()).collect());
    lists.insert(YES.to_owned(), vec![YES.to_owned()]);
    Workbook { sheets: vec![Sheet::new(&sheet_name(activity), columns)], lists }
}

/// Numbers with decimals are read as text, because a column holds whole ones.
fn number_kind(unit: Unit) -> Kind {
    if unit.in_hundredths() { Kind::Text } else { Kind::Integer }
}

/// A field of the programme as a column.
fn column_of(field: &jiedui_programme::Field) -> Column {
    let unit = field.unit.map_or(String::new(), |unit| format!("（{}）", unit.label()));
    let kind = match field.kind {
        FieldKind::Number => number_kind(field.unit.unwrap_or(Unit::Items)),
        FieldKind::Date => Kind::Date,
        FieldKind::Choice => Kind::Choice(field.label.clone()),
        FieldKind::Yes => Kind::Choice(YES.to_owned()),
        _ => Kind::Text,
    };
    let column = Column::new(&field.id, &format!("{}{unit}", field.label), kind).help(&field.help);
    if field.required { column.required() } else { column }
}

#[derive(Serialize)]
struct View {
    activity: Field,
    templates: Vec<(String, String)>,
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

/// The activities that the caller can claim.
async fn offered(ctx: &mut RequestContext) -> Result<Vec<Activity>> {
    let mut found = Vec::new();
    for activity in &ctx.programme().activities {
        if !claim::pairings_for(&mut ctx.tx, activity).await?.is_empty() {
            found.push(activity.clone());
        }
    }
    Ok(found)
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new(), &[]).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>, problems: &[CellError]) -> Result<Reply> {
    let activities = offered(ctx).await?;
    let asked = if ctx.form.values.get("activity").is_empty() { &ctx.query } else { &ctx.form.values };
    let choice = |activity: &Activity| Choice::new(&activity.id, &activity.name);
    let options = std::iter::once(Choice::new("", "请选择")).chain(activities.iter().map(choice)).collect();
    let field = Field::new("activity", "登记哪一类").required().options(options);
    let file_error = errors.iter().find(|error| error.field == "file");
    let template = |one: &Activity| (format!("/entries/import/{}/template", one.id), one.name.clone());
    let view = View {
        activity: field.value(asked.get("activity")).error(&errors),
        templates: activities.iter().map(template).collect(),
        file_error: file_error.map_or_else(String::new, |error| error.message.clone()),
        problems: Problems::of(problems),
        errors: errors.clone(),
    };
    let bad = !errors.is_empty() || !problems.is_empty();
    let page = Page::new("从表格登记", "已经有现成表格的，一次登记许多条；全部无误才会写入。")
        .back("/entries/new", "登记工作")
        .kind("form");
    Ok(Reply::view("evidence/ledger/import.html", page, &view)?.refused(bad))
}

pub async fn template(ctx: &mut RequestContext) -> Result<Reply> {
    let activity = entry_form::activity(ctx, &ctx.param("activity"))?;
    let names = names(ctx, &activity).await?;
    let name = format!("{}登记表.xlsx", activity.name);
    Ok(Reply::made(name, XLSX, move || empty(&spec(&activity, &names)).map_err(Error::internal)))
}

fn at(field: &str, message: &str) -> Vec<FieldError> {
    vec![FieldError::new(field, message)]
}

/// The activity of the form, or of the address that a page of the activity leads to.
fn asked(ctx: &RequestContext) -> Option<Activity> {
    let [sent, known] = [&ctx.form.values, &ctx.query].map(|pairs| pairs.get("activity"));
    ctx.programme().activity(if sent.is_empty() { known } else { sent }).cloned()
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<SentWorkbook>> {
    let Some(activity) = asked(ctx) else {
        return Ok(Prepared::Answered(page(ctx, at("activity", "请选择登记哪一类。"), &[]).await?));
    };
    let Some(file) = ctx.form.file.take() else {
        let errors = at("file", "还没有选择文件。请选择填好的表格后再点“检查并登记”。");
        return Ok(Prepared::Answered(page(ctx, errors, &[]).await?));
    };
    let names = names(ctx, &activity).await?;
    Ok(SentWorkbook::prepare(spec(&activity, &names), file))
}

pub async fn submit(ctx: &mut RequestContext, sent: SentWorkbook) -> Result<Reply> {
    let activity = asked(ctx).ok_or(Error::NotFound)?;
    let names = names(ctx, &activity).await?;
    let found = match sent.rows {
        Ok(found) => found,
        // The file as a whole cannot be read: that belongs to the field, not into a table of cells.
        Err(errors) => match errors.as_slice() {
            [one] if one.sheet.is_empty() => return page(ctx, at("file", &format!("{one}。")), &[]).await,
            errors => return page(ctx, Vec::new(), errors).await,
        },
    };
    let records = &found.records;
    if records.is_empty() {
        return page(ctx, at("file", "文件里只有标题，没有一行数据。请填写后再上传。"), &[]).await;
    }
    if records.len() > MOST_ROWS {
        let message = format!("一次最多登记 {MOST_ROWS} 条，这份有 {} 条，请分开上传。", records.len());
        return page(ctx, at("file", &message), &[]).await;
    }
    let mut errors = Vec::new();
    for record in records {
        errors.extend(one(ctx, &activity, &names, record).await?);
    }
    if !errors.is_empty() {
        return page(ctx, Vec::new(), &errors).await;
    }
    let text =
        format!("已登记 {} 条“{}”，现计入登记数；等对方确认后计入确认数。", records.len(), activity.name);
    Ok(Reply::done(format!("/entries?activity={}", activity.id), Flash::done(text)))
}

/// Claims one row; what is wrong with it. Rows before it are claimed already, so that a double in the file is seen.
async fn one(
    ctx: &mut RequestContext,
    activity: &Activity,
    names: &Names,
    record: &Record,
) -> Result<Vec<CellError>> {
    let (new, errors) = entry(ctx, activity, names, record).await?;
    let told = |error: &FieldError| record.error(&error.field, error.message.trim_end_matches('。'), "");
    let Some(new) = new.filter(|_| errors.is_empty()) else {
        return Ok(errors.iter().map(told).collect());
    };
    let programme = ctx.programme();
    match claim::claim(&mut ctx.tx, &programme, activity, &new).await {
        Ok(_) => Ok(Vec::new()),
        Err(Error::Invalid(errors)) => Ok(errors.iter().map(told).collect()),
        Err(other) => Err(other),
    }
}

async fn entry(
    ctx: &mut RequestContext,
    activity: &Activity,
    names: &Names,
    record: &Record,
) -> Result<(Option<NewEntry>, Vec<FieldError>)> {
    let mut reader = Reader::default();
    let pairing = match names.pairings.as_slice() {
        [(_, only)] => Some(only),
        many => many.iter().find(|(name, _)| name == record.text("pairing")).map(|(_, row)| row),
    };
    let Some(pairing) = pairing else {
        reader.fail("pairing", "没有这组结对，请从代码表里选");
        return Ok((None, reader.errors));
    };
    let person = match (&activity.person, record.text("person")) {
        (Some(_), name) => named(&names.people, name, "person", &mut reader),
        (None, _) => None,
    };
    let project = record.text("project");
    let found = names.projects.iter().find(|(name, of, _)| name == project && *of == pairing.id);
    if !project.is_empty() && found.is_none() {
        reader.fail("project", "这所学校没有这个已备案、按同一单位计数的项目");
    }
    let helper = record.text("helper");
    let roster = roster(ctx, activity, pairing, record, &mut reader).await?;
    let values = fields::read(&activity.fields, &typed(activity, record), &mut reader);
    let quantity = match number_kind(activity.unit) {
        Kind::Text if activity.measure == Measure::Entered => {
            let (what, text) = (&activity.quantity_label, record.text("quantity"));
            fields::read_number(&mut reader, "quantity", what, activity.unit, text, 1)
        }
        _ => record.integer("quantity"),
    };
    let new = NewEntry {
        helper: [(&pairing.lead_name, &pairing.lead), (&pairing.nearby_name, &pairing.nearby)]
            .into_iter()
            .find(|(name, _)| name.as_str() == helper)
            .map(|(_, id)| id.clone()),
        again: record.text("again") == YES,
        joint: record.text("joint") == YES,
        from: record.date("from"),
        to: record.date("to"),
        person,
        quantity,
        project: found.map(|(_, _, id)| id.clone()),
        roster,
        fields: values,
        pairing: pairing.clone(),
    };
    Ok((Some(new), reader.errors))
}

/// The one person of that name; two of one name cannot be told apart here.
fn named(people: &[PersonAt], name: &str, field: &str, reader: &mut Reader) -> Option<String> {
    let mut ids: Vec<&str> =
        people.iter().filter(|one| one.name == name).map(|one| one.id.as_str()).collect();
    ids.dedup();
    match ids.as_slice() {
        [only] => Some((*only).to_owned()),
        [] => {
            reader.fail(field, format!("没有“{name}”在册，请核对姓名，或先登记任职"));
            None
        }
        _ => {
            reader.fail(field, format!("有几个人都叫“{name}”，请在“登记工作”里单独登记"));
            None
        }
    }
}

async fn roster(
    ctx: &mut RequestContext,
    activity: &Activity,
    pairing: &PairingRow,
    record: &Record,
    reader: &mut Reader,
) -> Result<Vec<String>> {
    let text = record.text("roster");
    let Some(rule) = activity.roster.as_ref().filter(|_| !text.is_empty()) else { return Ok(Vec::new()) };
    let since = ctx.today - chrono::TimeDelta::days(400);
    let mut people = registry::people_at(&mut ctx.tx, &pairing.county_school, since, ctx.today).await?;
    people.retain(|one| rules::post_of(&one.post).is_some_and(|post| rule.posts.contains(&post)));
    let parts = text.split(['、', '，', ',', '；', ';', ' ']).map(str::trim).filter(|name| !name.is_empty());
    Ok(parts.filter_map(|name| named(&people, name, "roster", reader)).collect())
}

/// The cells of the activity's own fields as its form would have sent them.
fn typed(activity: &Activity, record: &Record) -> FormValues {
    let text = |field: &jiedui_programme::Field| match field.kind {
        FieldKind::Date => record.date(&field.id).map(|day| day.to_string()).unwrap_or_default(),
        FieldKind::Yes if record.text(&field.id) == YES => "yes".to_owned(),
        FieldKind::Choice => {
            let name = record.text(&field.id);
            let option = field.options.iter().find(|option| option.name == name);
            option.map_or_else(|| name.to_owned(), |option| option.id.clone())
        }
        _ => match record.integer(&field.id) {
            Some(number) => number.to_string(),
            None => record.text(&field.id).to_owned(),
        },
    };
    FormValues::made(activity.fields.iter().map(|field| (field.id.as_str(), text(field))))
}
