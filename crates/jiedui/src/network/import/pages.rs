//! The import page, its result, the templates and the export.

use super::Count;
use super::Report;
use super::actions;
use super::workbook::export as exports;
use super::workbook::spec;
use crate::network::registry;
use crate::shared::background::{JobKind, Made, Output, Task, Work, Wrote};
use crate::shared::imports::{self, About};
use crate::shared::jobs::{self, NewJob};
use jiedui_documents::{CellError, template as empty_workbook, write_csv};
use jiedui_kernel::{Code, Error, FieldError, Reported, Result, Unit};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::{CSV, XLSX};
use jiedui_web::figure::Figure;
use jiedui_web::form::Upload;
use jiedui_web::problem::{Problem, Problems, SHOWN};
use jiedui_web::reply::{Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use jiedui_web::workbook::SentWorkbook;
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct FormView {
    sheets: Vec<SheetLink>,
    /// What is wrong with the file as a whole.
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

#[derive(Serialize)]
struct SheetLink {
    href: String,
    name: &'static str,
}

pub async fn form(_cx: &mut RequestContext) -> Result<Reply> {
    form_page("", &[])
}

fn form_page(file_error: &str, problems: &[CellError]) -> Result<Reply> {
    let failed = !file_error.is_empty() || !problems.is_empty();
    let errors = match file_error {
        "" => Vec::new(),
        words => vec![FieldError::new("file", Code::Faulty.says(words))],
    };
    let view = FormView {
        sheets: spec::SHEETS
            .map(|(id, name)| SheetLink { href: format!("/import/template/{id}.csv"), name })
            .into(),
        errors,
        file_error: file_error.to_owned(),
        problems: Problems::of(problems),
    };
    let page = Page::new("导入名录与结对", "用一份表格登记院校、人员、沿革和结对关系，全部无误才会写入。")
        .clause("G1.1")
        .clause("G1.2")
        .kind("form");
    Ok(Reply::view("network/import/import.html", page, &view)?.refused(failed))
}

#[derive(Serialize)]
struct ResultView {
    wrote: bool,
    sheets: Vec<SheetResult>,
    changes: Vec<String>,
    more_changes: usize,
    warnings: Vec<Problem>,
    more_warnings: usize,
    /// Where all of it is taken back; none where nothing was written.
    undo: Option<String>,
}

#[derive(Serialize)]
struct SheetResult {
    name: &'static str,
    made: Figure,
    changed: Figure,
    same: Figure,
}

impl SheetResult {
    fn new(name: &'static str, count: Count) -> Self {
        let (unit, href) = match name {
            spec::SCHOOLS => (Unit::Schools, "/registry?kind=school"),
            spec::PAIRINGS => (Unit::Pairings, "/pairings"),
            _ => (Unit::Entries, "/registry?kind=school"),
        };
        let figure = |number: u32, what: &str| {
            Figure::of(Reported::Value(i64::from(number)), unit, href, format!("{name}{what}"))
        };
        Self {
            name,
            made: figure(count.made, "新增"),
            changed: figure(count.changed, "更新"),
            same: figure(count.same, "未变"),
        }
    }
}

const CHANGED: &str = "院校库或结对刚被改过，没有写入。请再确认一次：会先按现在的内容重新核对。";

/// A file that is larger than this is read and taken in in the background.
const AT_ONCE: usize = 256 * 1024;

/// What was sent in.
pub enum Sent {
    Read(Box<imports::Sent>),
    Large {
        file: Upload,
        /// Nobody has seen yet what it would do.
        looks: bool,
    },
}

/// The field of a large file that was looked at.
const SEEN: &str = "seen";

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    // The same file may hold both.
    ctx.require("pairing", "import")?;
    let Some(received) = imports::receive(ctx).await? else {
        let page = form_page("还没有选择文件。请选择填好的表格后再点“检查并导入”。", &[])?;
        return Ok(Prepared::Answered(page));
    };
    if received.size() > AT_ONCE {
        // A program that sends the file alone wants it taken in.
        let looks = imports::is_looked_at(ctx) && ctx.form.values.get(SEEN).is_empty();
        let large = move || Ok(Sent::Large { file: received.into_upload(), looks });
        return Ok(Prepared::work(Kind::Reading, large));
    }
    let description = spec::workbook(&registry::divisions(&mut ctx.tx).await?);
    let read = move || Ok(Sent::Read(Box::new(received.read(&description))));
    Ok(Prepared::work(Kind::Reading, read))
}

pub async fn submit(ctx: &mut RequestContext, sent: Sent) -> Result<Reply> {
    let mut sent = match sent {
        Sent::Read(sent) => sent,
        Sent::Large { file, looks } => {
            ctx.begin_writing().await?;
            let kind = if looks { &LOOK } else { &IMPORT };
            let input = Some((file.name.as_str(), file.bytes.as_ref()));
            let new = NewJob { kind: kind.id, title: kind.name, args: String::new(), input };
            let queued = jobs::queue(&mut ctx.tx, &new).await.or_wrong()?;
            return match queued {
                Ok(id) => Ok(jobs::queued(&id)),
                Err(errors) => form_page(errors.first().map_or("", |error| &error.message), &[]),
            };
        }
    };
    if let Some(reply) = imports::cancelled(ctx, &sent, "/import").await? {
        return Ok(reply);
    }
    let (since, rows) = (ctx.programme().calendar.in_use_since, sent.rows());
    let checked = super::check(&mut ctx.tx, since, &rows).await?;
    match checked.report.errors.as_slice() {
        [] => {}
        // The file as a whole cannot be read: that belongs to the field, not into a table of cells.
        [one] if one.sheet.is_empty() => return form_page(&format!("{one}。"), &[]),
        errors => return form_page("", errors),
    }
    let mut shown = rows.as_ref().map_or_else(|_| imports::Report::default(), imports::Report::of);
    checked.report.show(&mut shown);
    let about = About { back: ("/import".to_owned(), "导入名录与结对"), carried: Vec::new() };
    if let Some(preview) = imports::look(ctx, &sent, &shown, &about).await? {
        return Ok(preview);
    }
    // From here on it may write.
    let checked = match super::check_again(&mut ctx.tx, since, &rows, &checked).await? {
        None => checked,
        Some(again) if again.report == checked.report => again,
        Some(_) => return Err(Error::Conflict(CHANGED.to_owned())),
    };
    let before = actions::before(&mut ctx.tx, &rows, checked.revision).await?;
    super::write(&mut ctx.tx, &checked, sent.book()).await?;
    let undo = actions::keep(&mut ctx.tx, before, (sent.book(), &checked.report)).await?;
    result_page(&checked.report, undo)
}

/// What it would do, found out in the background: nothing of it stays.
pub const LOOK: JobKind = JobKind {
    id: "registry.look",
    name: "预览名录与结对的导入",
    right: ("registry", "import"),
    work: Work::Make(|task, output| Box::pin(look(task, output))),
};

async fn look(task: &Task, output: Output) -> Result<Made> {
    let sent = sent_of(task).await?;
    task.progress.begin("正在核对", None);
    let mut tx = task.app.db.read(Arc::clone(&task.actor)).await?;
    let since = task.app.programme().calendar.in_use_since;
    let report = super::check(&mut tx, since, &sent.rows).await?.plainly().report;
    drop(tx);
    if !report.errors.is_empty() {
        return Err(refused(&report));
    }
    let mut shown = imports::Report::default();
    report.show(&mut shown);
    let stream = output.workbook(imports::book());
    stream.rows(shown.lines()).await?;
    stream.finish().await?;
    let [made, changed] = [imports::Outcome::Made, imports::Outcome::Changed].map(|one| shown.count(one));
    let words = format!(
        "还没有写入：新增 {made} 项，修改 {changed} 项，相同 {} 项。看过预览以后再上传一次，并勾选“已看过预览”，才写入。",
        shown.unchanged()
    );
    Ok(Made { file: "导入预览.xlsx".to_owned(), words })
}

/// The same in the background.
pub const IMPORT: JobKind = JobKind {
    id: "registry.import",
    name: "导入名录与结对",
    right: ("registry", "import"),
    work: Work::Write(|task| Box::pin(write(task))),
};

/// What came with a job, read.
async fn sent_of(task: &Task) -> Result<SentWorkbook> {
    // The same file may hold both.
    if !task.app.can(&task.actor, "pairing", "import") {
        return Err(Error::Forbidden("pairing.import".to_owned()));
    }
    task.progress.begin("正在读取表格", None);
    let divisions = registry::divisions(&mut task.app.db.read(Arc::clone(&task.actor)).await?).await?;
    let (name, bytes) = task.input.clone();
    let read = move || SentWorkbook::read(&spec::workbook(&divisions), &bytes, &name);
    tokio::task::spawn_blocking(read).await.map_err(Error::internal)
}

async fn write(task: &Task) -> Result<Wrote> {
    let sent = sent_of(task).await?;
    task.progress.begin("正在核对并写入", None);
    let since = task.app.programme().calendar.in_use_since;
    match super::take_in(&task.app.db, &task.actor, since, sent).await? {
        (report, Some(tx)) => Ok(Wrote { tx, words: report.summary() }),
        (report, None) => Err(refused(&report)),
    }
}

/// Everything that is wrong, for the page of the job.
fn refused(report: &Report) -> Error {
    let lines = report.errors.iter().take(SHOWN).map(|error| format!("{error}。"));
    let more = report.errors.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("另有 {more} 处没有列出。"));
    let lines =
        ["有错误，什么也没有写入。改好后请重新上传。".to_owned()].into_iter().chain(lines).chain(more);
    Error::Invalid(lines.map(|line| FieldError::new("file", Code::Faulty.says(line))).collect())
}

