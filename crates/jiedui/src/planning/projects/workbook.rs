//! A list as a workbook in the layout of an official table, out and back in. What is wrong is reported at its cell, and one
//! mistake keeps everything out.

use super::actions;
use super::data::{Ended, ProjectRow};
use super::pages::lists;
use super::rules::{self, Fields, LoadedList};
use crate::network::registry;
use crate::planning::needs::{self, NeedRow, NeedState};
use crate::shared::review::Action;
use jiedui_documents::{CellError, Column, Kind, Record, Sheet, Value, Workbook, write};
use jiedui_kernel::{Code, Error, FieldError, Result, Unit};
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::Prepared;
use jiedui_web::workbook::SentWorkbook;
use serde::Serialize;
use std::collections::BTreeMap;

const SHEET: &str = "协作项目清单";
const HIGHLIGHT: &str = "特色亮点";
const DUTY: &str = "组织领导职责";

/// What names stand for in the workbook of one list.
struct Names {
    needs: Vec<NeedRow>,
    /// Name and id of the three parties.
    parties: Vec<(String, String)>,
    units: Vec<Unit>,
}

async fn names(ctx: &mut RequestContext, opened: &LoadedList) -> Result<Names> {
    let list = &opened.row;
    let needs = needs::of_school(&mut ctx.tx, &list.county_school).await?;
    Ok(Names {
        needs: needs.into_iter().filter(|need| need.state == NeedState::Open).collect(),
        parties: vec![
            (list.lead_name.clone(), list.lead.clone()),
            (list.nearby_name.clone(), list.nearby.clone()),
            (list.county_name.clone(), list.county_school.clone()),
        ],
        units: ctx.programme().project_units(),
    })
}

fn clause_name(programme: &Programme, id: &str) -> String {
    let clause = programme.clauses.iter().find(|clause| clause.id == id);
    clause.map_or_else(|| id.to_owned(), |clause| format!("{} {}", clause.id, clause.title))
}

fn spec(programme: &Programme, opened: &LoadedList, names: &Names) -> Workbook {
    let list = &opened.row;
    let choice = |name: &str| Kind::Choice(name.to_owned());
    let mut columns = vec![
        Column::new("place", "序号", Kind::Integer),
        Column::new("title", "项目名称", Kind::Text).required().width(28.0),
        Column::new("basis", "回应的需求", choice("需求"))
            .required()
            .width(26.0)
            .help("从代码表选县级院校的需求；不回应需求的，选特色亮点或组织领导职责"),
        Column::new("clause", "依据条目", choice("条目")).width(24.0).help("选了需求可以不填"),
        Column::new("outcome", "年底成果", Kind::Text).required().width(30.0),
        Column::new("quantity", "数量", Kind::Integer).required(),
        Column::new("unit", "单位", choice("单位")).required(),
        Column::new("owner_org", "责任单位", choice("三方")).required().width(22.0),
        Column::new("owner", "责任人", Kind::Text).help("责任单位在册人员的姓名，可不填"),
        Column::new("from", "开始日期", Kind::Date).required(),
        Column::new("to", "结束日期", Kind::Date).required(),
        Column::new("lead_does", "牵头院校做什么", Kind::Text).width(26.0),
        Column::new("nearby_does", "配合院校做什么", Kind::Text).width(26.0),
    ];
    for source in &programme.projects.sources {
        let key = format!("budget-{}", source.id);
        columns.push(Column::new(&key, &format!("{}（万元）", source.name), Kind::Text));
    }
    columns.push(Column::new("id", "项目标识", Kind::Text).hidden());
    columns.push(Column::new("version", "版本", Kind::Integer).hidden());
    let facts = format!(
        "对口县级院校：{}    牵头院校：{}    配合院校：{}    备案编号：{}",
        list.county_name,
        list.lead_name,
        list.nearby_name,
        if list.number.is_empty() { "（未备案）" } else { &list.number },
    );
    let sheet = Sheet::new(SHEET, columns)
        .above([format!("{}年协作项目清单", list.year), facts])
        .below(["牵头院校（盖章）：          配合院校（盖章）：          对口县级院校（盖章）："]);
    let mut needs: Vec<String> = names.needs.iter().map(|need| need.title.clone()).collect();
    needs.extend([HIGHLIGHT.to_owned(), DUTY.to_owned()]);
    let clauses = programme.clauses.iter().filter(|clause| !clause.id.starts_with('G'));
    let lists = BTreeMap::from([
        ("需求".to_owned(), needs),
        ("条目".to_owned(), clauses.map(|clause| format!("{} {}", clause.id, clause.title)).collect()),
        ("单位".to_owned(), names.units.iter().map(|unit| unit.label().to_owned()).collect()),
        ("三方".to_owned(), names.parties.iter().map(|(name, _)| name.clone()).collect()),
    ]);
    Workbook { sheets: vec![sheet], lists }
}

