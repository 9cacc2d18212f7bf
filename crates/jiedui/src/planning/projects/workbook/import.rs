//! A list that comes back. A column that the file does not have leaves its values alone.

use super::export::{DUTY, HIGHLIGHT, Names, SHEET, is_named, names, row, spec};
use super::rows::{Origin, RowMark, origins};
use crate::network::registry;
use crate::planning::projects::actions;
use crate::planning::projects::data::{Ended, ProjectRow};
use crate::planning::projects::rules::{self, Fields, LoadedList};
use crate::shared::imports::{self, About, Report, Sent};
use crate::shared::review::Action;
use crate::shared::taken_back::{ImportKind, TakenBack};
use jiedui_documents::{CellError, Record, Sheet};
use jiedui_kernel::names::fold;
use jiedui_kernel::{Code, Error, FieldError, Result, Unit};
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::history::{self, HistoryEntry};
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::Prepared;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// More rows than this in one file come in one after the other: the writer is held while they are written.
const MOST_ROWS: usize = 60;
const CHANGED: &str = "清单刚被改过，没有写入。请看过现在的清单，再重新上传。";

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

fn refused(opened: &LoadedList, errors: &[CellError]) -> Result<Reply> {
    match errors {
        // The file as a whole cannot be read: that belongs to the field, not into a table of cells.
        [one] if one.sheet.is_empty() => page(opened, &format!("{one}。"), &[]),
        errors => page(opened, "", errors),
    }
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let opened = editable(ctx).await?;
    let Some(received) = imports::receive(ctx).await? else {
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
    Ok(imports::prepare(spec, received))
}

/// What one import works on.
struct Book<'a> {
    opened: &'a LoadedList,
    names: Names,
    sheet: Sheet,
    /// Those that a row may be, each with what it says now.
    projects: Vec<(ProjectRow, Fields)>,
}

pub async fn import(ctx: &mut RequestContext, mut sent: Sent) -> Result<Reply> {
    let opened = editable(ctx).await?;
    let list = format!("/lists/{}", opened.row.id);
    if let Some(reply) = imports::cancelled(ctx, &sent, &list).await? {
        return Ok(reply);
    }
    let found = match sent.rows() {
        Ok(found) => found,
        Err(errors) => return refused(&opened, &errors),
    };
    let names = names(ctx, &opened).await?;
    let sheet = spec(&ctx.programme(), &opened, &names).sheets.swap_remove(0);
    let projects = actions::of_list(&mut ctx.tx, &opened.row.id).await?;
    let projects = projects.into_iter().filter(|project| project.ended != Ended::Removed);
    let projects = projects.filter_map(|project| Some((project.wanted()?, project)));
    let projects = projects.map(|(fields, project)| (project, fields)).collect();
    let book = Book { opened: &opened, names, sheet, projects };
    let (mut report, mut planned) = (Report::of(&found), Vec::new());
    let records: Vec<&Record> = found.sheet(SHEET).collect();
    if records.len() > MOST_ROWS {
        let words = format!(
            "一次最多导入 {MOST_ROWS} 项，这份有 {} 项，请分几次导入；表里没有的项目保持不变。",
            records.len()
        );
        return page(&opened, &words, &[]);
    }
    for (record, origin) in records.iter().zip(recognised(&records, &book.projects)) {
        planned.extend(one(ctx, &book, (*record, &origin), &mut report).await?);
    }
    if !report.errors.is_empty() {
        return refused(&opened, &report.faults());
    }
    let about = About { back: (list.clone(), "这份清单"), carried: Vec::new() };
    if let Some(preview) = imports::look(ctx, &sent, &report, &about).await? {
        return Ok(preview);
    }
    let text = format!("{}表里没有的项目保持不变。", report.summary());
    if !report.writes() {
        return Ok(Reply::done(list, Flash::done(text)));
    }
    // From here on it may write. What was looked at is written as long as nobody changed the list since.
    let now = editable(ctx).await?;
    if now.row.revision != opened.row.revision {
        return Err(Error::Conflict(CHANGED.to_owned()));
    }
    let done = written(ctx, &now, &planned).await?;
    let kept = (sent.book(), &report);
    let of = (&opened.row.id, &done.mark);
    let undo = imports::keep_done(&mut ctx.tx, &FROM_TABLE, kept, &of).await?;
    let change = json!({ "file": sent.record(&report), "done": done });
    record_step(ctx, &opened.row.id, ("import", &report.summary()), change).await?;
    Ok(Reply::done(&list, Flash::done(text).undo(undo, "撤销这次导入")))
}

