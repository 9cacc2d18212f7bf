//! The screens of the library.

pub mod file;
pub mod list;
pub mod new;
pub mod show;

use super::actions::{self, StoredFile};
use super::rules::files;
use jiedui_files::{ContentHash, Folder};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::work::{Kind, Prepared};
use std::sync::Arc;

/// A file that was sent in: kept, or what is wrong with it.
pub type Sent = Result<StoredFile, FieldError>;

/// The folder in which contents lie.
pub fn folder(ctx: &RequestContext) -> Result<Folder> {
    if ctx.app.files.as_os_str().is_empty() {
        return Err(Error::internal("no folder for files is set up"));
    }
    Ok(Folder::at(&ctx.app.files))
}

/// Looks at the file of the form, off the threads that serve; keeps it where the rest of the form can be taken.
pub fn receive(ctx: &mut RequestContext, keeps: bool) -> Result<Prepared<Sent>> {
    let programme: Arc<Programme> = ctx.programme();
    actions::library(&programme)?;
    let (folder, file) = (folder(ctx)?, ctx.form.file.take());
    Ok(Prepared::work(Kind::Reading, move || {
        let Some(file) = file else {
            let words = "还没有选择文件。请选择后再传。";
            return Ok(Err(FieldError::new("file", Code::Missing.says(words))));
        };
        let kind = match files::check(actions::library(&programme)?, &file.name, &file.bytes) {
            Ok(kind) => kind,
            Err(mistake) => return Ok(Err(FieldError::new("file", mistake))),
        };
        let hash = if keeps {
            folder.put(&file.bytes).map_err(|cause| Error::Unavailable(format!("files: {cause}")))?
        } else {
            ContentHash::of(&file.bytes)
        };
        let name = jiedui_files::safe_name(&file.name, kind.ending(), "资源");
        Ok(Ok(StoredFile { hash, kind, size: file.bytes.len(), name }))
    }))
}