fn result_page(report: &Report, undo: Option<String>) -> Result<Reply> {
    let view = ResultView {
        wrote: report.wrote(),
        sheets: report.counts().map(|(name, count)| SheetResult::new(name, count)).collect(),
        changes: report.changes.iter().take(SHOWN).cloned().collect(),
        more_changes: report.changes.len().saturating_sub(SHOWN),
        warnings: report.warnings.iter().take(SHOWN).map(Problem::from).collect(),
        more_warnings: report.warnings.len().saturating_sub(SHOWN),
        undo,
    };
    let lead = if view.wrote {
        "全部检查通过，已经写入并记入审计日志。"
    } else {
        "文件内容与库中一致，没有重复写入。"
    };
    let page = Page::new(if view.wrote { "导入完成" } else { "没有需要更新的内容" }, lead)
        .clause("G1.1")
        .back("/import", "导入名录与结对")
        .kind("detail");
    Reply::view("network/import/result.html", page, &view)
}

pub async fn template(ctx: &mut RequestContext) -> Result<Reply> {
    let divisions = registry::divisions(&mut ctx.tx).await?;
    let make = move || empty_workbook(&spec::workbook(&divisions)).map_err(Error::internal);
    Ok(Reply::made("院校名录与结对导入模板.xlsx", XLSX, make))
}

pub async fn csv_template(ctx: &mut RequestContext) -> Result<Reply> {
    let asked = ctx.param("id");
    let id = asked.strip_suffix(".csv").unwrap_or(&asked);
    let name =
        spec::SHEETS.iter().find(|(key, _)| *key == id).map(|(_, name)| *name).ok_or(Error::NotFound)?;
    let divisions = registry::divisions(&mut ctx.tx).await?;
    Ok(Reply::made(format!("{name}.csv"), CSV, move || {
        let workbook = spec::workbook(&divisions);
        let sheet = workbook.sheets.iter().find(|sheet| sheet.name == name).ok_or(Error::NotFound)?;
        write_csv(sheet, Vec::new()).map_err(Error::internal)
    }))
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let book = exports::Book::read(&mut ctx.tx).await?;
    Ok(Reply::made(format!("院校名录与结对-{}.xlsx", ctx.today), XLSX, move || book.write()))
}
