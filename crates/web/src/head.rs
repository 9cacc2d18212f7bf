//! The head of a request, and the caller behind it: all that is known before a body is read.

use crate::App;
use crate::cookies::Cookie;
use crate::form::FormValues;
use crate::path_values::PathValues;
use crate::route::Method;
use crate::session::{self, Ending, Session};
use axum::body::Body;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::header::{self, HeaderMap};
use jiedui_kernel::{Actor, Result};
use jiedui_store::Tx;
use std::net::IpAddr;
use std::sync::Arc;

/// The address of the client, as the connection knows it; absent where it is not to be counted.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub Option<IpAddr>);

/// What is kept of a request once its body is taken.
#[derive(Debug)]
pub struct RequestHead {
    pub headers: HeaderMap,
    pub uri: Uri,
    pub json: bool,
    pub peer: Option<IpAddr>,
}

impl RequestHead {
    pub fn of(request: Request) -> (Arc<Self>, Body) {
        let (parts, body) = request.into_parts();
        let accepts = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let json = accepts.is_some_and(|value| value.starts_with("application/json"));
        let peer = parts.extensions.get::<Peer>().and_then(|peer| peer.0);
        (Arc::new(Self { uri: parts.uri, json, peer, headers: parts.headers }), body)
    }

    pub fn text(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Who is signed in, and the session by which.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub actor: Arc<Actor>,
    pub session: Session,
}

/// The caller of a request, in the short read transaction in which the session was found.
pub struct Identified {
    pub signed_in: Option<SignedIn>,
    /// Why the session of the cookie ended, where its holder is told.
    pub ended: Option<Ending>,
    tx: Tx,
}

impl Identified {
    pub fn is_at_replica(&self) -> bool {
        self.tx.is_at_replica()
    }

    /// Lets go of the database: what comes next waits for the client.
    pub fn let_go(self) -> Option<SignedIn> {
        self.signed_in
    }

    /// Goes on reading in the same transaction: for a request that has no body to wait for.
    pub fn into_parts(self) -> (Option<SignedIn>, Tx) {
        (self.signed_in, self.tx)
    }
}

/// Finds the caller behind the request's cookie.
pub async fn identify(app: &App, head: &RequestHead, method: Method) -> Result<Identified> {
    // Only who looks may be answered by a replica: what is written rests on what the server has.
    let mut tx = match method {
        Method::Get => app.db.read_page(Arc::new(Actor::public())).await?,
        Method::Post => app.db.read(Arc::new(Actor::public())).await?,
    };
    let mut found = session::find(app, &mut tx, &head.headers).await;
    if found.is_err() && tx.is_at_replica() {
        app.db.leave_replica().await;
        tx = app.db.read(Arc::new(Actor::public())).await?;
        found = session::find(app, &mut tx, &head.headers).await;
    }
    let found = found?;
    let signed_in = found.signed_in.map(|(session, actor)| SignedIn { actor, session });
    Ok(Identified { signed_in, ended: found.ended, tx })
}

/// The address that was asked for, taken apart.
#[derive(Debug)]
pub struct RequestParts {
    pub path: String,
    pub path_values: PathValues,
    pub query: FormValues,
    /// The pre-session CSRF token of the sign-in page.
    pub visitor: String,
}

impl RequestParts {
    pub fn of(app: &App, head: &RequestHead, params: Vec<(String, String)>) -> Result<Self> {
        let query = FormValues::parse(head.uri.query().unwrap_or_default().as_bytes());
        query.check()?;
        let path_values = PathValues::read(&params)?;
        let visitor = match app.cookies.read(&head.headers, Cookie::Visitor) {
            Some(token) if token.len() == 64 => token.to_owned(),
            _ => app.random.token(),
        };
        Ok(Self { path: head.uri.path().to_owned(), path_values, query, visitor })
    }
}
