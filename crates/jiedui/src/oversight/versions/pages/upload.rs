//! A whole programme, packed, as somebody wrote it in files.

use super::super::{actions, rules};
use super::told;
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_programme::load;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    file_error: String,
    errors: Vec<FieldError>,
}

pub async fn form(_: &mut RequestContext) -> Result<Reply> {
    page(Vec::new())
}

fn page(errors: Vec<FieldError>) -> Result<Reply> {
    let file_error = errors.iter().find(|error| error.field == "file");
    let view = FormView {
        file_error: file_error.map_or_else(String::new, |error| error.message.clone()),
        errors: errors.clone(),
    };
    let lead = "先下载现用方案，改好里面的文件，整个目录打包成 zip 上传；先检查，再演算，然后才能启用。";
    let page = Page::new("上传整套方案", lead).back("/programme", "方案版本").kind("form");
    Ok(Reply::view("oversight/versions/upload.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let Some(file) = ctx.form.file.take() else {
        return page(vec![FieldError::new("file", Code::Missing.says("还没有选择文件。"))]);
    };
    let files = match rules::unpacked(&file.bytes) {
        Ok(files) => files,
        Err(mistake) => return page(vec![FieldError::new("file", mistake)]),
    };
    let programme = match load(&files) {
        Ok(programme) => programme,
        Err(problems) => return page(told(&problems)),
    };
    let about = format!("上传 {}（{}）", file.name, programme.meta.version);
    match actions::prepare(&mut ctx.tx, &files, &programme, &about).await.or_wrong()? {
        Ok(id) => Ok(Reply::done(format!("/programme/{id}"), Flash::done("检查通过，正在演算。"))),
        Err(errors) => page(errors),
    }
}
