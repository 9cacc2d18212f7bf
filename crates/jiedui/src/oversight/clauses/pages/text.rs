//! The office loads the words of the plan, and removes them.

use super::super::{actions, workbook};
use crate::shared::imports::{self, About, Sent};
use jiedui_documents::{CellError, template as empty_workbook};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::problem::Problems;
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;

const HERE: &str = "/clauses/text";

#[derive(Serialize)]
struct FormView {
    /// The version for which a file is loaded.
    version: String,
    editions: Vec<String>,
    errors: Vec<FieldError>,
    file_error: String,
    problems: Problems,
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, "", &[]).await
}

async fn page(ctx: &mut RequestContext, file_error: &str, problems: &[CellError]) -> Result<Reply> {
    let failed = !file_error.is_empty() || !problems.is_empty();
    let errors = match file_error {
        "" => Vec::new(),
        words => vec![FieldError::new("file", Code::Faulty.says(words))],
    };
    let programme = ctx.programme();
    let view = FormView {
        version: programme.meta.version.clone(),
        editions: actions::editions(&mut ctx.tx, &programme).await?,
        errors,
        file_error: file_error.to_owned(),
        problems: Problems::of(problems),
    };
    let lead = "载入以后，各页面的条目编号点开就是原文；程序本身不带原文。";
    let page = Page::new("载入方案原文", lead).back("/clauses", "行动方案条目").kind("form");
    Ok(Reply::view("oversight/clauses/text.html", page, &view)?.refused(failed))
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    match imports::receive(ctx).await? {
        Some(received) => Ok(imports::prepare(workbook::description(), received)),
        None => {
            let missing = "还没有选择文件。请选择填好的表格后再点“检查并载入”。";
            Ok(Prepared::Answered(page(ctx, missing, &[]).await?))
        }
    }
}

pub async fn submit(ctx: &mut RequestContext, mut sent: Sent) -> Result<Reply> {
    if let Some(reply) = imports::cancelled(ctx, &sent, HERE).await? {
        return Ok(reply);
    }
    let found = match sent.rows() {
        Ok(found) => found,
        Err(errors) => return refused(ctx, &errors).await,
    };
    let programme = ctx.programme();
    let report = actions::take_in(&mut ctx.tx, &programme, &found).await?;
    if !report.errors.is_empty() {
        return refused(ctx, &report.faults()).await;
    }
    let about = About { back: (HERE.to_owned(), "载入方案原文"), carried: Vec::new() };
    if let Some(preview) = imports::look(ctx, &sent, &report, &about).await? {
        return Ok(preview);
    }
    if report.writes() {
        actions::leave_leaf(&mut ctx.tx, &programme, &sent.record(&report)).await?;
    }
    Ok(Reply::done("/clauses", Flash::done(report.summary())))
}

async fn refused(ctx: &mut RequestContext, errors: &[CellError]) -> Result<Reply> {
    match errors {
        // The file as a whole cannot be read: that belongs to the field, not into a table of cells.
        [one] if one.sheet.is_empty() => page(ctx, &format!("{one}。"), &[]).await,
        errors => page(ctx, "", errors).await,
    }
}

pub async fn remove(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, edition) = (ctx.programme(), ctx.form.values.get("edition").to_owned());
    actions::remove(&mut ctx.tx, &programme, &edition).await?;
    Ok(Reply::done(HERE, Flash::done("已移除。各页面又只显示系统的概括。")))
}

pub async fn template(_: &mut RequestContext) -> Result<Reply> {
    let make = || empty_workbook(&workbook::form()).map_err(Error::internal);
    Ok(Reply::made("方案原文.xlsx", XLSX, make))
}