fn row(
    programme: &Programme,
    names: &Names,
    owner_name: String,
    (project, fields): (&ProjectRow, &Fields),
) -> Vec<Value> {
    let text = |text: &str| if text.is_empty() { Value::Empty } else { text.into() };
    let basis = match fields.basis.as_str() {
        "highlight" => HIGHLIGHT.to_owned(),
        "duty" => DUTY.to_owned(),
        _ => {
            let need = names.needs.iter().find(|need| Some(&need.id) == fields.need.as_ref());
            need.map(|need| need.title.clone()).or_else(|| project.need_title.clone()).unwrap_or_default()
        }
    };
    let owner = if fields.owner == project.owner { owner_name } else { String::new() };
    let org = names.parties.iter().find(|(_, id)| *id == fields.owner_org).map_or("", |(name, _)| name);
    let mut values = vec![
        Value::Integer(project.place),
        text(&fields.title),
        text(&basis),
        text(&clause_name(programme, &fields.clause)),
        text(&fields.outcome),
        Value::Integer(fields.quantity),
        text(fields.unit.label()),
        text(org),
        text(&owner),
        fields.from.into(),
        fields.to.into(),
        text(&fields.lead_does),
        text(&fields.nearby_does),
    ];
    for source in &programme.projects.sources {
        let cents = fields.budget.get(&source.id).copied().unwrap_or(0);
        values.push(if cents > 0 { rules::ten_thousands(cents).into() } else { Value::Empty });
    }
    values.push(text(&project.id));
    values.push(Value::Integer(project.version));
    values
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let opened = lists::opened(ctx).await?;
    let names = names(ctx, &opened).await?;
    let rows: Vec<Vec<Value>> = actions::of_list(&mut ctx.tx, &opened.row.id)
        .await?
        .iter()
        .filter(|project| project.ended != Ended::Removed)
        .filter_map(|project| {
            let owner = ctx.names.shown_if_any(project.owner_name.as_ref(), &project.concerned());
            Some(row(&programme, &names, owner, (project, &project.wanted()?)))
        })
        .collect();
    let mut spec = spec(&programme, &opened, &names);
    // A need that is met may still be named by a project: what goes out must be among the choices to come back.
    if let Some(list) = spec.lists.get_mut("需求") {
        for value in rows.iter().filter_map(|row| row.get(2)) {
            if let Value::Text(text) = value
                && !list.contains(text)
            {
                list.push(text.clone());
            }
        }
    }
    let name = format!("{}{}年协作项目清单.xlsx", opened.row.county_name, opened.row.year);
    Ok(Reply::made(name, XLSX, move || write(&spec, [rows]).map_err(Error::internal)))
}

#[derive(Serialize)]
struct ImportView {
    id: String,
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

async fn editable(ctx: &mut RequestContext) -> Result<LoadedList> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open_to_edit(&mut ctx.tx, &programme, &id).await
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = editable(ctx).await?;
    page(&opened, "", &[])
}