/// What a row comes to: a project that is added, or one that is changed.
struct Planned {
    /// Id, version and what it said before.
    old: Option<(String, i64, Fields)>,
    fields: Fields,
}

/// Writes what was looked at: few statements for each row, and nothing of the file is checked again.
async fn written(ctx: &mut RequestContext, opened: &LoadedList, planned: &[Planned]) -> Result<Done> {
    let programme = ctx.programme();
    let mut done = Done { mark: ctx.tx.new_id(), ..Done::default() };
    for Planned { old, fields } in planned {
        let Some((id, version, before)) = old else {
            done.made.push(actions::add(&mut ctx.tx, &programme, opened, fields, None, true).await?);
            continue;
        };
        let found = crate::planning::projects::find(&mut ctx.tx, id).await?;
        actions::edit(&mut ctx.tx, &programme, opened, &found, *version, fields).await?;
        done.changed.push((id.clone(), before.clone()));
    }
    Ok(done)
}

/// What an import did, by which it is taken back.
#[derive(Default, Serialize, Deserialize)]
struct Done {
    /// By which this import is told from another of the same file.
    mark: String,
    made: Vec<String>,
    /// Projects that were changed, with what they said before.
    changed: Vec<(String, Fields)>,
}

/// A line of the list's history, about the list as it is now.
async fn record_step(
    ctx: &mut RequestContext,
    id: &str,
    (kind, reason): (&'static str, &str),
    change: serde_json::Value,
) -> Result<()> {
    let programme = ctx.programme();
    let revision = actions::open(&mut ctx.tx, &programme, id).await?.row.revision;
    let entry = HistoryEntry { resource: "project_list", id, kind, reason, revision, change };
    history::record(&mut ctx.tx, &entry).await
}

/// The way back from one table.
pub const FROM_TABLE: ImportKind = ImportKind {
    id: "project_list",
    name: "项目清单",
    right: ("project", "draft"),
    take_back: |ctx, done| Box::pin(take_back(ctx, done)),
};

async fn take_back(ctx: &mut RequestContext, done: &str) -> Result<TakenBack> {
    let (list, mark): (String, String) = serde_json::from_str(done).map_err(Error::internal)?;
    match undo_last(ctx, &list, &mark).await {
        Ok(number) => Ok(TakenBack::Done(number)),
        Err(Error::Conflict(words) | Error::NotNow(words)) => Ok(TakenBack::Built(vec![words])),
        Err(other) => Err(other),
    }
}

/// Takes an import back as a whole, while it is the last thing that was done to the list.
async fn undo_last(ctx: &mut RequestContext, list: &str, mark: &str) -> Result<usize> {
    let programme = ctx.programme();
    let opened = actions::open_to_edit(&mut ctx.tx, &programme, list).await?;
    let last = history::of(&mut ctx.tx, list).await?.pop();
    let last = last.filter(|step| step.kind == "import" && step.revision == opened.row.revision);
    let change = last.and_then(|step| serde_json::from_str::<serde_json::Value>(&step.change).ok());
    let done: Option<Done> =
        change.and_then(|change| serde_json::from_value(change.get("done")?.clone()).ok());
    let Some(done) = done.filter(|done| done.mark == mark) else {
        let words = "清单在导入以后又改过，或者已经撤销，不能整批撤销；请逐项修改。";
        return Err(Error::Conflict(words.to_owned()));
    };
    for id in &done.made {
        let found = crate::planning::projects::find(&mut ctx.tx, id).await?;
        actions::remove(&mut ctx.tx, &opened, &found, found.version).await?;
    }
    for (id, before) in &done.changed {
        let found = crate::planning::projects::find(&mut ctx.tx, id).await?;
        actions::edit(&mut ctx.tx, &programme, &opened, &found, found.version, before).await?;
    }
    let number = done.made.len() + done.changed.len();
    let change = json!({ "rows": number });
    record_step(ctx, list, ("undo_import", ""), change).await?;
    Ok(number)
}

fn recognised(records: &[&Record], projects: &[(ProjectRow, Fields)]) -> Vec<Origin> {
    let of_row = |record: &&Record| RowMark {
        id: record.text("id").to_owned(),
        title: fold(record.text("title")),
        period: (record.date("from").unwrap_or_default(), record.date("to").unwrap_or_default()),
    };
    let of_project = |(project, fields): &(ProjectRow, Fields)| RowMark {
        id: project.id.clone(),
        title: fold(&fields.title),
        period: (fields.from, fields.to),
    };
    let places: Vec<u32> = records.iter().map(|record| record.row).collect();
    let rows: Vec<RowMark> = records.iter().map(of_row).collect();
    origins(&rows, &places, &projects.iter().map(of_project).collect::<Vec<_>>())
}

/// One row: a project that is added, changed, or as it is. Nothing is written yet.
async fn one(
    ctx: &mut RequestContext,
    book: &Book<'_>,
    (record, origin): (&Record, &Origin),
    report: &mut Report,
) -> Result<Option<Planned>> {
    let programme = ctx.programme();
    let old = origin.project.and_then(|at| book.projects.get(at));
    let (fields, mut errors) = read_fields(ctx, book, old, record).await?;
    for error in rules::check(&fields, &book.opened.row, &programme) {
        let key = match error.field.as_str() {
            "owner" => "owner_org",
            field => field,
        };
        if errors.iter().all(|told: &(String, String)| told.0 != key) {
            errors.push((key.to_owned(), error.message));
        }
    }
    let same = old.is_some_and(|(_, before)| *before == fields);
    if let Some((project, _)) = old
        && project.ended != Ended::Not
        && !same
    {
        errors.push(("title".to_owned(), "这一项已经结束，不能再改，请从表里删除这一行".to_owned()));
    }
    if !errors.is_empty() {
        let cell = |(key, words): &(String, String)| record.error(key, words.trim_end_matches('。'), "");
        report.errors.extend(errors.iter().map(cell));
        return Ok(None);
    }
    let title = fields.title.clone();
    let Some((project, before)) = old else {
        report.made(record, &title);
        if !origin.why.is_empty() {
            report.ask(record, &title, &origin.why);
        }
        return Ok(Some(Planned { old: None, fields }));
    };
    if same {
        report.same();
        return Ok(None);
    }
    let later = record.integer("version").is_some_and(|version| version != project.version);
    if later {
        report.ask(
            record,
            &title,
            "这一项在导出之后又改过，写入会换掉后来的内容；请看清“修改”里的前后两个值",
        );
    }
    let changes = changes(ctx, book, (project, before), &fields, record);
    report.changed(record, &title, changes, &origin.why);
    let old = Some((project.id.clone(), project.version, before.clone()));
    Ok(Some(Planned { old, fields }))
}

/// What the row says now and what it said before, by the headings of the sheet.
fn changes(
    ctx: &mut RequestContext,
    book: &Book<'_>,
    (project, before): (&ProjectRow, &Fields),
    after: &Fields,
    record: &Record,
) -> Vec<[String; 3]> {
    let programme = ctx.programme();
    let cells = |fields: &Fields| row(&programme, &book.names, String::new(), (project, fields));
    let aside = ["place", "owner", "id", "version"];
    let mut told = imports::differences(&book.sheet, (&cells(before), &cells(after)), &aside);
    if before.owner != after.owner {
        let old = ctx.names.shown_if_any(project.owner_name.as_ref(), &project.concerned());
        let new = if after.owner.is_some() { record.text("owner").to_owned() } else { String::new() };
        told.push(["责任人".to_owned(), old, new]);
    }
    told
}

/// Key of the column, and what is wrong there.
type Wrong = Vec<(String, String)>;

async fn read_fields(
    ctx: &mut RequestContext,
    book: &Book<'_>,
    old: Option<&(ProjectRow, Fields)>,
    record: &Record,
) -> Result<(Fields, Wrong)> {
    let (programme, names, mut errors) = (ctx.programme(), &book.names, Wrong::new());
    let before = old.map(|(_, fields)| fields);
    let (basis, need) = basis(names, old.map(|(project, _)| project), record.text("basis"));
    let org = names.parties.iter().find(|(name, _)| fold(name) == fold(record.text("owner_org")));
    let owner_org = org.map(|(_, id)| id.clone()).unwrap_or_default();
    let stays = !record.has("owner") || old.is_some_and(|old| is_as_exported(ctx, old, record.text("owner")));
    let owner = match before.filter(|before| stays && before.owner_org == owner_org) {
        Some(before) => before.owner.clone(),
        None => owner(ctx, record, &owner_org, &mut errors).await?,
    };
    let clause = match before.filter(|before| !record.has("clause") && before.basis == basis) {
        Some(before) => before.clause.clone(),
        None => clause(&programme, names, (basis, need.as_ref()), record.text("clause")),
    };
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
        lead_does: text(record, "lead_does", before.map(|before| &before.lead_does)),
        nearby_does: text(record, "nearby_does", before.map(|before| &before.nearby_does)),
        budget: budget(&programme, before, record, &mut errors),
    };
    debug_assert!(book.opened.can(Action::Edit), "asked before the file was read");
    Ok((fields, errors))
}

