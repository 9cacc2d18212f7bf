//! A request with its body. Only such a one can be given a transaction: while a body is under way, which is as long as
//! its sender likes, nothing of the database is held.

use crate::App;
use crate::context::RequestContext;
use crate::form::Form;
use crate::head::{RequestHead, RequestParts, SignedIn};
use crate::paced::Paced;
use crate::refusal::{Refusal, Unsaid};
use crate::route::{Answer, Route, Run};
use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, Uri, header};
use jiedui_kernel::{Actor, Code, Error, Result};
use jiedui_store::Tx;
use std::sync::Arc;
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

/// A request whose access rule was kept and whose body, if it has one, is still to be read.
pub struct Admitted {
    pub app: Arc<App>,
    pub route: Route,
    pub run: Run,
    pub head: Arc<RequestHead>,
    pub signed_in: Option<SignedIn>,
    pub parts: RequestParts,
}

/// A request with its body, which carries the token of its form.
pub struct ReceivedRequest {
    pub(crate) app: Arc<App>,
    pub(crate) signed_in: Option<SignedIn>,
    pub(crate) parts: RequestParts,
    pub(crate) form: Form,
    pub(crate) received: Received,
}

/// What shows that a request was received. Made in this module alone, so that nothing else can be made to look like one.
pub struct Received {
    pub(crate) route: Route,
    pub(crate) run: Run,
    pub(crate) head: Arc<RequestHead>,
    /// When the answer has to be there.
    pub(crate) deadline: Instant,
    /// How much the caller has not read, for the head of the page.
    pub(crate) unread: i64,
    /// Whether the answer waits until a refused sign-in is answered.
    pub(crate) held_back: bool,
    _made_here: (),
}

impl Admitted {
    /// A request that has no body; one that comes all the same is left unread.
    pub fn without_body(self) -> ReceivedRequest {
        self.with(Form::default())
    }

    /// Reads the body, within the limits of size, time and speed, and checks the token of the form: before the body where
    /// the head carries it.
    pub async fn receive(self, body: Body) -> Result<ReceivedRequest, Refusal> {
        if self.head.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
            return Err(forged().into());
        }
        let in_head = self.head.text("x-csrf-token");
        if let Some(token) = in_head {
            self.check_token(token)?;
        }
        let form = self.read(body).await?;
        if in_head.is_none() {
            self.check_token(form.values.get("_csrf"))?;
        }
        Ok(self.with(form))
    }

    /// Reads the body of a program, within the same limits. It carries no token of a form: no browser sends one in a reader's name.
    pub(crate) async fn receive_sent(self, body: Body) -> Result<ReceivedRequest, Refusal> {
        let kind = self.head.text(header::CONTENT_TYPE).unwrap_or_default();
        // Where there is nothing to say, many programs send no body, and then no kind of it.
        let is_nothing = kind.is_empty() && body.is_end_stream();
        if !is_nothing && !is_json(kind) {
            return Err(Refusal::Unsaid(Unsaid::NotJson));
        }
        let (limits, gates) = (&self.app.limits, &self.app.gates);
        let receiving = gates.receiving.enter(self.head.peer).ok_or(Refusal::Busy)?;
        let (body, late) = Paced::wrap(body, limits, limits.form_time);
        let form = late.or(Form::read_sent(body, limits.form_bytes).await)?;
        drop(receiving);
        Ok(self.with(form))
    }

    fn with(self, form: Form) -> ReceivedRequest {
        let deadline = Instant::now() + self.app.limits.work_time;
        let received = Received {
            route: self.route,
            run: self.run,
            head: self.head,
            deadline,
            unread: 0,
            held_back: false,
            _made_here: (),
        };
        ReceivedRequest { app: self.app, signed_in: self.signed_in, parts: self.parts, form, received }
    }

    async fn read(&self, body: Body) -> Result<Form, Refusal> {
        let (limits, gates) = (&self.app.limits, &self.app.gates);
        let kind = self.head.text(header::CONTENT_TYPE).unwrap_or_default();
        let is_upload = kind.starts_with("multipart/form-data");
        if is_upload && !self.route.uploads {
            return Err(Error::field("", Code::WrongFile.says("这一页不接收文件。")).into());
        }
        let _receiving = gates.receiving.enter(self.head.peer).ok_or(Refusal::Busy)?;
        if !is_upload {
            let (body, late) = Paced::wrap(body, limits, limits.form_time);
            return late.or(Form::read(body, limits.form_bytes).await);
        }
        let account = self.signed_in.as_ref().map(|signed_in| signed_in.actor.account().to_owned());
        let _uploading = gates.uploads.enter(account).ok_or(Refusal::Busy)?;
        let (body, late) = Paced::wrap(body, limits, limits.upload_time);
        late.or(Form::read_multipart(kind, body, limits.upload_bytes).await)
    }

    /// Every change needs the session's token or, before there is a session, the visitor's.
    fn check_token(&self, given: &str) -> Result<()> {
        let expected =
            self.signed_in.as_ref().map_or(&self.parts.visitor, |signed_in| &signed_in.session.csrf);
        if given.is_empty() || !bool::from(given.as_bytes().ct_eq(expected.as_bytes())) {
            return Err(forged());
        }
        Ok(())
    }
}

fn is_json(kind: &str) -> bool {
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn forged() -> Error {
    Error::Forbidden("csrf".to_owned())
}

/// The home page as somebody would see it who asked for it now, with nobody asking: what it says is sent by letter. The
/// answer goes to no browser, so there is no session, and nothing of the form line applies.
pub fn unattended(app: &Arc<App>, actor: Arc<Actor>, tx: Tx) -> Result<RequestContext> {
    let home = app.site.addresses.home;
    let (route, _) = app.site.page_at(home).ok_or_else(|| Error::internal("there is no home page"))?;
    let Answer::Handler(run) = route.answer else { return Err(Error::internal("the home page is a probe")) };
    let head = RequestHead { headers: HeaderMap::new(), uri: Uri::from_static("/"), json: true, peer: None };
    let parts = RequestParts::of(app, &head, Vec::new())?;
    let admitted =
        Admitted { app: Arc::clone(app), route, run, head: Arc::new(head), signed_in: None, parts };
    Ok(RequestContext::new(admitted.without_body(), actor, tx))
}

impl ReceivedRequest {
    fn actor(&self) -> Arc<Actor> {
        let signed_in = self.signed_in.as_ref();
        signed_in.map_or_else(|| Arc::new(Actor::public()), |signed_in| Arc::clone(&signed_in.actor))
    }

    /// Given a transaction that reads.
    pub(crate) async fn read(self) -> Result<RequestContext> {
        let tx = self.app.db.read(self.actor()).await?;
        Ok(self.into_context(tx))
    }

    /// Given a transaction that may write.
    pub(crate) async fn begin(self) -> Result<RequestContext> {
        let tx = self.app.db.begin(self.actor()).await?;
        Ok(self.into_context(tx))
    }

    /// Given a transaction that may write for a while.
    pub(crate) async fn begin_alone(self) -> Result<RequestContext> {
        let tx = self.app.db.begin_alone(self.actor()).await?;
        Ok(self.into_context(tx))
    }

    /// Given the transaction in which the caller was found.
    pub(crate) fn into_context(self, mut tx: Tx) -> RequestContext {
        let actor = self.actor();
        tx.act_as(Arc::clone(&actor));
        RequestContext::new(self, actor, tx)
    }
}