fn page(opened: &LoadedList, file_error: &str, problems: &[CellError]) -> Result<Reply> {
    let failed = !file_error.is_empty() || !problems.is_empty();
    let errors = match file_error {
        "" => Vec::new(),
        words => vec![FieldError::new("file", Code::Faulty.says(words))],
    };
    let view = ImportView {
        id: opened.row.id.clone(),
        errors,
        file_error: file_error.to_owned(),
        problems: Problems::of(problems),
    };
    let page = Page::new("从表格导入项目", "先导出这份清单（空的也可以），在表里填好后传回来。")
        .clause("S4.1")
        .back(format!("/lists/{}", opened.row.id), "这份清单")
        .kind("form");
    Ok(Reply::view("planning/projects/import.html", page, &view)?.refused(failed))
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<SentWorkbook>> {
    let opened = editable(ctx).await?;
    let Some(file) = ctx.form.file.take() else {
        let page = page(&opened, "还没有选择文件。请选择填好的表格后再点“检查并导入”。", &[])?;
        return Ok(Prepared::Answered(page));
    };
    let names = names(ctx, &opened).await?;
    let programme = ctx.programme();
    let projects = actions::of_list(&mut ctx.tx, &opened.row.id).await?;
    let mut spec = spec(&programme, &opened, &names);
    if let Some(list) = spec.lists.get_mut("需求") {
        list.extend(projects.iter().filter_map(|project| project.need_title.clone()));
        list.dedup();
    }
    Ok(SentWorkbook::prepare(spec, file))
}

pub async fn import(ctx: &mut RequestContext, sent: SentWorkbook) -> Result<Reply> {
    let opened = editable(ctx).await?;
    let found = match sent.rows {
        Ok(found) => found,
        Err(errors) => return refused(&opened, &errors),
    };
    let names = names(ctx, &opened).await?;
    let projects = actions::of_list(&mut ctx.tx, &opened.row.id).await?;
    let mut errors = Vec::new();
    let (mut made, mut changed) = (0, 0);
    for record in found.sheet(SHEET) {
        match one(ctx, &opened, &names, &projects, record).await? {
            Ok(Some(true)) => made += 1,
            Ok(Some(false)) => changed += 1,
            Ok(None) => {}
            Err(told) => errors.extend(told),
        }
    }
    if !errors.is_empty() {
        return refused(&opened, &errors);
    }
    let text = match (made, changed) {
        (0, 0) => "表格和清单一致，没有要改的。".to_owned(),
        _ => format!("已导入：新增 {made} 项，修改 {changed} 项。表里没有的项目保持不变。"),
    };
    Ok(Reply::done(format!("/lists/{}", opened.row.id), Flash::done(text)))
}

fn refused(opened: &LoadedList, errors: &[CellError]) -> Result<Reply> {
    match errors {
        // The file as a whole cannot be read: that belongs to the field, not into a table of cells.
        [one] if one.sheet.is_empty() => page(opened, &format!("{one}。"), &[]),
        errors => page(opened, "", errors),
    }
}

type RowOutcome = std::result::Result<Option<bool>, Vec<CellError>>;

/// One row: `Some(true)` where it was added, `Some(false)` where it changed one, `None` where nothing differs.
async fn one(
    ctx: &mut RequestContext,
    opened: &LoadedList,
    names: &Names,
    projects: &[ProjectRow],
    record: &Record,
) -> Result<RowOutcome> {
    let programme = ctx.programme();
    let old = projects.iter().find(|project| project.id == record.text("id"));
    let (fields, mut errors) = read_fields(ctx, opened, names, old, record).await?;
    for error in rules::check(&fields, &opened.row, &programme) {
        let key = match error.field.as_str() {
            "owner" => "owner_org",
            field => field,
        };
        if errors.iter().all(|told: &(String, String)| told.0 != key) {
            errors.push((key.to_owned(), error.message));
        }
    }
    if let Some(old) = old
        && old.wanted().as_ref() != Some(&fields)
        && record.integer("version") != Some(old.version)
    {
        let words = "这一项在导出之后被别人改过，请重新导出，在新的表上改。".to_owned();
        errors.push(("title".to_owned(), words));
    }
    if !errors.is_empty() {
        let cell = |(key, words): &(String, String)| record.error(key, words.trim_end_matches('。'), "");
        return Ok(Err(errors.iter().map(cell).collect()));
    }
    match old {
        None => {
            actions::add(&mut ctx.tx, &programme, opened, &fields, None, true).await?;
            Ok(Ok(Some(true)))
        }
        Some(old) if old.wanted().as_ref() == Some(&fields) => Ok(Ok(None)),
        Some(old) => {
            let found = super::find(&mut ctx.tx, &old.id).await?;
            actions::edit(&mut ctx.tx, &programme, opened, &found, old.version, &fields).await?;
            Ok(Ok(Some(false)))
        }
    }
}

async fn read_fields(
    ctx: &mut RequestContext,
    opened: &LoadedList,
    names: &Names,
    old: Option<&ProjectRow>,
    record: &Record,
) -> Result<(Fields, Wrong)> {
    let programme = ctx.programme();
    let mut errors = Vec::new();
    let basis_text = record.text("basis");
    let (basis, need) = match basis_text {
        HIGHLIGHT => ("highlight", None),
        DUTY => ("duty", None),
        title => {
            let kept =
                old.filter(|old| old.need_title.as_deref() == Some(title)).and_then(|old| old.need.clone());
            let found = names.needs.iter().find(|need| need.title == title).map(|need| need.id.clone());
            ("need", kept.or(found))
        }
    };
    let clause = match record.text("clause").split_whitespace().next() {
        Some(id) => id.to_owned(),
        None => match names.needs.iter().find(|one| Some(&one.id) == need.as_ref()) {
            Some(need) => need.clause.clone(),
            None if basis == "highlight" => programme.projects.highlight_clause.clone(),
            None => String::new(),
        },
    };
    let org = names.parties.iter().find(|(name, _)| name == record.text("owner_org"));
    let owner_org = org.map(|(_, id)| id.clone()).unwrap_or_default();
    let owner = owner(ctx, record, &owner_org, &mut errors).await?;
    let (budget, wrong) = rules::budget(&programme, |key| record.text(key));
    errors.extend(wrong.into_iter().map(|(key, _)| (key, "应是数字，单位万元，最多四位小数".to_owned())));
    let unit = names.units.iter().find(|unit| unit.label() == record.text("unit"));
    let fields = Fields {
        title: record.text("title").to_owned(),
        clause,
        basis: basis.to_owned(),
        need,
        outcome: record.text("outcome").to_owned(),
        quantity: record.integer("quantity").unwrap_or(0),
        unit: unit.copied().unwrap_or(Unit::Items),
        owner_org,
        owner,
        from: record.date("from").unwrap_or_default(),
        to: record.date("to").unwrap_or_default(),
        lead_does: record.text("lead_does").to_owned(),
        nearby_does: record.text("nearby_does").to_owned(),
        budget,
    };
    debug_assert!(opened.can(Action::Edit), "asked before the file was read");
    Ok((fields, errors))
}

/// Key of the column, and what is wrong there.
type Wrong = Vec<(String, String)>;

/// The person of that name at the organisation that answers for the project.
async fn owner(
    ctx: &mut RequestContext,
    record: &Record,
    org: &str,
    errors: &mut Wrong,
) -> Result<Option<String>> {
    if record.text("owner").is_empty() || org.is_empty() {
        return Ok(None);
    }
    let people = registry::people_at(&mut ctx.tx, org, ctx.today, ctx.today).await?;
    let found =
        people.into_iter().find(|person| person.name.whole() == record.text("owner")).map(|person| person.id);
    if found.is_none() {
        let words = "责任单位现在没有这个人在册，请核对姓名，或先登记任职";
        errors.push(("owner".to_owned(), words.to_owned()));
    }
    Ok(found)
}
