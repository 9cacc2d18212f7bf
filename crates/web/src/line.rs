//! The line that every request walks.

use crate::App;
use crate::bearer;
use crate::context::RequestContext;
use crate::cookies::Cookie;
use crate::download::{self, Holder};
use crate::failure::failure;
use crate::flash::FlashKeeper;
use crate::head::{RequestHead, RequestParts, SignedIn, identify};
use crate::local_path::LocalPath;
use crate::page_cache::{Key, Turn};
use crate::proof;
use crate::received::{Admitted, ReceivedRequest};
use crate::refusal::{Refusal, Seen};
use crate::render::{self, Viewer};
use crate::reply::{Page, Reply};
use crate::response;
use crate::route::{Access, Answer, Method, Route, Run};
use crate::scan;
use crate::sent::Sending;
use crate::session;
use crate::sign_in::{page_before, to_sign_in};
use crate::site::Site;
use crate::trail;
use crate::views;
use crate::way_back::page_above;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::StatusCode;
use axum::http::header::HeaderValue;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use jiedui_kernel::{Actor, Error, Result};
use jiedui_store::Tx;
use std::future::Future;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

/// So many digits tell requests apart for as long as a log is kept.
const REQUEST_ID: usize = 16;

/// The whole application as a service.
pub fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for route in app.site.routes.iter().copied() {
        let filter = match route.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        };
        let app = Arc::clone(app);
        let answer = move |params: RawPathParams, request: Request| {
            let params = params.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            observed(Arc::clone(&app), route, params, request)
        };
        router = router.route(route.path, on(filter, answer));
    }
    for act in app.site.routes.iter().copied().filter(|route| is_act_alone(&app.site, route)) {
        let app = Arc::clone(app);
        let lead = move |request: Request| {
            let page = page_above(&app.site, &act, request.uri().path());
            async move { response::redirect(&LocalPath::or_home(&page)) }
        };
        router = router.route(act.path, get(lead));
    }
    let (lost, other_way, behind_tls) = (Arc::clone(app), Arc::clone(app), app.cookies.behind_tls);
    router
        .route("/static/{*path}", get(response::static_file))
        .method_not_allowed_fallback(move |request: Request| {
            let app = Arc::clone(&other_way);
            async move {
                if bearer::is_program(&RequestHead::of(request).0) {
                    return bearer::no_such_method(&app);
                }
                response::plain(StatusCode::METHOD_NOT_ALLOWED, "")
            }
        })
        .fallback(move |request: Request| {
            let app = Arc::clone(&lost);
            async move {
                let head = RequestHead::of(request).0;
                if bearer::is_program(&head) {
                    return bearer::lost(&app);
                }
                failure(&app, &head, None, &Error::NotFound.into(), &Seen::default())
            }
        })
        .layer(tower_http::compression::CompressionLayer::new())
        .layer(map_response(move |made: Response| async move { response::secured(made, behind_tls) }))
}