/// What the file has no column for stays as it is.
fn text(record: &Record, key: &str, before: Option<&String>) -> String {
    match before {
        Some(before) if !record.has(key) => before.clone(),
        _ => record.text(key).to_owned(),
    }
}

/// Why there is the project, and the need that it answers.
fn basis(names: &Names, old: Option<&ProjectRow>, text: &str) -> (&'static str, Option<String>) {
    match text {
        HIGHLIGHT => ("highlight", None),
        DUTY => ("duty", None),
        title => {
            let is_it = |name: &str| fold(name) == fold(title);
            let old = old.filter(|old| old.need_title.as_deref().is_some_and(is_it));
            let found = names.needs.iter().find(|need| is_it(&need.title)).map(|need| need.id.clone());
            ("need", old.and_then(|old| old.need.clone()).or(found))
        }
    }
}

fn clause(
    programme: &Programme,
    names: &Names,
    (basis, need): (&str, Option<&String>),
    text: &str,
) -> String {
    match text.split_whitespace().next() {
        Some(id) => id.to_owned(),
        None => match names.needs.iter().find(|one| Some(&one.id) == need) {
            Some(need) => need.clause.clone(),
            None if basis == "highlight" => programme.projects.highlight_clause.clone(),
            None => String::new(),
        },
    }
}

