//! Asking for the accounts of many units with one workbook.

use super::super::workbook::{self, SHEET};
use crate::shared::imports::{self, About, Outcome, Report, Sent};
use jiedui_documents::{CellError, Record};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_store::AuditRecord;
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

pub async fn form(_: &mut RequestContext) -> Result<Reply> {
    page("", &[])
}

fn page(file_error: &str, problems: &[CellError]) -> Result<Reply> {
    let errors: Vec<FieldError> = (!file_error.is_empty())
        .then(|| FieldError::new("file", Code::Faulty.says(file_error)))
        .into_iter()
        .collect();
    let failed = !errors.is_empty() || !problems.is_empty();
    let view = FormView { errors, file_error: file_error.to_owned(), problems: Problems::of(problems) };
    let lead = "一份表格申请许多单位的账号；安全管理员可以一次批准，打印开通码分发。";
    let page = Page::new("批量申请账号", lead).back("/accounts/requests", "账号申请").kind("form");
    Ok(Reply::view("identity/admin/import.html", page, &view)?.refused(failed))
}

pub async fn template(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, units) = (ctx.programme(), workbook::units(&mut ctx.tx).await?);
    Ok(Reply::made("账号申请表.xlsx", XLSX, move || workbook::template(&programme.access, &units)))
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    match imports::receive(ctx).await? {
        Some(received) => Ok(imports::prepare(workbook::description(&ctx.programme().access), received)),
        None => Ok(Prepared::Answered(page("还没有选择文件。请选择填好的表格后再提交。", &[])?)),
    }
}

pub async fn submit(ctx: &mut RequestContext, mut sent: Sent) -> Result<Reply> {
    if let Some(reply) = imports::cancelled(ctx, &sent, "/accounts/requests").await? {
        return Ok(reply);
    }
    let read = match sent.rows() {
        Ok(read) => read,
        Err(errors) => return told(&errors),
    };
    let (programme, records) = (ctx.programme(), read.sheet(SHEET).collect::<Vec<&Record>>());
    let mut report = Report::of(&read);
    let rows = workbook::looked_at(&mut ctx.tx, &programme.access, &records, &mut report).await?;
    if !report.errors.is_empty() {
        return told(&report.faults());
    }
    let about = About { back: ("/accounts/requests".to_owned(), "账号申请"), carried: Vec::new() };
    if let Some(preview) = imports::look(ctx, &sent, &report, &about).await? {
        return Ok(preview);
    }
    // From here on it may write.
    let asked = workbook::ask(&mut ctx.tx, &rows).await?;
    let left_out = match report.count(Outcome::LeftOut) {
        0 => String::new(),
        rows => format!("；{rows} 行没有填姓名或账号，没有申请"),
    };
    let mut flash = match report.count(Outcome::Made) {
        0 => Flash::problem("表里没有填好姓名和账号的行，没有提出申请。"),
        asked => Flash::done(format!("已提出 {asked} 项申请{left_out}。安全管理员批准后生效。")),
    };
    if report.writes() {
        let kept = (sent.book(), &report);
        let undo = imports::keep_done(&mut ctx.tx, &workbook::IMPORT, kept, &asked).await?;
        flash = flash.undo(undo, "撤销这次导入");
        let file = AuditRecord {
            action: "account_request.import",
            resource: "import",
            resource_id: &sent.book().sha256,
        };
        ctx.tx.audit(file, &sent.record(&report)).await?;
    }
    Ok(Reply::done("/accounts/requests", flash))
}

fn told(errors: &[CellError]) -> Result<Reply, Error> {
    match errors {
        [one] if one.sheet.is_empty() => page(&format!("{one}。"), &[]),
        errors => page("", errors),
    }
}