/// Walks, counts it, and says in the log how it went: by an id that the answer carries too, and by the pattern of the route,
/// never by what was asked for.
async fn observed(app: Arc<App>, route: Route, params: Vec<(String, String)>, request: Request) -> Response {
    let began = Instant::now();
    let id: String = app.random.token().chars().take(REQUEST_ID).collect();
    let span = tracing::error_span!(target: "request", "request", id = id.as_str());
    let mut response = walk(Arc::clone(&app), route, params, request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    app.metrics.note(&route, status, took);
    let (method, path, seconds) = (route.method.name(), route.path, took.as_secs_f64());
    span.in_scope(|| {
        if took >= app.limits.slow_request {
            tracing::warn!(target: "request", method, route = path, status, seconds, "slow");
        } else {
            tracing::info!(target: "request", method, route = path, status, seconds, "answered");
        }
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// Whether an address takes forms and shows no page.
fn is_act_alone(site: &Site, route: &Route) -> bool {
    let shows = |one: &Route| one.method == Method::Get && one.path == route.path;
    route.method == Method::Post && !route.is_for_programs() && !site.routes.iter().any(shows)
}

async fn walk(app: Arc<App>, route: Route, params: Vec<(String, String)>, request: Request) -> Response {
    let (head, body) = RequestHead::of(request);
    let run = match route.answer {
        Answer::Probe(answer) => return answer(app, head).await,
        Answer::Program(handler) => return bearer::answer(app, (route, handler), params, (head, body)).await,
        Answer::Handler(run) => run,
    };
    let mut seen = Seen::default();
    let mut done = step(&app, (route, run), params.clone(), (&head, body), &mut seen).await;
    if done.as_ref().is_err_and(|refusal| seen.is_replicas_fault(refusal)) {
        app.db.leave_replica().await;
        seen = Seen::default();
        // Only pages are read there, and they have no body.
        done = Box::pin(step(&app, (route, run), params, (&head, Body::empty()), &mut seen)).await;
    }
    match done {
        Ok(response) => response,
        Err(Refusal::Error(Error::SignedOut)) if !head.json => to_sign_in(&app, &head, route, seen.ended),
        Err(refusal) => {
            if let Refusal::Error(fault) = &refusal {
                let caller = seen.signed_in.as_ref().map(|caller| (&caller.actor, None));
                trail::refused(&app, caller, head.uri.path(), fault).await;
            }
            failure(&app, &head, Some(route), &refusal, &seen)
        }
    }
}

/// Caller, access rule, body, transaction, handler, commit, in this order. `seen` tells who it was, and what was typed, also
/// where the request is refused.
async fn step(
    app: &Arc<App>,
    (route, run): (Route, Run),
    params: Vec<(String, String)>,
    (head, body): (&Arc<RequestHead>, Body),
    seen: &mut Seen,
) -> Result<Response, Refusal> {
    let found = identify(app, head, route.method).await?;
    seen.signed_in.clone_from(&found.signed_in);
    (seen.ended, seen.at_replica) = (found.ended, found.is_at_replica());
    allow(app, route, seen.signed_in.as_ref().map(|caller| caller.actor.as_ref()))?;
    let parts = RequestParts::of(app, head, params)?;
    if let Some(first) = comes_first(app, seen.signed_in.as_ref(), &parts.path) {
        return Ok(response::redirect(&LocalPath::or_home(first)));
    }
    let admitted =
        |signed_in| Admitted { app: Arc::clone(app), route, run, head: Arc::clone(head), signed_in, parts };
    let response = match route.method {
        Method::Get => {
            let (signed_in, tx) = found.into_parts();
            show(admitted(signed_in).without_body(), tx).await?
        }
        Method::Post => {
            let received = admitted(found.let_go()).receive(body).await?;
            seen.typed = received.form.values.typed();
            scan::pass(app, &received).await?;
            act(received).await?
        }
    };
    // A page for whoever comes is no sign of the one who is signed in: a screen on a wall asks for it all day.
    if route.access != Access::Public {
        touch_if_due(app, seen.signed_in.as_ref()).await;
    }
    Ok(response)
}

/// Before the deadline, or not at all: what is dropped here is rolled back.
pub(crate) async fn in_time<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T>>,
) -> Result<T, Refusal> {
    match timeout_at(deadline, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Refusal::Overdue),
    }
}

/// A page: kept from before where nothing was written since, made from scratch otherwise; one makes it, others wait.
async fn show(request: ReceivedRequest, tx: Tx) -> Result<Response, Refusal> {
    let deadline = request.received.deadline;
    in_time(deadline, make(request, tx)).await
}

async fn make(mut request: ReceivedRequest, mut tx: Tx) -> Result<Response> {
    let (app, head) = (Arc::clone(&request.app), Arc::clone(&request.received.head));
    if let Some(caller) = request.signed_in.as_ref().filter(|_| !head.json) {
        request.received.unread = unread(&app, &caller.actor, &mut tx).await?;
    }
    let mut turn = None;
    if let Some(key) = &cache_key(&request, &mut tx).await? {
        match app.page_cache.page_or_turn(key).await {
            Ok(page) => return Ok(response::document(StatusCode::OK, Body::from(page), head.json)),
            Err(mine) => turn = Some(mine),
        }
    }
    let (route, run) = (request.received.route, request.received.run);
    let (ctx, reply) = match run {
        Run::AtOnce(handler) => {
            let mut ctx = request.into_context(tx);
            let mut reply = handler(&mut ctx).await?;
            // What a program asks for has no page to carry the mark.
            if let (Reply::View { page, status: 200, .. }, false) = (&mut reply, head.json) {
                page.log = proof::mark(&mut ctx, &route).await?.map(Box::new);
                page.views = views::of(&mut ctx, page).await?;
                keep_filters(&app, &head, &route, page);
            }
            (ctx, reply)
        }
        Run::InSteps(steps) => {
            drop(tx);
            steps(request).await?
        }
    };
    match reply {
        Reply::Shown(file) => {
            drop(ctx);
            download::shown(file)
        }
        Reply::Made(download) => {
            let (holder, logged) = (Holder::of(&ctx), download.logged());
            holder.send_logged_as(download.make(ctx).await?, &logged).await
        }
        Reply::Kept(file) => Holder::of(&ctx).send(file).await,
        Reply::Parted(file) => {
            let holder = Holder::of(&ctx);
            drop(ctx);
            holder.send_parts(file).await
        }
        other => finish(&ctx, other, turn),
    }
}

/// The way back from a thing to its list is to the list as it was left, with its filters and its page. Only where the page is
/// not kept: the next reader comes from elsewhere.
fn keep_filters(app: &App, head: &RequestHead, route: &Route, page: &mut Page) {
    let Some(back) = page.back.as_mut().filter(|_| proof::subject_of(route).is_some()) else { return };
    if let Some(before) = page_before(&app.site, head)
        && before.split('?').next() == Some(back.href.as_str())
    {
        back.href = before;
    }
}

/// What the head of the page says that the caller has not read.
async fn unread(app: &App, actor: &Actor, tx: &mut Tx) -> Result<i64> {
    match app.site.bell {
        Some(bell) => (bell.count)(app, actor, tx).await,
        None => Ok(0),
    }
}

/// A change. What was sent before is not done again.
async fn act(request: ReceivedRequest) -> Result<Response, Refusal> {
    let (app, sending) = (Arc::clone(&request.app), Sending::of(&request));
    if let Some(first) = first_answer(&app, sending.as_ref()).await? {
        return Ok(first);
    }
    let done = write(request, sending.as_ref()).await;
    // The same form, sent at the same moment, may have been quicker: what it wrote is a conflict, or a reason to refuse.
    let refused = match &done {
        Ok(response) => response.status().is_client_error(),
        Err(refusal) => matches!(refusal, Refusal::Error(Error::Conflict(_) | Error::NotNow(_))),
    };
    if refused {
        app.db.commit_waiting().await?;
    }
    match first_answer(&app, sending.as_ref().filter(|_| refused)).await? {
        Some(first) => Ok(first),
        None => done,
    }
}

async fn first_answer(app: &App, sending: Option<&Sending>) -> Result<Option<Response>> {
    match sending {
        Some(sending) => sending.before(app).await,
        None => Ok(None),
    }
}

/// A page that shows errors wrote nothing; everything else is committed before it is answered.
async fn write(request: ReceivedRequest, sending: Option<&Sending>) -> Result<Response, Refusal> {
    let (run, deadline) = (request.received.run, request.received.deadline);
    let done = in_time(deadline, async {
        match run {
            Run::AtOnce(handler) => {
                let mut ctx = request.begin().await?;
                let reply = handler(&mut ctx).await?;
                Ok((ctx, reply))
            }
            Run::InSteps(steps) => steps(request).await,
        }
    });
    let (mut ctx, reply) = done.await?;
    if let (Some(sending), Reply::Redirect { to, .. }) = (sending, &reply) {
        sending.note(&mut ctx.tx, to).await?;
    }
    if matches!(reply, Reply::View { .. }) && ctx.session.is_some() {
        ctx.received.unread = unread(&ctx.app, &ctx.actor, &mut ctx.tx).await?;
    }
    let response = finish(&ctx, reply, None)?;
    let held_until = ctx
        .received
        .held_back
        .then(|| ctx.received.deadline - ctx.app.limits.work_time + ctx.app.limits.refusal_time);
    if response.status().as_u16() < 400 {
        ctx.tx.commit().await?;
    } else {
        drop(ctx);
    }
    // Nothing of the database is held while it waits.
    if let Some(until) = held_until {
        tokio::time::sleep_until(until).await;
    }
    Ok(response)
}

pub(crate) fn allow(app: &App, route: Route, caller: Option<&Actor>) -> Result<()> {
    match (route.access, caller) {
        (Access::Public, _) => Ok(()),
        (_, None) => Err(Error::SignedOut),
        (Access::SignedIn, Some(_)) => Ok(()),
        (Access::Can(resource, action), Some(caller)) => {
            if app.can(caller, resource, action) {
                Ok(())
            } else {
                let elsewhere = app.is_released_by_another(caller, resource, action);
                let words = "这件事由审核放行：准备好以后，请审核账号处理。";
                Err(Error::Forbidden(if elsewhere {
                    words.to_owned()
                } else {
                    format!("{resource}.{action}")
                }))
            }
        }
    }
}

fn comes_first(app: &App, signed_in: Option<&SignedIn>, path: &str) -> Option<&'static str> {
    signed_in.and_then(|caller| caller.session.comes_first(&app.site.addresses, path))
}

/// What a page is kept under; `None` for one that is not kept. Only pages of signed-in readers are, and not one that carries
/// a message shown once.
async fn cache_key(request: &ReceivedRequest, tx: &mut Tx) -> Result<Option<Key>> {
    let Some(SignedIn { session, .. }) = &request.signed_in else { return Ok(None) };
    let (route, head) = (request.received.route, &request.received.head);
    let keeps = route.method == Method::Get
        && !route.fresh
        // Says how its rows stand to the log, also where somebody changed them without the program.
        && proof::subject_of(&route).is_none()
        && request.app.cookies.read(&head.headers, Cookie::Flash).is_none_or(str::is_empty);
    if !keeps {
        return Ok(None);
    }
    let (revision, day) = (tx.revision().await?, tx.today());
    let (session, address) = (session.id.clone(), head.uri.to_string());
    let programme = request.app.programme().digest.clone();
    let unread = request.received.unread;
    Ok(Some(Key { session, address, json: head.json, revision, day, programme, unread }))
}

async fn touch_if_due(app: &App, signed_in: Option<&SignedIn>) {
    if let Some(caller) = signed_in
        && caller.session.wants_touch(app.db.clock().now())
        && let Err(cause) = session::touch(app, &caller.session).await
    {
        tracing::warn!(%cause, "could not note that a session is in use");
    }
}

fn finish(ctx: &RequestContext, reply: Reply, turn: Option<Turn<'_>>) -> Result<Response> {
    let head = &ctx.received.head;
    let (cookies, session) = (ctx.app.cookies, ctx.session.as_ref());
    let keeper = FlashKeeper { cookies, session, open_words: ctx.app.site.open_words };
    match reply {
        Reply::View { template, page, view, status } => {
            let code = StatusCode::from_u16(status).map_err(Error::internal)?;
            let flash = keeper.read(&head.headers);
            let text = if head.json {
                serde_json::to_string(&view).map_err(Error::internal)?
            } else {
                render::page(&ctx.app, &Viewer::of(ctx), template, &page, &view, flash.as_ref())?
            };
            let bytes = Bytes::from(text);
            if let Some(turn) = turn.filter(|_| status == 200) {
                turn.keep(bytes.clone());
            }
            let mut response = response::document(code, Body::from(bytes), head.json);
            if flash.is_some() && !head.json {
                keeper.clear(&mut response);
            }
            if ctx.session.is_none() {
                response::set_cookie(&mut response, &cookies.set(Cookie::Visitor, &ctx.visitor, None));
            }
            Ok(response)
        }
        Reply::Redirect { to, flash } => {
            let mut response = response::redirect(&to);
            if let Some(flash) = flash {
                keeper.keep(&mut response, &flash)?;
            }
            Ok(response)
        }
        Reply::Session { to, cookies, forget, flash } => {
            let mut response = response::redirect(&to);
            cookies.iter().for_each(|cookie| response::set_cookie(&mut response, cookie));
            if let Some(flash) = flash {
                keeper.keep(&mut response, &flash)?;
            }
            if forget {
                response::forget_site(&mut response);
            }
            Ok(response)
        }
        Reply::Outside { to, cookie } => {
            let mut response = response::redirect_outside(&to)?;
            response::set_cookie(&mut response, &cookie);
            Ok(response)
        }
        Reply::Kept(_) | Reply::Made(_) | Reply::Parted(_) | Reply::Shown(_) => {
            Err(Error::internal("a change does not answer with a file"))
        }
        Reply::Data(_) => Err(Error::internal("a reader is not answered as a program is")),
    }
}