fn budget(
    programme: &Programme,
    before: Option<&Fields>,
    record: &Record,
    errors: &mut Wrong,
) -> BTreeMap<String, i64> {
    let (mut budget, wrong) = rules::budget(programme, |key| record.text(key));
    errors.extend(wrong.into_iter().map(|(key, _)| (key, "应是数字，单位万元，最多四位小数".to_owned())));
    let absent = programme.projects.sources.iter().filter(|one| !record.has(&format!("budget-{}", one.id)));
    for source in absent {
        if let Some(cents) = before.and_then(|before| before.budget.get(&source.id)) {
            budget.insert(source.id.clone(), *cents);
        }
    }
    budget
}

/// Whether who answers for a project is written as the export writes it: masked perhaps, or of somebody who has left since.
fn is_as_exported(ctx: &mut RequestContext, (project, before): &(ProjectRow, Fields), written: &str) -> bool {
    let name = project.owner_name.as_ref().filter(|_| is_named(project, before));
    fold(&ctx.names.shown_if_any(name, &project.concerned())) == fold(written)
}

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
    let named = fold(record.text("owner"));
    let found = people.into_iter().find(|person| fold(person.name.whole()) == named).map(|person| person.id);
    if found.is_none() {
        let words = "责任单位现在没有这个人在册，请核对姓名，或先登记任职";
        errors.push(("owner".to_owned(), words.to_owned()));
    }
    Ok(found)
}
