//! Routes as data. A route is a value with an access rule in it, so one without a rule cannot be written down; the menu,
//! the permission table and the access test are read from the same list.

use crate::App;
use crate::context::RequestContext;
use crate::head::RequestHead;
use crate::received::ReceivedRequest;
use crate::reply::Reply;
use axum::response::Response;
use jiedui_kernel::Result;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub type HandlerFuture<'a> = Pin<Box<dyn Future<Output = Result<Reply>> + Send + 'a>>;
pub type Handler = for<'a> fn(&'a mut RequestContext) -> HandlerFuture<'a>;

pub type Steps = fn(ReceivedRequest) -> Pin<Box<dyn Future<Output = Result<(RequestContext, Reply)>> + Send>>;

pub type Probe = fn(Arc<App>, Arc<RequestHead>) -> Pin<Box<dyn Future<Output = Response> + Send>>;

/// How a handler runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// In one transaction, which reads for GET and writes for POST.
    AtOnce(Handler),
    /// Reads, works without a transaction, writes: see [`crate::work`].
    InSteps(Steps),
}

/// Who answers a route.
#[derive(Clone, Copy)]
pub enum Answer {
    /// A handler at the end of the line.
    Handler(Run),
    /// Before the caller is looked up and without a transaction: it has to answer while the database does not.
    Probe(Probe),
    /// A handler that reads or writes for a program, which asks by a token and never by a cookie ([`crate::tokens`]).
    Program(Handler),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// Who may ask at all. Which rows one then sees is the scope's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    /// Any account, whatever its role.
    SignedIn,
    /// A role that `access.toml` grants this action on this thing.
    Can(&'static str, &'static str),
}

/// What the `{id}` of a path names: the access test puts rows of every relation there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    None,
    /// A row that scope bounds, of a kind that a mechanism gives a name and samples.
    Row(&'static str),
    /// A thing of the programme or of the administrators: not bounded by scope.
    Open,
}

#[derive(Clone, Copy)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    /// What it is for, in a few Chinese words: permission table and API description.
    pub about: &'static str,
    pub subject: Subject,
    /// Takes files. Where a file is read, not only kept, that is slow work: a route of two handlers.
    pub uploads: bool,
    /// Shows things that change without an audited write (last sign-in, places in the tree): never kept in the memo.
    pub fresh: bool,
    pub answer: Answer,
}

impl Route {
    /// Whether it answers programs, and no browser.
    pub const fn is_for_programs(&self) -> bool {
        matches!(self.answer, Answer::Program(_))
    }

    /// Whether its address names a thing that is there already.
    pub fn names_one(&self) -> bool {
        self.path.contains('{')
    }

    pub const fn about(mut self, subject: Subject, about: &'static str) -> Self {
        self.subject = subject;
        self.about = about;
        self
    }

    pub const fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    pub const fn uploads(mut self) -> Self {
        self.uploads = true;
        self
    }
}

/// `route!(Get "/entries/{id}", Access::Can("entry", "read"), pages::show)`, and for a change with slow work in it two
/// handlers: `route!(Post "/import", IMPORT, pages::read => pages::submit)`.
/// `route!(Post "/signin", Access::Public, counting pages::count => pages::sign_in)` counts the try before the work.
/// `route!(Post "/entries/import", Access::Can("entry", "claim"), looking import::read => import::submit)` looks before it writes.
/// `route!(Get "/healthz", Access::Public, probe ready::answer)` is answered without a caller.
/// `route!(Get "/api/v1/entries", Access::Can("entry", "read"), program api::entries::list)` answers programs, by their token.
#[macro_export]
macro_rules! route {
    ($method:ident $path:literal, $access:expr, probe $probe:path) => {
        $crate::route!(@ $method $path, $access, $crate::route::Answer::Probe(|app, head| Box::pin($probe(app, head))))
    };
    ($method:ident $path:literal, $access:expr, program $handler:path) => {
        $crate::route!(@ $method $path, $access, $crate::route::Answer::Program(|ctx| Box::pin($handler(ctx))))
    };
    ($method:ident $path:literal, $access:expr, counting $count:path => $finish:path) => {
        $crate::route!(@ $method $path, $access, $crate::route::Answer::Handler($crate::route::Run::InSteps(|request| {
            Box::pin($crate::work::in_counted_steps(
                request,
                |ctx| Box::pin($count(ctx)),
                |ctx, done| Box::pin($finish(ctx, done)),
            ))
        })))
    };
    ($method:ident $path:literal, $access:expr, looking $prepare:path => $finish:path) => {
        $crate::route!(@ $method $path, $access, $crate::route::Answer::Handler($crate::route::Run::InSteps(|request| {
            Box::pin($crate::work::in_looking_steps(
                request,
                |ctx| Box::pin($prepare(ctx)),
                |ctx, done| Box::pin($finish(ctx, done)),
            ))
        })))
    };
    ($method:ident $path:literal, $access:expr, $prepare:path => $finish:path) => {
        $crate::route!(@ $method $path, $access, $crate::route::Answer::Handler($crate::route::Run::InSteps(|request| {
            Box::pin($crate::work::in_steps(
                request,
                |ctx| Box::pin($prepare(ctx)),
                |ctx, done| Box::pin($finish(ctx, done)),
            ))
        })))
    };
    ($method:ident $path:literal, $access:expr, $handler:path) => {
        $crate::route!(@ $method $path, $access,
            $crate::route::Answer::Handler($crate::route::Run::AtOnce(|ctx| Box::pin($handler(ctx)))))
    };
    (@ $method:ident $path:literal, $access:expr, $answer:expr) => {
        $crate::route::Route {
            method: $crate::route::Method::$method,
            path: $path,
            access: $access,
            about: "",
            subject: $crate::route::Subject::None,
            uploads: false,
            fresh: false,
            answer: $answer,
        }
    };
}
