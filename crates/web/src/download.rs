//! Files that are made when they are asked for. A handler reads what goes in and says how the file is made; it is made
//! away from the threads that serve requests, a few at a time, after the transaction was given back.

use crate::App;
use crate::context::RequestContext;
use crate::response;
use crate::trail;
use crate::work::{Job, Kind};
use axum::body::Body;
use axum::response::Response;
use futures_util::stream;
use jiedui_kernel::{Actor, Error, Result};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub const PDF: &str = "application/pdf";
pub const CSV: &str = "text/csv; charset=utf-8";
pub const JSON: &str = "application/json";
pub const JSON_SCHEMA: &str = "application/schema+json";
pub const CALENDAR: &str = "text/calendar; charset=utf-8";

/// A file that is still to be made. The job borrows nothing, so it cannot keep the transaction.
pub struct Download {
    name: String,
    /// What the log calls it.
    logged: String,
    mime: &'static str,
    make: Job<Vec<u8>>,
}

impl std::fmt::Debug for Download {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Download")
            .field("name", &self.name)
            .field("mime", &self.mime)
            .finish_non_exhaustive()
    }
}

impl Download {
    pub fn new(
        name: impl Into<String>,
        mime: &'static str,
        make: impl FnOnce() -> Result<Vec<u8>> + Send + 'static,
    ) -> Self {
        let name = name.into();
        Self { logged: name.clone(), name, mime, make: Box::new(make) }
    }

    /// The log calls it otherwise: whoever reads the log may not read names of persons.
    pub fn logged_as(self, name: impl Into<String>) -> Self {
        Self { logged: name.into(), ..self }
    }

    pub(crate) fn logged(&self) -> String {
        self.logged.clone()
    }

    /// Gives the transaction back and makes the file.
    pub(crate) async fn make(self, ctx: RequestContext) -> Result<File> {
        let app = Arc::clone(&ctx.app);
        let account = ctx.session.is_some().then(|| ctx.actor.account().to_owned());
        drop(ctx);
        let bytes = app.slow_work.run(Kind::Making, account, self.make).await?;
        Ok(File { name: self.name, mime: self.mime, bytes })
    }
}

/// A file that is there.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub mime: &'static str,
    pub bytes: Vec<u8>,
}

/// A file that lies somewhere in parts, and is sent as they are read: however large it is, a part is in memory.
pub struct PartedFile {
    pub name: String,
    pub mime: &'static str,
    pub size: usize,
    /// Reads the part of this number; none behind the last.
    pub read: ReadPart,
}

pub type ReadPart =
    Box<dyn Fn(i64) -> Pin<Box<dyn Future<Output = Result<Option<Vec<u8>>>> + Send>> + Send + Sync>;

impl std::fmt::Debug for PartedFile {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("PartedFile")
            .field("name", &self.name)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// The parts one after the other. An error ends the answer before its time, so that nobody takes it for the whole.
fn body(read: ReadPart) -> Body {
    Body::from_stream(stream::try_unfold((read, 0_i64), async |(read, place)| {
        let part = read(place).await?;
        Ok::<_, Error>(part.map(|part| (part, (read, place + 1))))
    }))
}

/// What is part of a page is looked at like the page, and leaves no record of its own.
pub(crate) fn shown(file: PartedFile) -> Result<Response> {
    response::shown(&file.name, file.mime, body(file.read))
}

/// Who asked for a file, without the transaction.
pub(crate) struct Holder {
    app: Arc<App>,
    /// Who, where somebody is signed in.
    actor: Option<Arc<Actor>>,
    path: String,
}

impl Holder {
    pub fn of(ctx: &RequestContext) -> Self {
        let actor = ctx.session.is_some().then(|| Arc::clone(&ctx.actor));
        Self { app: Arc::clone(&ctx.app), actor, path: ctx.path.clone() }
    }

    pub async fn send(self, file: File) -> Result<Response> {
        let logged = file.name.clone();
        self.send_logged_as(file, &logged).await
    }

    pub async fn send_logged_as(self, file: File, logged: &str) -> Result<Response> {
        let size = file.bytes.len();
        self.let_go((&file.name, logged), file.mime, size, Body::from(file.bytes)).await
    }

    pub async fn send_parts(self, file: PartedFile) -> Result<Response> {
        self.let_go((&file.name, &file.name), file.mime, file.size, body(file.read)).await
    }

    /// The one way in which a file leaves: recorded first where somebody is signed in.
    async fn let_go(
        self,
        (name, logged): (&str, &str),
        mime: &'static str,
        size: usize,
        body: Body,
    ) -> Result<Response> {
        if let Some(actor) = &self.actor {
            trail::exported(&self.app, actor, &self.path, logged, size).await?;
        }
        response::file(name, mime, body)
    }
}
