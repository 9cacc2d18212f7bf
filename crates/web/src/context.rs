//! Everything a handler is given: the transaction opened for the caller, and what was asked.

use crate::App;
use crate::bearer;
use crate::cookies::Cookie;
use crate::form::{Form, FormValues};
use crate::head::{RequestParts, SignedIn};
use crate::names::Names;
use crate::path_values::PathValues;
use crate::received::{Received, ReceivedRequest};
use crate::session::Session;
use axum::http::header;
use jiedui_kernel::{Actor, Code, Date, Error, Id, Instant, Result};
use jiedui_programme::Programme;
use jiedui_store::Tx;
use std::net::IpAddr;
use std::sync::Arc;

pub struct RequestContext {
    pub app: Arc<App>,
    pub actor: Arc<Actor>,
    pub session: Option<Session>,
    pub tx: Tx,
    pub path: String,
    pub path_values: PathValues,
    pub query: FormValues,
    pub form: Form,
    pub today: Date,
    pub now: Instant,
    programme: Arc<Programme>,
    /// Which names of persons the answer shows in full.
    pub names: Names,
    /// The pre-session CSRF token of the sign-in page.
    pub visitor: String,
    pub(crate) received: Received,
}

impl RequestContext {
    pub(crate) fn new(request: ReceivedRequest, actor: Arc<Actor>, tx: Tx) -> Self {
        let programme = request.app.programme();
        Self {
            names: Names::of(&actor, &programme),
            programme,
            app: request.app,
            actor,
            session: request.signed_in.map(|signed_in| signed_in.session),
            path: request.parts.path,
            path_values: request.parts.path_values,
            query: request.parts.query,
            form: request.form,
            today: tx.today(),
            now: tx.now(),
            visitor: request.parts.visitor,
            received: request.received,
            tx,
        }
    }

    /// Gives the transaction back, with nothing written: the request as it was before.
    pub(crate) fn release(self) -> ReceivedRequest {
        let (path, path_values, query, visitor) = (self.path, self.path_values, self.query, self.visitor);
        let actor = self.actor;
        ReceivedRequest {
            app: self.app,
            signed_in: self.session.map(|session| SignedIn { actor, session }),
            parts: RequestParts { path, path_values, query, visitor },
            form: self.form,
            received: self.received,
        }
    }

    /// Takes back everything that was written so far and begins again: what was done was only tried out, and the answer says
    /// what came of it. What is written from here on is committed.
    pub async fn start_over(&mut self) -> Result<()> {
        // The writer's place is free before it is asked for again; meanwhile there is a transaction that only reads.
        let aside = self.app.db.read(Arc::clone(&self.actor)).await?;
        drop(std::mem::replace(&mut self.tx, aside));
        self.tx = self.app.db.begin_alone(Arc::clone(&self.actor)).await?;
        Ok(())
    }

    /// Gives the transaction that only reads back for one that may write for a while. What was read before may have changed
    /// since: what is relied on is asked again.
    pub async fn begin_writing(&mut self) -> Result<()> {
        if !self.tx.may_write() {
            self.tx = self.app.db.begin_alone(Arc::clone(&self.actor)).await?;
        }
        Ok(())
    }

    /// Commits what was written so far and goes on in another transaction, behind those who wait to write: for many acts of
    /// which each is whole by itself.
    pub async fn commit_so_far(&mut self) -> Result<()> {
        let aside = self.app.db.read(Arc::clone(&self.actor)).await?;
        std::mem::replace(&mut self.tx, aside).commit().await?;
        self.tx = self.app.db.begin(Arc::clone(&self.actor)).await?;
        Ok(())
    }

    /// Commits what was written: the request as it was before, for what follows without a transaction.
    pub(crate) async fn commit(self) -> Result<ReceivedRequest> {
        let Self { app, actor, session, tx, path, path_values, query, visitor, form, received, .. } = self;
        tx.commit().await?;
        Ok(ReceivedRequest {
            app,
            signed_in: session.map(|session| SignedIn { actor, session }),
            parts: RequestParts { path, path_values, query, visitor },
            form,
            received,
        })
    }

    /// What a cookie of ours carries.
    pub fn cookie(&self, which: Cookie) -> Option<&str> {
        self.app.cookies.read(&self.received.head.headers, which).filter(|value| !value.is_empty())
    }

    /// What the browser says that it is.
    pub fn user_agent(&self) -> &str {
        self.received.head.text(header::USER_AGENT).unwrap_or_default()
    }

    /// The answer is given no sooner than a refused sign-in is, so that the time taken says nothing.
    pub fn answer_like_a_refusal(&mut self) {
        self.received.held_back = true;
    }

    /// The address of the client, where it is to be counted.
    pub fn peer(&self) -> Option<IpAddr> {
        self.received.head.peer
    }

    /// What the address names in this place of the route's path; every route that asks for one has it.
    pub fn param(&self, name: &str) -> Id {
        self.path_values.id(name)
    }

    pub fn programme(&self) -> Arc<Programme> {
        Arc::clone(&self.programme)
    }

    pub fn can(&self, resource: &str, action: &str) -> bool {
        self.app.can(&self.actor, resource, action)
    }

    /// Whether the caller prepares this and somebody else releases it.
    pub fn is_released_by_another(&self, resource: &str, action: &str) -> bool {
        self.app.is_released_by_another(&self.actor, resource, action)
    }

    pub fn require(&self, resource: &str, action: &str) -> Result<()> {
        if self.can(resource, action) {
            Ok(())
        } else {
            Err(Error::Forbidden(format!("{resource}.{action}")))
        }
    }

    /// The version of a row as the form showed it, for the check against a faster colleague.
    pub fn form_version(&self) -> Result<i64> {
        self.form.values.whole("version").ok_or_else(|| {
            Error::field("version", Code::Incomplete.says("表单不完整，请重新打开页面后再试。"))
        })
    }

    /// The version of a row as a program saw it that changes the row; the request line asked for it.
    pub fn seen_version(&self) -> Result<i64> {
        let seen = bearer::seen_version(&self.received.head);
        seen.ok_or_else(|| Error::internal("a change of a row without the version that was seen"))
    }

    /// The same for what is taken back by a link right after it was done: there the address carries the version.
    pub fn form_or_link_version(&self) -> Result<i64> {
        if self.form.values.get("version").is_empty()
            && let Some(version) = self.query.whole("version")
        {
            return Ok(version);
        }
        self.form_version()
    }
}
