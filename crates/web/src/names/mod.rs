//! Names of persons: in full for whom they concern, masked for everybody else, and in full for one answer to whoever
//! presses for it, which leaves a record that the person can see (docs/decisions/0020-masked-names.md).

mod data;

use crate::context::RequestContext;
use crate::form::{Form, FormValues};
use crate::local_path::LocalPath;
use crate::path_values::PathValues;
use crate::proof;
use crate::reply::Reply;
use crate::route;
use crate::route::{Access, Answer, Route, Run, Subject};
use jiedui_kernel::{Actor, Code, Error, Result};
use jiedui_programme::{Post, Programme};
use jiedui_store::{AuditRecord, PersonName, Table, named, table};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who looked at whose name.
pub const TABLES: &[Table] = &[table!(plain "name_view" of "person").grows()];

/// Where a page is asked for with its names in full.
pub const UNMASK: &str = "/names";
/// The right to ask for it.
pub const RIGHT: (&str, &str) = ("name", "unmask");

pub fn routes() -> Vec<Route> {
    vec![route!(Post "/names", Access::Can("name", "unmask"), unmask).about(Subject::None, "显示一页的全名")]
}

/// Whose names one answer shows in full, and whether it masked any.
#[derive(Debug, Default)]
pub struct Names {
    own: String,
    public: Vec<Post>,
    unmasks: bool,
    masked: bool,
    unmasked: BTreeSet<String>,
}

impl Names {
    pub fn of(actor: &Actor, programme: &Programme) -> Self {
        Self {
            own: actor.org.clone(),
            public: programme.access.names.public_posts.clone(),
            ..Self::default()
        }
    }

    /// Opens a name where its post is public, where the reader's organisation is one of those between which the thing
    /// stands, and where the reader pressed for this page's names.
    pub fn read(&mut self, name: &mut PersonName, concerned: &[&str]) {
        if self.shows(name, concerned) {
            name.open();
        } else if self.unmasks {
            self.unmasked.insert(name.person().to_owned());
            name.open();
        } else {
            self.masked = true;
        }
    }

    /// Whether the reader sees a name in full without pressing for it.
    pub fn shows(&self, name: &PersonName, concerned: &[&str]) -> bool {
        self.public.iter().any(|post| post.id() == name.post()) || self.concern(concerned)
    }

    /// Whether the reader's organisation is one of those between which a thing stands.
    pub fn concern(&self, concerned: &[&str]) -> bool {
        !self.own.is_empty() && concerned.contains(&self.own.as_str())
    }

    /// The same as a text, for a view that has no more to do with it.
    pub fn shown(&mut self, name: &PersonName, concerned: &[&str]) -> String {
        let mut name = name.clone();
        self.read(&mut name, concerned);
        name.to_string()
    }

    /// "" where nobody is named.
    pub fn shown_if_any(&mut self, name: Option<&PersonName>, concerned: &[&str]) -> String {
        name.map_or_else(String::new, |name| self.shown(name, concerned))
    }
}

/// What the frame says of the names on a page.
#[derive(Debug, Serialize)]
pub struct NamesBar {
    action: &'static str,
    page: String,
    /// Some are masked; else they were asked for and are shown.
    masked: bool,
}

impl NamesBar {
    /// None where nothing was masked, where the caller may not ask for more, and on a page that has no address of its own:
    /// a form shown again.
    pub(crate) fn of(ctx: &RequestContext) -> Option<Self> {
        let names = &ctx.names;
        let has_address = names.unmasks || ctx.received.route.method == crate::route::Method::Get;
        let asks = names.unmasks || (names.masked && ctx.can(RIGHT.0, RIGHT.1));
        (has_address && asks).then(|| {
            let query = ctx.query.without(&[]);
            let page = if query.is_empty() { ctx.path.clone() } else { format!("{}?{query}", ctx.path) };
            Self { action: UNMASK, page, masked: names.masked }
        })
    }
}

/// Answers with the page that the form names, made for the caller as always, with its names in full; and notes whose.
async fn unmask(ctx: &mut RequestContext) -> Result<Reply> {
    let page = LocalPath::parse(ctx.form.values.get("page"))
        .ok_or_else(|| Error::field("page", Code::Incomplete.says("没有说明是哪一页，请回到那一页再按。")))?;
    let route = turn_to(ctx, &page)?;
    let Answer::Handler(Run::AtOnce(handler)) = route.answer else { return Err(Error::NotFound) };
    ctx.names.unmasks = true;
    let mut reply = handler(ctx).await?;
    let log = proof::mark(ctx, &route).await?.map(Box::new);
    let Reply::View { page: head, status: 200, .. } = &mut reply else { return Err(Error::NotFound) };
    head.log = log;
    if ctx.names.unmasked.is_empty() {
        return Ok(Reply::to(page.as_str()));
    }
    let (title, resource) = (
        head.title.clone(),
        if proof::subject_of(&route).is_some() { ctx.param("id").to_string() } else { String::new() },
    );
    note(ctx, &title, &resource).await?;
    Ok(reply)
}

/// Makes the request one for this page, as far as the caller may ask for it.
fn turn_to(ctx: &mut RequestContext, page: &LocalPath) -> Result<Route> {
    let (path, query) = page.as_str().split_once('?').unwrap_or((page.as_str(), ""));
    let (route, places) = ctx.app.site.page_at(path).ok_or(Error::NotFound)?;
    if let Access::Can(resource, action) = route.access {
        ctx.require(resource, action)?;
    }
    ctx.path_values = PathValues::read(&places)?;
    ctx.query = FormValues::parse(query.as_bytes());
    ctx.query.check()?;
    ctx.form = Form::default();
    ctx.path = path.to_owned();
    Ok(route)
}

/// One record, and a row for each person whose name was shown.
async fn note(ctx: &mut RequestContext, title: &str, resource: &str) -> Result<()> {
    let (actor, now) = (Arc::clone(&ctx.actor), ctx.now);
    for person in &ctx.names.unmasked {
        let id = ctx.tx.new_id();
        named!(data::INSERT {
            id,
            person,
            at: now,
            account: actor.account(),
            name: actor.name(),
            org: &actor.org,
            org_name: &actor.org_name,
            page: &ctx.path,
            title,
            resource_id: resource,
        })
        .write(&mut ctx.tx)
        .await?;
    }
    let body = serde_json::json!({ "title": title, "resource_id": resource, "persons": ctx.names.unmasked });
    let record = AuditRecord { action: "name.unmask", resource: "page", resource_id: &ctx.path };
    ctx.tx.audit(record, &body).await
}
